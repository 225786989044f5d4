//! The crate from outside, in one program: built once, linked once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod curve_differential;
mod curve_properties;
mod draw;
mod error;
mod index;
mod support;
mod vectors;
mod wad;
