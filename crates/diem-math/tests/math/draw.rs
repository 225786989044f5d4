//! What the properties draw: curves over all the limits, supplies and amounts at the edges
//! and everywhere between.

use crate::support::u;
use diem_math::wad::{WAD, mul_div_down};
use diem_math::{Curve, U256};
use proptest::prelude::*;

/// Cases to try: `usual`, unless `PROPTEST_CASES` says otherwise.
pub(crate) fn config(usual: u32) -> ProptestConfig {
    let told = ProptestConfig::default();
    let cases = std::env::var_os("PROPTEST_CASES").map_or(usual, |_| told.cases);
    ProptestConfig { cases, ..told }
}

/// The deployment.
pub(crate) fn deployed() -> Curve {
    Curve::new(u(90) * WAD, u(40_000) * WAD).unwrap()
}

/// Where both parameters are at a limit.
pub(crate) fn corners() -> [Curve; 4] {
    [
        (Curve::MIN_BASE_RATE, Curve::MIN_TARGET_SUPPLY),
        (Curve::MIN_BASE_RATE, Curve::MAX_TARGET_SUPPLY),
        (Curve::MAX_BASE_RATE, Curve::MIN_TARGET_SUPPLY),
        (Curve::MAX_BASE_RATE, Curve::MAX_TARGET_SUPPLY),
    ]
    .map(|(base, target)| Curve::new(base, target).unwrap())
}

pub(crate) fn corner() -> impl Strategy<Value = Curve> {
    proptest::sample::select(corners().to_vec())
}

pub(crate) fn any_curve() -> impl Strategy<Value = Curve> {
    // The powers of ten of the limits, so that every magnitude is as likely as another.
    let power = |low: f64, high: f64| (low..high).prop_map(|power| 10_f64.powf(power) as u128);
    prop_oneof![
        Just(deployed()),
        corner(),
        (power(15.01, 23.99), power(18.01, 26.99)).prop_map(|(base, target)| Curve::new(
            u(base),
            u(target)
        )
        .unwrap()),
    ]
}

/// A part of a whole: so many eighths, so much more or less.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    eighths: u128,
    distance: u128,
    below: bool,
}

impl Spot {
    /// The amount, within the whole.
    pub(crate) fn of(self, whole: U256) -> U256 {
        let base: U256 = (whole >> 3) * u(self.eighths) + (whole & u(7)) * u(self.eighths) / u(8);
        if self.below {
            base.saturating_sub(u(self.distance))
        } else {
            (base + u(self.distance)).min(whole)
        }
    }
}

/// Random digits of a random length, up to `bits`.
pub(crate) fn digits(bits: u32) -> impl Strategy<Value = u128> {
    (any::<u128>(), 0..=bits).prop_map(|(digits, bits)| digits.checked_shr(128 - bits).unwrap_or(0))
}

/// Near nothing, all, the half (of a cap: the target) or another eighth, by every magnitude
/// that a supply can have.
pub(crate) fn spot() -> impl Strategy<Value = Spot> {
    let eighths = prop_oneof![2 => Just(0), 2 => Just(8), 1 => Just(4), 1 => 0..=8_u128];
    (eighths, digits(91), any::<bool>()).prop_map(|(eighths, distance, below)| Spot {
        eighths,
        distance,
        below,
    })
}

/// A part of a whole, evenly spread or at a [`spot`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// In 1e18ths.
    Share(u128),
    At(Spot),
}

impl Part {
    /// The amount, within the whole.
    pub(crate) fn of(self, whole: U256) -> U256 {
        match self {
            Self::Share(share) => mul_div_down(whole, u(share), WAD).unwrap(),
            Self::At(spot) => spot.of(whole),
        }
    }
}

pub(crate) fn part() -> impl Strategy<Value = Part> {
    const ONE: u128 = 1_000_000_000_000_000_000;
    prop_oneof![
        (0..=ONE).prop_map(Part::Share),
        digits(60).prop_map(|share| Part::Share(share.min(ONE))),
        spot().prop_map(Part::At),
    ]
}
