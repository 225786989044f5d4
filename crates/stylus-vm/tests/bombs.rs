//! Modules whose code could grow out of proportion as an engine compiles it: each is refused for what
//! it is, or takes memory in proportion to its size and runs like any other.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use stylus_vm::{ActivationConfig, CompileConfig, Execution, Outcome, Program, Step, activate};
use support::input::plain_input;

/// Bytes of the largest module that chains take.
const LARGEST: usize = 128 << 10;
/// Native code and module may take so many times the module, and the entry to it whatever it is.
const GROWTH: usize = 64;

fn activated(what: &str, text: &str) -> Result<Program, String> {
    let wasm = wat::parse_str(text).unwrap();
    assert!(wasm.len() <= LARGEST, "{what}: {} bytes", wasm.len());
    let cfg = ActivationConfig {
        arbos_version: 51,
        stylus_version: 2,
        page_limit: 128,
        debug_chain: false,
    };
    let activation = activate(&wasm, &cfg, &mut (1 << 40)).map_err(|error| error.to_string())?;
    let size = activation.program.size();
    assert!(
        size < GROWTH * wasm.len().max(4_096),
        "{what}: {size} bytes of {}",
        wasm.len()
    );
    Ok(activation.program)
}

fn outcome(program: &Program) -> Outcome {
    let mut input = plain_input(&[], 10_000_000_000);
    input.tracing = false;
    match Execution::start(program, input).unwrap().run(None) {
        Step::Done(finished) => finished.outcome,
        Step::Ask(request) => panic!("{request:?}"),
    }
}

/// A module whose entry point runs this code, and has an i32 in local 0.
fn module(fields: &str, code: &str) -> String {
    format!(
        r#"(module {fields} (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32) {code} i32.const 0))"#
    )
}

/// A type of a thousand parameters and as many results, and a function of it.
fn thousand() -> String {
    let many = "i64 ".repeat(1_000);
    let values = "i64.const 1 ".repeat(1_000);
    format!("(type $t (func (param {many}) (result {many}))) (func $f (type $t) {values})")
}

/// Code with a thousand values on the stack.
fn over_thousand(code: &str) -> String {
    let (push, drop) = ("i64.const 1 ".repeat(1_000), "drop ".repeat(1_000));
    module(&thousand(), &format!("{push} {code} {drop}"))
}

#[test]
fn branches_that_carry_a_thousand_values_run() {
    for (what, code) in [
        ("blocks", "block (type $t) end "),
        ("loops", "loop (type $t) end "),
        ("ifs", "local.get 0 if (type $t) end "),
        ("br_if", "block (type $t) local.get 0 br_if 0 end "),
        ("br_table", "block (type $t) local.get 0 br_table 0 0 end "),
    ] {
        let program = activated(what, &over_thousand(&code.repeat(500)));
        assert_eq!(outcome(&program.unwrap()), Outcome::Success, "{what}");
    }
}

#[test]
fn huge_functions_run_or_are_refused_for_their_opcodes_or_operands() {
    let nested = |open: &str, count: usize| {
        let (open, close) = (open.repeat(count), "end ".repeat(count));
        module("", &format!("{open}{close}"))
    };
    let tables = format!("block local.get 0 br_table {} end ", "0 ".repeat(100));
    let locals = "(func (local i64 i64 i64 i64 i64 i64 i64 i64)) ".repeat(4_000);
    let indirect = "(type $n (func)) (table 1 funcref) (elem (i32.const 0) $n) (func $n)";
    let deep: String = (0..3_000).map(|depth| format!("{depth} ")).collect();
    for (what, text, refused_for) in [
        (
            "operands that wait",
            module(
                "",
                &("i64.const 1 ".repeat(20_000) + &"drop ".repeat(20_000)),
            ),
            Some("too many values on the stack"),
        ),
        ("nested blocks", nested("block ", 4_000), None),
        ("nested loops", nested("loop ", 2_000), None),
        ("nested ifs", nested("local.get 0 if ", 2_000), None),
        (
            "more nested blocks",
            nested("block ", 30_000),
            Some("too many wasm opcodes"),
        ),
        (
            "a table that leaves thousands of blocks",
            module(
                "",
                &format!(
                    "{} local.get 0 br_table {deep} {}",
                    "block ".repeat(3_000),
                    "end ".repeat(3_000)
                ),
            ),
            None,
        ),
        (
            "a table of many targets",
            module(
                "",
                &format!("block local.get 0 br_table {} end", "0 ".repeat(65_000)),
            ),
            None,
        ),
        ("many tables", module("", &tables.repeat(1_100)), None),
        ("many functions with locals", module(&locals, ""), None),
        (
            "many indirect calls",
            module(
                indirect,
                &"i32.const 0 call_indirect (type $n) ".repeat(4_000),
            ),
            None,
        ),
        (
            "many copies",
            module(
                "",
                &"i32.const 0 i32.const 0 i32.const 0 memory.copy ".repeat(2_000),
            ),
            None,
        ),
        (
            "many divisions",
            module(
                "",
                &format!(
                    "i64.const 1 {} drop",
                    "i64.const 1 i64.div_s ".repeat(25_000)
                ),
            ),
            None,
        ),
    ] {
        match (activated(what, &text), refused_for) {
            (Ok(program), None) => assert_eq!(outcome(&program), Outcome::Success, "{what}"),
            (Err(error), Some(reason)) => assert!(error.contains(reason), "{what}: {error}"),
            (found, _) => panic!("{what}: {found:?}"),
        }
    }
}

/// A call of two bytes moved two thousand words, and a module took gigabytes of native code.
#[test]
fn calls_that_pass_thousands_of_words_run_until_they_are_too_many() {
    for (calls, taken) in [(20, true), (1_048, true), (1_049, false), (4_500, false)] {
        let text = over_thousand(&"call $f ".repeat(calls));
        let wasm = wat::parse_str(&text).unwrap();
        match Program::compile(&wasm, &CompileConfig::default()) {
            Ok(program) => assert!(taken && outcome(&program) == Outcome::Success, "{calls}"),
            Err(error) => {
                assert!(!taken, "{calls}: {error}");
                assert!(error.to_string().contains("words"), "{error}");
            }
        }
    }
}

/// What Nitro takes and the compiler here does not.
#[test]
fn a_table_of_more_targets_than_the_compiler_takes_is_refused_by_name() {
    let code = format!("block local.get 0 br_table {} end", "0 ".repeat(66_000));
    let error = activated("a table", &module("", &code)).unwrap_err();
    assert!(error.contains("targets"), "{error}");
}
