//! Why calls are refused: the errors of `interface`, made by `refuse!`.

use crate::interface::IDiem;
use alloy_primitives::U256;
pub(crate) use contract_kit::error::Result;
pub(crate) use contract_kit::{Error, refuse};
use diem_math::MathError;

/// What the curve refused at `supply`.
#[cold]
pub(crate) fn curve_error(error: MathError, supply: U256) -> Error {
    match error {
        MathError::CapExceeded {
            requested,
            available,
        } => {
            refuse!(IDiem::MintCapExceeded, requested, available)
        }
        _ => refuse!(IDiem::RateOverflow, supply),
    }
}
