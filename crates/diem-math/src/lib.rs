//! The protocol's money math, pure: numbers in, numbers out.
//!
//! Rooms: [`wad`] holds units and full-width multiply-divide (on `word`), [`curve`] the mint
//! curve (on the fixed point of `limbs` and the sums of `series`), [`index`] the
//! reward index and the fee on locked yield, [`epoch`] the calendar of credits.
//!
//! Nothing here knows a chain, a storage slot or an SDK: the contracts gather
//! inputs, call in, and store the results; the CLI and the tests call the same code.
//! No floating point, no allocation, no data tables, every loop bounded, no panic.
//! Names ending in `_down` or `_up` say which way a result is rounded.
#![no_std]
#![forbid(unsafe_code)]

pub mod curve;
pub mod epoch;
mod error;
pub mod index;
mod limbs;
mod series;
pub mod wad;
mod word;

pub use curve::{Curve, Quote};
pub use error::MathError;
pub use ruint::aliases::U256;
