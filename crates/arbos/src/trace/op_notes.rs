//! What `erc7562Tracer` and `keccak256PreimageTracer` must know of opcodes, and of host functions
//! that stand for them.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use revm::{
    bytecode::opcode,
    interpreter::{
        Interpreter,
        interpreter_types::{InputsTr, Jumps, MemoryTr},
    },
};
use serde_json::{Map, Value, json};
use stylus_vm::HostioRecord;

use super::{Trace, hostio_opcodes, room};
use crate::executor::{context::Ctx, journal};

/// Most bytes of a preimage that lie beyond the memory in use, and are zero.
const MAX_PADDING: usize = 1 << 20;

/// What one frame did.
#[derive(Clone, Debug, Default)]
pub(super) struct FrameNotes {
    /// Slots with the values that they had when first read, unless the frame wrote them before.
    pub(super) reads: BTreeMap<B256, B256>,
    pub(super) writes: BTreeMap<B256, u64>,
    pub(super) transient_reads: BTreeMap<B256, u64>,
    pub(super) transient_writes: BTreeMap<B256, u64>,
    /// Accounts whose code was looked at, other than to see whether there is any.
    pub(super) code_seen: Vec<Address>,
    /// How often each opcode ran. `GAS` counts only where no call follows.
    pub(super) used: BTreeMap<u8, u64>,
    /// Sizes of code called or looked at, with the first opcode that did so.
    pub(super) code_sizes: BTreeMap<Address, (usize, u8)>,
}

/// An opcode about to run.
struct Op<'a> {
    code: u8,
    stack: &'a [U256],
}

impl Op<'_> {
    fn below(&self, index: usize) -> Option<U256> {
        let at = self.stack.len().checked_sub(index + 1)?;
        self.stack.get(at).copied()
    }

    fn address(&self, index: usize) -> Option<Address> {
        self.below(index)
            .map(|word| Address::from_word(B256::from(word)))
    }

    /// The account whose code the opcode calls or looks at.
    fn code_of(&self) -> Option<Address> {
        if looks_at_code(self.code) {
            self.address(0)
        } else if calls(self.code) {
            self.address(1)
        } else {
            None
        }
    }
}

/// Notes of all frames.
#[derive(Debug, Default)]
pub(super) struct OpNotes {
    frames: BTreeMap<usize, FrameNotes>,
    preimages: BTreeSet<Bytes>,
    /// The opcode before, unless the one now ends its frame, and the account it named.
    last: Option<(u8, Option<Address>)>,
    /// Slots that the host function being served has touched.
    touched: Vec<(U256, U256)>,
}

impl OpNotes {
    pub(super) fn of(&self, frame: usize) -> Option<&FrameNotes> {
        self.frames.get(&frame)
    }

    pub(super) fn preimages(&self) -> impl Iterator<Item = &Bytes> {
        self.preimages.iter()
    }

    /// `keccak256PreimageTracer`: what was hashed, by its hash.
    pub(super) fn preimages_by_hash(&self) -> Trace {
        let entries: Map<_, _> = self
            .preimages
            .iter()
            .map(|preimage| (keccak256(preimage).to_string(), json!(preimage)))
            .collect();
        Value::Object(entries)
    }

    /// Notes an opcode of the EVM; returns the bytes this takes.
    pub(super) fn step(&mut self, frame: usize, interpreter: &Interpreter, ctx: &Ctx<'_>) -> usize {
        let op = Op {
            code: interpreter.bytecode.opcode(),
            stack: interpreter.stack.data(),
        };
        let acting = interpreter.input.target_address();
        let value = match (op.code, op.below(0)) {
            (opcode::SLOAD, Some(slot)) => journal::peek_slot(ctx, acting, slot),
            _ => U256::ZERO,
        };
        let size = op
            .code_of()
            .map_or(0, |address| journal::peek_code_size(ctx, address));
        let mut bytes = self.note(frame, &op, value, size);
        if op.code == opcode::KECCAK256
            && let (Some(offset), Some(len)) = (op.below(0), op.below(1))
            && let Some(preimage) = memory(interpreter, offset, len)
        {
            bytes += self.hashed(preimage);
        }
        bytes
    }

    /// Notes a slot that a program reads or writes.
    pub(super) fn slot_touched(&mut self, slot: U256, value: U256) -> usize {
        self.touched.push((slot, value));
        room::entry(0)
    }

    /// Notes a finished host function; returns the bytes this takes.
    pub(super) fn hostio(&mut self, frame: usize, record: &HostioRecord) -> usize {
        let touched = std::mem::take(&mut self.touched);
        // Noted when its frame was opened.
        if hostio_opcodes::opens_frame(record.name) {
            return 0;
        }
        let read = touched.first().map_or(U256::ZERO, |(_, value)| *value);
        let mut bytes = 0;
        for step in hostio_opcodes::steps(record, &touched) {
            let op = Op {
                code: step.op,
                stack: &step.stack,
            };
            let size = hostio_opcodes::code_size(record);
            bytes += self.note(frame, &op, read, size);
        }
        if record.name == "native_keccak256" {
            bytes += self.hashed(record.args.clone());
        }
        bytes
    }

    /// Notes an opcode that is told rather than run; returns the bytes this takes.
    pub(super) fn told(&mut self, frame: usize, code: u8, stack: &[U256], size: usize) -> usize {
        self.note(frame, &Op { code, stack }, U256::ZERO, size)
    }

    /// A host function that failed ended its frame.
    pub(super) fn frame_closed(&mut self) {
        self.touched.clear();
    }

    fn note(&mut self, frame: usize, op: &Op<'_>, read: U256, size: usize) -> usize {
        if matches!(op.code, opcode::RETURN | opcode::REVERT) {
            self.last = None;
        }
        let notes = self.frames.entry(frame).or_default();
        let before = notes.entries();
        if let Some((last, named)) = self.last {
            let only_whether_there_is_any =
                last == opcode::EXTCODESIZE && op.code == opcode::ISZERO;
            if looks_at_code(last) && !only_whether_there_is_any {
                notes.code_seen.extend(named);
            }
            if last == opcode::GAS && !calls(op.code) {
                *notes.used.entry(opcode::GAS).or_default() += 1;
            }
        }
        if let Some(address) = op.code_of() {
            notes.code_sizes.entry(address).or_insert((size, op.code));
        }
        if op.code != opcode::GAS {
            *notes.used.entry(op.code).or_default() += 1;
        }
        if let Some(slot) = op.below(0).map(B256::from) {
            notes.storage(op.code, slot, read.into());
        }
        self.last = Some((op.code, op.address(0)));
        let new = notes.entries() - before;
        new.saturating_mul(room::entry(64))
    }

    fn hashed(&mut self, preimage: Bytes) -> usize {
        let bytes = room::entry(preimage.len());
        if self.preimages.insert(preimage) {
            bytes
        } else {
            0
        }
    }
}

impl FrameNotes {
    fn storage(&mut self, op: u8, slot: B256, value: B256) {
        match op {
            opcode::SLOAD if !self.writes.contains_key(&slot) => {
                self.reads.entry(slot).or_insert(value);
            }
            opcode::SSTORE => *self.writes.entry(slot).or_default() += 1,
            opcode::TLOAD => *self.transient_reads.entry(slot).or_default() += 1,
            opcode::TSTORE => *self.transient_writes.entry(slot).or_default() += 1,
            _ => {}
        }
    }

    fn entries(&self) -> usize {
        self.reads.len()
            + self.writes.len()
            + self.transient_reads.len()
            + self.transient_writes.len()
            + self.code_seen.len()
            + self.used.len()
            + self.code_sizes.len()
    }
}

fn looks_at_code(op: u8) -> bool {
    matches!(
        op,
        opcode::EXTCODESIZE | opcode::EXTCODECOPY | opcode::EXTCODEHASH
    )
}

fn calls(op: u8) -> bool {
    matches!(
        op,
        opcode::CALL | opcode::CALLCODE | opcode::DELEGATECALL | opcode::STATICCALL
    )
}

/// A range of memory before the opcode makes room for it.
fn memory(interpreter: &Interpreter, offset: U256, len: U256) -> Option<Bytes> {
    let len = usize::try_from(len).ok()?;
    let size = interpreter.memory.size();
    let start = usize::try_from(offset).unwrap_or(usize::MAX).min(size);
    let end = start.saturating_add(len).min(size);
    let padding = len.checked_sub(end - start)?;
    if padding > MAX_PADDING {
        return None;
    }
    let mut bytes = interpreter.memory.slice(start..end).to_vec();
    bytes.resize(len, 0);
    Some(bytes.into())
}
