//! `initiateUnstake` and `finalizeUnstake`: one cooldown of seven days at a time.

use crate::prelude::*;

#[test]
fn unstaked_vvv_is_paid_from_the_end_of_the_cooldown_on_inclusive() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 10 * WAD,
    });
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: 4 * WAD,
    });
    let end = h.model.now + 7 * DAY;
    h.at(end - 1);
    h.refuse(
        FinalizeUnstake { who: Alice },
        &IStakedVvv::CooldownNotOver {
            cooldownEnd: U256::from(end),
            timestamp: U256::from(end - 1),
        },
    );
    h.at(end);
    h.act(FinalizeUnstake { who: Alice });
    h.refuse(FinalizeUnstake { who: Alice }, &IStakedVvv::NoCooldown {});
}

#[test]
fn finalize_unstake_reverts_without_a_request() {
    let world = World::of(TARGET);
    world
        .history()
        .refuse(FinalizeUnstake { who: Alice }, &IStakedVvv::NoCooldown {});
}

#[test]
fn a_second_request_reverts_until_the_first_is_finalized_even_when_it_has_matured() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 10 * WAD,
    });
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: WAD,
    });
    h.refuse(
        InitiateUnstakeVvv {
            who: Alice,
            amount: WAD,
        },
        &IStakedVvv::CooldownInProgress {},
    );
    h.wait(30 * DAY);
    h.refuse(
        InitiateUnstakeVvv {
            who: Alice,
            amount: WAD,
        },
        &IStakedVvv::CooldownInProgress {},
    );
    h.act(FinalizeUnstake { who: Alice });
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: WAD,
    });
}

#[test]
fn initiate_unstake_reverts_for_zero_and_for_more_than_is_free() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.refuse(
        InitiateUnstakeVvv {
            who: Alice,
            amount: 0,
        },
        &IStakedVvv::ZeroAmount {},
    );
    let unlocked = tokens(500_000);
    let amount = unlocked + U256::ONE;
    h.refuse(
        InitiateUnstakeVvv {
            who: Alice,
            amount: amount.to(),
        },
        &IStakedVvv::InsufficientUnlocked { unlocked, amount },
    );
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: unlocked.to(),
    });
}

#[test]
fn cooling_vvv_earns_nothing() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 1_000 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 10 * WAD,
    });
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: 10 * WAD,
    });
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: 10 * WAD,
    });
    h.wait(100);
    assert_eq!(h.model.pending_rewards(Alice.address()), U256::ZERO);
    assert_eq!(h.model.pending_rewards(Bob.address()), tokens(25));
    h.act(Claim { who: Bob });
    h.act(Claim { who: Alice });
}

#[test]
fn a_cooldown_of_one_wei_is_not_overwritten() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: WAD,
    });
    let leave = |amount| InitiateUnstakeVvv { who: Alice, amount };
    h.act(leave(1));
    h.refuse(leave(2), &IStakedVvv::CooldownInProgress {});
    h.wait(7 * DAY);
    h.act(FinalizeUnstake { who: Alice });
    h.act(leave(2));
}
