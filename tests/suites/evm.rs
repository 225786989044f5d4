//! The same suites over the twin for chains without Stylus, `evm/`. What `main.rs` runs beside these is Stylus's
//! alone: programs that expire, and the stack of a module.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must stop"
)]

use e2e::deploy::Target;

/// What this run is about; `main.rs` has the other.
const TARGET: Target = Target::Evm;

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
mod hostile;
mod invariants;
mod layout;
mod leases;
mod live_interface;
mod passed_on;
mod permissions;
mod permit;
mod replay;
mod roles;
mod s_vvv;
mod short_of_gas;
mod targets;
mod views;
mod vvv;
mod writes;
mod zero_caller;
