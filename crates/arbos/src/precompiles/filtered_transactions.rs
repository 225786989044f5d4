//! ArbFilteredTransactionsManager (0x74): transactions that the chain must not run.
//!
//! Filtering acts on messages forced in from a parent chain. Without one, nothing is ever filtered,
//! so the list is not kept.

use alloy_sol_types::{SolCall, sol};

use super::{Access, Context, Failure, Precompile, method::method, no_errors, numbered};

sol! {
    interface ArbFilteredTransactionsManager {
        function addFilteredTransaction(bytes32 txHash) external;
        function deleteFilteredTransaction(bytes32 txHash) external;
        function isTransactionFiltered(bytes32 txHash) external view returns (bool);
    }
}
use ArbFilteredTransactionsManager::*;

const NOT_KEPT: &str = "nothing is filtered without a parent chain";

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbFilteredTransactionsManager",
    address: numbered(0x74),
    since: 60,
    access: Access::Filterers,
    methods: &[
        method!(Write, addFilteredTransactionCall, |context, _| {
            refuse::<addFilteredTransactionReturn>(context, addFilteredTransactionCall::SIGNATURE)
        })
        .absent(NOT_KEPT),
        method!(Write, deleteFilteredTransactionCall, |context, _| {
            refuse::<deleteFilteredTransactionReturn>(
                context,
                deleteFilteredTransactionCall::SIGNATURE,
            )
        })
        .absent(NOT_KEPT),
        method!(View, isTransactionFilteredCall, |_, _| Ok(false)).approximate(NOT_KEPT),
    ],
    describe: no_errors,
};

fn refuse<T>(context: &mut Context<'_>, signature: &str) -> Result<T, Failure> {
    let filterers = context.state.transaction_filterers();
    let caller = context.caller();
    if !filterers.contains(context, caller)? {
        return Err(context.burn_out());
    }
    Err(Failure::absent(
        "ArbFilteredTransactionsManager",
        signature,
        NOT_KEPT,
    ))
}
