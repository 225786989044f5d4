//! Everything at once: all functions, by everybody, with amounts of every size, roles that change hands and years that
//! pass. Here it is one short history; `scripts/long-run` sets the seeds, the length and the file that keeps the
//! figures of those that are done.

use super::FULL_LENGTH;
use crate::prelude::*;
use e2e::long_run::{Figures, Plan, seeded_parameters};
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// What a command asked for.
struct Order {
    seeds: RangeInclusive<u64>,
    steps: u64,
    record: Option<PathBuf>,
}

impl Order {
    /// `LONG_RUN_SEEDS` (`first..last`), `LONG_RUN_STEPS`, `LONG_RUN_RECORD`.
    fn read() -> Self {
        let seeds = std::env::var("LONG_RUN_SEEDS").unwrap_or_else(|_| "1..1".to_owned());
        let (first, last) = seeds.split_once("..").expect("seeds are first..last");
        let number = |text: &str| text.parse::<u64>().expect("a seed is a number");
        Self {
            seeds: number(first)..=number(last),
            steps: super::number("LONG_RUN_STEPS").unwrap_or_else(super::steps),
            record: std::env::var_os("LONG_RUN_RECORD").map(PathBuf::from),
        }
    }

    /// Seeds whose history of this length the record already has.
    fn done(&self) -> BTreeSet<u64> {
        let Some(path) = self.record.as_ref().filter(|path| path.exists()) else {
            return BTreeSet::new();
        };
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("a record is lines of JSON")
        });
        lines
            .filter(|line| line["target"] == TARGET.name() && line["steps"] == self.steps)
            .map(|line| line["seed"].as_u64().unwrap())
            .collect()
    }

    fn keep(&self, seed: u64, figures: &Figures) {
        let Some(path) = &self.record else { return };
        let line = figures.line(TARGET.name(), seed, self.steps);
        let file = OpenOptions::new().create(true).append(true).open(path);
        // One write, so that two processes do not mix their lines.
        file.unwrap()
            .write_all(format!("{line}\n").as_bytes())
            .unwrap();
    }
}

#[test]
fn inv_everything_at_once_follows_the_model() {
    let order = Order::read();
    let done = order.done();
    for seed in order.seeds.clone().filter(|seed| !done.contains(seed)) {
        let plan = Plan {
            target: TARGET,
            seed,
            steps: order.steps,
        };
        let figures = plan
            .run()
            .unwrap_or_else(|broken| panic!("{}", broken.report()));
        order.keep(seed, &figures);
        if order.steps >= FULL_LENGTH {
            assert!(
                figures.taken() * 4 > figures.acts(),
                "seed {seed} is mostly refusals: {figures:?}"
            );
        }
    }
}

/// Chain and model are given curves that differ by one wei in the target: the first mint shows it, after something to
/// mint from.
#[test]
fn a_long_run_notices_a_difference_of_one_wei_and_shrinks_it() {
    let plan = Plan {
        target: TARGET,
        seed: 1,
        steps: 400,
    };
    let broken = plan.run_over(|| {
        let mut world = World::with(TARGET, seeded_parameters(plan.seed));
        world.parameters.target_supply += U256::ONE;
        world
    });
    let broken = broken.expect_err("a wrong model goes on unnoticed");
    assert!(broken.shortest.len() <= 4, "{}", broken.report());
    assert!(
        broken.report().contains("scripts/long-run --target"),
        "{}",
        broken.report()
    );
}
