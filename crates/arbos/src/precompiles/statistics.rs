//! ArbStatistics (0x6f): figures of the chain before Nitro.

use alloy_primitives::U256;
use alloy_sol_types::sol;

use super::{Access, Precompile, method::method, no_errors, numbered};

sol! {
    interface ArbStatistics {
        function getStats() external view
            returns (uint256, uint256, uint256, uint256, uint256, uint256);
    }
}
use ArbStatistics::*;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbStatistics",
    address: numbered(0x6f),
    since: 0,
    access: Access::Anyone,
    methods: &[method!(View, getStatsCall, |context, _| {
        Ok(getStatsReturn {
            _0: U256::from(context.host.block().number),
            _1: U256::ZERO,
            _2: U256::ZERO,
            _3: U256::ZERO,
            _4: U256::ZERO,
            _5: U256::ZERO,
        })
    })],
    describe: no_errors,
};
