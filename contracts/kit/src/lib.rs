//! What both contracts share, in plain 32-byte words: packed storage, typed errors, logs
//! and calls to other contracts.
//!
//! Everything that crosses a contract's border here is a list of words, so one small
//! encoder serves all errors, events and calls; the names, selectors and topics come from
//! the Solidity interfaces in `abi/` through `sol!`, never from a hand-written constant.
//!
//! Rooms that touch the host compile for the chain only; the rest is tested anywhere.

extern crate alloc;

pub mod abi;
#[cfg(target_arch = "wasm32")]
pub mod call;
#[cfg(target_arch = "wasm32")]
pub mod contract;
pub mod eip712;
pub mod error;
pub mod export;
#[cfg(target_arch = "wasm32")]
pub mod log;
pub mod out;
#[cfg(target_arch = "wasm32")]
pub mod owner;
#[cfg(target_arch = "wasm32")]
pub mod store;
pub mod word;

pub use alloy_primitives::{Address, B256, U256};
pub use alloy_sol_types::{SolCall, SolError, SolEvent, SolType};
pub use error::Error;
