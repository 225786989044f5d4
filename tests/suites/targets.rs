//! Both targets run the same suites.

use std::collections::BTreeSet;

/// What runs both targets beside each other, and what only a Stylus program has: a year to live, and a stack.
const NOT_FOR_THE_TWIN_ALONE: [&str; 3] = ["fuzz", "programs", "stack"];

/// The modules that a file declares.
fn suites(source: &str) -> BTreeSet<&str> {
    let names = source
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    names.collect()
}

#[test]
fn the_twin_runs_every_suite_but_those_of_programs_and_of_both() {
    let (stylus, evm) = (
        suites(include_str!("main.rs")),
        suites(include_str!("evm.rs")),
    );
    assert!(stylus.len() > 20, "{stylus:?}");
    let difference: Vec<_> = stylus.symmetric_difference(&evm).copied().collect();
    assert_eq!(difference, NOT_FOR_THE_TWIN_ALONE);
}
