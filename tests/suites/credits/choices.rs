//! L-2: who an account chose settles its line, from when the choice counts.

use super::{gateways_of, not_its, unknown, with_two_gateways};
use crate::prelude::*;
use e2e::model::Effect;

/// The epoch from which a choice says that it counts.
fn from_epoch(effect: &Effect) -> u64 {
    use alloy::sol_types::SolEvent;
    let [log] = &effect.logs[..] else {
        panic!("one event: {effect:?}");
    };
    IDiem::GatewayChosen::decode_log(log)
        .unwrap()
        .fromEpoch
        .to()
}

#[test]
fn a_registered_gateway_cannot_touch_lines_that_are_not_its_own() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.refuse(h.settle(Rival, Alice, 1), &not_its(Alice, Rival));
    h.refuse(h.settle_batch(Rival, &[(Alice, 0)]), &not_its(Alice, Rival));
    h.act(h.settle(Gateway, Alice, 1));
}

#[test]
fn a_choice_before_staking_counts_at_once() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 5 * WAD,
    });
    let today = h.today();
    assert_eq!(from_epoch(&h.act(choose(Bob, Rival))), today);
    h.act(StakeDiem {
        who: Bob,
        amount: 5 * WAD,
    });
    assert_eq!(gateways_of(&h, Bob), (Some(Rival), Some(Rival)));
    h.refuse(h.settle(Gateway, Bob, WAD), &not_its(Bob, Gateway));
    h.act(h.settle(Rival, Bob, WAD));
}

#[test]
fn a_choice_while_credit_is_used_counts_from_the_next_day() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(h.settle(Gateway, Alice, 400 * WAD));
    let tomorrow = h.today() + 1;
    assert_eq!(from_epoch(&h.act(choose(Alice, Rival))), tomorrow);
    assert_eq!(gateways_of(&h, Alice), (Some(Gateway), Some(Rival)));
    h.refuse(h.settle(Rival, Alice, 500 * WAD), &not_its(Alice, Rival));
    h.act(h.settle(Gateway, Alice, 500 * WAD));
    h.at(start() + 11 * DAY - 1);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.at(start() + 11 * DAY);
    // Yesterday's gateway has nothing to say today.
    h.refuse(h.settle(Gateway, Alice, 0), &not_its(Alice, Gateway));
    h.act(h.settle(Rival, Alice, 1_000 * WAD));
}

/// Nothing used, or nothing left, is not nothing allowed: two gateways could serve the same dollar.
#[test]
fn a_choice_waits_even_where_nothing_is_used_or_nothing_is_left() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    let tomorrow = h.today() + 1;
    assert_eq!(from_epoch(&h.act(choose(Alice, Rival))), tomorrow);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    assert_eq!(from_epoch(&h.act(choose(Alice, Rival))), tomorrow);
    assert_eq!(gateways_of(&h, Alice).0, Some(Gateway));
}

#[test]
fn whoever_chooses_nobody_is_settled_by_nobody_from_the_next_day() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(choose(Alice, None));
    h.act(h.settle(Gateway, Alice, 10 * WAD));
    h.at(start() + 11 * DAY);
    assert_eq!(gateways_of(&h, Alice), (None, None));
    for who in [Gateway, Rival] {
        h.refuse(h.settle(who, Alice, 0), &not_its(Alice, who));
    }
    // And back to one, which does not count while nobody's day goes on.
    let tomorrow = h.today() + 1;
    assert_eq!(from_epoch(&h.act(choose(Alice, Gateway))), tomorrow);
    h.refuse(h.settle(Gateway, Alice, 0), &not_its(Alice, Gateway));
    h.at(start() + 12 * DAY);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

#[test]
fn naming_todays_gateway_again_takes_a_waiting_choice_back() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(choose(Alice, Gateway));
    h.at(start() + 11 * DAY);
    h.act(choose(Alice, Rival));
    assert_eq!(gateways_of(&h, Alice), (Some(Gateway), Some(Rival)));
    h.act(choose(Alice, Gateway));
    assert_eq!(gateways_of(&h, Alice), (Some(Gateway), Some(Gateway)));
    h.at(start() + 12 * DAY);
    h.act(h.settle(Gateway, Alice, WAD));
}

#[test]
fn the_last_choice_of_a_day_wins() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(register(Newcomer));
    for gateway in [Some(Rival), None, Some(Newcomer)] {
        h.act(choose(Alice, gateway));
    }
    h.at(start() + 11 * DAY);
    assert_eq!(gateways_of(&h, Alice).0, Some(Newcomer));
    // A choice that was taken back long ago does not come again.
    h.act(choose(Alice, Rival));
    h.act(choose(Alice, Newcomer));
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: WAD,
    });
    h.at(start() + 12 * DAY);
    assert_eq!(gateways_of(&h, Alice).0, Some(Newcomer));
}

#[test]
fn a_choice_and_a_request_to_unstake_wait_side_by_side() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    for steps in [[0, 1], [1, 0]] {
        for step in steps {
            let line = line_of(&h, Alice);
            h.act(match step {
                0 => InitiateUnstakeDiem {
                    who: Alice,
                    amount: 100 * WAD,
                },
                _ if line.gateway == Rival.address() => choose(Alice, Gateway),
                _ => choose(Alice, Rival),
            });
        }
        let (before, line) = (h.model.line(Alice.address()), line_of(&h, Alice));
        assert_eq!(line.nextAllowance, before.today.allowance - tokens(100));
        assert_ne!(line.nextGateway, line.gateway);
        h.wait(DAY);
        let today = line_of(&h, Alice);
        assert_eq!(today.allowance, line.nextAllowance);
        assert_eq!(today.gateway, line.nextGateway);
        // It counted once: nothing more leaves with the day after.
        h.wait(DAY);
        assert_eq!(line_of(&h, Alice).allowance, line.nextAllowance);
    }
}

#[test]
fn a_choice_outlives_unstaking() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(choose(Alice, Rival));
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.at(start() + 12 * DAY);
    h.act(UnstakeDiem { who: Alice });
    h.act(StakeDiem {
        who: Alice,
        amount: 7 * WAD,
    });
    h.act(h.settle(Rival, Alice, 7 * WAD));
}

#[test]
fn nobody_can_choose_who_is_not_registered_or_revoked() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.refuse(choose(Alice, Bob), &unknown(Bob));
    h.refuse(choose(Alice, Newcomer), &unknown(Newcomer));
    h.act(revoke(Rival));
    h.refuse(choose(Alice, Rival), &unknown(Rival));
    // Not even its own gateway, while that is revoked.
    h.act(revoke(Gateway));
    h.refuse(choose(Alice, Gateway), &unknown(Gateway));
}

/// Naming the default is a choice: it stays when the default goes on.
#[test]
fn whoever_chose_the_default_by_name_does_not_follow_it() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(choose(Alice, Gateway));
    h.act(set_default(Rival));
    h.at(start() + 12 * DAY);
    assert_eq!(gateways_of(&h, Alice), (Some(Gateway), Some(Gateway)));
    assert_eq!(gateways_of(&h, Bob), (Some(Rival), Some(Rival)));
}

/// Words that a choice left behind are void in a later epoch.
#[test]
fn a_choice_that_counted_long_ago_is_not_counted_again_with_a_new_request() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(choose(Alice, Rival));
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.at(start() + 11 * DAY);
    h.act(h.settle(Rival, Alice, WAD));
    h.at(start() + 15 * DAY);
    h.act(choose(Alice, Gateway));
    h.at(start() + 16 * DAY);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1,
    });
    h.at(start() + 17 * DAY);
    let line = line_of(&h, Alice);
    assert_eq!(line.allowance, tokens(900) - U256::ONE);
    assert_eq!(line.gateway, Gateway.address());
}
