//! Fixed point for the series: six limbs of 30 bits, five of them fraction.
//!
//! A value is `sum limb[i] * 2^(30 i) / 2^150`: 150 fraction bits and 30 integer
//! bits. Thirty bits rather than 32 or 64 because a column of six limb products
//! then fits one 64-bit register, so that a product costs one multiply and one add
//! per pair of limbs and no carry; on the WASM machine that is what a multiply costs
//! least. Every loop is written out: the contracts are built for size, and a rolled
//! loop over an array in memory costs ten times the arithmetic it does.

use ruint::aliases::U256;

/// Fraction bits of every fixed-point number of the curve. One ulp is `2^-150`.
pub(crate) const FRACTION_BITS: usize = 150;
const LIMB_BITS: u32 = 30;
const MASK: u64 = (1 << LIMB_BITS) - 1;

/// Limbs, least first. *Tidy* when each is under `2^30`; *loose* limbs may be larger
/// (each function says what it takes and gives).
#[derive(Clone, Copy)]
pub(crate) struct Limbs([u64; 6]);

impl Limbs {
    pub(crate) const ZERO: Self = Self([0; 6]);
    pub(crate) const ONE: Self = Self([0, 0, 0, 0, 0, 1]);

    /// The low 180 bits of a count of ulps. Tidy.
    pub(crate) fn from_ulps(ulps: &U256) -> Self {
        let [w0, w1, w2, _] = *ulps.as_limbs();
        Self([
            w0 & MASK,
            w0 >> 30 & MASK,
            (w0 >> 60 | w1 << 4) & MASK,
            w1 >> 26 & MASK,
            (w1 >> 56 | w2 << 8) & MASK,
            w2 >> 22 & MASK,
        ])
    }

    /// The value in ulps, for values under `2^42`. Takes loose limbs, each under `2^63`.
    pub(crate) fn ulps(&self) -> U256 {
        let Self([a0, a1, a2, a3, a4, a5]) = *self;
        let a1 = a1 + (a0 >> LIMB_BITS);
        let a2 = a2 + (a1 >> LIMB_BITS);
        let a3 = a3 + (a2 >> LIMB_BITS);
        let a4 = a4 + (a3 >> LIMB_BITS);
        let a5 = a5 + (a4 >> LIMB_BITS);
        let (a0, a1, a2, a3, a4) = (a0 & MASK, a1 & MASK, a2 & MASK, a3 & MASK, a4 & MASK);
        U256::from_limbs([
            a0 | a1 << 30 | a2 << 60,
            a2 >> 4 | a3 << 26 | a4 << 56,
            a4 >> 8 | a5 << 22,
            0,
        ])
    }

    /// The same value with tidy limbs.
    pub(crate) fn tidy(&self) -> Self {
        Self::from_ulps(&self.ulps())
    }

    /// True when no limb is left.
    #[inline(always)]
    pub(crate) fn is_zero(&self) -> bool {
        let Self([a0, a1, a2, a3, a4, a5]) = self;
        a0 | a1 | a2 | a3 | a4 | a5 == 0
    }

    /// Product, rounded down by at most `1 + 2^-26` ulp. Tidy.
    ///
    /// Takes limbs under `2^31` on the left and tidy ones on the right, and a product
    /// under `2^30`. A column is then at most `6 * 2^61` plus a carry of `2^34`, under
    /// `2^64`. The three lowest columns together are below `2^-26` ulp and left out.
    #[inline(always)]
    pub(crate) fn times(&self, right: &Self) -> Self {
        let Self([a0, a1, a2, a3, a4, a5]) = *self;
        let Self([b0, b1, b2, b3, b4, b5]) = *right;
        let c3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
        let c4 = (c3 >> LIMB_BITS) + a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
        let c5 = (c4 >> LIMB_BITS) + a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0;
        let c6 = (c5 >> LIMB_BITS) + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1;
        let c7 = (c6 >> LIMB_BITS) + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2;
        let c8 = (c7 >> LIMB_BITS) + a3 * b5 + a4 * b4 + a5 * b3;
        let c9 = (c8 >> LIMB_BITS) + a4 * b5 + a5 * b4;
        let c10 = (c9 >> LIMB_BITS) + a5 * b5;
        Self([c5 & MASK, c6 & MASK, c7 & MASK, c8 & MASK, c9 & MASK, c10])
    }

    /// `value * numerator / denominator`, rounded down by less than one ulp.
    ///
    /// Takes tidy limbs, `numerator <= 0.58 denominator` and `denominator < 2^33`.
    /// Gives limbs under `2^31`: a digit is at most
    /// `(2^30 (denominator - 1) + (2^30 - 1) numerator) / denominator`.
    #[inline(always)]
    pub(crate) fn scaled(&self, numerator: u64, denominator: u64) -> Self {
        let Self([a0, a1, a2, a3, a4, a5]) = *self;
        let (q5, rest) = digit(0, a5 * numerator, denominator);
        let (q4, rest) = digit(rest, a4 * numerator, denominator);
        let (q3, rest) = digit(rest, a3 * numerator, denominator);
        let (q2, rest) = digit(rest, a2 * numerator, denominator);
        let (q1, rest) = digit(rest, a1 * numerator, denominator);
        let (q0, _) = digit(rest, a0 * numerator, denominator);
        Self([q0, q1, q2, q3, q4, q5])
    }

    /// Adds `factor * value` limb by limb, without carrying.
    #[inline(always)]
    pub(crate) fn gather(&mut self, value: &Self, factor: u64) {
        let Self(sum) = self;
        let Self(value) = value;
        sum[0] += value[0] * factor;
        sum[1] += value[1] * factor;
        sum[2] += value[2] * factor;
        sum[3] += value[3] * factor;
        sum[4] += value[4] * factor;
        sum[5] += value[5] * factor;
    }
}

/// One step of a long division by a small number.
#[inline(always)]
fn digit(rest: u64, part: u64, denominator: u64) -> (u64, u64) {
    let dividend = (rest << LIMB_BITS) + part;
    let quotient = dividend / denominator;
    (quotient, dividend - quotient * denominator)
}

#[cfg(test)]
#[path = "limbs_tests.rs"]
mod tests;
