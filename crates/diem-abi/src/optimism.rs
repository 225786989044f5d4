//! The part of the OP stack, Base included, that a fee depends on.
#![allow(missing_docs, reason = "generated from the signatures below")]

use alloy_primitives::{Address, address};
use alloy_sol_types::sol;

/// Where every chain of the OP stack keeps its oracle of fees.
pub const GAS_PRICE_ORACLE: Address = address!("420000000000000000000000000000000000000F");

sol! {
    #[sol(all_derives)]
    interface IGasPriceOracle {
        function getL1FeeUpperBound(uint256 unsignedTxSize) external view returns (uint256);
    }
}
