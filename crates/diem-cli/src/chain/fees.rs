//! What a transaction offers for its gas.

use super::transact::between;
use super::{Call, Chain};
use crate::{Failure, Result};
use alloy::eips::BlockId;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use diem_abi::optimism::{GAS_PRICE_ORACLE, IGasPriceOracle};

/// Most that is ever paid, in base fees of now. Base fees double in half a minute when a chain
/// is full; three times is reached only by one that stays full, where to wait is cheaper.
const CEILING: u128 = 3;
/// Least raise by which pools take a replacement: an eighth, 12.5%.
const RAISE_DIVISOR: u128 = 8;

/// Most bytes of a transaction beside its data: type, chain, nonce, fees, gas, receiver, value, and
/// the lengths of them all.
const ENVELOPE_BYTES: usize = 136;

/// Part of an estimate that is added to it for the limit: a fifth. What a call has to do may
/// change between the two; what is left comes back.
const MARGIN_DIVISOR: u64 = 5;

/// Gas of one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gas {
    /// What it would use now.
    pub(crate) expected: u64,
    /// What it may use.
    pub(crate) limit: u64,
}

impl Gas {
    /// With room above an estimate; rounds up.
    pub(crate) fn estimated(expected: u64) -> Self {
        Self {
            expected,
            limit: expected.saturating_add(expected.div_ceil(MARGIN_DIVISOR)),
        }
    }

    /// No more than is given.
    pub(crate) fn limited(limit: u64) -> Self {
        Self {
            expected: limit,
            limit,
        }
    }
}

/// Fees per gas, in wei.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fees {
    /// Base fee of the latest block.
    pub(crate) base: u128,
    /// Most that is paid in all.
    pub(crate) max: u128,
    /// What of it goes to whoever makes the block.
    pub(crate) tip: u128,
}

impl Fees {
    fn at(base: u128, tip: u128) -> Self {
        Self {
            base,
            max: base.saturating_mul(CEILING).saturating_add(tip),
            tip,
        }
    }

    /// What `gas` costs at the base fee of now, in wei.
    pub(crate) fn expected(&self, gas: u64) -> U256 {
        U256::from(self.base.saturating_add(self.tip)) * U256::from(gas)
    }

    /// What `gas` costs at the most, in wei.
    pub(crate) fn most(&self, gas: u64) -> U256 {
        U256::from(self.max) * U256::from(gas)
    }

    /// These, or as much more than an earlier offer as a pool asks of a replacement.
    pub(super) fn replacing(self, max: u128, tip: u128) -> Self {
        Self {
            max: self.max.max(raised(max)),
            tip: self.tip.max(raised(tip)),
            ..self
        }
    }
}

/// `fee` raised by at least 12.5%; rounds up, for a pool refuses what is a wei short.
fn raised(fee: u128) -> u128 {
    fee.saturating_add(fee.div_ceil(RAISE_DIVISOR))
}

impl Chain {
    /// What to offer now.
    ///
    /// # Errors
    /// The node does not answer, or its chain has no base fee.
    pub(crate) async fn fees(&self) -> Result<Fees> {
        let what = || "ask for the base fee".to_owned();
        let block = self.provider.get_block(BlockId::latest()).await;
        let block = block.map_err(|error| self.endpoint.refusal(what(), &error))?;
        let base = block
            .and_then(|block| block.header.base_fee_per_gas)
            .ok_or_else(|| {
                Failure::broken(what(), "the latest block has none (EIP-1559)")
                    .with("node", self.origin())
            })?;
        // Arbitrum's sequencer takes no tips; a node that cannot advise one wants none.
        let tip = self.provider.get_max_priority_fee_per_gas().await;
        Ok(Fees::at(u128::from(base), tip.unwrap_or_default()))
    }

    /// What `calls` pay at the most for their data beside gas, in wei: what a chain of the OP
    /// stack takes for its parent chain. Zero elsewhere; Arbitrum counts it as gas.
    ///
    /// # Errors
    /// The node does not answer.
    pub(crate) async fn data_fee(&self, calls: &[Call]) -> Result<U256> {
        let what = || "ask for the fee for data".to_owned();
        let mut sum = U256::ZERO;
        for call in calls {
            let size = IGasPriceOracle::getL1FeeUpperBoundCall {
                unsignedTxSize: U256::from(ENVELOPE_BYTES + call.data.len()),
            };
            let request = Call::new(GAS_PRICE_ORACLE, &size).request(Address::ZERO);
            let answer = self.provider.call(request).await;
            let answer = answer.map_err(|error| self.endpoint.refusal(what(), &error))?;
            // Nothing answers where there is no oracle.
            if answer.is_empty() {
                break;
            }
            let fee = IGasPriceOracle::getL1FeeUpperBoundCall::abi_decode_returns(&answer);
            sum += fee.map_err(|error| {
                Failure::broken(what(), error.to_string()).with("oracle", GAS_PRICE_ORACLE)
            })?;
        }
        Ok(sum)
    }

    /// Gas that a transaction would need.
    ///
    /// # Errors
    /// It would fail.
    pub(crate) async fn gas_of(&self, from: Address, call: &Call) -> Result<u64> {
        self.gas_for(&call.function, call.request(from)).await
    }

    /// Gas that `request` would need, which does what `function` says.
    ///
    /// # Errors
    /// It would fail.
    pub(super) async fn gas_for(&self, function: &str, request: TransactionRequest) -> Result<u64> {
        let (from, to) = (
            request.from.unwrap_or_default(),
            TransactionBuilder::to(&request),
        );
        let gas = self.provider.estimate_gas(request).await;
        gas.map_err(|error| {
            let failure = self.endpoint.refusal(format!("send {function}"), &error);
            between(failure, from, to)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_is_three_base_fees_and_the_tip() {
        let fees = Fees::at(100, 7);
        assert_eq!((fees.max, fees.tip), (307, 7));
        assert_eq!(fees.expected(10), U256::from(1_070));
        assert_eq!(fees.most(10), U256::from(3_070));
    }

    #[test]
    fn a_limit_has_a_fifth_of_room_rounded_up() {
        assert_eq!(Gas::estimated(21_001).limit, 25_202);
        assert_eq!(Gas::limited(21_000).limit, 21_000);
    }

    #[test]
    fn a_replacement_offers_an_eighth_more_rounded_up_or_what_is_due_now() {
        let now = Fees::at(100, 0);
        assert_eq!(now.replacing(100, 0).max, 300);
        assert_eq!(now.replacing(1_000, 8).max, 1_125);
        assert_eq!(
            now.replacing(1_001, 1),
            Fees {
                base: 100,
                max: 1_127,
                tip: 2
            }
        );
    }
}
