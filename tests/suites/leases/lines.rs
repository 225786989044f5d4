//! The line of a lease: who settles it, and what a statement does.

use super::{choose_for, gateways_of, insufficient, leased, not_its};
use crate::prelude::*;

#[test]
fn a_lease_for_which_nobody_chose_follows_the_default_and_not_its_hands() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 5);
    for who in [Alice, Bob] {
        h.act(choose(who, Rival));
    }
    h.at(start() + 11 * DAY);
    assert_eq!(gateways_of(&h, 1), (Some(Gateway), Some(Gateway)));
    h.act(h.settle_leases(Gateway, &[(1, WAD)]));
    h.act(set_default(Rival));
    h.at(start() + 13 * DAY);
    h.act(h.settle_leases(Rival, &[(1, WAD)]));
}

#[test]
fn a_choice_before_the_first_epoch_counts_at_once() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 2);
    h.act(choose_for(Bob, 1, Rival));
    assert_eq!(gateways_of(&h, 1), (Some(Rival), Some(Rival)));
    h.at(start() + 11 * DAY - 1);
    h.act(choose_for(Bob, 1, None));
    h.act(choose_for(Bob, 1, Rival));
    h.at(start() + 11 * DAY);
    h.refuse(h.settle_leases(Gateway, &[(1, 0)]), &not_its(1, Gateway));
    h.act(h.settle_leases(Rival, &[(1, 400 * WAD)]));
}

#[test]
fn a_choice_within_the_term_counts_from_the_next_epoch_and_may_be_taken_back() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 5);
    h.at(start() + 11 * DAY);
    h.act(choose_for(Bob, 1, Rival));
    assert_eq!(gateways_of(&h, 1), (Some(Gateway), Some(Rival)));
    h.at(start() + 12 * DAY - 1);
    h.refuse(h.settle_leases(Rival, &[(1, 1)]), &not_its(1, Rival));
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    h.at(start() + 12 * DAY);
    h.refuse(h.settle_leases(Gateway, &[(1, 0)]), &not_its(1, Gateway));
    h.act(h.settle_leases(Rival, &[(1, 400 * WAD)]));
    h.act(choose_for(Bob, 1, Gateway));
    h.act(choose_for(Bob, 1, Rival));
    h.at(start() + 13 * DAY);
    assert_eq!(gateways_of(&h, 1), (Some(Rival), Some(Rival)));
    h.act(choose_for(Bob, 1, None));
    h.at(start() + 14 * DAY);
    for who in [Gateway, Rival] {
        h.refuse(h.settle_leases(who, &[(1, 0)]), &not_its(1, who));
    }
}

#[test]
fn a_choice_after_the_end_counts_at_once_and_gives_nothing() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 1);
    h.at(start() + 12 * DAY);
    h.act(choose_for(Bob, 1, Rival));
    assert_eq!(gateways_of(&h, 1), (Some(Rival), Some(Rival)));
    h.refuse(
        h.settle_leases(Rival, &[(1, 1)]),
        &insufficient(1, U256::ZERO, 1),
    );
}

#[test]
fn only_the_lessee_chooses_and_only_among_gateways() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 2);
    let id = U256::ONE;
    for who in [Alice, Gateway, Owner] {
        let caller = who.address();
        h.refuse(choose_for(who, 1, Rival), &IDiem::OnlyLessee { id, caller });
    }
    let unknown = |gateway: Who| IDiem::UnknownGateway {
        gateway: gateway.address(),
    };
    h.refuse(choose_for(Bob, 1, Newcomer), &unknown(Newcomer));
    h.act(revoke(Rival));
    h.refuse(choose_for(Bob, 1, Rival), &unknown(Rival));
    h.refuse(
        choose_for(Bob, 2, Gateway),
        &IDiem::UnknownLease { id: U256::from(2) },
    );
}

#[test]
fn statements_about_leases_are_said_once_within_the_allowance_and_about_today() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 5);
    h.at(start() + 11 * DAY);
    let say = |h: &History<'_>, used| h.settle_leases(Gateway, &[(1, used)]);
    assert_eq!(h.act(say(&h, 300 * WAD)).logs.len(), 1);
    for _ in 0..3 {
        assert!(h.act(say(&h, 300 * WAD)).logs.is_empty(), "repeated");
    }
    assert!(h.act(say(&h, 200 * WAD)).logs.is_empty(), "older, late");
    let over = 400 * WAD + 1;
    h.refuse(say(&h, over), &insufficient(1, tokens(400), over));
    let (today, statement) = (h.today(), say(&h, 400 * WAD));
    h.at(start() + 12 * DAY - 1);
    h.act(statement.clone());
    h.at(start() + 12 * DAY);
    let late = IDiem::WrongEpoch {
        epoch: U256::from(today),
        today: U256::from(today + 1),
    };
    h.refuse(statement, &late);
    assert_eq!(lease_line_of(&h, 1).used, U256::ZERO);
}

#[test]
fn a_revoked_gateway_settles_no_lease_until_it_is_let_back() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 5);
    h.at(start() + 11 * DAY);
    h.act(revoke(Gateway));
    let caller = Gateway.address();
    let error = IDiem::OnlyGateway { caller };
    h.refuse(h.settle_leases(Gateway, &[(1, 1)]), &error);
    assert_eq!(gateways_of(&h, 1).0, Some(Gateway));
    h.act(choose_for(Bob, 1, Rival));
    h.refuse(h.settle_leases(Rival, &[(1, 0)]), &not_its(1, Rival));
    h.act(register(Gateway));
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    h.at(start() + 12 * DAY);
    h.act(h.settle_leases(Rival, &[(1, 400 * WAD)]));
}

#[test]
fn a_batch_of_leases_is_all_or_nothing_and_a_lease_may_occur_twice() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 5);
    h.act(Lease {
        who: Alice,
        lessee: Carol,
        amount: 100 * WAD,
        epochs: 2,
    });
    h.at(start() + 11 * DAY);
    let bill = [(1, 10 * WAD), (2, 100 * WAD), (1, 400 * WAD), (1, WAD)];
    h.refuse(
        h.settle_leases(Gateway, &[&bill[..], &[(3, 0)]].concat()),
        &IDiem::UnknownLease { id: U256::from(3) },
    );
    let over = 100 * WAD + 1;
    h.refuse(
        h.settle_leases(Gateway, &[&bill[..], &[(2, over)]].concat()),
        &insufficient(2, tokens(100), over),
    );
    assert_eq!(lease_line_of(&h, 1).used, U256::ZERO);
    assert_eq!(h.act(h.settle_leases(Gateway, &bill)).logs.len(), 3);
    // A lease that is not its own hides behind no statement of zero.
    h.act(choose_for(Carol, 2, Rival));
    h.at(start() + 12 * DAY);
    h.refuse(h.settle_leases(Gateway, &[(2, 0)]), &not_its(2, Gateway));
    h.act(h.settle_leases(Rival, &[(2, 1)]));
}
