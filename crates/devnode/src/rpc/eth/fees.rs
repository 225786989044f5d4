//! What gas costs.

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{U64, U256};
use alloy_rpc_types_eth::FeeHistory;
use jsonrpsee::server::RegisterMethodError;

use crate::{
    node::Node,
    rpc::{RpcError, methods::Methods},
};

/// Most blocks in one fee history.
const MAX_FEE_HISTORY: u64 = 1_024;

/// Most percentiles in one fee history.
const MAX_PERCENTILES: usize = 100;

/// Gas per second that the chain is priced for.
const SPEED_LIMIT: f64 = 7_000_000.0;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("eth_gasPrice", 0, |node, _| {
        Ok(U256::from(node.chain().head().base_fee()))
    })?;
    // Nitro drops tips.
    methods.quick("eth_maxPriorityFeePerGas", 0, |_, _| Ok(U256::ZERO))?;
    methods.quick("eth_feeHistory", 3, |node, args| {
        let count: Count = args.required(0)?;
        let newest: BlockNumberOrTag = args.required(1)?;
        let percentiles: Vec<f64> = args.or_default(2)?;
        check_percentiles(&percentiles)?;
        fee_history(node, count.0, newest, percentiles.len())
    })?;
    methods.quick("eth_blobBaseFee", 0, |_, _| {
        Err::<(), _>(RpcError::NotSupported(
            "there are no blobs on this chain".to_owned(),
        ))
    })
}

/// A number of blocks: clients send it as a quantity or as a plain number.
#[derive(serde::Deserialize)]
#[serde(from = "QuantityOrNumber")]
struct Count(u64);

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum QuantityOrNumber {
    Quantity(U64),
    Number(u64),
}

impl From<QuantityOrNumber> for Count {
    fn from(count: QuantityOrNumber) -> Self {
        match count {
            QuantityOrNumber::Quantity(count) => Self(count.to()),
            QuantityOrNumber::Number(count) => Self(count),
        }
    }
}

fn check_percentiles(percentiles: &[f64]) -> Result<(), RpcError> {
    if percentiles.len() > MAX_PERCENTILES {
        return Err(RpcError::params(format!(
            "at most {MAX_PERCENTILES} reward percentiles"
        )));
    }
    let in_range = percentiles.iter().all(|p| (0.0..=100.0).contains(p));
    if !in_range || !percentiles.is_sorted() {
        return Err(RpcError::params("invalid reward percentile"));
    }
    Ok(())
}

fn fee_history(
    node: &Node,
    count: u64,
    newest: BlockNumberOrTag,
    percentiles: usize,
) -> Result<FeeHistory, RpcError> {
    let chain = node.chain();
    let newest = chain.resolve(newest.into())?;
    let count = count.min(MAX_FEE_HISTORY).min(newest + 1);
    if count == 0 {
        return Ok(FeeHistory::default());
    }
    let oldest = newest + 1 - count;
    let blocks = chain.range(oldest, newest);
    let mut base_fee_per_gas: Vec<u128> = blocks
        .iter()
        .map(|block| u128::from(block.base_fee()))
        .collect();
    base_fee_per_gas.extend(base_fee_per_gas.last().copied());

    let mut busy = Busy::new(
        oldest
            .checked_sub(1)
            .and_then(|n| chain.block(n))
            .map(|parent| parent.header.timestamp),
    );
    let gas_used_ratio = blocks
        .iter()
        .map(|block| busy.ratio(block.header.timestamp, block.compute_gas()))
        .collect();
    let blobs = blocks.len();
    Ok(FeeHistory {
        base_fee_per_gas,
        gas_used_ratio,
        base_fee_per_blob_gas: vec![0; blobs + 1],
        blob_gas_used_ratio: vec![0.0; blobs],
        oldest_block: oldest,
        reward: (percentiles > 0).then(|| vec![vec![0; percentiles]; blobs]),
    })
}

/// How close to the speed limit the chain runs; blocks of one second count together.
struct Busy {
    second: u64,
    elapsed: u64,
    gas: u64,
}

impl Busy {
    fn new(parent: Option<u64>) -> Self {
        Self {
            second: parent.unwrap_or_default(),
            elapsed: 1,
            gas: 0,
        }
    }

    fn ratio(&mut self, timestamp: u64, gas: u64) -> f64 {
        if timestamp > self.second {
            (self.elapsed, self.second, self.gas) = (timestamp - self.second, timestamp, 0);
        }
        self.gas = self.gas.saturating_add(gas);
        (self.gas as f64 / self.elapsed as f64 / (SPEED_LIMIT * 2.0)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_one_second_count_together_and_the_ratio_ends_at_one() {
        let mut busy = Busy::new(Some(100));
        assert!((busy.ratio(101, 7_000_000) - 0.5).abs() < 1e-9);
        assert!((busy.ratio(101, 3_500_000) - 0.75).abs() < 1e-9);
        assert!((busy.ratio(101, 70_000_000) - 1.0).abs() < 1e-9);
        assert!((busy.ratio(103, 14_000_000) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn percentiles_must_be_sorted_and_in_range() {
        assert!(check_percentiles(&[0.0, 20.0, 100.0]).is_ok());
        for wrong in [&[50.0, 20.0][..], &[-1.0], &[101.0], &[f64::NAN]] {
            assert!(check_percentiles(wrong).is_err(), "{wrong:?}");
        }
    }
}
