//! The reference inference gateway: a line's daily dollars pay for requests to any OpenAI-compatible server.
//!
//! Rooms, each knowing only those below it: `doors` (HTTP, one file per family) over `serving` (the life of one
//! request), over `settling` and `chain` (reads and statements), `keys`, `upstream`, `receipts`, over [`ledger`] (lines,
//! reservations, commits; SQL there alone) and `pricing`, over [`money`] and [`line`](mod@line).

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a failing test may panic"
    )
)]

pub mod chain;
pub mod check;
pub mod config;
pub mod doors;
pub mod keys;
pub mod ledger;
pub mod line;
pub mod money;
pub mod pricing;
pub mod receipts;
pub mod run;
pub mod serving;
pub mod settling;
pub mod steps;
pub mod upstream;
pub mod utc;
