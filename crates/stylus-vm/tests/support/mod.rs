//! The recorded programs and runs, and a small stand-in for the state transition.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod mock;
pub mod vectors;
