//! What a day gives, and when it gives it anew.

use super::insufficient;
use crate::prelude::*;

#[test]
fn one_staked_diem_is_one_dollar_a_day() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 400 * WAD,
    });
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 600 * WAD,
    });
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
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
    assert_eq!(credits.epoch, U256::from(START / DAY + 10));
}

#[test]
fn credit_refreshes_exactly_at_midnight_and_not_one_second_before() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
    let midnight = START + 11 * DAY;
    h.at(midnight - 1);
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    world.chain.set_time(midnight - 1);
    assert_eq!(
        world
            .chain
            .view(world.contracts.diem, &IDiem::nextRefreshCall {}),
        U256::from(midnight)
    );
    h.at(midnight);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
    assert_eq!(
        world
            .chain
            .view(world.contracts.diem, &IDiem::nextRefreshCall {}),
        U256::from(midnight + DAY)
    );
}

#[test]
fn unused_credit_never_carries_over() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.wait(30 * DAY);
    let amount = 1_000 * WAD + 1;
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount,
        },
        &insufficient(Alice, tokens(1_000), wei(amount)),
    );
}

#[test]
fn a_tenth_of_a_diem_has_credit_and_one_wei_less_has_none() {
    let world = World::new();
    let mut h = with_minter(&world);
    h.act(StakeDiem {
        who: Alice,
        amount: WAD / 10 - 1,
    });
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    h.act(StakeDiem {
        who: Alice,
        amount: 1,
    });
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: WAD / 10,
    });
}

#[test]
fn credit_comes_from_stake_and_not_from_balance() {
    let world = World::new();
    let mut h = with_minter(&world);
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
}

#[test]
fn cooling_diem_has_no_credit() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 600 * WAD,
    });
    let amount = 400 * WAD + 1;
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount,
        },
        &insufficient(Alice, tokens(400), wei(amount)),
    );
}

/// Alice spends her day's credit, leaves, and hands the DIEM to Bob: he gets credit from the next day on only.
#[test]
fn the_same_diem_never_pays_twice_in_one_day() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    h.at(START + 11 * DAY);
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
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
    h.act(Spend {
        who: Gateway,
        account: Bob,
        amount: 1_000 * WAD,
    });
}
