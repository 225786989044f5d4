//! The three contracts as the world sees them: the committed Solidity interfaces, nothing else.

#![allow(
    missing_docs,
    clippy::too_many_arguments,
    reason = "generated; the docs are in abi/*.sol"
)]

use alloy::sol;
use alloy::sol_types::SolInterface;

sol!(#![sol(all_derives)] "../abi/IVVV.sol");
sol!(#![sol(all_derives)] "../abi/IStakedVvv.sol");
sol!(#![sol(all_derives)] "../abi/IDiem.sol");

/// Names one of our errors with its numbers; `None` for data that is none of them.
pub fn describe_error(data: &[u8]) -> Option<String> {
    if let Ok(error) = IDiem::IDiemErrors::abi_decode(data) {
        return Some(format!("{error:?}"));
    }
    if let Ok(error) = IStakedVvv::IStakedVvvErrors::abi_decode(data) {
        return Some(format!("{error:?}"));
    }
    IVVV::IVVVErrors::abi_decode(data)
        .ok()
        .map(|error| format!("{error:?}"))
}
