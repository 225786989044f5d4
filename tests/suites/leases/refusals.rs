//! Leases that do not open, and those that never were.

use super::leased;
use crate::prelude::*;

#[test]
fn a_lease_reverts_for_zero_for_nobody_and_above_what_is_left() {
    let world = World::new();
    let mut h = leased(&world, 5);
    h.refuse(
        Lease {
            who: Alice,
            lessee: Bob,
            amount: 0,
            epochs: 1,
        },
        &IDiem::ZeroAmount {},
    );
    let (available, amount) = (tokens(600), tokens(600) + U256::ONE);
    let error = IDiem::InsufficientStake { available, amount };
    h.refuse(
        Lease {
            who: Alice,
            lessee: Bob,
            amount: amount.to(),
            epochs: 1,
        },
        &error,
    );
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
fn stake_below_the_minimum_cannot_be_leased() {
    let world = World::new();
    let mut h = with_minter(&world);
    h.act(StakeDiem {
        who: Alice,
        amount: WAD / 10 - 1,
    });
    let error = IDiem::InsufficientStake {
        available: U256::ZERO,
        amount: wei(1),
    };
    h.refuse(
        Lease {
            who: Alice,
            lessee: Bob,
            amount: 1,
            epochs: 1,
        },
        &error,
    );
}

#[test]
fn unknown_leases_revert() {
    let world = World::new();
    let mut h = with_staker(&world);
    let (id, error) = (9, IDiem::UnknownLease { id: U256::from(9) });
    h.refuse(
        SpendLease {
            who: Gateway,
            id,
            amount: 1,
        },
        &error,
    );
    h.refuse(
        TransferLease {
            who: Alice,
            id,
            to: Bob,
        },
        &error,
    );
    h.refuse(CloseLease { who: Alice, id }, &error);
}
