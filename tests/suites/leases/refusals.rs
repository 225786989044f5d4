//! Leases that do not open, and those that never were.

use super::{choose_for, leased};
use crate::prelude::*;

#[test]
fn a_lease_reverts_for_zero_for_nobody_and_above_what_is_left() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 5);
    let lease = |amount| Lease {
        who: Alice,
        lessee: Bob,
        amount,
        epochs: 1,
    };
    h.refuse(lease(0), &IDiem::ZeroAmount {});
    // Today's allowance is more than what tomorrow begins with.
    let (available, amount) = (tokens(600), tokens(600) + U256::ONE);
    let error = IDiem::InsufficientStake { available, amount };
    h.refuse(lease(amount.to()), &error);
    let call = IDiem::leaseCall {
        lessee: Address::ZERO,
        amount: wei(1),
        epochs: 1,
    };
    let refusal = world.chain.refusal(Alice, world.contracts.diem, &call);
    assert!(refusal.is(&IDiem::ZeroAddress {}), "{refusal}");
    let call = IDiem::transferLeaseCall {
        id: U256::ONE,
        to: Address::ZERO,
    };
    let refusal = world.chain.refusal(Bob, world.contracts.diem, &call);
    assert!(refusal.is(&IDiem::ZeroAddress {}), "{refusal}");
}

#[test]
fn a_wei_of_stake_can_be_leased() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(StakeDiem {
        who: Alice,
        amount: 1,
    });
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 1,
        epochs: 1,
    });
}

#[test]
fn unknown_and_closed_leases_revert() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 1);
    h.at(start() + 12 * DAY);
    h.act(CloseLease { who: Alice, id: 1 });
    for id in [0, 1, 9] {
        let error = IDiem::UnknownLease { id: U256::from(id) };
        h.refuse(h.settle_leases(Gateway, &[(id, 0)]), &error);
        let to = Bob;
        h.refuse(TransferLease { who: Bob, id, to }, &error);
        h.refuse(choose_for(Bob, id, Rival), &error);
        h.refuse(CloseLease { who: Alice, id }, &error);
    }
    // An id beyond any counter is another lease, not the low bits of one.
    let call = IDiem::settleLeasesCall {
        epoch: U256::from(h.today()),
        ids: vec![U256::MAX],
        used: vec![U256::ZERO],
    };
    world.chain.set_time(h.model.now);
    let refusal = world.chain.refusal(Gateway, world.contracts.diem, &call);
    assert!(
        refusal.is(&IDiem::UnknownLease { id: U256::MAX }),
        "{refusal}"
    );
}
