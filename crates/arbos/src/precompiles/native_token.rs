//! ArbNativeTokenManager (0x73): minting and burning the native token, by its owners.

use alloy_primitives::U256;
use alloy_sol_types::sol;

use super::{Access, Context, Failure, Precompile, method::method, no_errors, numbered};
use crate::state::Storage;

sol! {
    interface ArbNativeTokenManager {
        function mintNativeToken(uint256 amount) external;
        function burnNativeToken(uint256 amount) external;

        event NativeTokenMinted(address indexed to, uint256 amount);
        event NativeTokenBurned(address indexed from, uint256 amount);
    }
}
use ArbNativeTokenManager::*;

/// Gas of changing a balance, besides the access check and the event.
const CHANGE_BALANCE_GAS: u64 = 9_100;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbNativeTokenManager",
    address: numbered(0x73),
    since: 41,
    access: Access::Anyone,
    methods: &[
        method!(Write, mintNativeTokenCall, |context, call| {
            authorize(context)?;
            let to = context.caller();
            if context.host.balance(to).checked_add(call.amount).is_none() {
                return Err(Failure::internal("balance overflow"));
            }
            context.host.mint(to, call.amount);
            context.emit(&NativeTokenMinted {
                to,
                amount: call.amount,
            })?;
            Ok(mintNativeTokenReturn {})
        })
        .approximate("gas of the balance change is assumed"),
        method!(Write, burnNativeTokenCall, |context, call| {
            authorize(context)?;
            let from = context.caller();
            burn(context, call.amount)?;
            context.emit(&NativeTokenBurned {
                from,
                amount: call.amount,
            })?;
            Ok(burnNativeTokenReturn {})
        })
        .approximate("gas of the balance change is assumed"),
    ],
    describe: no_errors,
};

fn authorize(context: &mut Context<'_>) -> Result<(), Failure> {
    let owners = context.state.native_token_owners();
    let caller = context.caller();
    if !owners.contains(context, caller)? {
        return Err(context.burn_out());
    }
    context.burn(CHANGE_BALANCE_GAS)
}

fn burn(context: &mut Context<'_>, amount: U256) -> Result<(), Failure> {
    if context.host.burn(context.call.caller, amount) {
        Ok(())
    } else {
        Err(Failure::internal("burn amount exceeds balance"))
    }
}
