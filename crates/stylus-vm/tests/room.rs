//! Room that nobody pays for: one transaction's programs share it, other transactions wait for it.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use std::thread;

use alloy_primitives::Bytes;
use stylus_vm::{
    Answer, CompileConfig, Execution, Outcome, Program, ProgramError, Room, Shortage, Step,
};
use support::input::plain_input;

/// Takes all memory there is, calls somebody, and fails unless it got it.
fn greedy() -> Program {
    let text = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (memory (export "memory") 0)
        (func (export "user_entrypoint") (param i32) (result i32)
            (drop (memory.grow (i32.const 65536)))
            (drop (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
                (i64.const -1) (i32.const 64)))
            (i32.ne (memory.size) (i32.const 65536))))"#;
    Program::compile(&wat::parse_str(text).unwrap(), &CompileConfig::default()).unwrap()
}

fn begin(program: &Program, room: &Room) -> Result<(Execution, Step), ProgramError> {
    let mut input = plain_input(&[], 1 << 50);
    input.room = room.clone();
    let mut execution = Execution::start(program, input)?;
    let step = execution.run(None);
    Ok((execution, step))
}

fn end(mut execution: Execution) -> Outcome {
    let answer = Answer::Call {
        status: 0,
        gas_cost: 100,
        return_data: Bytes::new(),
    };
    match execution.run(Some(answer)) {
        Step::Done(finished) => finished.outcome,
        Step::Ask(request) => panic!("{request:?}"),
    }
}

#[test]
fn a_second_whole_memory_in_one_transaction_ends_for_want_of_room_and_the_first_goes_on() {
    let (program, room) = (greedy(), Room::default());
    for _ in 0..3 {
        let (outer, step) = begin(&program, &room).unwrap();
        assert!(matches!(step, Step::Ask(_)), "{step:?}");
        let (_, step) = begin(&program, &room).unwrap();
        let Step::Done(finished) = step else {
            panic!("{step:?}")
        };
        assert_eq!(finished.outcome, Outcome::NoRoom(Shortage::Own));
        assert_eq!(end(outer), Outcome::Success);
    }
}

#[test]
fn transactions_that_take_all_memory_wait_for_each_other_and_all_get_it() {
    let program = greedy();
    let (first, step) = begin(&program, &Room::default()).unwrap();
    assert!(matches!(step, Step::Ask(_)), "{step:?}");
    // More than may have an instance outside of the pool at a time.
    let others: Vec<_> = (0..12)
        .map(|_| {
            let program = program.clone();
            thread::spawn(move || {
                let (execution, step) = begin(&program, &Room::default()).unwrap();
                assert!(matches!(step, Step::Ask(_)), "{step:?}");
                end(execution)
            })
        })
        .collect();
    assert_eq!(end(first), Outcome::Success);
    for other in others {
        assert_eq!(other.join().unwrap(), Outcome::Success);
    }
}
