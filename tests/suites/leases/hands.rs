//! In whose hands a lease may be.

use super::{choose_for, gateways_of, insufficient, leased};
use crate::prelude::*;

fn hand(who: Who, to: Who) -> Action {
    TransferLease { who, id: 1, to }
}

#[test]
fn a_lease_may_be_handed_on_by_its_lessee_alone() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 3);
    let only = |caller: Who| IDiem::OnlyLessee {
        id: U256::ONE,
        caller: caller.address(),
    };
    for who in [Alice, Carol, Owner] {
        h.refuse(hand(who, Carol), &only(who));
    }
    h.act(hand(Bob, Carol));
    h.act(hand(Carol, Carol));
    h.refuse(hand(Bob, Bob), &only(Bob));
    h.act(hand(Carol, Alice));
}

#[test]
fn what_the_lessee_used_is_not_refreshed_by_handing_the_lease_on() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 3);
    h.wait(DAY);
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    h.act(hand(Bob, Carol));
    assert_eq!(lease_line_of(&h, 1).used, tokens(400));
    let over = 400 * WAD + 1;
    h.refuse(
        h.settle_leases(Gateway, &[(1, over)]),
        &insufficient(1, tokens(400), over),
    );
}

#[test]
fn handing_a_lease_on_keeps_its_gateways_until_the_new_lessee_chooses() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 5);
    h.wait(DAY);
    h.act(choose_for(Bob, 1, Rival));
    h.act(hand(Bob, Carol));
    assert_eq!(gateways_of(&h, 1), (Some(Gateway), Some(Rival)));
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    h.refuse(
        choose_for(Bob, 1, Gateway),
        &IDiem::OnlyLessee {
            id: U256::ONE,
            caller: Bob.address(),
        },
    );
    h.wait(DAY);
    h.act(h.settle_leases(Rival, &[(1, 400 * WAD)]));
    h.act(choose_for(Carol, 1, None));
    h.act(hand(Carol, Dave));
    assert_eq!(gateways_of(&h, 1), (Some(Rival), None));
    h.act(choose_for(Dave, 1, Rival));
    assert_eq!(gateways_of(&h, 1), (Some(Rival), Some(Rival)));
    h.wait(DAY);
    h.act(h.settle_leases(Rival, &[(1, 1)]));
}

#[test]
fn one_may_lease_to_oneself() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(Lease {
        who: Alice,
        lessee: Alice,
        amount: 1_000 * WAD,
        epochs: 1,
    });
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.wait(DAY);
    h.act(h.settle_leases(Gateway, &[(1, 1_000 * WAD)]));
    let none = IDiem::InsufficientCredits {
        account: Alice.address(),
        allowance: U256::ZERO,
        used: wei(1),
    };
    h.refuse(h.settle(Gateway, Alice, 1), &none);
}
