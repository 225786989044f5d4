//! What the body of a host function works with.

use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, U256};
use wasmtime::{Global, Memory, StoreContextMut, Val};

use super::{HostFunction, StorageCache};
use crate::desk::Desk;
use crate::room::Grant;
use crate::{Answer, HostioRecord, Request, RunInput};

/// What follows the answer to a request.
pub(crate) type Then =
    Box<dyn FnOnce(&mut Hostio<'_>, Answer) -> Result<Reply, Stop> + Send + Sync>;

/// The result of a host function that was suspended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    /// Nothing.
    None,
    /// A 32-bit integer.
    Word(u32),
}

impl TryFrom<Reply> for () {
    type Error = Stop;

    fn try_from(reply: Reply) -> Result<Self, Stop> {
        match reply {
            Reply::None => Ok(()),
            Reply::Word(_) => Err(Stop::Failure),
        }
    }
}

impl TryFrom<Reply> for u32 {
    type Error = Stop;

    fn try_from(reply: Reply) -> Result<Self, Stop> {
        match reply {
            Reply::Word(word) => Ok(word),
            Reply::None => Err(Stop::Failure),
        }
    }
}

/// Why a host function does not simply return.
pub(crate) enum Stop {
    /// The ink does not cover a charge.
    OutOfInk,
    /// The program did something it must not.
    Failure,
    /// The program asked to end with this status.
    Exit(u32),
    /// The state transition must answer first.
    Ask(Box<Request>, Then),
}

/// What host functions reach inside the instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handles {
    pub(crate) ink: Global,
    pub(crate) status: Global,
    pub(crate) memory: Memory,
}

/// Everything a frame owns besides its instance.
pub(crate) struct Host {
    pub(crate) input: RunInput,
    pub(crate) grant: Grant,
    /// Set once the instance exists.
    pub(crate) handles: Option<Handles>,
    pub(crate) storage: StorageCache,
    /// Output of the last call or creation of this frame.
    pub(crate) return_data: Bytes,
    /// What `write_result` last gave.
    pub(crate) output: Bytes,
    /// Code of the account asked for last.
    pub(crate) code: Option<(Address, Bytes)>,
    /// Why the last host function ended the program.
    pub(crate) stop: Option<Stop>,
    pub(crate) desk: Arc<Desk>,
}

impl Host {
    /// Records the start or the end of the frame when tracing; both carry the initial ink.
    pub(crate) fn trace_frame(&self, name: &'static str, args: Bytes, outs: Bytes) {
        if self.input.tracing {
            let ink = self.input.ink;
            self.desk.record(HostioRecord {
                name,
                args,
                outs,
                start_ink: ink,
                end_ink: ink,
            });
        }
    }
}

/// One running host function.
pub(crate) struct Hostio<'a> {
    store: StoreContextMut<'a, Host>,
    handles: Handles,
    function: &'static HostFunction,
    start_ink: u64,
    ink: u64,
}

impl<'a> Hostio<'a> {
    /// Enters a host function, fresh or (with the ink it started with) suspended.
    pub(crate) fn enter(
        mut store: StoreContextMut<'a, Host>,
        function: &'static HostFunction,
        start_ink: Option<u64>,
    ) -> Result<Self, Stop> {
        let handles = store.data().handles.ok_or(Stop::Failure)?;
        let Val::I64(ink) = handles.ink.get(&mut store) else {
            return Err(Stop::Failure);
        };
        let ink = ink as u64;
        Ok(Self {
            store,
            handles,
            function,
            start_ink: start_ink.unwrap_or(ink),
            ink,
        })
    }

    /// Ink when the host function was entered.
    pub(crate) fn start_ink(&self) -> u64 {
        self.start_ink
    }

    /// Runs the body and leaves the host function: writes the ink back.
    pub(crate) fn leave<R>(
        mut self,
        body: impl FnOnce(&mut Self) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        let mut result = body(&mut self);
        let Self {
            mut store, handles, ..
        } = self;
        if matches!(result, Err(Stop::OutOfInk)) {
            self.ink = 0;
            if handles.status.set(&mut store, Val::I32(1)).is_err() {
                result = Err(Stop::Failure);
            }
        }
        match handles.ink.set(&mut store, Val::I64(self.ink as i64)) {
            Ok(()) => result,
            Err(_) => Err(Stop::Failure),
        }
    }

    /// What the program was started with.
    pub(crate) fn input(&self) -> &RunInput {
        &self.store.data().input
    }

    /// The frame's own state.
    pub(crate) fn host(&mut self) -> &mut Host {
        self.store.data_mut()
    }

    /// Ink per gas.
    pub(crate) fn ink_price(&self) -> u64 {
        u64::from(self.input().ink_price.max(1))
    }

    /// Ink left after the charges so far.
    pub(crate) fn ink_left(&self) -> u64 {
        self.ink
    }

    /// Whole gas left after the charges so far.
    pub(crate) fn gas_left(&self) -> u64 {
        self.ink / self.ink_price()
    }

    /// Charges ink.
    pub(crate) fn buy(&mut self, ink: u64) -> Result<(), Stop> {
        self.ink = self.ink.checked_sub(ink).ok_or(Stop::OutOfInk)?;
        Ok(())
    }

    /// Charges gas.
    pub(crate) fn buy_gas(&mut self, gas: u64) -> Result<(), Stop> {
        self.buy(gas.saturating_mul(self.ink_price()))
    }

    /// Demands that gas is left without charging it.
    pub(crate) fn require_gas(&self, gas: u64) -> Result<(), Stop> {
        if self.ink < gas.saturating_mul(self.ink_price()) {
            Err(Stop::OutOfInk)
        } else {
            Ok(())
        }
    }

    /// Copies bytes out of the program's memory.
    pub(crate) fn read(&self, ptr: u32, len: u32) -> Result<Bytes, Stop> {
        self.range(ptr, len).map(Bytes::copy_from_slice)
    }

    /// Fails where [`Hostio::read`] would.
    pub(crate) fn check(&self, ptr: u32, len: u32) -> Result<(), Stop> {
        self.range(ptr, len).map(drop)
    }

    fn range(&self, ptr: u32, len: u32) -> Result<&[u8], Stop> {
        let start = ptr as usize;
        let end = start.checked_add(len as usize).ok_or(Stop::Failure)?;
        let memory = self.handles.memory.data(&self.store);
        memory.get(start..end).ok_or(Stop::Failure)
    }

    fn read_array<const N: usize>(&self, ptr: u32) -> Result<[u8; N], Stop> {
        let bytes = self.handles.memory.data(&self.store).get(ptr as usize..);
        bytes
            .and_then(|bytes| bytes.first_chunk())
            .copied()
            .ok_or(Stop::Failure)
    }

    /// Reads a 32-byte word.
    pub(crate) fn read_word(&self, ptr: u32) -> Result<B256, Stop> {
        self.read_array(ptr).map(B256::from)
    }

    /// Reads a big-endian 256-bit integer.
    pub(crate) fn read_uint(&self, ptr: u32) -> Result<U256, Stop> {
        self.read_array(ptr).map(U256::from_be_bytes::<32>)
    }

    /// Reads an address.
    pub(crate) fn read_address(&self, ptr: u32) -> Result<Address, Stop> {
        self.read_array(ptr).map(Address::from)
    }

    /// Copies bytes into the program's memory.
    pub(crate) fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Stop> {
        let start = ptr as usize;
        let end = start.checked_add(bytes.len()).ok_or(Stop::Failure)?;
        let memory = self.handles.memory.data_mut(&mut self.store);
        memory
            .get_mut(start..end)
            .ok_or(Stop::Failure)?
            .copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a length as the program reads it.
    pub(crate) fn write_len(&mut self, ptr: u32, len: usize) -> Result<u32, Stop> {
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        self.write(ptr, &len.to_le_bytes())?;
        Ok(len)
    }

    /// Suspends the program until the state transition has answered.
    pub(crate) fn ask<R>(
        &self,
        request: Request,
        then: impl FnOnce(&mut Hostio<'_>, Answer) -> Result<Reply, Stop> + Send + Sync + 'static,
    ) -> Result<R, Stop> {
        Err(Stop::Ask(Box::new(request), Box::new(then)))
    }

    /// Records the completed host function when tracing.
    pub(crate) fn trace(&mut self, args: &[&[u8]], outs: &[&[u8]]) {
        self.trace_as(self.function.name, args, outs);
    }

    /// Records the completed host function under another name.
    pub(crate) fn trace_as(&mut self, name: &'static str, args: &[&[u8]], outs: &[&[u8]]) {
        if self.input().tracing {
            let (args, outs) = (args.concat().into(), outs.concat().into());
            let (start_ink, end_ink) = (self.start_ink, self.ink);
            self.host().desk.record(HostioRecord {
                name,
                args,
                outs,
                start_ink,
                end_ink,
            });
        }
    }
}
