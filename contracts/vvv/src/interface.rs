//! The public interface, compiled from the documented Solidity file in `abi/`.

#![allow(missing_docs, reason = "documented in abi/IVVV.sol")]
#![allow(clippy::too_many_arguments, reason = "generated")]

alloy_sol_types::sol!("../../abi/IVVV.sol");
