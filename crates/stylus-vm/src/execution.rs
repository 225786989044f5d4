//! A running program.

use crate::{Answer, Finished, HostioRecord, Outcome, Program, ProgramError, RunInput, Step};

/// One frame of a program: its instance, storage cache, return data and output.
#[derive(Debug)]
pub struct Execution {
    ink: u64,
}

impl Execution {
    /// Creates a fresh instance; nothing runs yet.
    ///
    /// # Errors
    /// The engine could not create the instance.
    pub fn start(program: &Program, input: RunInput) -> Result<Self, ProgramError> {
        let _ = program;
        Ok(Self { ink: input.ink })
    }

    /// Runs until the program asks or ends.
    ///
    /// `answer` is `None` on the first call and the reply to the last
    /// [`Request`](crate::Request) afterwards. An answer of the wrong kind
    /// ends the program as a [`Outcome::Failure`].
    pub fn run(&mut self, answer: Option<Answer>) -> Step {
        let _ = answer;
        let output = alloy_primitives::Bytes::new();
        Step::Done(Finished {
            outcome: Outcome::Failure,
            output,
            ink_left: self.ink,
        })
    }

    /// Host calls completed since the last call of this; empty unless tracing.
    pub fn take_trace(&mut self) -> Vec<HostioRecord> {
        Vec::new()
    }

    /// Lines the program printed since the last call of this.
    pub fn take_console(&mut self) -> Vec<String> {
        Vec::new()
    }
}
