//! What fuzzing found, one test for each bug.
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

/// The engine panicked while it compiled such a store.
#[test]
fn a_far_store_may_write_its_own_address() {
    for (store, len) in [("i32.store8", 1), ("i32.store16", 2), ("i32.store", 4)] {
        for (offset, spelled) in [(0, ""), (70_000, "offset=70000")] {
            let text = format!(
                r#"(module
                (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
                (memory (export "memory") 2 2)
                (func (export "user_entrypoint") (param i32) (result i32)
                    (local $p i32)
                    ({store} {spelled}
                        (local.tee $p (i32.add (local.get 0) (i32.const 0x01c0)))
                        (local.get $p))
                    (call $write_result (i32.const {at}) (i32.const 4))
                    (i32.const 0)))"#,
                at = offset + 0x01c4,
            );
            let wasm = wat::parse_str(text).unwrap();
            let mut want = 0x01c4_u32.to_le_bytes();
            want[len..].fill(0);
            assert_eq!(
                run(&wasm, &[7; 4]),
                (Outcome::Success, want.to_vec()),
                "{store} {spelled}"
            );
        }
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
