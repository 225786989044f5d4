//! The one error type of the crate.

use ruint::aliases::U256;

/// Why a number could not be computed. Every variant carries what a revert needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// The exact result needs more than 256 bits.
    Overflow,
    /// A quotient by zero was asked for.
    DivisionByZero,
    /// The curve's base rate is outside `Curve::{MIN,MAX}_BASE_RATE`. WAD.
    BaseRateOutOfRange(U256),
    /// The curve's target supply is outside `Curve::{MIN,MAX}_TARGET_SUPPLY`. WAD.
    TargetSupplyOutOfRange(U256),
    /// The mint would take the supply past the cap of twice the target.
    CapExceeded {
        /// What was asked for: DIEM for `cost_up`, sVVV for `diem_out_down`. WAD.
        requested: U256,
        /// What still fits, in the same token. For sVVV it is the cost of all the
        /// DIEM that is left, rounded up: offering exactly this much succeeds.
        available: U256,
    },
    /// The inverse did not settle within its bound of steps. A bug of ours: the
    /// bound has room to spare over the whole domain.
    NoConvergence,
}

impl core::fmt::Display for MathError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Overflow => f.write_str("result needs more than 256 bits"),
            Self::DivisionByZero => f.write_str("division by zero"),
            Self::BaseRateOutOfRange(rate) => write!(f, "base rate {rate} out of range"),
            Self::TargetSupplyOutOfRange(target) => {
                write!(f, "target supply {target} out of range")
            }
            Self::CapExceeded {
                requested,
                available,
            } => {
                write!(
                    f,
                    "past the supply cap: {requested} requested, {available} available"
                )
            }
            Self::NoConvergence => f.write_str("inverse of the curve did not settle"),
        }
    }
}

impl core::error::Error for MathError {}
