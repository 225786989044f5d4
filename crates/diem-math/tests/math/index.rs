//! The reward index, the fee and the calendar.

use crate::draw::{config, digits};
use crate::support::{big, u};
use diem_math::epoch::*;
use diem_math::index::*;
use diem_math::wad::WAD;
use diem_math::{MathError, U256};
use proptest::prelude::*;

#[test]
fn nothing_is_emitted_with_nothing_staked() {
    assert_eq!(accrue(WAD, 1_000, WAD, U256::ZERO), Ok(Accrual::NONE));
}

#[test]
fn nothing_is_emitted_without_time_rate_or_reserve() {
    assert_eq!(accrue(WAD, 0, WAD, WAD), Ok(Accrual::NONE));
    assert_eq!(accrue(U256::ZERO, 10, WAD, WAD), Ok(Accrual::NONE));
    assert_eq!(accrue(WAD, 10, U256::ZERO, WAD), Ok(Accrual::NONE));
}

#[test]
fn emissions_stop_at_the_reserve_even_when_the_rate_overflows() {
    let accrual = accrue(U256::MAX, u64::MAX, u(1_000), u(4)).unwrap();
    assert_eq!(
        accrual,
        Accrual {
            index_growth: u(250) * INDEX_SCALE,
            paid: u(1_000)
        }
    );
}

#[test]
fn an_index_past_256_bits_is_refused() {
    assert_eq!(
        accrue(U256::MAX, 1, U256::MAX, u(1)),
        Err(MathError::Overflow)
    );
}

#[test]
fn shares_and_rewards_past_256_bits_are_refused() {
    assert_eq!(net_of_fee_down(U256::MAX), Ok(U256::MAX / u(5) * u(4)));
    assert_eq!(fee_down(U256::MAX), Ok(U256::MAX / u(5)));
    assert_eq!(reward_down(U256::MAX, INDEX_SCALE), Ok(U256::MAX));
    assert_eq!(
        reward_down(U256::MAX, INDEX_SCALE + u(1)),
        Err(MathError::Overflow)
    );
}

#[test]
fn the_calendar_and_the_fee_are_those_of_the_protocol() {
    assert_eq!((EPOCH_SECONDS, DIEM_COOLDOWN_SECONDS), (86_400, 86_400));
    assert_eq!((SVVV_COOLDOWN_SECONDS, MAX_LEASE_EPOCHS), (604_800, 365));
    assert_eq!(INDEX_SCALE, WAD * WAD);
    assert_eq!((YIELD_FEE * u(5), YIELD_NET + YIELD_FEE), (WAD, WAD));
}

#[test]
fn a_day_of_one_vvv_per_second_is_shared_by_stake() {
    let accrual = accrue(WAD, 86_400, u(1_000_000) * WAD, u(400) * WAD).unwrap();
    assert_eq!(accrual.paid, u(86_400) * WAD);
    assert_eq!(
        reward_down(u(100) * WAD, accrual.index_growth),
        Ok(u(21_600) * WAD)
    );
}

proptest! {
    #![proptest_config(config(5_000))]

    #[test]
    fn rewards_never_exceed_what_the_reserve_gave_up(
        rate in any::<u64>(), elapsed in any::<u32>(), reserve in any::<u128>(),
        stakes in proptest::collection::vec(any::<u128>().prop_map(|stake| stake >> 30), 1..8),
    ) {
        let total = stakes.iter().fold(U256::ZERO, |sum, stake| sum + u(*stake));
        let accrual = accrue(U256::from(rate), u64::from(elapsed), u(reserve), total).unwrap();
        prop_assert!(accrual.paid <= u(reserve));
        prop_assert!(accrual.paid <= U256::from(rate) * U256::from(elapsed));
        let rewards = stakes.iter().fold(U256::ZERO, |sum, stake| {
            sum + reward_down(u(*stake), accrual.index_growth).unwrap()
        });
        prop_assert!(rewards <= accrual.paid);
    }

    #[test]
    fn diff_an_accrual_is_what_the_model_emits(
        rate in digits(128), elapsed in digits(64), reserve in digits(128), staked in digits(128),
    ) {
        let model = big(u(rate) * u(elapsed)).min(big(u(reserve)));
        let accrual = accrue(u(rate), elapsed as u64, u(reserve), u(staked)).unwrap();
        if staked == 0 {
            prop_assert_eq!(accrual, Accrual::NONE);
            return Ok(());
        }
        let growth = model * big(INDEX_SCALE) / staked;
        prop_assert_eq!(big(accrual.index_growth), growth.clone());
        let scale = big(INDEX_SCALE);
        prop_assert_eq!(big(accrual.paid), (growth * staked + &scale - 1_u32) / scale);
    }

    #[test]
    fn diff_a_reward_is_the_floor_of_the_share(balance in digits(128), growth in digits(128)) {
        let growth = u(growth) << 100;
        let exact = big(u(balance)) * big(growth) / big(INDEX_SCALE);
        prop_assert_eq!(big(reward_down(u(balance), growth).unwrap()), exact);
    }

    #[test]
    fn the_two_shares_of_a_yield_never_exceed_it(gross in any::<u128>()) {
        let (net, fee) = (net_of_fee_down(u(gross)).unwrap(), fee_down(u(gross)).unwrap());
        prop_assert!(net + fee <= u(gross) && u(gross) - net - fee <= u(1));
        prop_assert_eq!(net, u(gross) * u(4) / u(5));
        prop_assert_eq!(fee, u(gross) / u(5));
    }

    #[test]
    fn an_epoch_is_the_day_that_holds_the_timestamp(timestamp in 0..u64::MAX / 2) {
        let epoch = epoch_at(timestamp);
        prop_assert!(epoch_start(epoch) <= timestamp && timestamp < epoch_start(epoch + 1));
        prop_assert_eq!(next_refresh(timestamp), epoch_start(epoch + 1));
    }
}

#[test]
fn credit_refreshes_exactly_at_midnight() {
    let midnight = 20_000 * EPOCH_SECONDS;
    assert_eq!(epoch_at(midnight - 1), 19_999);
    assert_eq!(epoch_at(midnight), 20_000);
    assert_eq!(next_refresh(midnight - 1), midnight);
    assert_eq!(next_refresh(midnight), midnight + EPOCH_SECONDS);
    assert_eq!(next_refresh(u64::MAX), u64::MAX);
    assert_eq!(epoch_start(u64::MAX), u64::MAX);
}
