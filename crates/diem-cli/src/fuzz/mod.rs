//! What people type and files hold, drawn without end: nothing that is read panics, what is taken means what it says,
//! what was printed is read again as the same. `PROPTEST_CASES` says how many cases are tried.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod addresses;
mod amounts;
mod endpoints;
mod files;
mod keystores;
mod line;
mod numbers;
mod words;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

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
