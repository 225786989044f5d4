//! ArbInfo (0x65): balances and code of accounts.

use alloy_sol_types::sol;

use super::{Access, Precompile, method::method, no_errors, numbered};
use crate::{gas_price::copy_gas, state::Storage};

sol! {
    interface ArbInfo {
        function getBalance(address account) external view returns (uint256);
        function getCode(address account) external view returns (bytes);
    }
}
use ArbInfo::*;

/// Gas of reading a balance.
const BALANCE_GAS: u64 = 700;
/// Gas of reading code, besides its copy.
const CODE_GAS: u64 = 2_100;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbInfo",
    address: numbered(0x65),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(View, getBalanceCall, |context, call| {
            context.burn(BALANCE_GAS)?;
            Ok(context.host.balance(call.account))
        }),
        method!(View, getCodeCall, |context, call| {
            context.burn(CODE_GAS)?;
            let code = context.host.code(call.account);
            context.burn(copy_gas(code.len()))?;
            Ok(code)
        }),
    ],
    describe: no_errors,
};
