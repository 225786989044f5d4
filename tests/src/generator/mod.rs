//! Draws what happens next: an action built to succeed, or built to fail with one named error.

mod credits;
mod gateways;
mod leases;
mod minting;
mod permissions;
mod staking;
mod wild;

use crate::action::{Action, Owned};
use crate::actors::Who;
use crate::history::Intent;
use crate::model::{Account, DAY, Model};
use crate::random::Random;
use alloy_primitives::U256;

/// An action and what it was built to do.
pub type Step = (Action, Intent);

/// One kind of step, if the state allows it; with how often it is tried.
type Kind = (u64, fn(&mut Generator, &Model) -> Option<Step>);

/// A seeded source of steps over one part of the protocol.
pub struct Generator {
    random: Random,
    kinds: Vec<Kind>,
    /// A statement that was news when it was made, to be repeated.
    last_statement: Option<Action>,
}

impl Generator {
    /// Staking, emissions, minting, burning and yield.
    pub fn staking(seed: u64) -> Self {
        let kinds = [staking::KINDS, minting::KINDS, &[(12, Self::wait)]].concat();
        Self {
            random: Random::new(seed),
            kinds,
            last_statement: None,
        }
    }

    /// Staked DIEM, gateways, statements and leases, with a little of everything that changes stakes.
    pub fn credits(seed: u64) -> Self {
        let kinds = [
            credits::KINDS,
            leases::KINDS,
            gateways::KINDS,
            minting::TRANSFERS,
            &[(8, Self::wait_around_midnight)],
        ]
        .concat();
        Self {
            random: Random::new(seed),
            kinds,
            last_statement: None,
        }
    }

    /// All of the protocol, by whoever holds a role at the time, with amounts of every size and calls that make no
    /// sense. What a step is built to do counts for nothing here: the model says.
    pub fn everything(seed: u64) -> Self {
        let kinds = [
            staking::KINDS,
            minting::KINDS,
            credits::KINDS,
            leases::KINDS,
            gateways::KINDS,
            permissions::KINDS,
            wild::KINDS,
            &[(12, Self::wait_around_midnight), (4, Self::wait)],
        ]
        .concat();
        Self {
            random: Random::new(seed),
            kinds,
            last_statement: None,
        }
    }

    /// The next step in this state.
    pub fn next(&mut self, model: &Model) -> Step {
        let total = self.kinds.iter().map(|(weight, _)| weight).sum();
        loop {
            let mut left = self.random.below(total);
            let kind = self.kinds.iter().find(|(weight, _)| {
                let chosen = left < *weight;
                left = left.saturating_sub(*weight);
                chosen
            });
            let Some((_, draw)) = kind else { continue };
            if let Some(step) = draw(self, model) {
                return step;
            }
        }
    }

    fn user(&mut self) -> Who {
        *self.random.pick(&Who::USERS)
    }

    /// Who owns a contract now, if anybody does.
    fn owner(model: &Model, of: Owned) -> Option<Who> {
        Who::of(model.ownership(of).owner)
    }

    /// A user and what the model knows of it.
    fn someone(&mut self, model: &Model) -> (Who, Account) {
        let who = self.user();
        (who, model.account(who.address()))
    }

    /// Whether the next step should be one that fails.
    fn mischief(&mut self) -> bool {
        self.random.one_in(5)
    }

    fn wait(&mut self, _: &Model) -> Option<Step> {
        let seconds = match self.random.below(4) {
            0 => 1,
            1 => self.random.below(3_600),
            2 => self.random.below(3 * DAY),
            _ => self.random.below(20 * DAY),
        };
        Some(ok(Action::Wait { seconds }))
    }

    fn wait_around_midnight(&mut self, model: &Model) -> Option<Step> {
        let midnight = (model.epoch() + 1) * DAY;
        let seconds = match self.random.below(6) {
            0 => midnight - model.now,
            1 => midnight - 1 - model.now,
            2 => midnight + 1 - model.now,
            3 => DAY,
            4 => self.random.below(DAY),
            _ => self.random.below(4 * DAY),
        };
        Some(ok(Action::Wait { seconds }))
    }
}

fn ok(action: Action) -> Step {
    (action, Intent::Succeed)
}

fn fails(action: Action, name: &'static str) -> Step {
    (action, Intent::Fail(name))
}

/// Amounts here always fit: no test mints more than 2^128 wei.
fn small(amount: U256) -> u128 {
    amount.saturating_to()
}
