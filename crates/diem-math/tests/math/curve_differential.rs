//! The curve against the slow exact model, over the whole domain of its parameters.

use crate::draw::{any_curve, config, corner, corners, deployed, part};
use crate::support::*;
use diem_math::wad::WAD;
use diem_math::{Curve, MathError, U256};
use proptest::prelude::*;

/// The deployment, older ones, one without round numbers, and the corners of the limits.
fn curves() -> Vec<Curve> {
    let curve = |base, target| Curve::new(base, target).unwrap();
    let mut curves = vec![
        deployed(),
        curve(u(90) * WAD, u(38_000) * WAD),
        curve(u(1) * WAD, u(1_000) * WAD),
        curve(
            u(123_456_789_012_345_678_901),
            u(777_777_777_777_777_777_777_777),
        ),
    ];
    curves.extend(corners());
    curves
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
    #![proptest_config(config(600))]

    #[test]
    fn diff_costs_are_the_exact_ceiling_or_one_wei_more(
        curve in any_curve(), supply in part(), diem in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        let diem = diem.of(curve.supply_cap() - supply);
        assert_cost(&curve, supply, diem);
        assert_cost(&curve, supply, u(1).min(curve.supply_cap() - supply));
    }

    #[test]
    fn diff_rates_are_the_exact_floor_or_one_wei_less(curve in any_curve(), supply in part()) {
        let supply = supply.of(curve.supply_cap());
        let (rate, exact) = (curve.rate_at(supply).unwrap(), exact_rate_floor(&curve, supply));
        prop_assert!(rate == exact || rate + u(1) == exact);
    }
}

proptest! {
    // Few amounts of a corner tell a cost that is too low by the weight of one lost bit.
    #![proptest_config(config(8_000))]

    #[test]
    fn diff_costs_at_the_limits_are_never_below_the_exact_ceiling(
        curve in corner(), supply in part(), diem in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        let diem = diem.of(curve.supply_cap() - supply);
        assert_cost(&curve, supply, diem);
    }
}

proptest! {
    // Each case bisects with the model, some eighty evaluations.
    #![proptest_config(config(150))]

    #[test]
    fn diff_outputs_are_the_exact_floor_or_one_wei_less(
        curve in any_curve(), supply in part(), budget in part(), tiny in 0..5_000_u128,
    ) {
        let supply = supply.of(curve.supply_cap());
        let fill = curve.cost_up(supply, curve.supply_cap() - supply).unwrap();
        assert_output(&curve, supply, budget.of(fill));
        assert_output(&curve, supply, u(tiny));
    }
}

/// Rates rounded down within one part in 1e15, up to the last that a word holds.
fn assert_rate(curve: &Curve, supply: U256) {
    let exact = exact_rate(curve, supply);
    let band = &exact / 1_000_000_000_000_000_u64;
    match curve.rate_at(supply) {
        Ok(rate) => {
            let rate = big(rate);
            assert!(
                rate <= exact && &exact - &rate <= band,
                "{curve:?} {supply}: {rate} {exact}"
            );
        }
        Err(error) => {
            assert_eq!(error, MathError::Overflow);
            assert!(exact.bits() > 256, "{curve:?} {supply}: {exact} fits");
        }
    }
}

/// The largest supply whose exact rate has at most `bits` bits.
fn last_supply_within(curve: &Curve, bits: u64) -> U256 {
    let (mut low, mut high) = (U256::ZERO, curve.target_supply() << 3);
    while high - low > u(1) {
        let middle = (low + high) >> 1;
        if exact_rate(curve, middle).bits() <= bits {
            low = middle
        } else {
            high = middle
        }
    }
    low
}

#[test]
fn rates_past_the_cap_are_within_one_part_in_1e15() {
    for i in 0..256_u128 {
        let supply = u(500 * (i + 1)) * WAD;
        assert!(deployed().rate_at(supply).is_ok() || supply > deployed().supply_cap() << 1);
        assert_rate(&deployed(), supply);
    }
}

#[test]
fn rates_fill_a_word_to_its_last_digit_and_then_overflow() {
    for curve in curves() {
        for bits in [32, 64, 96, 128, 160, 192, 223, 224, 225, 255, 256] {
            let supply = last_supply_within(&curve, bits);
            let near = curve.target_supply() / u(1_000_000_000_000_000_000);
            for supply in [
                supply.saturating_sub(near),
                supply,
                supply + u(1),
                supply + near,
            ] {
                assert_rate(&curve, supply);
            }
        }
        let last = last_supply_within(&curve, 256);
        // A rate falls short by less than one part in 1e15, and rises by 6 x^2 times a step.
        let step = curve.target_supply() / u(1_000_000_000_000_000) + u(1);
        assert!(curve.rate_at(last).is_ok());
        assert_eq!(curve.rate_at(last + step), Err(MathError::Overflow));
    }
}

#[test]
fn rates_too_large_for_a_word_overflow() {
    for curve in curves() {
        let end = curve.target_supply() << 3;
        let mut supplies = vec![end - u(1), end, U256::MAX];
        // From here on positions have more bits than their cubes can.
        supplies.extend((1..160).map(|bits| end << bits));
        for supply in supplies {
            assert_eq!(curve.rate_at(supply), Err(MathError::Overflow), "{supply}");
        }
    }
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn diff_rates_at_any_supply_are_rounded_down_or_overflow(
        curve in any_curve(), supply in part(),
    ) {
        assert_rate(&curve, supply.of(curve.target_supply() << 3));
    }
}
