//! What a day gives, and when it gives it anew.

use super::insufficient;
use crate::prelude::*;

#[test]
fn one_staked_diem_is_one_dollar_a_day() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(h.settle(Gateway, Alice, 400 * WAD));
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    let used = 1_000 * WAD + 1;
    h.refuse(
        h.settle(Gateway, Alice, used),
        &insufficient(Alice, tokens(1_000), wei(used)),
    );
    let credits = world.chain.view(
        world.contracts.diem,
        &IDiem::creditsOfCall {
            account: Alice.address(),
        },
    );
    assert_eq!(
        (credits.allowance, credits.used, credits.remaining),
        (tokens(1_000), tokens(1_000), U256::ZERO)
    );
    assert_eq!(credits.epoch, U256::from(start() / DAY + 10));
}

#[test]
fn credit_refreshes_exactly_at_midnight_and_not_one_second_before() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    let midnight = start() + 11 * DAY;
    let next_refresh = || {
        world
            .chain
            .view(world.contracts.diem, &IDiem::nextRefreshCall {})
    };
    h.at(midnight - 1);
    assert_eq!(line_of(&h, Alice).used, tokens(1_000));
    assert_eq!(next_refresh(), U256::from(midnight));
    h.at(midnight);
    assert_eq!(line_of(&h, Alice).used, U256::ZERO);
    assert_eq!(next_refresh(), U256::from(midnight + DAY));
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

#[test]
fn unused_credit_never_carries_over() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.wait(30 * DAY);
    let used = 1_000 * WAD + 1;
    h.refuse(
        h.settle(Gateway, Alice, used),
        &insufficient(Alice, tokens(1_000), wei(used)),
    );
}

#[test]
fn there_is_no_least_stake_a_wei_of_diem_is_a_wei_of_credit() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(choose(Alice, Gateway));
    h.act(StakeDiem {
        who: Alice,
        amount: 1,
    });
    h.act(h.settle(Gateway, Alice, 1));
    h.refuse(
        h.settle(Gateway, Alice, 2),
        &insufficient(Alice, wei(1), wei(2)),
    );
}

#[test]
fn credit_comes_from_stake_and_not_from_balance() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(choose(Alice, Gateway));
    h.refuse(
        h.settle(Gateway, Alice, 1),
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
}

#[test]
fn staking_raises_the_allowance_at_once_and_keeps_what_was_used() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.wait(DAY / 2);
    h.act(StakeDiem {
        who: Alice,
        amount: 50 * WAD,
    });
    let line = line_of(&h, Alice);
    assert_eq!((line.allowance, line.used), (tokens(1_050), tokens(1_000)));
    h.act(h.settle(Gateway, Alice, 1_050 * WAD));
}

#[test]
fn cooling_diem_has_no_credit_from_the_next_day_on() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 600 * WAD,
    });
    h.at(start() + 11 * DAY);
    let used = 400 * WAD + 1;
    h.refuse(
        h.settle(Gateway, Alice, used),
        &insufficient(Alice, tokens(400), wei(used)),
    );
    h.act(h.settle(Gateway, Alice, 400 * WAD));
}

/// Alice spends her day's credit, leaves, and hands the DIEM to Bob: he gets credit from the next day on only.
#[test]
fn the_same_diem_never_pays_twice_in_one_day() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    let end = h.model.now + DAY;
    let early = IDiem::CooldownNotOver {
        cooldownEnd: U256::from(end),
        timestamp: U256::from(end - 1),
    };
    h.at(end - 1);
    h.refuse(UnstakeDiem { who: Alice }, &early);
    h.at(end);
    h.refuse(
        h.settle(Gateway, Alice, 1),
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    h.act(UnstakeDiem { who: Alice });
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 1_000 * WAD,
    });
    h.act(StakeDiem {
        who: Bob,
        amount: 1_000 * WAD,
    });
    h.act(h.settle(Gateway, Bob, 1_000 * WAD));
}
