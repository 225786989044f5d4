//! Every kind of block, with parameters and results, left in every way, while operands wait below:
//! each combination is a module of its own. What it returns is computed here as well, so that two
//! engines cannot be wrong together.

mod cases;
mod expected;
mod operand;
mod text;

use stylus_vm::{CompileConfig, Outcome, Program, activate};

use self::cases::{Case, cases};
use crate::{INK, Tally, rules, run_both, second};

/// One case on both engines, with enough ink and with one too little.
fn check(case: &Case, tally: &mut Tally) {
    let wasm = wat::parse_str(text::module(case)).unwrap_or_else(|error| {
        panic!("{case:?}: {error}\n{}", text::module(case));
    });
    tally.modules += 1;
    let activation = activate(&wasm, &rules(51), &mut (1 << 40)).unwrap();
    let at_60 = activate(&wasm, &rules(60), &mut (1 << 40));
    assert_eq!(at_60.is_err(), case.names_a_type(), "{case:?} at ArbOS 60");
    tally.refused += u64::from(at_60.is_err());

    let instrumented = Program::instrumented(&wasm, &CompileConfig::default()).unwrap();
    let second = second::Second::new(&instrumented);
    let ended = run_both(&activation.program, &second, INK, tally, &case);
    assert_eq!(ended.outcome, Outcome::Success, "{case:?}");
    let words: Vec<u64> = ended
        .output
        .chunks_exact(8)
        .map(|word| u64::from_le_bytes(word.try_into().unwrap()))
        .collect();
    assert_eq!(words, expected::words(case), "{case:?}");
    let used = INK - ended.ink_left;
    run_both(&activation.program, &second, used - 1, tally, &case);
}

#[test]
fn blocks_of_every_type_left_in_every_way_keep_what_waits_below() {
    let mut tally = Tally::default();
    for case in cases() {
        check(&case, &mut tally);
    }
    assert!(tally.modules > 1_500, "{tally:?}");
    assert!(tally.refused * 2 > tally.modules, "{tally:?}");
    assert_eq!(tally.returned, tally.modules, "{tally:?}");
    assert_eq!(tally.out_of_ink, tally.modules, "{tally:?}");
}
