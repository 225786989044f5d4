//! In whose hands a lease may be.

use super::leased;
use crate::prelude::*;

#[test]
fn a_lease_may_be_handed_on_by_its_lessee_alone() {
    let world = World::new();
    let mut h = leased(&world, 3);
    let id = U256::ONE;
    for who in [Alice, Carol, Owner] {
        let caller = who.address();
        h.refuse(
            TransferLease {
                who,
                id: 1,
                to: Carol,
            },
            &IDiem::OnlyLessee { id, caller },
        );
    }
    h.act(TransferLease {
        who: Bob,
        id: 1,
        to: Carol,
    });
    h.act(TransferLease {
        who: Carol,
        id: 1,
        to: Carol,
    });
    h.refuse(
        TransferLease {
            who: Bob,
            id: 1,
            to: Bob,
        },
        &IDiem::OnlyLessee {
            id,
            caller: Bob.address(),
        },
    );
    h.act(TransferLease {
        who: Carol,
        id: 1,
        to: Alice,
    });
}

#[test]
fn what_the_lessee_spent_is_not_refreshed_by_handing_the_lease_on() {
    let world = World::new();
    let mut h = leased(&world, 3);
    h.wait(DAY);
    h.act(SpendLease {
        who: Gateway,
        id: 1,
        amount: 400 * WAD,
    });
    h.act(TransferLease {
        who: Bob,
        id: 1,
        to: Carol,
    });
    let none = IDiem::InsufficientLeaseCredits {
        id: U256::ONE,
        remaining: U256::ZERO,
        amount: wei(1),
    };
    h.refuse(
        SpendLease {
            who: Gateway,
            id: 1,
            amount: 1,
        },
        &none,
    );
}

#[test]
fn one_may_lease_to_oneself() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Lease {
        who: Alice,
        lessee: Alice,
        amount: 1_000 * WAD,
        epochs: 1,
    });
    h.wait(DAY);
    h.act(SpendLease {
        who: Gateway,
        id: 1,
        amount: 1_000 * WAD,
    });
    let account = Alice.address();
    let none = IDiem::InsufficientCredits {
        account,
        remaining: U256::ZERO,
        amount: wei(1),
    };
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &none,
    );
}
