//! A running program.

use alloy_primitives::Bytes;
use wasmi::{AsContextMut, Global, Store, StoreLimitsBuilder, TypedFunc, TypedResumableCall, Val};

use crate::console::Console;
use crate::hostio::{Handles, Host, Hostio, Reply, Stop, StorageCache, Suspended};
use crate::instrument::{INK_LEFT, INK_STATUS, STACK_LEFT};
use crate::memory::MAX_PAYABLE_PAGES;
use crate::trace::TraceBuffer;
use crate::validate::{ENTRY_POINT, MEMORY_EXPORT};
use crate::{Answer, Finished, HostioRecord, Outcome, Program, ProgramError, RunInput, Step};

/// Bytes of the largest memory that can be paid for.
const MAX_MEMORY_BYTES: usize = MAX_PAYABLE_PAGES as usize * 65_536;
/// Trace record that opens a frame.
const ENTERED: &str = "user_entrypoint";
/// Trace record that closes a frame which ended by itself.
const RETURNED: &str = "user_returned";

/// A call of the engine, waiting in a host function.
type Waiting = wasmi::TypedResumableCallHostTrap<i32>;

/// One frame of a program: its instance, storage cache, return data and output.
///
/// Memory beyond 128 pages cannot be grown: it could not be paid for anyway,
/// except for one growth by exactly 65,536 pages, whose price wraps to
/// nothing and which here fails instead of reserving 4 GiB.
pub struct Execution {
    store: Store<Host>,
    stack_left: Global,
    entry: TypedFunc<i32, i32>,
    state: State,
}

enum State {
    Ready,
    Waiting(Box<Waiting>, Suspended),
    Over,
}

impl std::fmt::Debug for Execution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match &self.state {
            State::Ready => "ready",
            State::Waiting(_, suspended) => suspended.function.name,
            State::Over => "over",
        };
        f.debug_struct("Execution")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}

impl Execution {
    /// Creates a fresh instance; nothing runs yet.
    ///
    /// # Errors
    /// The engine could not create the instance.
    pub fn start(program: &Program, input: RunInput) -> Result<Self, ProgramError> {
        let refused = |error: wasmi::Error| ProgramError::Instantiate(error.to_string());
        let missing = |what: &str| ProgramError::Instantiate(format!("no export {what}"));
        let (ink, stack) = (input.ink, input.max_stack_depth);
        let limits = StoreLimitsBuilder::new()
            .memory_size(MAX_MEMORY_BYTES)
            .build();
        let host = Host {
            input,
            limits,
            handles: None,
            storage: StorageCache::default(),
            return_data: Bytes::new(),
            output: Bytes::new(),
            code: None,
            stop: None,
            trace: TraceBuffer::default(),
            console: Console::default(),
        };
        let mut store = Store::new(program.engine(), host);
        store.limiter(|host| &mut host.limits);
        let instance = program
            .linker()
            .instantiate_and_start(&mut store, program.module())
            .map_err(refused)?;
        let global = |name: &str| {
            instance
                .get_global(&store, name)
                .ok_or_else(|| missing(name))
        };
        let (ink_left, status) = (global(INK_LEFT)?, global(INK_STATUS)?);
        let stack_left = global(STACK_LEFT)?;
        let memory = instance
            .get_memory(&store, MEMORY_EXPORT)
            .ok_or_else(|| missing(MEMORY_EXPORT))?;
        let entry = instance
            .get_typed_func(&store, ENTRY_POINT)
            .map_err(refused)?;
        let set = |error: wasmi::errors::GlobalError| ProgramError::Instantiate(error.to_string());
        ink_left
            .set(&mut store, Val::I64(ink as i64))
            .map_err(set)?;
        stack_left
            .set(&mut store, Val::I32(stack as i32))
            .map_err(set)?;
        store.data_mut().handles = Some(Handles {
            ink: ink_left,
            status,
            memory,
        });
        Ok(Self {
            store,
            stack_left,
            entry,
            state: State::Ready,
        })
    }

    /// Runs until the program asks or ends.
    ///
    /// `answer` is `None` on the first call and the reply to the last
    /// [`Request`](crate::Request) afterwards. An answer of the wrong kind ends the program as
    /// an [`Outcome::Failure`], and so does a call after the end.
    pub fn run(&mut self, answer: Option<Answer>) -> Step {
        let called = match (std::mem::replace(&mut self.state, State::Over), answer) {
            (State::Ready, None) => self.enter(),
            (State::Waiting(waiting, suspended), Some(answer)) => {
                self.resume(*waiting, suspended, answer)
            }
            _ => return self.finish(Outcome::Failure, Bytes::new()),
        };
        match called {
            Ok(TypedResumableCall::Finished(status)) => self.returned(status as u32),
            Ok(TypedResumableCall::HostTrap(waiting)) => self.stopped(Some(waiting)),
            Ok(TypedResumableCall::OutOfFuel(_)) => self.trapped(),
            Err(error) => {
                if matches!(error.as_trap_code(), Some(wasmi::TrapCode::StackOverflow)) {
                    return self.finish(Outcome::OutOfStack, Bytes::new());
                }
                self.stopped(None)
            }
        }
    }

    /// Host calls completed since the last call of this; empty unless tracing. `None` once
    /// there was more than [`MAX_TRACE_BYTES`](crate::MAX_TRACE_BYTES) at a time.
    pub fn take_trace(&mut self) -> Option<Vec<HostioRecord>> {
        self.store.data_mut().trace.take()
    }

    /// Lines the program printed since the last call of this, at most about a MiB of them.
    pub fn take_console(&mut self) -> Vec<String> {
        self.store.data_mut().console.take()
    }

    fn enter(&mut self) -> Result<TypedResumableCall<i32>, wasmi::Error> {
        let len = self.store.data().input.calldata.len() as u32;
        self.trace_frame(
            ENTERED,
            Bytes::copy_from_slice(&len.to_be_bytes()),
            Bytes::new(),
        );
        self.entry.call_resumable(&mut self.store, len as i32)
    }

    fn resume(
        &mut self,
        waiting: Waiting,
        suspended: Suspended,
        answer: Answer,
    ) -> Result<TypedResumableCall<i32>, wasmi::Error> {
        let Suspended {
            function,
            start_ink,
            then,
        } = suspended;
        let hostio = Hostio::enter(self.store.as_context_mut(), function, Some(start_ink))
            .map_err(|_| wasmi::Error::new("resumed without an instance"))?;
        match hostio.leave(|hostio| then(hostio, answer))? {
            Reply::None => waiting.resume(&mut self.store, &[]),
            Reply::Word(word) => waiting.resume(&mut self.store, &[Val::I32(word as i32)]),
        }
    }

    /// A host function stopped the program, or the program trapped.
    fn stopped(&mut self, waiting: Option<Waiting>) -> Step {
        match (self.store.data_mut().stop.take(), waiting) {
            (Some((Stop::Ask(request, then), function, start_ink)), Some(waiting)) => {
                let suspended = Suspended {
                    function,
                    start_ink,
                    then,
                };
                self.state = State::Waiting(Box::new(waiting), suspended);
                Step::Ask(*request)
            }
            (Some((Stop::Exit(status), ..)), _) => self.returned(status),
            _ => self.trapped(),
        }
    }

    /// The entry point returned, or the program exited.
    fn returned(&mut self, status: u32) -> Step {
        let outs = Bytes::copy_from_slice(&status.to_be_bytes());
        self.trace_frame(RETURNED, Bytes::new(), outs);
        let output = std::mem::take(&mut self.store.data_mut().output);
        let outcome = if status == 0 {
            Outcome::Success
        } else {
            Outcome::Revert
        };
        self.finish(outcome, output)
    }

    /// Finds out why the program could not go on.
    fn trapped(&mut self) -> Step {
        let status = self
            .store
            .data()
            .handles
            .map(|handles| handles.status.get(&self.store));
        let outcome = match (self.stack_left.get(&self.store), status) {
            (Val::I32(0), _) => Outcome::OutOfStack,
            (_, Some(Val::I32(0))) => Outcome::Failure,
            _ => Outcome::OutOfInk,
        };
        self.finish(outcome, Bytes::new())
    }

    fn finish(&mut self, outcome: Outcome, output: Bytes) -> Step {
        let ink = self
            .store
            .data()
            .handles
            .map(|handles| handles.ink.get(&self.store));
        let ink_left = match (outcome, ink) {
            (Outcome::OutOfInk | Outcome::OutOfStack, _) => 0,
            (_, Some(Val::I64(ink))) => ink as u64,
            _ => 0,
        };
        Step::Done(Finished {
            outcome,
            output,
            ink_left,
        })
    }

    /// Records the start or the end of the frame; both carry the initial ink.
    fn trace_frame(&mut self, name: &'static str, args: Bytes, outs: Bytes) {
        let host = self.store.data_mut();
        if host.input.tracing {
            let ink = host.input.ink;
            host.trace.push(HostioRecord {
                name,
                args,
                outs,
                start_ink: ink,
                end_ink: ink,
            });
        }
    }
}
