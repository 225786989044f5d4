//! The node through its doors: real clients, and requests no client would send.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed expectation is the test's failure

mod basics;
mod calls;
mod cheats;
mod delegation;
mod door;
mod hopeless;
mod ids;
mod logs;
mod mining;
mod node_interface;
mod overrides;
mod regressions;
mod reports;
mod room;
mod sending;
mod storage;
mod subscriptions;
mod support;
mod traces;
