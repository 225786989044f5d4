//! The doors over real HTTP: a gateway in this process, before a node with the contracts and a stand-in for a model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failing test may panic"
)]

mod alone;
mod answers;
mod anything;
mod budget;
mod clients;
mod crash;
mod documented;
#[path = "../support/folder.rs"]
mod folder;
mod house;
mod keys;
#[path = "../support/kill.rs"]
mod kill;
mod midnight;
mod operations;
mod proxied;
mod repeats;
mod secrecy;
mod site;
#[path = "../support/stage.rs"]
mod stage;
mod streams;
mod upstreams;
mod usage;
mod wallets;
