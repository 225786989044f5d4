//! # sVVV: staked VVV
//!
//! **Purpose.** A receipt for staked VVV, one for one, that earns emissions and can be
//! locked to mint DIEM. It cannot be transferred.
//!
//! **What it holds.** All staked and cooling VVV, the reward reserve, and rewards that
//! are earned and not claimed: always `VVV balance >= sVVV + cooling + payable + reserve`.
//!
//! **Accrual.** Every change of an account or a total first brings the index to now
//! (`emissions`). The index is gross and the same for free and locked sVVV; locked
//! sVVV's share is kept for DIEM, which splits it between owner and treasury.
//!
//! **Rounding.** The index rounds down, what leaves the reserve rounds up, payments round
//! down; fractions of a wei stay on the account.
//!
//! **Token assumptions.** VVV moves exactly what it is asked to, which is measured on the
//! way in. Each method writes and logs before it calls out, and nobody can call in while
//! it waits.
//!
//! **Liveness.** No role can stop an exit. Accrual cannot fail, and claims do without DIEM.
//!
//! **Roles.** The owner wires DIEM once and sets the emission rate, up to a maximum that
//! never changes; DIEM may lock, unlock
//! and have locked yield paid, the last never beyond what locked sVVV earned, which this
//! contract checks by itself.
//!
//! **Known limits.** Balances up to 2^120 wei, all funding together up to 2^128 wei.
//!
//! The interface is documented in `abi/IStakedVvv.sol`; the layout in `storage`.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "off the chain only tests use the pure rooms")
)]

extern crate alloc;

mod account;
#[cfg(target_arch = "wasm32")]
mod contract;
#[cfg(target_arch = "wasm32")]
mod emissions;
mod errors;
#[cfg(target_arch = "wasm32")]
mod external;
#[cfg(target_arch = "wasm32")]
mod gas;
pub mod interface;
#[cfg(target_arch = "wasm32")]
mod locks;
mod pool;
#[cfg(any(test, target_arch = "wasm32"))]
mod router;
#[cfg(target_arch = "wasm32")]
mod staking;
mod storage;
#[cfg(target_arch = "wasm32")]
mod venice;
