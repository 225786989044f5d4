//! The default tracer: one entry per opcode, and host functions as the opcodes they stand for.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U256, hex, map::AddressMap};
use revm::{
    bytecode::{OpCode, opcode},
    interpreter::{
        InstructionResult, Interpreter,
        interpreter_types::{InputsTr, Jumps, MemoryTr, ReturnData},
    },
};
use serde::Serialize;
use serde_json::json;
use stylus_vm::HostioRecord;

use super::{StructLogConfig, Trace, frames::FrameRecord, hostio_opcodes, room};
use crate::{error::ExecError, executor::result, outcome::Outcome};

/// Bytes of a word.
const WORD_BYTES: usize = 32;
/// Bytes of a slot's number and value as text.
const SLOT_BYTES: usize = 128;

/// One entry.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct StructLog {
    pc: u64,
    op: String,
    gas: u64,
    gas_cost: u64,
    depth: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<Vec<U256>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_data: Option<Bytes>,
}

/// A storage opcode whose slot goes into the entry.
#[derive(Clone, Copy, Debug)]
enum Touched {
    Read(U256),
    Written(U256, U256),
}

/// A slot that a program's host function read or wrote.
#[derive(Debug)]
struct ProgramSlot {
    slot: U256,
    value: U256,
    /// All slots seen so far, as the entry shows them.
    storage: Option<BTreeMap<String, String>>,
}

#[derive(Debug)]
pub(super) struct StructLogger {
    config: StructLogConfig,
    logs: Vec<StructLog>,
    /// Entry of the opcode being executed, and the slot it touches.
    current: Option<(usize, Option<Touched>)>,
    /// Entries of calls that programs are waiting for.
    waiting: Vec<usize>,
    /// What the host function being served has touched so far.
    touched: Vec<ProgramSlot>,
    /// Slots seen so far, by account.
    storage: AddressMap<BTreeMap<String, String>>,
}

impl StructLogger {
    pub(super) fn new(config: StructLogConfig) -> Self {
        Self {
            config,
            logs: Vec::new(),
            current: None,
            waiting: Vec::new(),
            touched: Vec::new(),
            storage: AddressMap::default(),
        }
    }

    /// Logs an opcode; returns the bytes this takes.
    pub(super) fn step(&mut self, interpreter: &Interpreter, depth: usize) -> usize {
        self.current = None;
        if self.is_full() {
            return 0;
        }
        let op = interpreter.bytecode.opcode();
        let stack = interpreter.stack.data();
        let below = |index: usize| stack.len().checked_sub(index + 1).map(|at| stack[at]);
        let touched = match op {
            opcode::SLOAD => below(0).map(Touched::Read),
            opcode::SSTORE => below(0)
                .zip(below(1))
                .map(|(slot, value)| Touched::Written(slot, value)),
            _ => None,
        };
        let name = OpCode::new(op).map_or_else(
            || format!("opcode 0x{op:x} not defined"),
            |op| op.as_str().into(),
        );
        self.current = Some((self.logs.len(), touched));
        let log = StructLog {
            pc: interpreter.bytecode.pc() as u64,
            op: name,
            gas: interpreter.gas.remaining(),
            depth,
            stack: (!self.config.disable_stack).then(|| stack.to_vec()),
            memory: self.config.enable_memory.then(|| memory_words(interpreter)),
            return_data: self
                .config
                .enable_return_data
                .then(|| Bytes::copy_from_slice(interpreter.return_data.buffer())),
            ..StructLog::default()
        };
        let words =
            log.stack.as_ref().map_or(0, Vec::len) + log.memory.as_ref().map_or(0, Vec::len);
        let returned = log.return_data.as_ref().map_or(0, |data| data.len());
        self.logs.push(log);
        room::entry(words * WORD_BYTES + returned)
    }

    /// Logs what an opcode did; returns the bytes this takes.
    pub(super) fn step_end(
        &mut self,
        interpreter: &Interpreter,
        ended: Option<InstructionResult>,
    ) -> usize {
        let Some((index, touched)) = self.current.take() else {
            return 0;
        };
        let slot = touched.and_then(|touched| match touched {
            Touched::Read(slot) => interpreter.stack.data().last().map(|value| (slot, *value)),
            Touched::Written(slot, value) => Some((slot, value)),
        });
        let storage = slot.and_then(|slot| self.remember(interpreter.input.target_address(), slot));
        let slots = storage.as_ref().map_or(0, BTreeMap::len);
        let log = &mut self.logs[index];
        log.storage = storage;
        log.gas_cost = log.gas.saturating_sub(interpreter.gas.remaining());
        log.error = ended
            .and_then(result::error)
            .filter(could_not_begin)
            .map(|error| error.to_string());
        room::data(slots * SLOT_BYTES)
    }

    /// A program's call is logged before the callee's steps; what it cost is known when it is over.
    pub(super) fn frame_opened(&mut self, record: &FrameRecord, by_program: bool, depth: usize) {
        if by_program {
            self.waiting.push(self.logs.len());
            self.told(record.kind.op(), record.opening_stack(), depth, 0, None);
        }
    }

    /// The end of a program's frame, with the gas it leaves.
    pub(super) fn program_ended(
        &mut self,
        output: &[u8],
        error: Option<&ExecError>,
        gas: u64,
        depth: usize,
    ) {
        let text = error.map(ExecError::to_string);
        let (op, stack) = hostio_opcodes::ending(output, text.as_deref());
        self.told(op, stack, depth, gas, None);
        if text.is_some() {
            self.told(opcode::STOP, Vec::new(), depth, 0, text);
        }
    }

    /// A precompile moved wei, which is a call for nothing else.
    pub(super) fn balance_moved(&mut self, stack: Vec<U256>, depth: usize) {
        self.told(opcode::CALL, stack, depth, 0, None);
        self.told(opcode::RETURN, vec![U256::ZERO; 2], depth + 1, 0, None);
        self.told(opcode::POP, vec![U256::from(1)], depth, 0, None);
    }

    /// An entry for what no opcode did.
    fn told(&mut self, op: u8, stack: Vec<U256>, depth: usize, gas: u64, error: Option<String>) {
        if self.is_full() {
            return;
        }
        self.logs.push(StructLog {
            op: OpCode::new(op).map_or_else(String::new, |op| op.as_str().into()),
            gas,
            depth,
            error,
            stack: (!self.config.disable_stack).then_some(stack),
            ..StructLog::default()
        });
    }

    /// Notes a slot that a program reads or writes; returns the bytes this takes.
    pub(super) fn slot_touched(&mut self, account: Address, slot: U256, value: U256) -> usize {
        if self.is_full() {
            return 0;
        }
        let storage = self.remember(account, (slot, value));
        let slots = storage.as_ref().map_or(0, BTreeMap::len);
        self.touched.push(ProgramSlot {
            slot,
            value,
            storage,
        });
        room::entry(slots * SLOT_BYTES)
    }

    /// A host function that failed ended its frame, and leaves no entry.
    pub(super) fn frame_closed(&mut self) {
        self.touched.clear();
    }

    pub(super) fn hostio(&mut self, record: &HostioRecord, depth: usize) {
        let (gas, gas_cost) = hostio_opcodes::gas(record);
        if hostio_opcodes::opens_frame(record.name)
            && let Some(log) = self
                .waiting
                .pop()
                .and_then(|index| self.logs.get_mut(index))
        {
            (log.gas, log.gas_cost) = (gas, gas_cost);
            return;
        }
        let touched = std::mem::take(&mut self.touched);
        let slots: Vec<_> = touched.iter().map(|it| (it.slot, it.value)).collect();
        let mut storages = touched.into_iter().map(|it| it.storage);
        for step in hostio_opcodes::steps(record, &slots) {
            if self.is_full() {
                return;
            }
            self.logs.push(StructLog {
                op: step.name().into(),
                gas,
                gas_cost: if step.carries_cost { gas_cost } else { 0 },
                depth,
                stack: (!self.config.disable_stack).then_some(step.stack),
                storage: step
                    .shows_storage
                    .then(|| storages.next())
                    .flatten()
                    .flatten(),
                ..StructLog::default()
            });
        }
    }

    pub(super) fn finish(self, outcome: &Outcome) -> Trace {
        json!({
            "gas": outcome.gas_used,
            "failed": !outcome.is_success(),
            "returnValue": outcome.output,
            "structLogs": self.logs,
        })
    }

    fn remember(
        &mut self,
        account: Address,
        (slot, value): (U256, U256),
    ) -> Option<BTreeMap<String, String>> {
        if self.config.disable_storage {
            return None;
        }
        let slots = self.storage.entry(account).or_default();
        slots.insert(
            hex::encode(B256::from(slot)),
            hex::encode(B256::from(value)),
        );
        Some(slots.clone())
    }

    fn is_full(&self) -> bool {
        self.config.limit != 0 && self.logs.len() >= self.config.limit
    }
}

/// Whether an opcode failed before it did anything. Geth logs the others before they fail.
fn could_not_begin(error: &ExecError) -> bool {
    matches!(
        error,
        ExecError::OutOfGas | ExecError::StackUnderflow | ExecError::StackOverflow
    )
}

fn memory_words(interpreter: &Interpreter) -> Vec<String> {
    let size = interpreter.memory.size();
    interpreter
        .memory
        .slice(0..size)
        .chunks(32)
        .map(hex::encode)
        .collect()
}
