//! The recorded programs and runs, and a small stand-in for the state transition.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part"
)]

pub mod generator;
pub mod input;
pub mod interpreter;
pub mod mock;
pub mod vectors;
