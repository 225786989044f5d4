//! The node through its doors: real clients, and requests no client would send.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed expectation is the test's failure

mod access_lists;
mod basics;
mod calls;
mod cheats;
mod delegation;
mod door;
mod errors;
mod fields;
mod filters;
mod headers;
mod hopeless;
mod identity;
mod ids;
mod logs;
mod mining;
mod node_interface;
mod overrides;
mod params;
mod prices;
mod regressions;
mod room;
mod sending;
mod signing;
mod simulate;
mod simulate_limits;
mod storage;
mod subscriptions;
mod support;
mod traces;
