//! How deep programs go: by calling themselves, and by waiting for each other.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use alloy_primitives::Bytes;
use stylus_vm::{
    Answer, CompileConfig, Execution, Finished, Outcome, Program, Request, Room, Step,
};
use support::input::plain_input;

/// What a recursive function carries besides its counter.
#[derive(Clone, Copy, Debug)]
struct Shape {
    params: usize,
    locals: usize,
    /// Operands that wait on the stack while it calls itself.
    operands: usize,
}

/// A program that calls itself as often as the calldata's first word says.
fn recursive(shape: Shape) -> Program {
    let Shape {
        params,
        locals,
        operands,
    } = shape;
    let text = format!(
        r#"(module
        (import "vm_hooks" "read_args" (func $read_args (param i32)))
        (memory (export "memory") 1 1) (global $sum (mut i64) (i64.const 0))
        (func $f (param $n i32) {all_params} (result i32) (local $r i32) {all_locals}
            (if (result i32) (local.get $n)
                (then
                    {waiting}
                    (call $f (i32.sub (local.get $n) (i32.const 1)) {passed})
                    (local.set $r)
                    {taken}
                    (i32.add (local.get $r) (i32.const 1)))
                (else (i32.const 0))))
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $read_args (i32.const 0))
            (i32.ne (call $f (i32.load (i32.const 0)) {passed}) (i32.load (i32.const 0)))))"#,
        all_params = "(param i64)".repeat(params),
        all_locals = "(local i64)".repeat(locals),
        waiting = "(i64.load (i32.const 8))".repeat(operands),
        passed = "(i64.load (i32.const 16))".repeat(params),
        taken = "(global.set $sum (i64.add (global.get $sum)))".repeat(operands),
    );
    Program::compile(&wat::parse_str(text).unwrap(), &CompileConfig::default()).unwrap()
}

fn outcome(program: &Program, depth: u32, words: u32) -> Outcome {
    let mut input = plain_input(&depth.to_le_bytes(), u64::MAX);
    input.max_stack_depth = words;
    input.tracing = false;
    match Execution::start(program, input).unwrap().run(None) {
        Step::Done(finished) => finished.outcome,
        Step::Ask(request) => panic!("{request:?}"),
    }
}

/// Fewest words with which a program gets so deep.
fn least(program: &Program, depth: u32) -> u32 {
    let (mut too_few, mut enough) = (0, 22_000);
    while enough - too_few > 1 {
        let middle = (too_few + enough) / 2;
        match outcome(program, depth, middle) {
            Outcome::Success => enough = middle,
            _ => too_few = middle,
        }
    }
    enough
}

#[test]
fn the_depth_checker_ends_recursion_before_the_native_stack_does() {
    for (params, locals, operands) in [
        (0, 0, 0),
        (1, 0, 0),
        (8, 0, 0),
        (60, 0, 0),
        (400, 0, 0),
        (0, 8, 0),
        (0, 340, 0),
        (0, 0, 8),
        (0, 0, 1_000),
        (40, 40, 40),
        (3, 3, 3),
    ] {
        let shape = Shape {
            params,
            locals,
            operands,
        };
        let program = recursive(shape);
        let (first, second) = (least(&program, 1), least(&program, 2));
        for words in [22_000, 262_144] {
            let deepest = 1 + (words - first) / (second - first);
            assert_eq!(
                outcome(&program, deepest, words),
                Outcome::Success,
                "{shape:?}"
            );
            assert_eq!(
                outcome(&program, deepest + 1, words),
                Outcome::OutOfStack,
                "{shape:?}"
            );
        }
    }
}

/// No limit that an owner can set lets recursion end the process.
#[test]
fn recursion_without_a_limit_ends_for_want_of_stack_or_ink() {
    let program = recursive(Shape {
        params: 0,
        locals: 0,
        operands: 0,
    });
    let ended = outcome(&program, u32::MAX, u32::MAX);
    assert_eq!(ended, Outcome::OutOfStack);
}

#[test]
fn more_than_a_thousand_programs_wait_for_each_other_and_go_on_in_turn() {
    let text = r#"(module
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
        (memory (export "memory") 17 17) (data (i32.const 1048576) "program")
        (func (export "user_entrypoint") (param i32) (result i32)
            (drop (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const -1) (i32.const 64)))
            (i32.store (i32.const 1048576) (i32.load (i32.const 64)))
            (call $write_result (i32.const 1048576) (i32.const 7))
            (i32.const 0)))"#;
    let program =
        Program::compile(&wat::parse_str(text).unwrap(), &CompileConfig::default()).unwrap();
    let room = Room::default();
    let mut waiting: Vec<_> = (0..1_100)
        .map(|_| {
            let mut input = plain_input(&[], 1 << 50);
            input.room = room.clone();
            let mut execution = Execution::start(&program, input).unwrap();
            assert!(matches!(
                execution.run(None),
                Step::Ask(Request::Call { .. })
            ));
            execution
        })
        .collect();
    // Some are given up while they wait.
    waiting.truncate(1_050);
    for (returned, execution) in waiting.iter_mut().rev().enumerate() {
        let answer = Answer::Call {
            status: 0,
            gas_cost: 100,
            return_data: Bytes::from(vec![0; returned]),
        };
        let Step::Done(Finished {
            outcome, output, ..
        }) = execution.run(Some(answer))
        else {
            panic!("asked again")
        };
        assert_eq!(outcome, Outcome::Success);
        assert_eq!(output[..4], (returned as u32).to_le_bytes());
        assert_eq!(output[4..], *b"ram");
    }
}
