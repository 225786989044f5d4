//! The journal against its promises, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed expectation is the test's failure

mod admission;
mod asking;
mod auditing;
mod keys;
mod killing;
mod living;
mod model;
mod opening;
mod repeats;
mod stating;
#[path = "../support/mod.rs"]
mod support;
