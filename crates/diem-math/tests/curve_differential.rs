//! The curve against the slow exact model, over the whole domain of its parameters.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod support;

use diem_math::{Curve, MathError, U256};
use proptest::prelude::*;
use support::*;

/// The deployment, an older one, and the corners of the allowed parameters.
fn curves() -> Vec<Curve> {
    let curve = |base, target| Curve::new(base, target).unwrap();
    let wad = diem_math::wad::WAD;
    vec![
        curve(u(90) * wad, u(40_000) * wad),
        curve(u(90) * wad, u(38_000) * wad),
        curve(u(1) * wad, u(1_000) * wad),
        curve(
            u(123_456_789_012_345_678_901),
            u(777_777_777_777_777_777_777_777),
        ),
        curve(Curve::MIN_BASE_RATE, Curve::MIN_TARGET_SUPPLY),
        curve(Curve::MIN_BASE_RATE, Curve::MAX_TARGET_SUPPLY),
        curve(Curve::MAX_BASE_RATE, Curve::MIN_TARGET_SUPPLY),
        curve(Curve::MAX_BASE_RATE, Curve::MAX_TARGET_SUPPLY),
    ]
}

fn any_curve() -> impl Strategy<Value = Curve> {
    let log_uniform =
        |low: f64, high: f64| (low..high).prop_map(|power| 10_f64.powf(power) as u128);
    prop_oneof![
        proptest::sample::select(curves()),
        (log_uniform(15.01, 23.99), log_uniform(18.01, 26.99))
            .prop_map(|(base, target)| Curve::new(u(base), u(target)).unwrap()),
    ]
}

/// A share of a whole, in 1e18ths: spread evenly, near the ends, or over magnitudes.
fn share() -> impl Strategy<Value = u128> {
    const ONE: u128 = 1_000_000_000_000_000_000;
    prop_oneof![
        0..=ONE,
        0..100_u128,
        (0..100_u128).prop_map(|less| ONE - less),
        (0..60_u32).prop_map(|bits| 1 << bits)
    ]
}

fn part(whole: U256, share: u128) -> U256 {
    diem_math::wad::mul_div_down(whole, u(share), diem_math::wad::WAD).unwrap()
}

fn assert_cost(curve: &Curve, supply: U256, diem: U256) {
    let exact = exact_cost_ceil(curve, supply, diem);
    let cost = curve.cost_up(supply, diem).unwrap();
    if diem.is_zero() {
        assert_eq!(cost, U256::ZERO);
        return;
    }
    assert!(
        cost == exact || cost == exact + u(1),
        "{curve:?} {supply} {diem}: {cost} {exact}"
    );
}

fn assert_output(curve: &Curve, supply: U256, svvv: U256) {
    match (
        exact_diem_floor(curve, supply, svvv),
        curve.diem_out_down(supply, svvv),
    ) {
        (Some(exact), Ok(diem)) => {
            assert!(
                diem == exact || diem + u(1) == exact,
                "{curve:?} {supply} {svvv}: {diem} {exact}"
            );
            assert!(curve.cost_up(supply, diem).unwrap() <= svvv);
            if supply + diem < curve.supply_cap() {
                assert!(curve.cost_up(supply, diem + u(1)).unwrap() > svvv);
            }
        }
        (
            None,
            Err(MathError::CapExceeded {
                requested,
                available,
            }),
        ) => {
            assert_eq!(requested, svvv);
            assert_eq!(
                available,
                curve.cost_up(supply, curve.supply_cap() - supply).unwrap()
            );
            assert!(available <= svvv);
        }
        // Within the last wei of sVVV below the cap the two may disagree by that wei.
        (None, Ok(diem)) => {
            assert_eq!(supply + diem, curve.supply_cap());
            assert!(exact_diem_floor(curve, supply, svvv - u(1)).is_some());
        }
        (exact, answer) => panic!("{curve:?} {supply} {svvv}: {answer:?}, exactly {exact:?}"),
    }
}

#[test]
fn edges_agree_with_the_exact_model_on_every_curve() {
    for curve in curves() {
        let (one, target, cap) = (u(1), curve.target_supply(), curve.supply_cap());
        let supplies = [
            U256::ZERO,
            one,
            target - one,
            target,
            target + one,
            cap - one,
            cap,
        ];
        for supply in supplies {
            let room = cap - supply;
            for diem in [
                U256::ZERO,
                one,
                u(2),
                target.min(room),
                room.saturating_sub(one),
                room,
            ] {
                if diem <= room {
                    assert_cost(&curve, supply, diem);
                }
            }
            let fill = curve.cost_up(supply, room).unwrap();
            for svvv in [
                U256::ZERO,
                one,
                u(90),
                u(91),
                fill >> 1,
                fill.saturating_sub(one),
                fill,
            ] {
                assert_output(&curve, supply, svvv);
            }
            assert_output(&curve, supply, fill + fill + u(10).pow(u(20)));
            assert_output(&curve, supply, U256::MAX >> 100);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn diff_costs_are_the_exact_ceiling_or_one_wei_more(
        curve in any_curve(), supply in share(), diem in share(),
    ) {
        let supply = part(curve.supply_cap(), supply);
        let diem = part(curve.supply_cap() - supply, diem);
        assert_cost(&curve, supply, diem);
        assert_cost(&curve, supply, u(1).min(curve.supply_cap() - supply));
    }

    #[test]
    fn diff_rates_are_the_exact_floor_or_one_wei_less(curve in any_curve(), supply in share()) {
        let supply = part(curve.supply_cap(), supply);
        let (rate, exact) = (curve.rate_at(supply).unwrap(), exact_rate_floor(&curve, supply));
        prop_assert!(rate == exact || rate + u(1) == exact);
    }
}

proptest! {
    // Each case bisects with the model, some eighty evaluations.
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn diff_outputs_are_the_exact_floor_or_one_wei_less(
        curve in any_curve(), supply in share(), budget in share(), tiny in 0..5_000_u128,
    ) {
        let supply = part(curve.supply_cap(), supply);
        let fill = curve.cost_up(supply, curve.supply_cap() - supply).unwrap();
        assert_output(&curve, supply, part(fill, budget));
        assert_output(&curve, supply, u(tiny));
    }
}

#[test]
fn rates_past_the_cap_are_within_one_part_in_1e15() {
    let wad = diem_math::wad::WAD;
    let curve = Curve::new(u(90) * wad, u(40_000) * wad).unwrap();
    for i in 0..256_u128 {
        let supply = u(500 * (i + 1)) * wad;
        let (rate, exact) = (
            curve.rate_at(supply).unwrap(),
            exact_rate_floor(&curve, supply),
        );
        assert!(rate <= exact && exact - rate <= exact / u(1_000_000_000_000_000));
    }
}

#[test]
fn rates_too_large_for_a_word_overflow() {
    for curve in curves() {
        let last = (curve.target_supply() << 3) - u(1);
        for supply in [last, last + u(1), U256::MAX] {
            assert_eq!(curve.rate_at(supply), Err(MathError::Overflow));
        }
    }
}
