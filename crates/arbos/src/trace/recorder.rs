//! Records one transaction as a tree of frames; each tracer is a view of it.

use alloy_primitives::{Address, B256, Bytes, Log, U256};
use revm::{
    bytecode::opcode,
    context_interface::CreateScheme,
    handler::FrameResult,
    interpreter::{
        CallScheme, FrameInput, InstructionResult, Interpreter,
        interpreter_types::{InputsTr, Jumps},
    },
    state::EvmState,
};
use stylus_vm::{Finished, HostioRecord};

use super::{
    ProgramRun, Room, Trace, TraceConfig, call, four_byte, prestate, room, runs,
    struct_log::StructLogger, stylus,
};
use crate::{
    error::ExecError,
    executor::{context::Ctx, journal, result},
    outcome::Outcome,
    world::State,
};

/// How a frame was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Call,
    CallCode,
    DelegateCall,
    StaticCall,
    Create,
    Create2,
}

impl Kind {
    /// The opcode's name.
    pub(super) fn opcode(self) -> &'static str {
        match self {
            Self::Call => "CALL",
            Self::CallCode => "CALLCODE",
            Self::DelegateCall => "DELEGATECALL",
            Self::StaticCall => "STATICCALL",
            Self::Create => "CREATE",
            Self::Create2 => "CREATE2",
        }
    }

    pub(super) fn is_create(self) -> bool {
        matches!(self, Self::Create | Self::Create2)
    }
}

/// One frame and what happened in it.
#[derive(Clone, Debug)]
pub(super) struct FrameRecord {
    pub(super) kind: Kind,
    pub(super) from: Address,
    /// Code called, or contract created when that is known.
    pub(super) to: Option<Address>,
    /// None for frames that only appear to have a value.
    pub(super) value: Option<U256>,
    pub(super) input: Bytes,
    pub(super) gas: u64,
    pub(super) gas_used: u64,
    pub(super) output: Bytes,
    pub(super) error: Option<ExecError>,
    pub(super) entries: Vec<Entry>,
}

/// One thing that happened in a frame, in order.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    /// A host function that finished.
    Hostio(HostioRecord),
    /// A frame opened from this one: its place in the recorder's list.
    Frame(usize),
    Log(Log),
    /// A balance moved by an ArbOS precompile.
    Moved {
        from: Address,
        to: Address,
        amount: U256,
    },
    /// A `SELFDESTRUCT`.
    Destroyed {
        contract: Address,
        to: Address,
        amount: U256,
    },
}

/// Watches a transaction run, until there is no room for more.
#[derive(Debug)]
pub(crate) struct Recorder {
    config: TraceConfig,
    frames: Vec<FrameRecord>,
    open: Vec<usize>,
    struct_logs: Option<StructLogger>,
    runs: Vec<ProgramRun>,
    open_runs: Vec<usize>,
    /// Acting account, beneficiary and balance of the `SELFDESTRUCT` being executed.
    destroying: Option<(Address, Address, U256)>,
    room: Room,
}

impl Recorder {
    pub(crate) fn new(config: TraceConfig) -> Self {
        let struct_logs = match &config {
            TraceConfig::StructLog(options) => Some(StructLogger::new(options.clone())),
            _ => None,
        };
        Self {
            config,
            frames: Vec::new(),
            open: Vec::new(),
            struct_logs,
            runs: Vec::new(),
            open_runs: Vec::new(),
            destroying: None,
            room: Room::default(),
        }
    }

    /// Forgets everything and records nothing more: there is too much of it.
    pub(crate) fn give_up(&mut self) {
        *self = Self {
            room: Room::none(),
            ..Self::new(TraceConfig::Noop)
        };
    }

    /// Whether it has given up. The transaction goes on without it, and without a trace.
    pub(crate) fn gave_up(&self) -> bool {
        self.room.is_none()
    }

    /// Whether there is room for something of this many bytes, which then is taken.
    fn has_room(&mut self, bytes: usize) -> bool {
        let fits = self.room.take(bytes);
        if !fits {
            self.give_up();
        }
        fits
    }

    pub(crate) fn enter(&mut self, frame: &FrameInput, calldata: Bytes) {
        let Some(record) = frame_record(frame, calldata) else {
            return;
        };
        if !self.has_room(room::entry(record.input.len())) {
            return;
        }
        let index = self.frames.len();
        if let (Some(logger), Some(parent)) = (&mut self.struct_logs, self.open.last()) {
            let parent_is_program = self
                .open_runs
                .last()
                .is_some_and(|run| self.runs[*run].frame == *parent);
            logger.frame_opened(record.kind, parent_is_program, self.open.len());
        }
        if let Some(parent) = self.top() {
            parent.entries.push(Entry::Frame(index));
        }
        self.frames.push(record);
        self.open.push(index);
    }

    pub(crate) fn exit(&mut self, ended: &FrameResult, top_error: Option<&ExecError>) {
        let output = &ended.interpreter_result().output;
        if !self.has_room(room::data(output.len())) {
            return;
        }
        let Some(index) = self.open.pop() else { return };
        if let Some(logger) = &mut self.struct_logs {
            logger.frame_closed();
        }
        let code = ended.instruction_result();
        let error = result::error(code);
        let frame = &mut self.frames[index];
        frame.error = match top_error {
            Some(named) if error.is_some() && self.open.is_empty() => Some(named.clone()),
            _ => error,
        };
        let left = if code.is_ok_or_revert() {
            ended.gas().remaining()
        } else {
            0
        };
        frame.gas_used = frame.gas.saturating_sub(left);
        frame.output = output.clone();
        if let FrameResult::Create(created) = ended {
            frame.to = created.address.filter(|_| code.is_ok()).or(frame.to);
        }
        if self
            .open_runs
            .last()
            .is_some_and(|run| self.runs[*run].frame == index)
        {
            self.open_runs.pop();
        }
    }

    /// Before an opcode.
    pub(crate) fn step(&mut self, interpreter: &Interpreter, ctx: &mut Ctx<'_>) {
        if interpreter.bytecode.opcode() == opcode::SELFDESTRUCT
            && let Some(target) = interpreter.stack.data().last()
        {
            let acting = interpreter.input.target_address();
            let to = Address::from_word(B256::from(*target));
            self.destroying = Some((acting, to, journal::balance(ctx, acting)));
        }
        let depth = self.open.len();
        if let Some(logger) = &mut self.struct_logs {
            let bytes = logger.step(interpreter, depth);
            self.has_room(bytes);
        }
    }

    /// After an opcode, which perhaps ended the frame.
    pub(crate) fn step_end(
        &mut self,
        interpreter: &Interpreter,
        ended: Option<InstructionResult>,
        ctx: &Ctx<'_>,
        logs_before: usize,
    ) {
        let logs = ctx
            .journaled_state
            .logs
            .get(logs_before..)
            .unwrap_or_default();
        for log in logs {
            self.log(log);
        }
        if let Some((contract, to, amount)) = self.destroying.take()
            && ended == Some(InstructionResult::SelfDestruct)
            && let Some(frame) = self.top()
        {
            frame.entries.push(Entry::Destroyed {
                contract,
                to,
                amount,
            });
        }
        if let Some(logger) = &mut self.struct_logs {
            let bytes = logger.step_end(interpreter, ended);
            self.has_room(bytes);
        }
    }

    pub(crate) fn log(&mut self, log: &Log) {
        if self.has_room(room::entry(log.data.data.len()))
            && let Some(frame) = self.top()
        {
            frame.entries.push(Entry::Log(log.clone()));
        }
    }

    /// A program's host function read a slot of the state, or wrote one.
    pub(crate) fn slot_touched(&mut self, account: Address, slot: U256, value: U256) {
        if let Some(logger) = &mut self.struct_logs {
            let bytes = logger.slot_touched(account, slot, value);
            self.has_room(bytes);
        }
    }

    pub(crate) fn hostios(&mut self, records: Vec<HostioRecord>) {
        let bytes = records
            .iter()
            .map(|record| room::entry(record.args.len() + record.outs.len()))
            .sum();
        if !self.has_room(bytes) {
            return;
        }
        if let Some(logger) = &mut self.struct_logs {
            for record in &records {
                logger.hostio(record, self.open.len());
            }
        }
        if let Some(frame) = self.top() {
            frame.entries.extend(records.into_iter().map(Entry::Hostio));
        }
    }

    pub(crate) fn balance_moved(&mut self, from: Address, to: Address, amount: U256) {
        if self.has_room(room::entry(0))
            && let Some(frame) = self.top()
        {
            frame.entries.push(Entry::Moved { from, to, amount });
        }
    }

    /// A program frame knows its price.
    pub(crate) fn program_called(&mut self, mut run: ProgramRun) {
        let Some(frame) = self.open.last() else {
            return;
        };
        run.frame = *frame;
        run.program_depth = self.open_runs.len();
        self.open_runs.push(self.runs.len());
        self.runs.push(run);
    }

    /// The price was paid.
    pub(crate) fn program_started(&mut self, ink: u64) {
        if let Some(run) = self.open_runs.last() {
            self.runs[*run].started(ink);
        }
    }

    pub(crate) fn program_finished(&mut self, finished: &Finished) {
        if let Some(run) = self.open_runs.last() {
            self.runs[*run].finished(finished);
        }
    }

    /// The finished trace, or nothing when it did not fit. `changes` is the journal's final
    /// state over `state`.
    pub(crate) fn finish(
        self,
        state: &dyn State,
        changes: &EvmState,
        outcome: &Outcome,
    ) -> Option<Trace> {
        if self.gave_up() {
            return None;
        }
        Some(match self.config {
            TraceConfig::StructLog(_) => self
                .struct_logs
                .map_or(Trace::Null, |logger| logger.finish(outcome)),
            TraceConfig::Call(config) => call::trace(&self.frames, &config, outcome),
            TraceConfig::Prestate(config) => prestate::trace(state, changes, &config),
            TraceConfig::Stylus => stylus::trace(&self.frames),
            TraceConfig::Programs => runs::trace(&self.runs),
            TraceConfig::FourByte => four_byte::trace(&self.frames),
            TraceConfig::Noop => Trace::Object(Default::default()),
        })
    }

    fn top(&mut self) -> Option<&mut FrameRecord> {
        self.open.last().map(|index| &mut self.frames[*index])
    }
}

fn frame_record(frame: &FrameInput, calldata: Bytes) -> Option<FrameRecord> {
    let (kind, from, to, value, input, gas) = match frame {
        FrameInput::Call(call) => {
            let (kind, from) = match call.scheme {
                CallScheme::Call => (Kind::Call, call.caller),
                CallScheme::CallCode => (Kind::CallCode, call.target_address),
                CallScheme::DelegateCall => (Kind::DelegateCall, call.target_address),
                CallScheme::StaticCall => (Kind::StaticCall, call.caller),
            };
            let value = match kind {
                Kind::StaticCall => None,
                _ => Some(call.call_value()),
            };
            (
                kind,
                from,
                Some(call.bytecode_address),
                value,
                calldata,
                call.gas_limit,
            )
        }
        FrameInput::Create(create) => {
            let kind = match create.scheme() {
                CreateScheme::Create2 { .. } => Kind::Create2,
                _ => Kind::Create,
            };
            (
                kind,
                create.caller(),
                None,
                Some(create.value()),
                create.init_code().clone(),
                create.gas_limit(),
            )
        }
        FrameInput::Empty => return None,
    };
    Some(FrameRecord {
        kind,
        from,
        to,
        value,
        input,
        gas,
        gas_used: 0,
        output: Bytes::new(),
        error: None,
        entries: Vec::new(),
    })
}
