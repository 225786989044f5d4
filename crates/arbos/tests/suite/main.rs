//! The executor from outside: state in, outcome out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod blocks;
mod common;
mod delegation;
mod depth;
mod estimates;
mod evm;
mod existence;
mod multicall;
mod pricing;
mod programs;
mod ready_made;
mod tracers;
mod traces;
mod vectors;
mod world;
