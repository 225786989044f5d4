//! From which day until which a lease serves, and whose credit it is meanwhile.

use super::{insufficient, leased};
use crate::prelude::*;

#[test]
fn a_lease_leaves_its_day_of_opening_to_the_lessor_and_serves_from_the_next() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 3);
    let (line, of_lease) = (line_of(&h, Alice), lease_line_of(&h, 1));
    assert_eq!(
        (line.allowance, line.nextAllowance),
        (tokens(1_000), tokens(600))
    );
    assert_eq!(
        (of_lease.allowance, of_lease.nextAllowance),
        (U256::ZERO, tokens(400))
    );
    h.at(start() + 11 * DAY - 1);
    h.refuse(
        h.settle_leases(Gateway, &[(1, 1)]),
        &insufficient(1, U256::ZERO, 1),
    );
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.at(start() + 11 * DAY);
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    let account = Alice.address();
    let over = IDiem::InsufficientCredits {
        account,
        allowance: tokens(600),
        used: tokens(600) + U256::ONE,
    };
    h.refuse(h.settle(Gateway, Alice, 600 * WAD + 1), &over);
    h.act(h.settle(Gateway, Alice, 600 * WAD));
    h.wait(DAY);
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
}

#[test]
fn a_lease_serves_its_last_day_to_the_last_second_and_nothing_after() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 1);
    h.at(start() + 12 * DAY - 1);
    let line = lease_line_of(&h, 1);
    assert_eq!(
        (line.allowance, line.nextAllowance),
        (tokens(400), U256::ZERO)
    );
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    h.at(start() + 12 * DAY);
    h.refuse(
        h.settle_leases(Gateway, &[(1, 1)]),
        &insufficient(1, U256::ZERO, 1),
    );
    h.act(h.settle_leases(Gateway, &[(1, 0)]));
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

#[test]
fn a_lease_of_365_epochs_opens_and_longer_or_empty_terms_revert() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let lease = |epochs| Lease {
        who: Alice,
        lessee: Bob,
        amount: WAD,
        epochs,
    };
    for epochs in [0, 366, u32::MAX] {
        let epochs_word = U256::from(epochs);
        h.refuse(
            lease(epochs),
            &IDiem::InvalidLeaseTerm {
                epochs: epochs_word,
            },
        );
    }
    h.act(lease(365));
    let lease = world
        .chain
        .view(world.contracts.diem, &IDiem::leaseOfCall { id: U256::ONE });
    let today = start() / DAY + 10;
    assert_eq!(lease.startEpoch, U256::from(today + 1));
    assert_eq!(lease.endEpoch, U256::from(today + 366));
    // The last of them serves as the first does.
    h.at(start() + 376 * DAY - 1);
    h.act(h.settle_leases(Gateway, &[(1, WAD)]));
    h.at(start() + 376 * DAY);
    h.act(CloseLease { who: Alice, id: 1 });
}

#[test]
fn closing_early_and_closing_twice_revert() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 2);
    let (id, end) = (U256::ONE, start() / DAY + 13);
    h.at(start() + 13 * DAY - 1);
    let early = IDiem::LeaseNotOver {
        id,
        endEpoch: U256::from(end),
        epoch: U256::from(end - 1),
    };
    h.refuse(CloseLease { who: Alice, id: 1 }, &early);
    h.at(start() + 13 * DAY);
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
    let world = World::of(TARGET);
    let mut h = leased(&world, 1);
    let (available, amount) = (tokens(600), tokens(600) + U256::ONE);
    let error = IDiem::InsufficientStake { available, amount };
    let leave = InitiateUnstakeDiem {
        who: Alice,
        amount: amount.to(),
    };
    h.refuse(leave.clone(), &error);
    h.at(start() + 12 * DAY);
    // The end alone does not free it: nobody can, without a transaction.
    h.refuse(leave, &error);
    assert_eq!(line_of(&h, Alice).nextAllowance, tokens(600));
    h.act(CloseLease { who: Bob, id: 1 });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
}

#[test]
fn a_closed_lease_gives_its_credit_back_at_once() {
    let world = World::of(TARGET);
    let mut h = leased(&world, 1);
    h.at(start() + 12 * DAY);
    h.act(h.settle(Gateway, Alice, 600 * WAD));
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    let line = line_of(&h, Alice);
    assert_eq!((line.allowance, line.used), (tokens(1_000), tokens(600)));
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

/// What was used today may be leased: the lessee's days begin tomorrow.
#[test]
fn credit_used_today_may_be_leased_from_tomorrow_on() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 1_000 * WAD,
        epochs: 1,
    });
    h.refuse(
        h.settle_leases(Gateway, &[(1, 1)]),
        &insufficient(1, U256::ZERO, 1),
    );
    h.wait(DAY);
    h.act(h.settle_leases(Gateway, &[(1, 1_000 * WAD)]));
    assert_eq!(line_of(&h, Alice).allowance, U256::ZERO);
}

/// Longer than a Stylus program lives: the history renews those on its way, as anybody may.
#[test]
fn a_lease_of_365_epochs_outlives_the_programs_when_somebody_renews_them() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 400 * WAD,
        epochs: 365,
    });
    let first = h.model.epoch() + 1;
    h.at((first + 364) * DAY);
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    let (id, end_epoch, epoch) = (U256::ONE, U256::from(first + 365), U256::from(first + 364));
    h.refuse(
        CloseLease { who: Alice, id: 1 },
        &IDiem::LeaseNotOver {
            id,
            endEpoch: end_epoch,
            epoch,
        },
    );
    h.at((first + 365) * DAY);
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}
