//! The integral of the curve and its slope, from one all-positive series.
//!
//! With `y = 2 x^3`,
//!
//! ```text
//! g(x)  = integral of e^(2t^3) over t in 0..x = x * sum u_n,    u_n = y^n / (n! (3n + 1))
//! e^y   =                                           sum (3n + 1) u_n
//! u_0 = 1,    u_(n+1) = u_n * x^3 * (6n + 2) / ((n + 1) (3n + 4))
//! ```
//!
//! so one pass gives both, a term costing one multiplication and one division by a
//! small number. Terms are added until they vanish: 8 of them at `x = 0.01`, 43 at
//! 0.94, 107 at 2.
//!
//! **Error**, in ulps of `2^-150`, for `x <= 2`. Everything is truncated, so results are
//! never too large. (1) `x` itself, a floor, is short by up to 1: `g` by up to
//! `e^16 < 2^23.1`. (2) `x^3` is short by up to 3.1: the sum by up to
//! `3.1 (e^16 - 1) / 24 < 2^20.2`, `g` by twice that. (3) Each term adds up to 1.6 of
//! its own, which later terms carry on in proportion: together under `2^17`, `g` by
//! twice that. (4) The last product adds up to 1.1. In all less than `2^24`.

use crate::limbs::Limbs;
use ruint::aliases::U256;

/// How far `integral` may be below the exact value, in ulps. Never above.
pub(crate) const INTEGRAL_ERROR_ULPS: U256 = U256::from_limbs([1 << 24, 0, 0, 0]);

/// More terms than any argument needs; the series ends by itself before.
const MAX_TERMS: u64 = 128;

/// The curve at one point, in ulps.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    /// `g(x)`, short by less than [`INTEGRAL_ERROR_ULPS`].
    pub(crate) integral: U256,
    /// `e^(2 x^3)`, the slope of `g`, short by less than 1 part in `2^100`.
    pub(crate) slope: U256,
    /// `x^2`, tidy.
    square: Limbs,
}

impl Point {
    /// Evaluates at `x` in ulps, up to `129/64`.
    #[inline(never)]
    pub(crate) fn at(x: &U256) -> Self {
        let x = Limbs::from_ulps(x);
        let square = product(&x, &x);
        let (sum, slope) = sums(&product(&square, &x));
        Self {
            integral: product(&x, &sum.tidy()).ulps(),
            slope: slope.ulps(),
            square,
        }
    }

    /// `3 x^2 rest`: half of what the slope changes by over a step of `rest / slope`.
    /// Takes and gives ulps, for `rest` under `2^19`.
    pub(crate) fn bend(&self, rest: &U256) -> U256 {
        let mut bend = Limbs::ZERO;
        bend.gather(&product(&self.square, &Limbs::from_ulps(rest)), 3);
        bend.ulps()
    }
}

/// `e^(2 cube)` in ulps, `cube` in ulps up to 8.
pub(crate) fn exponential(cube: &U256) -> U256 {
    sums(&Limbs::from_ulps(cube)).1.ulps()
}

/// `x^3` in ulps, rounded down, `x` in ulps under 8.
pub(crate) fn cube(x: &U256) -> U256 {
    let x = Limbs::from_ulps(x);
    product(&product(&x, &x), &x).ulps()
}

/// The sums of `u_n` and of `(3n + 1) u_n`, loose: limbs under `2^31 * 128` and
/// `2^31 * 385 * 128`. Takes a tidy cube up to 8.2.
#[inline(never)]
fn sums(cube: &Limbs) -> (Limbs, Limbs) {
    let (mut sum, mut weighted) = (Limbs::ZERO, Limbs::ZERO);
    let mut term = Limbs::ONE;
    for n in 0..MAX_TERMS {
        sum.gather(&term, 1);
        weighted.gather(&term, 3 * n + 1);
        term = term.times(cube).scaled(6 * n + 2, (n + 1) * (3 * n + 4));
        if term.is_zero() {
            break;
        }
    }
    (sum, weighted)
}

/// The product outside the loop: called, not copied, because code size is paid for.
#[inline(never)]
fn product(left: &Limbs, right: &Limbs) -> Limbs {
    left.times(right)
}

#[cfg(test)]
#[path = "series_tests.rs"]
mod tests;
