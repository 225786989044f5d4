//! Opening, handing on and closing within one day, in every order, beside everything else that a day brings.

use super::{choose_for, gateways_of};
use crate::prelude::*;

/// Lease 1 ended at the midnight before, lease 2 serves on, and the day has just begun.
fn busy_morning(world: &World) -> History<'_> {
    let mut h = with_staker(world);
    h.act(register(Rival));
    for (amount, epochs) in [(100 * WAD, 1), (200 * WAD, 9)] {
        h.act(Lease {
            who: Alice,
            lessee: Bob,
            amount,
            epochs,
        });
    }
    h.at(start() + 12 * DAY);
    h
}

fn acts() -> [Action; 4] {
    [
        CloseLease {
            who: Stranger,
            id: 1,
        },
        TransferLease {
            who: Bob,
            id: 2,
            to: Carol,
        },
        Lease {
            who: Alice,
            lessee: Dave,
            amount: 300 * WAD,
            epochs: 2,
        },
        InitiateUnstakeDiem {
            who: Alice,
            amount: 50 * WAD,
        },
    ]
}

const ORDERS: [[usize; 4]; 24] = [
    [0, 1, 2, 3],
    [0, 1, 3, 2],
    [0, 2, 1, 3],
    [0, 2, 3, 1],
    [0, 3, 1, 2],
    [0, 3, 2, 1],
    [1, 0, 2, 3],
    [1, 0, 3, 2],
    [1, 2, 0, 3],
    [1, 2, 3, 0],
    [1, 3, 0, 2],
    [1, 3, 2, 0],
    [2, 0, 1, 3],
    [2, 0, 3, 1],
    [2, 1, 0, 3],
    [2, 1, 3, 0],
    [2, 3, 0, 1],
    [2, 3, 1, 0],
    [3, 0, 1, 2],
    [3, 0, 2, 1],
    [3, 1, 0, 2],
    [3, 1, 2, 0],
    [3, 2, 0, 1],
    [3, 2, 1, 0],
];

#[test]
fn open_hand_on_close_and_unstake_in_every_order_leave_what_gateways_saw() {
    let world = World::of(TARGET);
    let mut h = busy_morning(&world);
    let (acts, morning) = (acts(), h.model.clone());
    let mut snapshot = world.chain.snapshot();
    for order in ORDERS {
        let mut least = line_of(&h, Alice).allowance;
        for act in order {
            h.wait(1_000);
            h.act(acts[act].clone());
            let (line, of_lease) = (line_of(&h, Alice), lease_line_of(&h, 2));
            assert!(line.allowance >= least, "{order:?}");
            assert_eq!(of_lease.allowance, tokens(200), "{order:?}");
            assert_eq!(of_lease.gateway, Gateway.address(), "{order:?}");
            least = line.allowance;
        }
        assert_eq!(least, tokens(800));
        h.at(start() + 13 * DAY - 1);
        h.act(h.settle(Gateway, Alice, 800 * WAD));
        h.act(h.settle_leases(Gateway, &[(2, 200 * WAD)]));
        h.at(start() + 13 * DAY);
        assert_eq!(line_of(&h, Alice).allowance, tokens(450));
        h.act(h.settle_leases(Gateway, &[(2, 200 * WAD), (3, 300 * WAD)]));
        world.chain.revert(snapshot);
        snapshot = world.chain.snapshot();
        h.model = morning.clone();
    }
}

#[test]
fn a_lease_opened_and_chosen_for_on_its_first_evening_serves_the_chosen_one() {
    let world = World::of(TARGET);
    let mut h = busy_morning(&world);
    h.at(start() + 13 * DAY - 1);
    h.act(acts()[2].clone());
    h.act(choose_for(Dave, 3, Rival));
    h.at(start() + 13 * DAY);
    assert_eq!(gateways_of(&h, 3), (Some(Rival), Some(Rival)));
    h.act(h.settle_leases(Rival, &[(3, 300 * WAD)]));
}

#[test]
fn a_closed_lease_pays_only_the_gateway_of_its_lessor_from_then_on() {
    let world = World::of(TARGET);
    let mut h = busy_morning(&world);
    h.act(choose(Alice, Rival));
    h.at(start() + 13 * DAY);
    h.act(h.settle(Rival, Alice, 700 * WAD));
    h.act(acts()[0].clone());
    h.act(h.settle(Rival, Alice, 800 * WAD));
    let error = IDiem::NotItsGateway {
        account: Alice.address(),
        gateway: Gateway.address(),
    };
    h.refuse(h.settle(Gateway, Alice, 0), &error);
}

#[test]
fn what_comes_back_from_a_lease_can_be_leased_again_on_the_same_day() {
    let world = World::of(TARGET);
    let mut h = busy_morning(&world);
    h.act(acts()[0].clone());
    h.act(Lease {
        who: Alice,
        lessee: Erin,
        amount: 800 * WAD,
        epochs: 1,
    });
    let short = IDiem::InsufficientStake {
        available: U256::ZERO,
        amount: wei(1),
    };
    let leave = InitiateUnstakeDiem {
        who: Alice,
        amount: 1,
    };
    h.refuse(leave, &short);
    h.act(h.settle(Gateway, Alice, 800 * WAD));
    h.at(start() + 13 * DAY);
    assert_eq!(line_of(&h, Alice).allowance, U256::ZERO);
    h.act(h.settle_leases(Gateway, &[(2, 200 * WAD), (3, 800 * WAD)]));
}
