//! ArbBLS (0x67) and ArbFunctionTable (0x68): left over from an older chain, kept for their addresses.

use alloy_primitives::U256;
use alloy_sol_types::sol;

use super::{Access, Failure, Precompile, method::method, no_errors, numbered};

sol! {
    interface ArbFunctionTable {
        function upload(bytes calldata buf) external;
        function size(address addr) external view returns (uint256);
        function get(address addr, uint256 index) external view returns (uint256, bool, uint256);
    }
}
use ArbFunctionTable::*;

/// A precompile without methods.
pub(super) static BLS: Precompile = Precompile {
    name: "ArbBLS",
    address: numbered(0x67),
    since: 0,
    access: Access::Anyone,
    methods: &[],
    describe: no_errors,
};

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbFunctionTable",
    address: numbered(0x68),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(Write, uploadCall, |_, _| Ok(uploadReturn {})),
        method!(View, sizeCall, |_, _| Ok(U256::ZERO)),
        method!(View, getCall, |_, _| -> Result<getReturn, Failure> {
            Err(Failure::internal("table is empty"))
        }),
    ],
    describe: no_errors,
};
