//! Random histories over the real contracts against the model. `E2E_STEPS` sets how many steps each history has,
//! `E2E_SEED` how the first one begins.

use crate::TARGET;
use e2e::action::Action;
use e2e::deploy::Target;
use e2e::history::Intent;
use std::collections::BTreeMap;

mod credits;
mod long;
mod paths;
mod staking;
mod watcher;

/// Steps of a history of full length.
const FULL_LENGTH: u64 = 400;
/// Steps of one history, unless `E2E_STEPS` says otherwise.
const DEFAULT_STEPS: u64 = match TARGET {
    Target::Stylus => FULL_LENGTH,
    Target::Evm => FULL_LENGTH / 4,
};

fn steps() -> u64 {
    number("E2E_STEPS").unwrap_or(DEFAULT_STEPS)
}

fn first_seed() -> u64 {
    number("E2E_SEED").unwrap_or(1)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().expect("a number"))
}

/// What a history did, by the name of the action.
#[derive(Default)]
struct Tally {
    succeeded: BTreeMap<String, u64>,
    refused: BTreeMap<&'static str, u64>,
}

impl Tally {
    fn count(&mut self, action: &Action, intent: Intent) {
        match intent {
            Intent::Succeed => {
                let text = format!("{action:?}");
                let name = text.split(' ').next().unwrap_or_default().to_owned();
                *self.succeeded.entry(name).or_default() += 1;
            }
            Intent::Fail(error) => *self.refused.entry(error).or_default() += 1,
            Intent::AsPredicted => {}
        }
    }

    /// A history of full length does everything at least once, is refused for each of these reasons, and is not
    /// mostly refusals.
    fn check(&self, names: &[&str], errors: &[&str]) {
        let refused: u64 = self.refused.values().sum();
        assert!(
            refused * 2 < steps(),
            "{refused} of {} steps were refusals",
            steps()
        );
        if steps() >= FULL_LENGTH {
            let missing: Vec<_> = names
                .iter()
                .filter(|name| !self.succeeded.contains_key(**name))
                .collect();
            assert!(missing.is_empty(), "never drawn: {missing:?}");
            let missing: Vec<_> = errors
                .iter()
                .filter(|name| !self.refused.contains_key(**name))
                .collect();
            assert!(missing.is_empty(), "never refused with: {missing:?}");
        }
    }
}
