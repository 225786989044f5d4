//! ArbosTest (0x69): burning gas.

use alloy_sol_types::sol;

use super::{Access, Failure, Precompile, method::method, no_errors, numbered};
use crate::state::Storage;

sol! {
    interface ArbosTest {
        function burnArbGas(uint256 gasAmount) external pure;
    }
}
use ArbosTest::*;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbosTest",
    address: numbered(0x69),
    since: 0,
    access: Access::Anyone,
    methods: &[method!(Pure, burnArbGasCall, |context, call| {
        let gas = u64::try_from(call.gasAmount).map_err(|_| Failure::internal("not a uint64"))?;
        // Burning more than there is takes what there is, and is no failure.
        let _ = context.burn(gas);
        Ok(burnArbGasReturn {})
    })],
    describe: no_errors,
};
