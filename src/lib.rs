//! # DIEM
//!
//! **Purpose.** AI compute as an asset: one staked DIEM is one dollar of inference credit
//! a day. New DIEM exists only by locking sVVV along an immutable curve; burning it
//! unlocks the sVVV.
//!
//! **What it holds.** The staked and cooling DIEM of all accounts, in its own balance. No
//! VVV and no sVVV: locked sVVV stays with its owner in the sVVV contract.
//!
//! **Accrual.** Each mint, burn and settlement brings a position's yield debt to the
//! reward index that sVVV answers with; each act on a credit line first brings it to today.
//!
//! **Rounding.** Against the caller: DIEM out down, sVVV in up, unlocks and payments down.
//! Previews and writes run the same functions.
//!
//! **Token assumptions.** sVVV is the one contract that is called; it calls nobody back,
//! and nobody can call in here while it runs.
//!
//! **Liveness.** Pausing stops minting only. Every exit works without owner and guardian.
//!
//! **Roles.** See `roles`: nobody can mint, move tokens, or change fee, curve or cooldowns.
//!
//! **Known limits.** Base rate and target supply within the bounds of `diem_math::Curve`;
//! an account's leases are counted in sum, not listed: events list them.
//!
//! The interface is documented in `abi/IDiem.sol`; the layout in `storage`.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "off the chain only tests use the pure rooms")
)]

extern crate alloc;

mod book;
#[cfg(target_arch = "wasm32")]
mod contract;
#[cfg(target_arch = "wasm32")]
mod credits;
mod errors;
#[cfg(target_arch = "wasm32")]
mod external;
#[cfg(target_arch = "wasm32")]
mod gas;
#[cfg(target_arch = "wasm32")]
mod gateways;
pub mod interface;
#[cfg(target_arch = "wasm32")]
mod leases;
mod ledger;
#[cfg(target_arch = "wasm32")]
mod lines;
#[cfg(target_arch = "wasm32")]
mod position;
#[cfg(target_arch = "wasm32")]
mod roles;
#[cfg(any(test, target_arch = "wasm32"))]
mod router;
mod storage;
#[cfg(target_arch = "wasm32")]
mod token;
#[cfg(target_arch = "wasm32")]
mod yield_fee;
