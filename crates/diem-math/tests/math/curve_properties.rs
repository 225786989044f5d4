//! What must hold of the curve for every supply and amount, without any model.

use crate::draw::{any_curve, config, part};
use crate::support::u;
use diem_math::wad::{WAD, mul_div_down};
use diem_math::{Curve, MathError, U256};
use proptest::prelude::*;

fn fill(curve: &Curve, supply: U256) -> U256 {
    curve.cost_up(supply, curve.supply_cap() - supply).unwrap()
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn two_mints_never_give_more_than_one(
        curve in any_curve(), supply in part(), budget in part(), split in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        let budget = budget.of(fill(&curve, supply));
        let first = split.of(budget);
        let once = curve.diem_out_down(supply, budget).unwrap();
        let a = curve.diem_out_down(supply, first).unwrap();
        let b = curve.diem_out_down(supply + a, budget - first).unwrap();
        prop_assert!(a + b <= once, "{} + {} > {}", a, b, once);
    }

    #[test]
    fn two_exact_mints_never_cost_less_than_one(
        curve in any_curve(), supply in part(), diem in part(), split in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        let diem = diem.of(curve.supply_cap() - supply);
        let first = split.of(diem);
        let once = curve.cost_up(supply, diem).unwrap();
        let a = curve.cost_up(supply, first).unwrap();
        let b = curve.cost_up(supply + first, diem - first).unwrap();
        prop_assert!(a + b >= once && a + b - once <= u(2));
    }

    #[test]
    fn an_output_is_the_largest_amount_within_the_budget(
        curve in any_curve(), supply in part(), budget in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        let budget = budget.of(fill(&curve, supply));
        let diem = curve.diem_out_down(supply, budget).unwrap();
        prop_assert!(curve.cost_up(supply, diem).unwrap() <= budget);
        match curve.cost_up(supply, diem + u(1)) {
            Ok(cost) => prop_assert!(cost > budget),
            Err(error) => {
                let room = curve.supply_cap() - supply;
                let past = MathError::CapExceeded { requested: room + u(1), available: room };
                prop_assert_eq!(error, past);
            }
        }
    }

    #[test]
    fn minting_what_an_exact_mint_costs_gives_at_least_as_much(
        curve in any_curve(), supply in part(), diem in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        let diem = diem.of(curve.supply_cap() - supply);
        let cost = curve.cost_up(supply, diem).unwrap();
        prop_assert!(curve.diem_out_down(supply, cost).unwrap() >= diem);
    }

    /// Burning gives back the share `floor(burned * locked / outstanding)`; what is then
    /// locked again buys back no more than was burned.
    #[test]
    fn minting_then_burning_then_minting_never_gains(
        curve in any_curve(), supply in part(), budget in part(), burned in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        if supply == curve.supply_cap() {
            return Ok(());
        }
        let locked = budget.of(fill(&curve, supply)).max(curve.cost_up(supply, u(1)).unwrap());
        let minted = curve.diem_out_down(supply, locked).unwrap();
        let burned = burned.of(minted);
        let unlocked = mul_div_down(burned, locked, minted).unwrap();
        prop_assert!(unlocked <= locked);
        let again = curve.diem_out_down(supply + minted - burned, unlocked).unwrap();
        prop_assert!(again <= burned, "{} bought back {}", burned, again);
    }

    #[test]
    fn costs_outputs_and_rates_never_fall_as_their_inputs_rise(
        curve in any_curve(), supply in part(), diem in part(), more in 1..1_000_000_u128,
    ) {
        let cap = curve.supply_cap();
        let supply = supply.of(cap);
        let diem = diem.of(cap - supply);
        let cost = curve.cost_up(supply, diem).unwrap();
        if supply + diem + u(more) <= cap {
            prop_assert!(curve.cost_up(supply, diem + u(more)).unwrap() >= cost);
            prop_assert!(curve.cost_up(supply + u(more), diem).unwrap() >= cost);
            prop_assert!(curve.diem_out_down(supply + u(more), cost).unwrap()
                <= curve.diem_out_down(supply, cost).unwrap());
            prop_assert!(curve.rate_at(supply + u(more)).unwrap()
                >= curve.rate_at(supply).unwrap());
        }
    }

    #[test]
    fn quotes_end_at_the_rate_of_the_supply_they_lead_to(
        curve in any_curve(), supply in part(), diem in part(),
    ) {
        let supply = supply.of(curve.supply_cap());
        let diem = diem.of(curve.supply_cap() - supply);
        let exact = curve.quote_exact(supply, diem).unwrap();
        prop_assert_eq!(exact.diem, diem);
        prop_assert_eq!(exact.rate_after, curve.rate_at(supply + diem).unwrap());
        let quote = curve.quote(supply, exact.svvv).unwrap();
        prop_assert_eq!(quote.svvv, exact.svvv);
        prop_assert_eq!(quote.rate_after, curve.rate_at(supply + quote.diem).unwrap());
    }
}

#[test]
fn parameters_outside_the_proven_limits_are_refused() {
    let (base, target) = (Curve::MIN_BASE_RATE, Curve::MIN_TARGET_SUPPLY);
    for base in [
        U256::ZERO,
        Curve::MIN_BASE_RATE - u(1),
        Curve::MAX_BASE_RATE + u(1),
        U256::MAX,
    ] {
        assert_eq!(
            Curve::new(base, target),
            Err(MathError::BaseRateOutOfRange(base))
        );
    }
    for target in [
        U256::ZERO,
        Curve::MIN_TARGET_SUPPLY - u(1),
        Curve::MAX_TARGET_SUPPLY + u(1),
        U256::MAX,
    ] {
        assert_eq!(
            Curve::new(base, target),
            Err(MathError::TargetSupplyOutOfRange(target))
        );
    }
    assert!(Curve::new(Curve::MAX_BASE_RATE, Curve::MAX_TARGET_SUPPLY).is_ok());
    assert_eq!(Curve::MAX_BASE_RATE, u(1_000_000) * WAD);
    assert_eq!(Curve::MAX_TARGET_SUPPLY, u(1_000_000_000) * WAD);
}

#[test]
fn nothing_can_be_minted_from_or_past_the_cap() {
    let curve = Curve::new(u(90) * WAD, u(40_000) * WAD).unwrap();
    let cap = curve.supply_cap();
    let past = |requested| {
        Err(MathError::CapExceeded {
            requested,
            available: U256::ZERO,
        })
    };
    assert_eq!(curve.cost_up(cap, u(1)), past(u(1)));
    assert_eq!(curve.diem_out_down(cap, WAD), past(WAD));
    assert_eq!(curve.diem_out_down(cap, U256::MAX), past(U256::MAX));
    for supply in [cap + u(1), cap << 1, U256::MAX] {
        assert_eq!(curve.cost_up(supply, u(1)), past(u(1)));
        assert_eq!(curve.cost_up(supply, U256::ZERO), past(U256::ZERO));
        assert_eq!(curve.diem_out_down(supply, WAD), past(WAD));
    }
    assert_eq!(
        curve.cost_up(u(1), U256::MAX),
        Err(MathError::CapExceeded {
            requested: U256::MAX,
            available: cap - u(1)
        })
    );
}

#[test]
fn the_sum_said_to_be_available_can_be_minted() {
    let curve = Curve::new(u(90) * WAD, u(40_000) * WAD).unwrap();
    for supply in [U256::ZERO, u(37_700) * WAD, curve.supply_cap() - u(1)] {
        let Err(MathError::CapExceeded { available, .. }) = curve.diem_out_down(supply, U256::MAX)
        else {
            panic!("everything there is fitted under the cap");
        };
        let diem = curve.diem_out_down(supply, available).unwrap();
        assert_eq!(supply + diem, curve.supply_cap());
    }
}
