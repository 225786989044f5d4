//! From which day until which a lease serves, and what it takes meanwhile.

use super::leased;
use crate::prelude::*;

#[test]
fn a_lease_takes_from_the_lessor_at_once_and_serves_the_lessee_from_the_next_epoch() {
    let world = World::new();
    let mut h = leased(&world, 3);
    let amount = 600 * WAD + 1;
    let spent = IDiem::InsufficientCredits {
        account: Alice.address(),
        remaining: tokens(600),
        amount: wei(amount),
    };
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount,
        },
        &spent,
    );
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
    h.at(START + 11 * DAY - 1);
    h.refuse(
        SpendLease {
            who: Gateway,
            id: 1,
            amount: 1,
        },
        &none,
    );
    h.at(START + 11 * DAY);
    h.act(SpendLease {
        who: Gateway,
        id: 1,
        amount: 400 * WAD,
    });
    h.refuse(
        SpendLease {
            who: Gateway,
            id: 1,
            amount: 1,
        },
        &none,
    );
    h.wait(DAY);
    h.act(SpendLease {
        who: Gateway,
        id: 1,
        amount: 400 * WAD,
    });
}

#[test]
fn a_lease_of_one_epoch_serves_one_epoch() {
    let world = World::new();
    let mut h = leased(&world, 1);
    let id = U256::ONE;
    h.at(START + 12 * DAY - 1);
    h.act(SpendLease {
        who: Gateway,
        id: 1,
        amount: 400 * WAD,
    });
    h.at(START + 12 * DAY);
    let none = IDiem::InsufficientLeaseCredits {
        id,
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
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
}

#[test]
fn a_lease_of_365_epochs_opens_and_longer_or_empty_terms_revert() {
    let world = World::new();
    let mut h = with_staker(&world);
    for epochs in [0, 366, u32::MAX] {
        h.refuse(
            Lease {
                who: Alice,
                lessee: Bob,
                amount: WAD,
                epochs,
            },
            &IDiem::InvalidLeaseTerm {
                epochs: U256::from(epochs),
            },
        );
    }
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: WAD,
        epochs: 365,
    });
    let lease = world
        .chain
        .view(world.contracts.diem, &IDiem::leaseOfCall { id: U256::ONE });
    let today = START / DAY + 10;
    assert_eq!(lease.startEpoch, U256::from(today + 1));
    assert_eq!(lease.endEpoch, U256::from(today + 366));
}

#[test]
fn closing_early_and_closing_twice_revert() {
    let world = World::new();
    let mut h = leased(&world, 2);
    let (id, end) = (U256::ONE, START / DAY + 13);
    h.at(START + 13 * DAY - 1);
    let early = IDiem::LeaseNotOver {
        id,
        endEpoch: U256::from(end),
        epoch: U256::from(end - 1),
    };
    h.refuse(CloseLease { who: Alice, id: 1 }, &early);
    h.at(START + 13 * DAY);
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    h.refuse(
        CloseLease {
            who: Stranger,
            id: 1,
        },
        &IDiem::UnknownLease { id },
    );
}

#[test]
fn leased_stake_stays_until_the_lease_is_closed() {
    let world = World::new();
    let mut h = leased(&world, 1);
    let (available, amount) = (tokens(600), tokens(600) + U256::ONE);
    let error = IDiem::InsufficientStake { available, amount };
    h.refuse(
        InitiateUnstakeDiem {
            who: Alice,
            amount: amount.to(),
        },
        &error,
    );
    h.at(START + 12 * DAY);
    // The end alone does not free it: nobody can, without a transaction.
    h.refuse(
        InitiateUnstakeDiem {
            who: Alice,
            amount: amount.to(),
        },
        &error,
    );
    h.act(CloseLease { who: Bob, id: 1 });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
}

/// Credit that the lessor has already spent today may be leased: the lessee's days begin tomorrow.
#[test]
fn credit_spent_today_may_be_leased_from_tomorrow_on() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 1_000 * WAD,
        epochs: 1,
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
    h.wait(DAY);
    h.act(SpendLease {
        who: Gateway,
        id: 1,
        amount: 1_000 * WAD,
    });
}
