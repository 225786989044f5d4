//! What is drawn without end: calldata of every function, and signatures of permits. `PROPTEST_CASES` says how many
//! cases are tried. Programs and twin run beside each other in each test, so the twin's run has no such suite.

mod calldata;
mod drawing;
mod permits;
mod relations;
mod side;
mod signing;
mod words;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

/// Shows what came of the cases to whoever runs them with `--nocapture`.
#[allow(clippy::print_stdout, reason = "figures of a long search")]
fn figures(tally: &impl std::fmt::Debug) {
    println!("{tally:?}");
}

/// Tries `usual` cases, or as many as `PROPTEST_CASES` says, and shrinks the first that fails.
fn try_cases<S: Strategy>(usual: u32, cases: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let cases_tried = std::env::var("PROPTEST_CASES").map_or(usual, |text| text.parse().unwrap());
    let mut runner = TestRunner::new(Config {
        cases: cases_tried,
        failure_persistence: None,
        ..Config::default()
    });
    if let Err(failure) = runner.run(cases, test) {
        panic!("{failure}");
    }
}
