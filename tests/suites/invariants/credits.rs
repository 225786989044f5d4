//! I-5 and L-1 to L-4: staked DIEM, gateways, statements and leases, with time jumps over midnight.

use super::{Tally, first_seed, steps};
use crate::prelude::*;
use e2e::action::Action;
use e2e::credit_watch::CreditWatch;
use e2e::generator::Generator;
use e2e::history::Intent;
use e2e::random::Random;
use e2e::replay::Replay;

/// A history, its watcher and its count.
struct Run<'w> {
    h: History<'w>,
    watch: CreditWatch<'w>,
    tally: Tally,
}

impl Run<'_> {
    fn step(&mut self, action: Action, intent: Intent) {
        self.tally.count(&action, intent);
        self.h.step(action.clone(), intent);
        self.watch.see(self.h.model.now, &action, intent);
    }

    /// Whoever waits past midnight sees the day's last second first, in which everything seen can be settled.
    fn wait(&mut self, seconds: u64, really: bool) {
        let midnight = (self.h.today() + 1) * DAY;
        let arrival = self.h.model.now + seconds;
        if arrival >= midnight {
            let rest = midnight - 1 - self.h.model.now;
            self.step(Wait { seconds: rest }, Intent::Succeed);
            let statements = self.watch.at_midnight(midnight);
            for statement in statements.into_iter().filter(|_| really) {
                self.step(statement, Intent::Succeed);
            }
        }
        let seconds = arrival - self.h.model.now;
        self.step(Wait { seconds }, Intent::Succeed);
    }
}

fn run(seed: u64) {
    let world = World::of(TARGET);
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
    h.act(SetGateway {
        who: Owner,
        gateway: Rival,
        allowed: true,
    });
    h.act(SetDefaultGateway {
        who: Owner,
        gateway: Some(Gateway),
    });
    let watch = CreditWatch::new(&world, h.model.now);
    let mut run = Run {
        h,
        watch,
        tally: Tally::default(),
    };
    let mut generator = Generator::credits(seed);
    let mut random = Random::new(seed);
    for _ in 0..steps() {
        match generator.next(&run.h.model) {
            (Wait { seconds }, _) => run.wait(seconds, random.one_in(4)),
            (action, intent) => run.step(action, intent),
        }
    }
    let acts = [
        "StakeDiem",
        "InitiateUnstakeDiem",
        "UnstakeDiem",
        "ChooseGateway",
        "Settle",
        "SettleBatch",
        "Lease",
        "TransferLease",
        "ChooseLeaseGateway",
        "SettleLeases",
        "CloseLease",
        "SetGateway",
        "RevokeGateway",
        "SetDefaultGateway",
        "Transfer",
    ];
    let errors = [
        "OnlyGateway",
        "WrongEpoch",
        "NotItsGateway",
        "InsufficientCredits",
        "UnknownGateway",
        "InsufficientStake",
    ];
    run.tally.check(&acts, &errors);
    assert!(
        run.watch.settled_at_midnight() > 0,
        "nothing was settled in the last second of a day"
    );
    let (at, model) = (world.contracts, &run.h.model);
    let logs = world.chain.logs(&[at.vvv, at.s_vvv, at.diem]);
    assert_eq!(
        Replay::of(&at, &logs, model.epoch()),
        Replay::expected(model)
    );
}

#[test]
fn inv_lines_are_firm_consented_and_said_once_first_history() {
    run(first_seed());
}

#[test]
fn inv_lines_are_firm_consented_and_said_once_second_history() {
    run(first_seed() + 1);
}

#[test]
fn inv_lines_are_firm_consented_and_said_once_third_history() {
    run(first_seed() + 2);
}
