//! What gas costs.

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{U64, U256};
use alloy_rpc_types_eth::FeeHistory;
use arbos::state::Free;
use jsonrpsee::server::RegisterMethodError;
use serde_json::{Value, json};

use crate::{
    node::Node,
    rpc::{
        RpcError,
        methods::Methods,
        param::{Param, plain, plain_params},
    },
    state::arbos_state,
};

/// Most blocks in one fee history.
const MAX_FEE_HISTORY: u64 = 1_024;

/// Most percentiles in one fee history.
const MAX_PERCENTILES: usize = 100;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("eth_gasPrice", 0, |node, _| Ok(node.next_base_fee()))?;
    // Nitro drops tips.
    methods.quick("eth_maxPriorityFeePerGas", 0, |_, _| Ok(U256::ZERO))?;
    methods.quick("eth_feeHistory", 3, |node, args| {
        let count: Count = args.required(0)?;
        let newest: BlockNumberOrTag = args.required(1)?;
        let percentiles: Vec<f64> = args.or_default(2)?;
        if percentiles.len() > MAX_PERCENTILES {
            return Err(RpcError::params(format!(
                "at most {MAX_PERCENTILES} reward percentiles"
            )));
        }
        fee_history(node, count.0, newest, percentiles.len())
    })?;
    methods.quick("eth_blobBaseFee", 0, |_, _| {
        Err::<(), _>(RpcError::NotThere(
            "eth_blobBaseFee does not exist: there are no blobs on this chain".to_owned(),
        ))
    })
}

/// A number of blocks: clients send it as a quantity or as a plain number.
#[derive(serde::Deserialize)]
#[serde(from = "QuantityOrNumber")]
struct Count(u64);

plain_params! { Count, }

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

fn fee_history(
    node: &Node,
    count: u64,
    newest: BlockNumberOrTag,
    percentiles: usize,
) -> Result<Value, RpcError> {
    let next_base_fee = node.next_base_fee();
    let chain = node.chain();
    let newest = match newest {
        BlockNumberOrTag::Number(number) => number.min(chain.height()),
        tag => chain.resolve(tag.into())?,
    };
    let count = count.min(MAX_FEE_HISTORY).min(newest + 1);
    if count == 0 {
        // Go's empty list, which is none.
        return Ok(json!({ "oldestBlock": "0x0", "gasUsedRatio": null }));
    }
    let oldest = newest + 1 - count;
    let blocks = chain.range(oldest, newest);
    let mut base_fee_per_gas: Vec<u128> = blocks
        .iter()
        .map(|block| u128::from(block.base_fee()))
        .collect();
    let next: u128 = match chain.block(newest + 1) {
        Some(block) => block.base_fee().into(),
        None => next_base_fee.saturating_to(),
    };
    base_fee_per_gas.push(next);

    let mut busy = Busy::at(arbos_state(chain.view(), |arbos, words| {
        let Ok(speed_limit) = arbos.l2_pricing().speed_limit().get(&mut Free(words));
        speed_limit
    }));
    let gas_used_ratio = blocks
        .iter()
        .map(|block| busy.ratio(block.header.timestamp, block.compute_gas()))
        .collect();
    Ok(json!(FeeHistory {
        base_fee_per_gas,
        gas_used_ratio,
        oldest_block: oldest,
        reward: (percentiles > 0).then(|| vec![vec![0; percentiles]; blocks.len()]),
        ..FeeHistory::default()
    }))
}

/// How close to the speed limit the chain runs; blocks of one second count together. Of the first
/// second nobody knows how long it was, and Nitro says that it was full.
struct Busy {
    /// Gas per second that counts as full: twice what the chain is priced for.
    full: f64,
    second: Option<u64>,
    elapsed: u64,
    gas: u64,
}

impl Busy {
    fn at(speed_limit: u64) -> Self {
        Self {
            full: speed_limit as f64 * 2.0,
            second: None,
            elapsed: 0,
            gas: 0,
        }
    }

    fn ratio(&mut self, timestamp: u64, gas: u64) -> f64 {
        let second = *self.second.get_or_insert(timestamp);
        if timestamp > second {
            (self.elapsed, self.second, self.gas) = (timestamp - second, Some(timestamp), 0);
        }
        self.gas = self.gas.saturating_add(gas);
        if self.elapsed == 0 {
            return 1.0;
        }
        (self.gas as f64 / self.full / self.elapsed as f64).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_one_second_count_together_and_the_ratio_ends_at_one() {
        let mut busy = Busy::at(7_000_000);
        assert!((busy.ratio(100, 0) - 1.0).abs() < 1e-9);
        assert!((busy.ratio(101, 7_000_000) - 0.5).abs() < 1e-9);
        assert!((busy.ratio(101, 3_500_000) - 0.75).abs() < 1e-9);
        assert!((busy.ratio(101, 70_000_000) - 1.0).abs() < 1e-9);
        assert!((busy.ratio(103, 14_000_000) - 0.5).abs() < 1e-9);
    }
}
