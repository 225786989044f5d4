//! A running program.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use alloy_primitives::Bytes;
use wasmtime::{AsContextMut, Global, Instance, Store, Trap, TypedFunc, Val};

use crate::desk::Desk;
use crate::engine::Code;
use crate::hostio::{Handles, Host, Stop, StorageCache};
use crate::room::Grant;
use crate::{Answer, Finished, HostioRecord, Outcome, Program, ProgramError, RunInput, Step};

/// Trace record that opens a frame.
const ENTERED: &str = "user_entrypoint";
/// Trace record that closes a frame which ended by itself.
const RETURNED: &str = "user_returned";

/// A call of the engine on a native stack of its own: pending while the program waits for an
/// answer, ready when it is over.
type Call = Pin<Box<dyn Future<Output = Finished> + Send>>;

/// One frame of a program: its instance, storage cache, return data and output.
pub struct Execution {
    /// Where the program puts its questions, and finds the answers.
    desk: Arc<Desk>,
    state: State,
}

enum State {
    Ready(Call),
    Waiting(Call),
    Over,
}

impl std::fmt::Debug for Execution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match &self.state {
            State::Ready(_) => "ready",
            State::Waiting(_) => "waiting",
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
        let desk = Arc::new(Desk::default());
        let code = program.code_for(&input)?;
        let room = input.room.clone();
        let grant = if code.in_pool {
            Grant::inside(room)
        } else {
            Grant::outside(room)?
        };
        let frame = match Frame::open(code, input, grant, &desk) {
            Ok(frame) => frame,
            // The pool is full, or there is no pool.
            Err((input, _)) => {
                let (code, grant) = (program.roomy_code()?, Grant::outside(input.room.clone())?);
                Frame::open(code, input, grant, &desk)
                    .map_err(|(_, error)| ProgramError::Instantiate(format!("{error:#}")))?
            }
        };
        Ok(Self {
            desk,
            state: State::Ready(Box::pin(frame.call())),
        })
    }

    /// Runs until the program asks or ends.
    ///
    /// `answer` is `None` on the first call and the reply to the last
    /// [`Request`](crate::Request) afterwards. An answer of the wrong kind ends the program as
    /// an [`Outcome::Failure`], and so does a call after the end.
    pub fn run(&mut self, answer: Option<Answer>) -> Step {
        let mut call = match (std::mem::replace(&mut self.state, State::Over), answer) {
            (State::Ready(call), None) => call,
            (State::Waiting(call), Some(answer)) => {
                self.desk.reply(answer);
                call
            }
            _ => return Step::Done(Finished::failure(0)),
        };
        match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(finished) => Step::Done(finished),
            Poll::Pending => match self.desk.asked() {
                Some(request) => {
                    self.state = State::Waiting(call);
                    Step::Ask(request)
                }
                None => Step::Done(Finished::failure(0)),
            },
        }
    }

    /// Host calls completed since the last call of this; empty unless tracing. `None` once
    /// there was more than [`MAX_TRACE_BYTES`](crate::MAX_TRACE_BYTES) at a time.
    pub fn take_trace(&mut self) -> Option<Vec<HostioRecord>> {
        self.desk.take_trace()
    }

    /// Lines the program printed since the last call of this, at most about a MiB of them.
    pub fn take_console(&mut self) -> Vec<String> {
        self.desk.take_console()
    }
}

/// An instance about to be called.
struct Frame {
    store: Store<Host>,
    handles: Handles,
    stack_left: Global,
    entry: TypedFunc<i32, i32>,
}

impl Frame {
    /// Hands the input back together with the error.
    #[allow(
        clippy::result_large_err,
        reason = "the input comes back to be run elsewhere, not an error to be passed on"
    )]
    fn open(
        code: &Code,
        input: RunInput,
        grant: Grant,
        desk: &Arc<Desk>,
    ) -> Result<Self, (RunInput, wasmtime::Error)> {
        let host = Host {
            input,
            grant,
            handles: None,
            storage: StorageCache::default(),
            return_data: Bytes::new(),
            output: Bytes::new(),
            code: None,
            stop: None,
            desk: Arc::clone(desk),
        };
        let mut store = Store::new(code.instance.module().engine(), host);
        store.limiter(|host| &mut host.grant);
        match Self::prepare(code, &mut store) {
            Ok((handles, stack_left, entry)) => Ok(Self {
                store,
                handles,
                stack_left,
                entry,
            }),
            Err(error) => Err((store.into_data().input, error)),
        }
    }

    fn prepare(
        code: &Code,
        store: &mut Store<Host>,
    ) -> wasmtime::Result<(Handles, Global, TypedFunc<i32, i32>)> {
        let instance = at_once(code.instance.instantiate_async(store.as_context_mut()))?;
        let exports = &code.exports;
        let missing = || wasmtime::Error::msg("an export is missing");
        let global = |store: &mut Store<Host>, export| -> wasmtime::Result<Global> {
            let found = Instance::get_module_export(&instance, store, export);
            found
                .and_then(wasmtime::Extern::into_global)
                .ok_or_else(missing)
        };
        let ink = global(store, &exports.ink)?;
        let status = global(store, &exports.status)?;
        let stack_left = global(store, &exports.stack)?;
        let memory = instance.get_module_export(&mut *store, &exports.memory);
        let memory = memory
            .and_then(wasmtime::Extern::into_memory)
            .ok_or_else(missing)?;
        let entry = instance.get_module_export(&mut *store, &exports.entry);
        let entry = entry
            .and_then(wasmtime::Extern::into_func)
            .ok_or_else(missing)?
            .typed(&*store)?;
        let input = &store.data().input;
        let (ink_left, stack) = (input.ink as i64, input.max_stack_depth as i32);
        ink.set(&mut *store, Val::I64(ink_left))?;
        stack_left.set(&mut *store, Val::I32(stack))?;
        let handles = Handles {
            ink,
            status,
            memory,
        };
        store.data_mut().handles = Some(handles);
        Ok((handles, stack_left, entry))
    }

    /// Calls the entry point and finds out how it ended.
    async fn call(mut self) -> Finished {
        let len = self.store.data().input.calldata.len() as u32;
        let host = self.store.data();
        host.trace_frame(
            ENTERED,
            Bytes::copy_from_slice(&len.to_be_bytes()),
            Bytes::new(),
        );
        let called = self.entry.call_async(&mut self.store, len as i32).await;
        match (called, self.store.data_mut().stop.take()) {
            (Ok(status), _) => self.returned(status as u32),
            (Err(_), Some(Stop::Exit(status))) => self.returned(status),
            (Err(error), _) => self.trapped(&error),
        }
    }

    /// The entry point returned, or the program exited.
    fn returned(mut self, status: u32) -> Finished {
        let host = self.store.data_mut();
        let outs = Bytes::copy_from_slice(&status.to_be_bytes());
        host.trace_frame(RETURNED, Bytes::new(), outs);
        Finished {
            outcome: if status == 0 {
                Outcome::Success
            } else {
                Outcome::Revert
            },
            output: std::mem::take(&mut host.output),
            ink_left: self.ink_left(),
        }
    }

    /// Finds out why the program could not go on.
    fn trapped(mut self, error: &wasmtime::Error) -> Finished {
        let outcome = if let Some(shortage) = self.store.data().grant.shortage() {
            Outcome::NoRoom(shortage)
        } else if error.downcast_ref() == Some(&Trap::StackOverflow)
            || matches!(self.stack_left.get(&mut self.store), Val::I32(0))
        {
            Outcome::OutOfStack
        } else if matches!(self.handles.status.get(&mut self.store), Val::I32(0)) {
            return Finished::failure(self.ink_left());
        } else {
            Outcome::OutOfInk
        };
        Finished {
            outcome,
            output: Bytes::new(),
            ink_left: 0,
        }
    }

    fn ink_left(&mut self) -> u64 {
        match self.handles.ink.get(&mut self.store) {
            Val::I64(ink) => ink as u64,
            _ => 0,
        }
    }
}

/// The result of something that has nothing to wait for.
fn at_once<T>(future: impl Future<Output = wasmtime::Result<T>>) -> wasmtime::Result<T> {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(result) => result,
        Poll::Pending => Err(wasmtime::Error::msg("the instance has to wait")),
    }
}
