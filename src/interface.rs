//! The public interfaces, compiled from the documented Solidity files in `abi/`.
//!
//! `IDiem.sol` is the text that users read; events and errors of this contract come from
//! it, and a test holds the router against its functions. `IStakedVvv` is the contract
//! that this one calls.

#![allow(missing_docs, reason = "documented in abi/*.sol")]
#![allow(clippy::too_many_arguments, reason = "generated")]

use alloy_sol_types::sol;

sol!("abi/IDiem.sol");
sol!("abi/IStakedVvv.sol");
