//! How a program ended, and what it left in the trace.

use alloy_primitives::Bytes;

use crate::Shortage;

/// What [`Execution::run`](crate::Execution::run) stopped for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The program waits for an answer.
    Ask(crate::Request),
    /// The program is over.
    Done(Finished),
}

/// The end of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub outcome: Outcome,
    /// What it last gave to `write_result`; empty unless it succeeded or reverted.
    pub output: Bytes,
    /// Ink not used; zero when out of ink or out of stack.
    pub ink_left: u64,
}

impl Finished {
    pub(crate) fn failure(ink_left: u64) -> Self {
        Self {
            outcome: Outcome::Failure,
            output: Bytes::new(),
            ink_left,
        }
    }
}

/// The ways a program can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Returned or exited with zero.
    Success,
    /// Returned or exited with anything else.
    Revert,
    /// A trap, a bad memory access or a host function that refused.
    Failure,
    /// Ink ran out.
    OutOfInk,
    /// The stack depth limit was reached.
    OutOfStack,
    /// The process cannot give the room it needs: there is no result, and the transaction has none.
    NoRoom(Shortage),
}

/// One completed host call, in the encoding of the native tracer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostioRecord {
    /// The host function's name, or `user_entrypoint` / `user_returned`.
    pub name: &'static str,
    /// Arguments: fixed width, big-endian, concatenated.
    pub args: Bytes,
    /// Results in the same form.
    pub outs: Bytes,
    /// Ink when the host function was entered.
    pub start_ink: u64,
    /// Ink when it finished.
    pub end_ink: u64,
}
