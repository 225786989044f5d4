//! End-to-end tests over the real WASM: each starts its own node, deploys, acts as users do, and checks every
//! return value, event, error and view.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must stop"
)]

use e2e::deploy::Target;

/// What this run is about; `evm.rs` has the other.
const TARGET: Target = Target::Stylus;

mod prelude;

mod abi_table;
mod calldata;
mod chain_id;
mod claim_without_diem;
mod clients;
mod construction;
mod credits;
mod deployment;
mod diem;
mod estimates;
mod exits;
mod for_good;
mod fuzz;
mod hostile;
mod invariants;
mod layout;
mod leases;
mod live_interface;
mod passed_on;
mod permissions;
mod permit;
mod programs;
mod replay;
mod roles;
mod s_vvv;
mod short_of_gas;
mod stack;
mod targets;
mod views;
mod vvv;
mod writes;
mod zero_caller;
