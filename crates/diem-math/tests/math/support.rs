//! The slow exact model: the same curve in big rationals, sharing no code with the crate.
use diem_math::{Curve, U256};
use num_bigint::BigUint;

/// Bits of the model's fixed point: far below anything a wei can show.
const PRECISION: usize = 640;

pub(crate) fn u(value: u128) -> U256 {
    U256::from(value)
}

pub(crate) fn big(value: U256) -> BigUint {
    BigUint::from_bytes_le(&value.to_le_bytes::<32>())
}

pub(crate) fn narrow(value: &BigUint) -> U256 {
    U256::from_le_slice(&value.to_bytes_le())
}

pub(crate) fn parse(text: &str) -> U256 {
    text.parse().expect("a decimal number")
}

/// `integral of e^(2t^3)` to `supply / target` at 640 fraction bits: each term is
/// computed from the supply itself, one product and one division, nothing shared.
fn integral(supply: &BigUint, target: &BigUint) -> BigUint {
    let x = (supply << PRECISION) / target;
    let cube = (((&x * &x) >> PRECISION) * &x) >> PRECISION;
    let (mut power, mut sum) = (x, BigUint::ZERO);
    let mut n = 0_u32;
    while power != BigUint::ZERO {
        sum += &power / (3 * n + 1);
        n += 1;
        power = ((&power * &cube) >> PRECISION) * 2_u32 / n;
    }
    sum
}

/// `e^(2 (supply/target)^3)` at 640 fraction bits.
fn exponential(supply: &BigUint, target: &BigUint) -> BigUint {
    let x = (supply << PRECISION) / target;
    let argument = ((((&x * &x) >> PRECISION) * &x) >> PRECISION) * 2_u32;
    let (mut term, mut sum) = (BigUint::from(1_u32) << PRECISION, BigUint::ZERO);
    let mut n = 0_u32;
    while term != BigUint::ZERO {
        sum += &term;
        n += 1;
        term = ((&term * &argument) >> PRECISION) / n;
    }
    sum
}

/// The exact cost in wei times `2^640`; its own error is under `2^-400` wei.
pub(crate) fn exact_cost(curve: &Curve, supply: U256, diem: U256) -> BigUint {
    let target = big(curve.target_supply());
    let grown = integral(&(big(supply) + big(diem)), &target) - integral(&big(supply), &target);
    big(curve.base_rate()) * target * grown / 1_000_000_000_000_000_000_u64
}

/// The exact cost rounded up to wei.
pub(crate) fn exact_cost_ceil(curve: &Curve, supply: U256, diem: U256) -> U256 {
    let unit = (BigUint::from(1_u32) << PRECISION) - 1_u32;
    narrow(&((exact_cost(curve, supply, diem) + unit) >> PRECISION))
}

/// The exact rate rounded down to wei, however large.
pub(crate) fn exact_rate(curve: &Curve, supply: U256) -> BigUint {
    let slope = exponential(&big(supply), &big(curve.target_supply()));
    (big(curve.base_rate()) * slope) >> PRECISION
}

/// The exact rate rounded down to wei, where a word holds it.
pub(crate) fn exact_rate_floor(curve: &Curve, supply: U256) -> U256 {
    narrow(&exact_rate(curve, supply))
}

/// The exact output rounded down to wei, by bisection up to the cap; `None` past it.
pub(crate) fn exact_diem_floor(curve: &Curve, supply: U256, svvv: U256) -> Option<U256> {
    let budget = big(svvv) << PRECISION;
    let fits = |diem: U256| exact_cost(curve, supply, diem) <= budget;
    let (mut low, mut high) = (U256::ZERO, curve.supply_cap() - supply + U256::ONE);
    if fits(high) {
        return None;
    }
    while high - low > U256::ONE {
        let middle = (low + high) >> 1;
        if fits(middle) {
            low = middle
        } else {
            high = middle
        }
    }
    Some(low)
}
