//! The doors over real HTTP: a gateway in this process, before a node with the contracts and a stand-in for a model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failing test may panic"
)]

mod answers;
mod budget;
mod clients;
mod crash;
mod house;
mod keys;
mod midnight;
mod operations;
mod repeats;
mod secrecy;
mod site;
mod streams;
mod upstreams;
mod usage;
