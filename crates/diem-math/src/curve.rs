//! The mint curve: how much sVVV one locks for how much DIEM.
//!
//! `rate(S) = B e^(2 (S/T)^3)` sVVV per DIEM; the price of `d` DIEM at supply `S` is the
//! integral of the rate from `S` to `S + d`. With `g(x)` the integral of `e^(2t^3)` from
//! 0 to `x`, that is `B T (g((S + d)/T) - g(S/T))`.
//!
//! **One function.** `g` is computed by one deterministic fixed-point function of the
//! supply in wei, and every answer follows from differences of it: with `E` the bound of
//! its error (`series`), all in ulps of `2^-150`,
//!
//! ```text
//! cost_up(S, d)       = ceil(B T (g(S + d) - g(S) + E) / (1e18 2^150))
//! diem_out_down(S, v) = the largest d with cost_up(S, d) <= v
//! ```
//!
//! *Never in the minter's favour*: `g` is never above the exact value and at most `E`
//! below, so the difference plus `E` is never below the exact one; a cost is never less
//! than exact, an output never more. *Tight*: at most `2 E` is added, which is `2^-43` wei
//! of sVVV at 90 and 40,000, `2^-15` at the limits of the parameters; so a cost is the
//! exact ceiling or 1 wei above, an output the exact floor or 1 wei below. *Path
//! independent, exactly*: `ceil(a + E) + ceil(b + E) >= ceil(a + b + E)` whatever `g` is,
//! so two steps never cost less than one, and by the definition of `diem_out_down` never
//! give more. *Monotonic*: one wei of DIEM moves `g` by at least `2^-90` (`T < 2^90`), its
//! error is under `2^-126`.
//!
//! **Limits.** Base rate and target supply within the constants below, supply at most
//! `2 T`. Widths: `x = S/T` has 152 bits, `g` at most 170, `e^16` 174, `B T` 170.

use crate::limbs::FRACTION_BITS;
use crate::series::{self, INTEGRAL_ERROR_ULPS, Point};
use crate::wad::WAD;
use crate::{MathError, word};
use ruint::aliases::U256;

/// One, in ulps.
const ONE_ULPS: U256 = U256::from_limbs([0, 0, 1 << (FRACTION_BITS - 128), 0]);
/// `1e18` in ulps: the scale of `B * T * g` above wei.
const WAD_ULPS: U256 = {
    let [wad, ..] = WAD.into_limbs();
    U256::from_limbs([
        0,
        0,
        wad << (FRACTION_BITS - 128),
        wad >> (192 - FRACTION_BITS),
    ])
};

/// Points after which the inverse gives up. Six is the most seen over the domain.
const MAX_POINTS: usize = 16;
/// Fraction bits of a step of the inverse, in wei; `2^-20` wei is far above the error
/// of the straight line over one wei, and far below one wei.
const STEP_FRACTION_BITS: usize = 20;
/// One wei less `2^-20`, as a step: what is added to round a step up.
const STEP_ROUND_UP: U256 = U256::from_limbs([(1 << STEP_FRACTION_BITS) - 1, 0, 0, 0]);

/// An upper bound of `x` in 64ths, by how many bits the integer part of `g(x)` has:
/// entry `b` is the least `k` with `g(k / 64) >= 2^b`. The last one is past the cap.
const REACH_64THS: [u8; 20] = [
    50, 65, 74, 81, 87, 92, 96, 99, 103, 106, 109, 112, 114, 117, 119, 121, 123, 125, 127, 129,
];
const REACH_BITS: usize = 6;

/// The curve of one deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    base_rate: U256,
    target_supply: U256,
}

/// One answer of the curve: both sides of a mint and the rate it leaves behind. WAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// sVVV that is locked.
    pub svvv: U256,
    /// DIEM that is minted.
    pub diem: U256,
    /// [`Curve::rate_at`] the supply after the mint.
    pub rate_after: U256,
}

impl Curve {
    /// Least base rate: 0.001 sVVV per DIEM, so that 1 wei of sVVV buys at most 1,000.
    pub const MIN_BASE_RATE: U256 = U256::from_limbs([1_000_000_000_000_000, 0, 0, 0]);
    /// Greatest base rate: 1,000,000 sVVV per DIEM.
    pub const MAX_BASE_RATE: U256 = U256::from_limbs([0x1bce_cced_a100_0000, 0xd3c2, 0, 0]);
    /// Least target supply: 1 DIEM.
    pub const MIN_TARGET_SUPPLY: U256 = WAD;
    /// Greatest target supply: 1,000,000,000 DIEM.
    pub const MAX_TARGET_SUPPLY: U256 = U256::from_limbs([0x9fd0_803c_e800_0000, 0x33b_2e3c, 0, 0]);

    /// A curve from its base rate (sVVV per DIEM at supply 0) and target supply. WAD.
    ///
    /// Fails with `BaseRateOutOfRange` or `TargetSupplyOutOfRange` outside the limits
    /// within which the bounds of this room are proven.
    pub fn new(base_rate: U256, target_supply: U256) -> Result<Self, MathError> {
        if base_rate < Self::MIN_BASE_RATE || base_rate > Self::MAX_BASE_RATE {
            return Err(MathError::BaseRateOutOfRange(base_rate));
        }
        if target_supply < Self::MIN_TARGET_SUPPLY || target_supply > Self::MAX_TARGET_SUPPLY {
            return Err(MathError::TargetSupplyOutOfRange(target_supply));
        }
        Ok(Self {
            base_rate,
            target_supply,
        })
    }

    /// The rate at supply 0. sVVV per DIEM, WAD.
    #[must_use]
    pub const fn base_rate(&self) -> U256 {
        self.base_rate
    }

    /// The supply at which the rate is `e^2` times the base rate. DIEM, WAD.
    #[must_use]
    pub const fn target_supply(&self) -> U256 {
        self.target_supply
    }

    /// The most DIEM there can be: twice the target supply. WAD.
    #[must_use]
    pub fn supply_cap(&self) -> U256 {
        self.target_supply.wrapping_shl(1)
    }

    /// sVVV per DIEM at `supply`, WAD, rounded down, within 1 part in 1e15.
    ///
    /// Defined past the supply cap too, where nothing can be minted, because the live
    /// interface shows a grid that goes there. Fails with `Overflow` from `8 T` on, and
    /// where the rate needs more than 256 bits (with the largest base rate from `4 T`).
    pub fn rate_at(&self, supply: U256) -> Result<U256, MathError> {
        if supply >> 3 >= self.target_supply {
            return Err(MathError::Overflow);
        }
        // e^(2c) is e^(2c / 2^k) squared k times; 2c / 2^k stays at most 16.
        let mut cube = series::cube(&self.position(&supply));
        let mut factors = 1_u32;
        while cube > ONE_ULPS << 3 {
            cube >>= 1;
            factors <<= 1;
        }
        let slope = series::exponential(&cube);
        let mut rate = self.base_rate;
        for _ in 0..factors {
            rate = word::scale_down(&rate, &slope)?;
        }
        Ok(rate)
    }

    /// sVVV to lock for `diem` more DIEM at `supply`. All WAD.
    ///
    /// Rounds up: never less than the exact cost, at most 1 wei above its ceiling. Zero
    /// for zero. Fails with `CapExceeded` in DIEM.
    pub fn cost_up(&self, supply: U256, diem: U256) -> Result<U256, MathError> {
        self.quote_exact(supply, diem).map(|quote| quote.svvv)
    }

    /// DIEM minted for locking `svvv` at `supply`. All WAD.
    ///
    /// Rounds down: the largest amount whose [`Curve::cost_up`] is within `svvv`; never
    /// more than the exact answer, at most 1 wei below its floor. Zero for zero. Fails
    /// with `CapExceeded` in sVVV.
    pub fn diem_out_down(&self, supply: U256, svvv: U256) -> Result<U256, MathError> {
        self.quote(supply, svvv).map(|quote| quote.diem)
    }

    /// [`Curve::cost_up`] together with the rate after the mint, which comes for free.
    pub fn quote_exact(&self, supply: U256, diem: U256) -> Result<Quote, MathError> {
        let available = self.room(&supply, &diem)?;
        if diem > available {
            return Err(MathError::CapExceeded {
                requested: diem,
                available,
            });
        }
        let before = self.point(&supply);
        if diem.is_zero() {
            return Ok(self.settle(U256::ZERO, diem, &before));
        }
        let after = self.point(&word::add(&supply, &diem));
        let svvv = self.price_up(&before, &after);
        Ok(self.settle(svvv, diem, &after))
    }

    /// [`Curve::diem_out_down`] together with the rate after the mint.
    pub fn quote(&self, supply: U256, svvv: U256) -> Result<Quote, MathError> {
        let room = self.room(&supply, &svvv)?;
        let before = self.point(&supply);
        // The condition ceil(B T (g - g0 + E) / (1e18 2^150)) <= svvv is, in whole ulps,
        // g <= g0 + floor(svvv 1e18 2^150 / (B T)) - E.
        let growth = word::mul_div_saturating(&svvv, &WAD_ULPS, &self.scale());
        let (growth, nothing) = word::sub(&growth, &INTEGRAL_ERROR_ULPS);
        if nothing {
            return Ok(self.settle(svvv, U256::ZERO, &before));
        }
        let (mut diem, mut point) = (U256::MAX, before);
        // More growth than the whole curve has bits for is past the cap, and the sum
        // below would not be.
        if growth.as_limbs()[3] == 0 {
            let goal = word::add(&growth, &before.integral);
            let mut end = supply;
            if self.advance(&mut end, &mut point, &goal)? {
                diem = word::sub(&end, &supply).0;
            }
        }
        if diem > room {
            let after = self.point(&self.supply_cap());
            let available = if room.is_zero() {
                room
            } else {
                self.price_up(&before, &after)
            };
            return Err(MathError::CapExceeded {
                requested: svvv,
                available,
            });
        }
        Ok(self.settle(svvv, diem, &point))
    }

    /// DIEM that can still be minted at `supply`.
    fn room(&self, supply: &U256, requested: &U256) -> Result<U256, MathError> {
        match word::sub(&self.supply_cap(), supply) {
            (room, false) => Ok(room),
            _ => Err(MathError::CapExceeded {
                requested: *requested,
                available: U256::ZERO,
            }),
        }
    }

    /// Moves to the largest supply whose integral is within `goal`. False, and nowhere in
    /// particular, when the goal is past everything below the cap.
    ///
    /// Newton's method on whole wei with Halley's correction for curvature, which for
    /// `g'' = 6 x^2 g'` reads `step = rest / (g' + 3 x^2 rest)` and cubes the error. It
    /// ends when the step from the present supply is less than one wei, so the answer has
    /// been evaluated, and a straight line decides that one wei more is too much: a step
    /// within `2^-20` of a whole wei is looked at from that wei instead. Seen from above,
    /// `3 x^2 rest` is at most `3 x^2 g < 0.82 g'`, so the divisor stays positive.
    fn advance(
        &self,
        supply: &mut U256,
        point: &mut Point,
        goal: &U256,
    ) -> Result<bool, MathError> {
        let Some(reach) = self.reach(goal) else {
            return Ok(false);
        };
        let fine_target = self.target_supply << STEP_FRACTION_BITS;
        for count in 0..MAX_POINTS {
            let (mut rest, above) = word::sub(goal, &point.integral);
            if above {
                rest = word::sub(&point.integral, goal).0;
            }
            let bend = point.bend(&rest);
            let (slope, round) = if above {
                (word::sub(&point.slope, &bend).0, STEP_ROUND_UP)
            } else {
                (word::add(&point.slope, &bend), U256::ONE)
            };
            let step = word::mul_div_saturating(&fine_target, &rest, &slope);
            let step = word::add(&step, &round) >> STEP_FRACTION_BITS;
            if step.is_zero() && !above {
                return Ok(true);
            }
            if above {
                // Less than 2^-20 of a wei above: one wei less is the answer.
                *supply = word::sub(supply, if step.is_zero() { &U256::ONE } else { &step }).0;
            } else {
                *supply = word::add(supply, &step);
                // From the first point a mint that bends the curve much would crawl.
                if *supply > reach || count == 0 && bend > point.slope {
                    *supply = reach;
                }
            }
            *point = self.point(supply);
            if above && step.is_zero() {
                return Ok(true);
            }
        }
        Err(MathError::NoConvergence)
    }

    /// A supply at or past the one whose integral is `goal`, and not far past: by a factor
    /// of 3 in `g` at most. `None` when that is past the cap.
    fn reach(&self, goal: &U256) -> Option<U256> {
        let [_, _, high, top] = *goal.as_limbs();
        let whole = high >> (FRACTION_BITS - 128);
        let bits = u64::BITS - whole.leading_zeros();
        let reach = REACH_64THS.get(bits as usize).filter(|_| top == 0)?;
        let reach = word::mul(&self.target_supply, &U256::from(*reach)) >> REACH_BITS;
        Some(word::add(&reach, &U256::ONE))
    }

    /// `B T`, at most 170 bits.
    fn scale(&self) -> U256 {
        word::mul(&self.base_rate, &self.target_supply)
    }

    /// `B T (g(after) - g(before) + E)` in wei of sVVV, rounded up. At most 131 bits.
    fn price_up(&self, before: &Point, after: &Point) -> U256 {
        let growth = word::sub(&after.integral, &before.integral).0;
        let growth = word::add(&growth, &INTEGRAL_ERROR_ULPS);
        match word::mul_div(&self.scale(), &growth, &WAD_ULPS) {
            Ok((price, true)) => price,
            Ok((price, false)) => word::add(&price, &U256::ONE),
            Err(_) => U256::MAX,
        }
    }

    fn settle(&self, svvv: U256, diem: U256, after: &Point) -> Quote {
        // Cannot fail: a base rate has 80 bits, a slope up to the cap 174, 150 of them fraction.
        let rate_after = word::scale_down(&self.base_rate, &after.slope).unwrap_or(U256::MAX);
        Quote {
            svvv,
            diem,
            rate_after,
        }
    }

    /// The curve at a supply up to `129/64 T`.
    fn point(&self, supply: &U256) -> Point {
        Point::at(&self.position(supply))
    }

    /// `supply / T` in ulps, rounded down.
    fn position(&self, supply: &U256) -> U256 {
        word::mul_div_saturating(supply, &ONE_ULPS, &self.target_supply)
    }
}
