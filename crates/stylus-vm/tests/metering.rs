//! The engine running instrumented code agrees with a slow interpreter of the
//! original code, in results and to the unit of ink.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use stylus_vm::{CompileConfig, Execution, Finished, Outcome, Program, Step};
use support::generator::Generator;
use support::input::plain_input;
use support::interpreter::{End, Interpreter};

/// Modules compared by default; `METERING_SEEDS` runs more of them.
const SEEDS: u64 = 400;
const INK: u64 = 1 << 50;

fn engine(wasm: &[u8], args: &[u8], ink: u64) -> Finished {
    let program = Program::compile(wasm, &CompileConfig::default()).unwrap();
    let mut execution = Execution::start(&program, plain_input(args, ink)).unwrap();
    match execution.run(None) {
        Step::Done(finished) => finished,
        Step::Ask(request) => panic!("{request:?}"),
    }
}

fn agree(seed: u64) -> Result<bool, String> {
    let text = Generator::module(seed);
    let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
    let args: Vec<u8> = (0..64u8)
        .map(|byte| byte.wrapping_mul(seed as u8 | 1))
        .collect();
    let ours = engine(&wasm, &args, INK);
    let used = INK - ours.ink_left;
    let theirs = Interpreter::new(&wasm).run(&args);
    match (&theirs, ours.outcome) {
        (
            End::Returned {
                status,
                output,
                ink,
            },
            Outcome::Success | Outcome::Revert,
        ) => {
            let same = (*status == 0) == (ours.outcome == Outcome::Success);
            if !same || *output != ours.output || *ink != used {
                return Err(format!(
                    "seed {seed}: {ours:?} used {used}, expected {theirs:?}"
                ));
            }
            // One unit less than needed must run out, and exactly enough must do.
            assert_eq!(engine(&wasm, &args, *ink).ink_left, 0, "seed {seed}");
            assert_eq!(
                engine(&wasm, &args, ink - 1).outcome,
                Outcome::OutOfInk,
                "seed {seed}"
            );
            Ok(true)
        }
        (End::Trapped { ink }, Outcome::Failure) if *ink == used => Ok(false),
        _ => Err(format!(
            "seed {seed}: {ours:?} used {used}, expected {theirs:?}"
        )),
    }
}

#[test]
fn metered_runs_cost_what_the_rules_say() {
    let seeds = std::env::var("METERING_SEEDS").map_or(SEEDS, |text| text.parse().unwrap());
    let results: Vec<_> = (0..seeds).map(agree).collect();
    let wrong: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    let list: Vec<_> = wrong.iter().take(5).map(|text| text.as_str()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {seeds} disagree:\n{}",
        wrong.len(),
        list.join("\n")
    );
    let returned = results
        .iter()
        .filter(|result| matches!(result, Ok(true)))
        .count() as u64;
    assert!(
        returned > seeds / 3,
        "only {returned} of {seeds} modules ran to their end"
    );
}
