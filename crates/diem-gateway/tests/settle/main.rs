//! Settling against a real node over real HTTP, with everything between them that can go wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must stop"
)]

mod audit;
mod faults;
#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/kill.rs"]
mod kill;
mod killing;
mod lines;
mod midnight;
#[path = "../support/postgres.rs"]
mod postgres;
mod process;
mod processes;
mod proxy;
mod served;
#[path = "../support/stage.rs"]
mod stage;
mod totals;
mod world;
