//! The default gateway: who settles lines that never chose.

use super::{gateways_of, not_its, only_gateway, unknown};
use crate::prelude::*;

/// Alice has staked 1,000 DIEM, nobody is default yet, and it is the start of a day.
fn without_default(world: &World) -> History<'_> {
    let mut h = with_minter(world);
    h.act(register(Rival));
    h.act(register(Newcomer));
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.at(start() + 10 * DAY);
    h
}

/// Today's default, the one set last, and how many days until that counts.
fn default_gateway(h: &History<'_>) -> (Option<Who>, Option<Who>, i64) {
    h.world.chain.set_time(h.model.now);
    let answer = h
        .world
        .chain
        .view(h.world.contracts.diem, &IDiem::defaultGatewayCall {});
    let days = answer.fromEpoch.to::<i64>() - h.today() as i64;
    (Who::of(answer.today), Who::of(answer.next), days)
}

#[test]
fn until_a_default_is_set_nobody_settles_lines_that_never_chose() {
    let world = World::of(TARGET);
    let mut h = without_default(&world);
    assert_eq!(gateways_of(&h, Alice), (None, None));
    h.refuse(h.settle(Gateway, Alice, 0), &not_its(Alice, Gateway));
}

#[test]
fn the_first_default_counts_from_the_next_day_but_one() {
    let world = World::of(TARGET);
    let mut h = without_default(&world);
    h.wait(DAY / 2);
    h.act(set_default(Gateway));
    assert_eq!(default_gateway(&h), (None, Some(Gateway), 2));
    assert_eq!(gateways_of(&h, Alice), (None, None));
    h.at(start() + 11 * DAY);
    assert_eq!(gateways_of(&h, Alice), (None, Some(Gateway)));
    h.at(start() + 12 * DAY - 1);
    h.refuse(h.settle(Gateway, Alice, 0), &not_its(Alice, Gateway));
    h.at(start() + 12 * DAY);
    assert_eq!(default_gateway(&h), (Some(Gateway), Some(Gateway), 0));
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

#[test]
fn a_changed_default_leaves_a_whole_day_to_choose() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(register(Rival));
    h.at(start() + 11 * DAY - 1);
    h.act(set_default(Rival));
    // The whole next day: who chooses in it is never settled by the new one.
    h.at(start() + 12 * DAY - 1);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.act(choose(Alice, Gateway));
    h.at(start() + 12 * DAY);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    assert_eq!(gateways_of(&h, Bob), (Some(Rival), Some(Rival)));
}

#[test]
fn a_default_changed_again_while_one_waits_replaces_it_and_waits_in_full() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(register(Rival));
    h.act(register(Newcomer));
    h.act(set_default(Rival));
    h.at(start() + 11 * DAY);
    h.act(set_default(Newcomer));
    assert_eq!(default_gateway(&h), (Some(Gateway), Some(Newcomer), 2));
    h.at(start() + 12 * DAY);
    // Rival would have counted from now on.
    h.act(h.settle(Gateway, Alice, WAD));
    h.refuse(h.settle(Rival, Alice, WAD), &not_its(Alice, Rival));
    h.at(start() + 13 * DAY);
    h.act(h.settle(Newcomer, Alice, WAD));
    // One that counts is not lost when the next one is set.
    h.act(set_default(Gateway));
    assert_eq!(default_gateway(&h), (Some(Newcomer), Some(Gateway), 2));
    h.at(start() + 14 * DAY);
    h.act(h.settle(Newcomer, Alice, WAD));
    h.at(start() + 15 * DAY);
    h.act(h.settle(Gateway, Alice, WAD));
}

#[test]
fn a_default_set_anew_to_the_same_gateway_does_not_interrupt_it() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(set_default(Gateway));
    for _ in 0..3 {
        h.act(h.settle(Gateway, Alice, WAD));
        h.wait(DAY);
    }
}

#[test]
fn a_default_of_nobody_counts_as_late_as_any_other() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(set_default(None));
    assert_eq!(default_gateway(&h), (Some(Gateway), None, 2));
    h.at(start() + 12 * DAY - 1);
    h.act(h.settle(Gateway, Alice, WAD));
    h.at(start() + 12 * DAY);
    h.refuse(h.settle(Gateway, Alice, 0), &not_its(Alice, Gateway));
    assert_eq!(default_gateway(&h), (None, None, 0));
}

#[test]
fn a_revoked_default_stays_default_settles_nothing_and_comes_back() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(revoke(Gateway));
    assert_eq!(default_gateway(&h).0, Some(Gateway));
    assert_eq!(gateways_of(&h, Alice), (Some(Gateway), Some(Gateway)));
    h.refuse(h.settle(Gateway, Alice, 1), &only_gateway(Gateway));
    h.at(start() + 11 * DAY);
    h.refuse(h.settle(Gateway, Alice, 1), &only_gateway(Gateway));
    h.act(register(Gateway));
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

#[test]
fn only_the_owner_sets_a_default_and_only_a_registered_gateway_that_is_not_revoked() {
    let world = World::of(TARGET);
    let mut h = without_default(&world);
    for who in [Alice, Guardian, Gateway] {
        let error = IDiem::OwnableUnauthorizedAccount {
            account: who.address(),
        };
        let gateway = Some(Gateway);
        h.refuse(SetDefaultGateway { who, gateway }, &error);
    }
    h.refuse(set_default(Bob), &unknown(Bob));
    h.act(revoke(Rival));
    h.refuse(set_default(Rival), &unknown(Rival));
    assert_eq!(default_gateway(&h).1, None);
}

/// A revoked one that waits keeps its place: revoking is not a way to change the default.
#[test]
fn a_default_revoked_while_it_waits_counts_all_the_same() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(register(Rival));
    h.act(set_default(Rival));
    h.act(revoke(Rival));
    h.at(start() + 12 * DAY);
    h.refuse(h.settle(Gateway, Alice, 0), &not_its(Alice, Gateway));
    h.refuse(h.settle(Rival, Alice, 0), &only_gateway(Rival));
    h.act(register(Rival));
    h.act(h.settle(Rival, Alice, WAD));
}
