//! Records one transaction as a tree of frames; each tracer is a view of it.

use alloy_primitives::{Address, B256, Log, U256};
use revm::{
    bytecode::opcode,
    handler::FrameResult,
    interpreter::{
        FrameInput, InstructionResult, Interpreter,
        interpreter_types::{InputsTr, Jumps},
    },
    state::EvmState,
};
use stylus_vm::{Finished, HostioRecord};

use super::{
    ProgramRun, Room, Trace, TraceConfig, TraceError, TraceTooLarge, Transfer,
    call::{self, Totals},
    erc7562, flat, four_byte,
    frames::{Entry, FrameRecord, frame_record},
    hostio_opcodes,
    op_notes::OpNotes,
    prestate, room, runs,
    struct_log::StructLogger,
    stylus,
};
use crate::{
    error::ExecError,
    executor::{context::Ctx, journal, result},
    outcome::Outcome,
    world::State,
};

/// What a finished trace is told besides what was recorded.
pub(crate) struct Scene<'a> {
    /// The state before the transaction.
    pub(crate) state: &'a dyn State,
    /// The journal's final state over it.
    pub(crate) changes: &'a EvmState,
    pub(crate) outcome: &'a Outcome,
    /// Gas limit of the transaction.
    pub(crate) gas_limit: u64,
    pub(crate) arbos_version: u64,
    pub(crate) is_precompile: &'a dyn Fn(Address) -> bool,
}

/// Watches a transaction run, until there is no room for more.
#[derive(Debug)]
pub(crate) struct Recorder {
    config: TraceConfig,
    frames: Vec<FrameRecord>,
    open: Vec<usize>,
    struct_logs: Option<StructLogger>,
    notes: Option<OpNotes>,
    transfers: Vec<Transfer>,
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
        let needs_notes = |config: &TraceConfig| {
            matches!(
                config,
                TraceConfig::Erc7562(_) | TraceConfig::KeccakPreimages
            )
        };
        Self {
            notes: config.any(&needs_notes).then(OpNotes::default),
            transfers: Vec::new(),
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

    pub(crate) fn enter(&mut self, frame: &FrameInput, ctx: &Ctx<'_>) {
        let Some(record) = frame_record(frame, ctx) else {
            return;
        };
        if !self.has_room(room::entry(record.input.len())) {
            return;
        }
        let index = self.frames.len();
        if let Some(parent) = self.open.last().copied() {
            let by_program = self.is_program(parent);
            if let Some(logger) = &mut self.struct_logs {
                logger.frame_opened(&record, by_program, self.open.len());
            }
            if by_program && let Some(notes) = &mut self.notes {
                let size = record
                    .to
                    .filter(|_| !record.kind.is_create())
                    .map_or(0, |to| journal::peek_code_size(ctx, to));
                let stack = record.opening_stack();
                let bytes = notes.told(parent, record.kind.op(), &stack, size);
                self.has_room(bytes);
            }
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
        let depth = self.open.len();
        let Some(index) = self.open.pop() else { return };
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
        let started = self.program(index).is_some_and(ProgramRun::has_started);
        let frame = &self.frames[index];
        if let Some(logger) = &mut self.struct_logs {
            logger.frame_closed();
            if started {
                logger.program_ended(output, frame.error.as_ref(), left, depth);
            }
        }
        if let Some(notes) = &mut self.notes {
            notes.frame_closed();
            if started {
                let failed = frame.error.as_ref().map(ToString::to_string);
                let (op, stack) = hostio_opcodes::ending(output, failed.as_deref());
                notes.told(index, op, &stack, 0);
                if failed.is_some() {
                    notes.told(index, opcode::STOP, &[], 0);
                }
            }
        }
        if self.is_program(index) {
            self.open_runs.pop();
        }
    }

    /// The program that runs in a frame, if that is the innermost program.
    fn program(&self, frame: usize) -> Option<&ProgramRun> {
        let run = self.runs.get(*self.open_runs.last()?)?;
        (run.frame == frame).then_some(run)
    }

    fn is_program(&self, frame: usize) -> bool {
        self.program(frame).is_some()
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
        if let (Some(notes), Some(frame)) = (&mut self.notes, self.open.last()) {
            let bytes = notes.step(*frame, interpreter, ctx);
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
        if let Some(notes) = &mut self.notes {
            let bytes = notes.slot_touched(slot, value);
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
        if let (Some(notes), Some(frame)) = (&mut self.notes, self.open.last()) {
            let bytes = records
                .iter()
                .map(|record| notes.hostio(*frame, record))
                .sum();
            if !self.has_room(bytes) {
                return;
            }
        }
        if let Some(frame) = self.top() {
            frame.entries.extend(records.into_iter().map(Entry::Hostio));
        }
    }

    /// A precompile moved wei to an account with so much code. What it mints or burns moves from or
    /// to nobody, the zero address.
    pub(crate) fn balance_moved(
        &mut self,
        from: Address,
        to: Address,
        amount: U256,
        code_size: usize,
    ) {
        if !self.has_room(room::entry(0)) {
            return;
        }
        let depth = self.open.len();
        let Some(frame) = self.open.last().copied() else {
            return;
        };
        let zero = U256::ZERO;
        let stack = vec![zero, zero, zero, zero, amount, to.into_word().into(), zero];
        if let Some(notes) = &mut self.notes {
            notes.told(frame, opcode::CALL, &stack, code_size);
        }
        if let Some(logger) = &mut self.struct_logs {
            logger.balance_moved(stack, depth);
        }
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.entries.push(Entry::Moved { from, to, amount });
        }
    }

    /// Wei moved before the first frame or after the last.
    pub(crate) fn transferred(&mut self, transfer: Transfer) {
        self.transfers.push(transfer);
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

    /// The finished trace.
    pub(crate) fn finish(mut self, scene: &Scene<'_>) -> Result<Trace, TraceError> {
        if self.gave_up() {
            return Err(TraceTooLarge.into());
        }
        let config = std::mem::replace(&mut self.config, TraceConfig::Noop);
        self.view(&config, scene)
    }

    /// What one tracer shows of it.
    fn view(&mut self, config: &TraceConfig, scene: &Scene<'_>) -> Result<Trace, TraceError> {
        let totals = &Totals::new(scene.outcome, scene.gas_limit);
        let no_notes = OpNotes::default();
        let notes = self.notes.as_ref().unwrap_or(&no_notes);
        Ok(match config {
            TraceConfig::StructLog(_) => self
                .struct_logs
                .take()
                .map_or(Trace::Null, |logger| logger.finish(scene.outcome)),
            TraceConfig::Call(config) => call::trace(&self.frames, config, totals, &self.transfers),
            TraceConfig::Flat(config) => flat::trace(
                &self.frames,
                config,
                totals,
                &self.transfers,
                scene.is_precompile,
            ),
            TraceConfig::Prestate(config) => prestate::trace(scene, config),
            TraceConfig::Stylus => stylus::trace(&self.frames)?,
            TraceConfig::Programs => runs::trace(&self.runs),
            TraceConfig::FourByte => four_byte::trace(&self.frames, scene.is_precompile),
            TraceConfig::Erc7562(config) => erc7562::trace(&self.frames, notes, config, totals),
            TraceConfig::KeccakPreimages => notes.preimages_by_hash(),
            TraceConfig::Mux(tracers) => {
                let mut views = serde_json::Map::new();
                for (name, tracer) in tracers {
                    views.insert(name.clone(), self.view(tracer, scene)?);
                }
                Trace::Object(views)
            }
            TraceConfig::Noop => Trace::Object(Default::default()),
        })
    }

    fn top(&mut self) -> Option<&mut FrameRecord> {
        self.open.last().map(|index| &mut self.frames[*index])
    }
}
