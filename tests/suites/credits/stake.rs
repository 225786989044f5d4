//! DIEM into the stake and out of it.

use crate::prelude::*;

#[test]
fn stake_moves_liquid_diem_without_an_approval() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let held = h.model.account(Alice.address()).diem;
    h.act(StakeDiem {
        who: Alice,
        amount: 10 * WAD,
    });
    let at = world.contracts;
    assert_eq!(
        world.chain.view(at.diem, &IDiem::totalStakedCall {}),
        tokens(10)
    );
    assert_eq!(
        world
            .chain
            .view(at.diem, &IDiem::balanceOfCall { account: at.diem }),
        tokens(10)
    );
    assert_eq!(h.model.account(Alice.address()).diem, held - tokens(10));
    let needed = held - tokens(10) + U256::ONE;
    h.refuse(
        StakeDiem {
            who: Alice,
            amount: needed.to(),
        },
        &IDiem::ERC20InsufficientBalance {
            sender: Alice.address(),
            balance: needed - U256::ONE,
            needed,
        },
    );
    h.refuse(
        StakeDiem {
            who: Alice,
            amount: 0,
        },
        &IDiem::ZeroAmount {},
    );
}

#[test]
fn a_new_unstake_request_restarts_the_clock_of_the_whole_bucket() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.wait(DAY);
    // Matured, not collected, and delayed again.
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1,
    });
    let end = h.model.now + DAY;
    h.at(end - 1);
    h.refuse(
        UnstakeDiem { who: Alice },
        &IDiem::CooldownNotOver {
            cooldownEnd: U256::from(end),
            timestamp: U256::from(end - 1),
        },
    );
    h.at(end);
    h.act(UnstakeDiem { who: Alice });
    h.refuse(UnstakeDiem { who: Alice }, &IDiem::NoCooldown {});
}

#[test]
fn staking_does_not_touch_a_running_bucket() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    let end = h.model.now + DAY;
    h.wait(1_000);
    h.act(StakeDiem {
        who: Alice,
        amount: WAD,
    });
    h.at(end);
    h.act(UnstakeDiem { who: Alice });
}

/// A day that begins touches neither the bucket nor its clock.
#[test]
fn a_bucket_stays_as_it_is_while_lines_change_around_it() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(register(Rival));
    h.wait(DAY / 2);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    let end = h.model.now + DAY;
    h.at(start() + 11 * DAY);
    h.act(choose(Alice, Rival));
    h.act(h.settle(Gateway, Alice, 900 * WAD));
    h.at(end - 1);
    h.refuse(
        UnstakeDiem { who: Alice },
        &IDiem::CooldownNotOver {
            cooldownEnd: U256::from(end),
            timestamp: U256::from(end - 1),
        },
    );
    h.at(end);
    h.act(UnstakeDiem { who: Alice });
    // The choice still waits beside the emptied bucket.
    let line = line_of(&h, Alice);
    assert_eq!(line.nextGateway, Rival.address());
    h.at(start() + 12 * DAY);
    h.act(h.settle(Rival, Alice, 900 * WAD));
}

/// DIEM restaked in the second of midnight gives the new day's credit, and has given none twice.
#[test]
fn diem_restaked_at_each_midnight_gives_each_day_once() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    for _ in 0..3 {
        h.act(InitiateUnstakeDiem {
            who: Alice,
            amount: 1_000 * WAD,
        });
        h.act(h.settle(Gateway, Alice, 1_000 * WAD));
        h.wait(DAY);
        h.act(UnstakeDiem { who: Alice });
        h.act(StakeDiem {
            who: Alice,
            amount: 1_000 * WAD,
        });
    }
}

#[test]
fn unstake_reverts_with_an_empty_bucket_and_requests_stay_within_the_active_stake() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.refuse(UnstakeDiem { who: Bob }, &IDiem::NoCooldown {});
    h.refuse(
        InitiateUnstakeDiem {
            who: Alice,
            amount: 0,
        },
        &IDiem::ZeroAmount {},
    );
    let (available, amount) = (tokens(1_000), tokens(1_000) + U256::ONE);
    h.refuse(
        InitiateUnstakeDiem {
            who: Alice,
            amount: amount.to(),
        },
        &IDiem::InsufficientStake { available, amount },
    );
}

#[test]
fn total_staked_falls_at_unstake_and_not_before() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let total = || {
        world
            .chain
            .view(world.contracts.diem, &IDiem::totalStakedCall {})
    };
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    assert_eq!(total(), tokens(1_000));
    h.wait(DAY);
    h.act(UnstakeDiem { who: Alice });
    assert_eq!(total(), tokens(900));
}
