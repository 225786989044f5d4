//! Bindings generated from the committed JSON ABIs. Their documentation is the NatSpec of
//! `abi/*.sol`, which the JSON does not carry.
#![allow(missing_docs, reason = "generated; documented in abi/*.sol")]
#![allow(
    clippy::too_many_arguments,
    reason = "generated from the interface's own arity"
)]

use alloy_sol_types::sol;

sol!(
    #[sol(all_derives)]
    IVVV,
    "../../abi/IVVV.json"
);
sol!(
    #[sol(all_derives)]
    IStakedVvv,
    "../../abi/IStakedVvv.json"
);
sol!(
    #[sol(all_derives)]
    IDiem,
    "../../abi/IDiem.json"
);
