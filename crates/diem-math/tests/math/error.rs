//! What an error says.

use crate::support::u;
use diem_math::{MathError, U256};

#[test]
fn every_error_says_what_is_broken_and_by_which_numbers() {
    let most = U256::MAX.to_string();
    let said = [
        (
            MathError::Overflow,
            "result needs more than 256 bits".into(),
        ),
        (MathError::DivisionByZero, "division by zero".into()),
        (
            MathError::BaseRateOutOfRange(U256::MAX),
            format!("base rate {most} out of range"),
        ),
        (
            MathError::TargetSupplyOutOfRange(u(7)),
            "target supply 7 out of range".into(),
        ),
        (
            MathError::CapExceeded {
                requested: U256::MAX,
                available: u(0),
            },
            format!("past the supply cap: {most} requested, 0 available"),
        ),
        (
            MathError::NoConvergence,
            "inverse of the curve did not settle".into(),
        ),
    ];
    for (error, text) in said {
        assert_eq!(error.to_string(), text);
    }
}
