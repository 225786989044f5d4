//! Generated programs end alike on the node's engine and on another one that has nothing in
//! common with it: result, output, memory, ink, traps.
//!
//! A few hundred seeds in a test; `scripts/fuzz programs` runs others for as long as it is told.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod control_flow;
mod outcome;
mod second;
mod smith;
mod transition;
mod typed;

use std::fmt::Debug;
use std::time::{Duration, Instant};

use stylus_vm::{ActivationConfig, CompileConfig, Outcome, Program, activate};

use outcome::Ended;

/// Seeds of each generator that a test runs.
const SEEDS: u64 = 300;
/// Ink of a run: some ten thousand instructions.
const INK: u64 = 60_000_000;
/// How often a long run says how far it is.
const REPORT_EVERY: Duration = Duration::from_secs(60);

type Generator = fn(u64) -> Vec<u8>;
const GENERATORS: [(&str, Generator); 2] = [("typed", typed::module), ("smith", smith::module)];

/// How many modules were tried and how they ended.
#[derive(Debug, Default)]
struct Tally {
    modules: u64,
    refused: u64,
    runs: u64,
    returned: u64,
    failed: u64,
    out_of_ink: u64,
    out_of_stack: u64,
}

impl Tally {
    fn count(&mut self, outcome: Outcome) {
        self.runs += 1;
        match outcome {
            Outcome::Success | Outcome::Revert => self.returned += 1,
            Outcome::Failure => self.failed += 1,
            Outcome::OutOfInk => self.out_of_ink += 1,
            Outcome::OutOfStack => self.out_of_stack += 1,
            Outcome::NoRoom(shortage) => panic!("{shortage}"),
        }
    }
}

fn rules(arbos_version: u64) -> ActivationConfig {
    ActivationConfig {
        arbos_version,
        stylus_version: 2,
        page_limit: 128,
        debug_chain: false,
    }
}

/// Runs a program on both engines: they must agree.
fn run_both(
    program: &Program,
    second: &second::Second,
    ink: u64,
    tally: &mut Tally,
    what: &impl Debug,
) -> Ended {
    let ours = outcome::node(program, ink);
    let theirs = second.run(ink);
    assert_eq!(ours, theirs, "{what:?}, {ink} ink");
    tally.count(ours.outcome);
    ours
}

/// Runs the module of a seed on both engines with much ink and with what is just too little.
fn compare(name: &str, generate: Generator, seed: u64, tally: &mut Tally) {
    let wasm = generate(seed);
    tally.modules += 1;
    let Ok(activation) = activate(&wasm, &rules(51), &mut (1 << 40)) else {
        tally.refused += 1;
        return;
    };
    let instrumented = Program::instrumented(&wasm, &CompileConfig::default()).unwrap();
    let second = second::Second::new(&instrumented);
    let mut both = |ink| run_both(&activation.program, &second, ink, tally, &(name, seed));
    let ended = both(INK);
    let used = INK - ended.ink_left;
    if matches!(ended.outcome, Outcome::Success | Outcome::Revert) {
        both(used);
        both(used - 1);
        both(used / 2);
    }
}

#[test]
fn generated_programs_end_alike_on_two_engines() {
    for (name, generate) in GENERATORS {
        let mut tally = Tally::default();
        for seed in 0..SEEDS {
            compare(name, generate, seed, &mut tally);
        }
        assert!(tally.refused * 4 < tally.modules, "{name}: {tally:?}");
        assert!(tally.returned * 4 > tally.runs, "{name}: {tally:?}");
        assert!(tally.failed + tally.out_of_ink > 0, "{name}: {tally:?}");
    }
}

/// As long as `PROGRAMS_SECONDS` says, from seed `PROGRAMS_FROM` on: `scripts/fuzz programs`.
#[test]
#[ignore = "a search, not a test: it runs for as long as it is told"]
fn search() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().unwrap())
    };
    let patience = Duration::from_secs(number("PROGRAMS_SECONDS").unwrap_or(600));
    let from = number("PROGRAMS_FROM").unwrap_or(SEEDS);
    let (begun, mut said) = (Instant::now(), Instant::now());
    let mut tallies = GENERATORS.map(|_| Tally::default());
    let mut seed = from;
    while begun.elapsed() < patience {
        for ((name, generate), tally) in GENERATORS.iter().zip(&mut tallies) {
            compare(name, *generate, seed, tally);
        }
        seed += 1;
        if said.elapsed() > REPORT_EVERY {
            said = Instant::now();
            eprintln!(
                "{:?}, seeds {from} to {}: {tallies:?}",
                begun.elapsed(),
                seed - 1
            );
        }
    }
    eprintln!(
        "{:?}, seeds {from} to {}: {tallies:#?}",
        begun.elapsed(),
        seed - 1
    );
}
