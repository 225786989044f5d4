//! 256-bit arithmetic. Results replace the first operand; a zero divisor gives zero.

use alloy_primitives::U256;

use super::context::{Hostio, Stop};
use crate::pricing::pow_ink;

/// Quotient.
pub(super) fn div(h: &mut Hostio<'_>, value: u32, divisor: u32) -> Result<(), Stop> {
    two(h, value, divisor, |a, b| {
        a.checked_div(b).unwrap_or_default()
    })
}

/// Remainder.
pub(super) fn rem(h: &mut Hostio<'_>, value: u32, modulus: u32) -> Result<(), Stop> {
    two(h, value, modulus, |a, b| {
        a.checked_rem(b).unwrap_or_default()
    })
}

/// Power modulo 2^256, priced by the exponent.
pub(super) fn pow(h: &mut Hostio<'_>, value: u32, exponent: u32) -> Result<(), Stop> {
    let significant = h.read_word(exponent)?;
    h.read_word(value)?;
    h.buy(pow_ink(&significant.0))?;
    two(h, value, exponent, |a, b| a.wrapping_pow(b))
}

/// Sum modulo a third number, without overflow in between.
pub(super) fn add_mod(h: &mut Hostio<'_>, a: u32, b: u32, modulus: u32) -> Result<(), Stop> {
    three(h, a, b, modulus, |a, b, modulus| a.add_mod(b, modulus))
}

/// Product modulo a third number, without overflow in between.
pub(super) fn mul_mod(h: &mut Hostio<'_>, a: u32, b: u32, modulus: u32) -> Result<(), Stop> {
    three(h, a, b, modulus, |a, b, modulus| a.mul_mod(b, modulus))
}

fn two(h: &mut Hostio<'_>, a: u32, b: u32, f: fn(U256, U256) -> U256) -> Result<(), Stop> {
    let (x, y) = (h.read_uint(a)?, h.read_uint(b)?);
    let result = f(x, y).to_be_bytes::<32>();
    h.write(a, &result)?;
    h.trace(
        &[&x.to_be_bytes::<32>(), &y.to_be_bytes::<32>()],
        &[&result],
    );
    Ok(())
}

fn three(
    h: &mut Hostio<'_>,
    a: u32,
    b: u32,
    c: u32,
    f: fn(U256, U256, U256) -> U256,
) -> Result<(), Stop> {
    let (x, y, z) = (h.read_uint(a)?, h.read_uint(b)?, h.read_uint(c)?);
    let result = f(x, y, z).to_be_bytes::<32>();
    h.write(a, &result)?;
    let args = [x, y, z].map(|word| word.to_be_bytes::<32>());
    h.trace(&[args.as_flattened()], &[&result]);
    Ok(())
}
