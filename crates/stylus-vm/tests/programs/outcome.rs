//! How a run ended, as everybody can see it, and runs on the node's engine.

use alloy_primitives::Bytes;
use stylus_vm::{Execution, Outcome, Program, RunEnv, RunInput, Step};

use crate::transition::Transition;

/// The end of a run and what was asked on the way.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    pub(crate) output: Vec<u8>,
    pub(crate) ink_left: u64,
    pub(crate) transition: Transition,
}

/// Ink per gas.
pub(crate) const INK_PRICE: u32 = 10_000;
/// Words of stack, as chains start out.
pub(crate) const STACK: u32 = 22_000;
/// Calldata of every run.
pub(crate) const CALLDATA: [u8; 40] = [0x5a; 40];
/// Block time of every run.
pub(crate) const NOW: u64 = 1_750_000_000;

/// Runs a program on the node's engine.
pub(crate) fn node(program: &Program, ink: u64) -> Ended {
    let input = RunInput {
        calldata: Bytes::from_static(&CALLDATA),
        ink,
        ink_price: INK_PRICE,
        max_stack_depth: STACK,
        free_pages: 2,
        arbos_version: 51,
        is_static: false,
        tracing: false,
        debug_chain: false,
        max_code_size: 24_576,
        room: stylus_vm::Room::default(),
        env: RunEnv {
            block_timestamp: NOW,
            ..RunEnv::default()
        },
    };
    let mut transition = Transition::default();
    transition
        .pages
        .add(program.footprint(), &transition.params.clone());
    let mut execution = Execution::start(program, input).unwrap();
    let mut answer = None;
    loop {
        match execution.run(answer.take()) {
            Step::Ask(request) => answer = Some(transition.answer(request)),
            Step::Done(finished) => {
                return Ended {
                    outcome: finished.outcome,
                    output: finished.output.to_vec(),
                    ink_left: finished.ink_left,
                    transition,
                };
            }
        }
    }
}
