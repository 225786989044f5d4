//! L-1: what a gateway has read it may serve, and can settle until midnight, whatever the holder does meanwhile.

use super::{gateways_of, with_two_gateways};
use crate::prelude::*;

/// Alice was served 900 dollars, which nobody settled yet.
const SERVED: u128 = 900 * WAD;

#[test]
fn a_holder_who_unstakes_after_being_served_does_not_escape_the_bill() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    let line = line_of(&h, Alice);
    assert_eq!(
        (line.allowance, line.nextAllowance),
        (tokens(1_000), U256::ZERO)
    );
    h.at(start() + 11 * DAY - 1);
    h.act(h.settle(Gateway, Alice, SERVED));
    h.at(start() + 11 * DAY);
    assert_eq!(line_of(&h, Alice).allowance, U256::ZERO);
}

#[test]
fn a_holder_who_leases_after_being_served_does_not_escape_the_bill() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 1_000 * WAD,
        epochs: 1,
    });
    h.at(start() + 11 * DAY - 1);
    h.act(h.settle(Gateway, Alice, SERVED));
    h.at(start() + 11 * DAY);
    assert_eq!(line_of(&h, Alice).allowance, U256::ZERO);
    h.act(h.settle_leases(Gateway, &[(1, 1_000 * WAD)]));
}

#[test]
fn a_holder_who_chooses_another_gateway_after_being_served_does_not_escape_the_bill() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(choose(Alice, Rival));
    h.act(choose(Alice, None));
    h.at(start() + 11 * DAY - 1);
    h.act(h.settle(Gateway, Alice, SERVED));
}

#[test]
fn an_account_that_left_does_not_take_its_batch_down_with_it() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 50 * WAD,
    });
    h.act(StakeDiem {
        who: Bob,
        amount: 50 * WAD,
    });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    let effect = h.act(h.settle_batch(Gateway, &[(Bob, 50 * WAD), (Alice, SERVED)]));
    assert_eq!(effect.logs.len(), 2);
}

#[test]
fn unstaking_twice_takes_no_more_than_what_is_left_for_tomorrow() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let leave = |amount| InitiateUnstakeDiem { who: Alice, amount };
    let short = |available, amount: u128| IDiem::InsufficientStake {
        available,
        amount: wei(amount),
    };
    h.act(leave(700 * WAD));
    let too_much = 300 * WAD + 1;
    h.refuse(leave(too_much), &short(tokens(300), too_much));
    let lease = Lease {
        who: Alice,
        lessee: Bob,
        amount: too_much,
        epochs: 1,
    };
    h.refuse(lease, &short(tokens(300), too_much));
    h.act(leave(300 * WAD));
    h.refuse(leave(1), &short(U256::ZERO, 1));
    // Today stands all the same, and what comes now can leave again.
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.act(StakeDiem {
        who: Alice,
        amount: 10 * WAD,
    });
    h.refuse(leave(10 * WAD + 1), &short(tokens(10), 10 * WAD + 1));
    h.act(leave(10 * WAD));
    h.act(h.settle(Gateway, Alice, 1_010 * WAD));
    h.at(start() + 11 * DAY);
    assert_eq!(line_of(&h, Alice).allowance, U256::ZERO);
    h.wait(DAY);
    h.act(UnstakeDiem { who: Alice });
}

/// What a holder may do within a day; the bucket is a matured one of the days before.
fn acts() -> Vec<Action> {
    vec![
        InitiateUnstakeDiem {
            who: Alice,
            amount: 400 * WAD,
        },
        Lease {
            who: Alice,
            lessee: Bob,
            amount: 300 * WAD,
            epochs: 2,
        },
        StakeDiem {
            who: Alice,
            amount: 200 * WAD,
        },
        UnstakeDiem { who: Alice },
        choose(Alice, Rival),
    ]
}

/// All orders of the numbers below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for order in orders(count - 1) {
        for place in 0..=order.len() {
            let mut longer = order.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}

#[test]
fn unstake_lease_restake_and_choose_in_every_order_within_a_day_leave_today_alone() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.at(start() + 12 * DAY);
    let (acts, morning) = (acts(), h.model.clone());
    let mut snapshot = world.chain.snapshot();
    for order in orders(acts.len()) {
        let mut least = line_of(&h, Alice).allowance;
        assert_eq!(least, tokens(900));
        let bucket_first =
            order.iter().position(|act| *act == 3) < order.iter().position(|act| *act == 0);
        for act in &order {
            let act = acts[*act].clone();
            h.wait(1_000);
            // A new request restarts the clock of the whole bucket.
            if !bucket_first && matches!(act, UnstakeDiem { .. }) {
                let end = h.model.account(Alice.address()).bucket_end;
                let error = IDiem::CooldownNotOver {
                    cooldownEnd: U256::from(end),
                    timestamp: U256::from(h.model.now),
                };
                h.refuse(act, &error);
            } else {
                h.act(act);
            }
            let line = line_of(&h, Alice);
            assert!(line.allowance >= least, "{order:?}");
            assert_eq!(line.gateway, Gateway.address(), "{order:?}");
            least = line.allowance;
        }
        h.at(start() + 13 * DAY - 1);
        h.act(h.settle(Gateway, Alice, least.to()));
        h.at(start() + 13 * DAY);
        let line = line_of(&h, Alice);
        assert_eq!((line.allowance, line.used), (tokens(400), U256::ZERO));
        assert_eq!(gateways_of(&h, Alice), (Some(Rival), Some(Rival)));
        assert_eq!(lease_line_of(&h, 1).allowance, tokens(300));
        h.act(h.settle(Rival, Alice, 400 * WAD));
        world.chain.revert(snapshot);
        snapshot = world.chain.snapshot();
        h.model = morning.clone();
    }
}
