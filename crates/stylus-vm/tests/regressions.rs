//! What fuzzing and the real node found, one test for each bug.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use stylus_vm::{ActivationConfig, Execution, Outcome, Step, activate};
use support::input::plain_input;

/// Activates and runs a program that asks nothing; returns how it ended and what it left.
fn run(wasm: &[u8], calldata: &[u8]) -> (Outcome, Vec<u8>) {
    let (mut execution, step) = start(wasm, calldata);
    assert!(execution.take_console().is_empty());
    match step {
        Step::Done(finished) => (finished.outcome, finished.output.to_vec()),
        Step::Ask(request) => panic!("asked {request:?}"),
    }
}

/// Runs a program to its first request or its end.
fn start(wasm: &[u8], calldata: &[u8]) -> (Execution, Step) {
    let cfg = ActivationConfig {
        arbos_version: 51,
        stylus_version: 2,
        page_limit: 128,
        debug_chain: true,
    };
    let activation = activate(wasm, &cfg, &mut (1 << 40)).unwrap();
    let mut input = plain_input(calldata, 100_000_000);
    input.debug_chain = true;
    input.tracing = false;
    let mut execution = Execution::start(&activation.program, input).unwrap();
    let step = execution.run(None);
    (execution, step)
}

/// An engine panicked while it compiled such a store.
#[test]
fn a_far_store_may_write_its_own_address() {
    for (store, len) in [
        ("i32.store8", 1),
        ("i32.store16", 2),
        ("i32.store", 4),
        ("i64.store8", 1),
        ("i64.store16", 2),
        ("i64.store32", 4),
        ("i64.store", 8),
    ] {
        let extended = if store.starts_with("i64") {
            vec!["i64.extend_i32_u", "i64.extend_i32_s"]
        } else {
            vec![""]
        };
        for value in extended {
            for (offset, spelled) in [
                (0, ""),
                (65_535, "offset=65535"),
                (65_536, "offset=65536"),
                (70_000, "offset=70000"),
            ] {
                for (set, get) in [
                    ("local.tee $p", "local.get $p"),
                    ("global.set $g global.get $g", "global.get $g"),
                ] {
                    let text = format!(
                        r#"(module
                        (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
                        (memory (export "memory") 2 2) (global $g (mut i32) (i32.const 0))
                        (func (export "user_entrypoint") (param i32) (result i32) (local $p i32)
                            local.get 0 i32.const 0x01c0 i32.add {set}
                            {get} {value} {store} {spelled}
                            (call $write_result (i32.const {at}) (i32.const 8))
                            (i32.const 0)))"#,
                        at = offset + 0x01c4,
                    );
                    let wasm = wat::parse_str(text).unwrap();
                    let mut want = 0x01c4_u64.to_le_bytes();
                    want[len..].fill(0);
                    assert_eq!(
                        run(&wasm, &[7; 4]),
                        (Outcome::Success, want.to_vec()),
                        "{get} {value} {store} {spelled}"
                    );
                }
            }
        }
    }
}

/// The process ended with an overflow of the native stack.
#[test]
fn growth_that_fails_in_a_loop_ends_for_want_of_ink() {
    for (memory, pages) in [
        ("1 1", 1),
        ("1 1", 0),
        ("1 1", 65_536),
        ("0 0", 1),
        ("128 128", -1),
    ] {
        let text = format!(
            r#"(module (memory (export "memory") {memory})
            (func (export "user_entrypoint") (param i32) (result i32)
                (loop i32.const {pages} memory.grow drop br 0) unreachable))"#
        );
        let (outcome, output) = run(&wat::parse_str(text).unwrap(), &[]);
        assert_eq!(
            (outcome, output.len()),
            (Outcome::OutOfInk, 0),
            "{memory}, by {pages}"
        );
    }
    // Where it is paid for: nothing, and what counts as nothing.
    for pages in [0, 65_536, 131_072, -65_536] {
        let text = format!(
            r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
            (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32)
                (loop i32.const {pages} memory.grow drop br 0) unreachable))"#
        );
        let (outcome, output) = run(&wat::parse_str(text).unwrap(), &[]);
        assert_eq!(
            (outcome, output.len()),
            (Outcome::OutOfInk, 0),
            "by {pages}"
        );
    }
}

/// Ink that a growth takes whether it succeeds or not, and what it answers.
#[test]
fn growth_from_nothing_by_all_pages_succeeds_for_the_price_of_none() {
    let text = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
        (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
        (memory (export "memory") 0)
        (func (export "user_entrypoint") (param i32) (result i32) (local $old i32) (local $more i32)
            (local.set $old (memory.grow (i32.const 65536)))
            (local.set $more (memory.grow (i32.const 65536)))
            (i32.store (i32.const 0) (local.get $old))
            (i32.store (i32.const 4) (memory.size))
            (i32.store (i32.const 8) (local.get $more))
            (i32.store8 (i32.const -1) (i32.const 0x5a))
            (i32.store8 (i32.const 12) (i32.load8_u (i32.const -1)))
            (call $write_result (i32.const 0) (i32.const 16))
            (i32.const 0)))"#;
    let (outcome, output) = run(&wat::parse_str(text).unwrap(), &[]);
    assert_eq!(outcome, Outcome::Success);
    let words: Vec<_> = output
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().unwrap()))
        .collect();
    assert_eq!(words, [0, 65_536, u32::MAX, 0x5a]);
}

/// The specification's answer; real Nitro takes the default for a constant index.
#[test]
fn a_branch_table_with_a_constant_index_goes_where_it_points() {
    for index in ["i32.const 0", "i32.const 0 local.tee 0"] {
        let text = format!(
            r#"(module (import "vm_hooks" "write_result" (func $wr (param i32 i32)))
            (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32)
                block block {index} br_table 0 1 end
                    i32.const 0 i32.const 7 i32.store
                end
                i32.const 0 i32.const 4 call $wr i32.const 0))"#
        );
        let answer = run(&wat::parse_str(text).unwrap(), &[]);
        assert_eq!(answer, (Outcome::Success, vec![7, 0, 0, 0]), "{index}");
    }
}

/// Found by review: printing is free of ink, so a loop could print until memory was gone.
#[test]
fn a_program_that_prints_without_end_runs_out_of_ink_and_not_of_memory() {
    let wasm = wat::parse_str(
        r#"(module
        (import "console" "log_txt" (func $print (param i32 i32)))
        (memory (export "memory") 8 8)
        (func (export "user_entrypoint") (param i32) (result i32)
            (loop $again
                (call $print (i32.const 0) (i32.const 0x80000))
                (br $again))
            (unreachable)))"#,
    )
    .unwrap();
    let (mut execution, step) = start(&wasm, &[]);
    let Step::Done(finished) = step else {
        panic!("asked")
    };
    assert_eq!(finished.outcome, Outcome::OutOfInk);
    let printed: usize = execution.take_console().iter().map(String::len).sum();
    assert!(printed < 2 << 20, "{printed}");
}
