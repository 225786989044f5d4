//! The end-to-end harness: a node in process, the three contracts on it, named actors, and a plain-Rust
//! model of the protocol that predicts every answer.
//!
//! Rooms: [`chain`] talks JSON-RPC, [`world`] deploys and holds a chain, [`action`] is what actors do,
//! [`model`] predicts it, [`history`] runs both side by side, [`generator`] draws what happens next,
//! [`replay`] rebuilds state from events alone,
//! [`long_run`] runs many histories and shrinks what breaks one, [`stack`] takes stack away from a module.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must stop"
)]

pub mod abi;
pub mod action;
pub mod actors;
pub mod chain;
pub mod credit_watch;
pub mod deploy;
pub mod generator;
pub mod history;
pub mod long_run;
pub mod model;
pub mod random;
pub mod replay;
pub mod stack;
pub mod world;
