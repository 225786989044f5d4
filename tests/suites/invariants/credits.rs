//! I-5 and I-6: staked DIEM, spending and leases, with time jumps over midnight.

use super::{Tally, first_seed, steps};
use crate::prelude::*;
use e2e::credit_watch::CreditWatch;
use e2e::generator::Generator;
use e2e::history::Intent;
use e2e::replay::Replay;

fn run(seed: u64) {
    let world = World::new();
    let mut h = world.history();
    for who in Who::USERS {
        h.act(StakeVvv {
            who,
            recipient: who,
            amount: 1_000_000 * WAD,
        });
        h.act(Mint {
            who,
            amount: 500_000 * WAD,
            least: 0,
        });
    }
    let mut generator = Generator::credits(seed);
    let mut watch = CreditWatch::default();
    let mut tally = Tally::default();
    for _ in 0..steps() {
        let (action, intent) = generator.next(&h.model);
        tally.count(&action, intent);
        if intent == Intent::Succeed {
            watch.see(&h.model, &action);
        }
        h.step(action, intent);
    }
    tally.check(&[
        "StakeDiem",
        "InitiateUnstakeDiem",
        "UnstakeDiem",
        "Spend",
        "SpendBatch",
        "Lease",
        "TransferLease",
        "SpendLease",
        "CloseLease",
        "Transfer",
    ]);
    let at = world.contracts;
    let logs = world.chain.logs(&[at.vvv, at.s_vvv, at.diem]);
    assert_eq!(Replay::of(&at, &logs), Replay::expected(&h.model));
}

#[test]
fn inv_i6_credit_never_exceeds_the_stake_first_history() {
    run(first_seed());
}

#[test]
fn inv_i6_credit_never_exceeds_the_stake_second_history() {
    run(first_seed() + 1);
}
