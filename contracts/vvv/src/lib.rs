//! # VVV, a stand-in for devnets
//!
//! **Purpose.** On a real chain VVV is an existing ERC-20; this one takes its place where
//! none exists, so that the other contracts can be tried. Anybody may mint.
//!
//! **What it holds.** OpenZeppelin's ERC-20, nonces and permit; nothing of its own.
//!
//! **Roles.** None. **Known limits.** Worthless by design: never deploy it on a live chain.
//! The interface is documented in `abi/IVVV.sol`.

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod contract;
pub mod interface;
#[cfg(any(test, target_arch = "wasm32"))]
mod router;
