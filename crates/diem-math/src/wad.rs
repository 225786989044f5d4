//! Units, and multiplication followed by division at full width.

use crate::{MathError, word};
use ruint::aliases::U256;

/// One whole token, one whole dollar, one whole rate: 1e18.
pub const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// `floor(a * b / divisor)`, the product at full 512 bits.
///
/// Fails with `DivisionByZero`, and with `Overflow` when the quotient needs more
/// than 256 bits.
pub fn mul_div_down(a: U256, b: U256, divisor: U256) -> Result<U256, MathError> {
    word::mul_div(&a, &b, &divisor).map(|(quotient, _)| quotient)
}

/// `ceil(a * b / divisor)`, the product at full 512 bits.
///
/// Fails like [`mul_div_down`].
pub fn mul_div_up(a: U256, b: U256, divisor: U256) -> Result<U256, MathError> {
    match word::mul_div(&a, &b, &divisor)? {
        (quotient, true) => Ok(quotient),
        (U256::MAX, false) => Err(MathError::Overflow),
        (quotient, false) => Ok(word::add(&quotient, &U256::ONE)),
    }
}
