//! The executor from outside: state in, outcome out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod blocks;
mod common;
mod depth;
mod estimates;
mod evm;
mod multicall;
mod programs;
mod ready_made;
mod traces;
mod vectors;
mod world;
