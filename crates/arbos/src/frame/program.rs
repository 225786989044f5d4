//! Stylus frames: a program as a coroutine, with what it pays before, during and after.

use alloy_primitives::Bytes;
use revm::{
    context_interface::{JournalTr, journaled_state::JournalCheckpoint},
    handler::{FrameResult, ItemOrResult},
    interpreter::{
        CallInputs, CallOutcome, CallValue, Gas, InstructionResult, InterpreterResult,
        SharedMemory, interpreter_action::FrameInit,
    },
    primitives::constants::CALL_STACK_LIMIT,
};
use stylus_vm::{
    Answer, Execution, Finished, Outcome, ProgramError, RunEnv, RunInput, Step,
    call_cost::{StartCosts, call_cost, return_data_gas},
    params::StylusParams,
};

use super::{calls::Waiting, is_delegate};
use crate::{
    error::ExecError,
    executor::{
        context::{Ctx, Fatal},
        journal::JournalAccess,
        program_code,
    },
    state::{ArbosState, Inactive},
    trace::ProgramRun,
};

/// One running program.
pub(super) struct ProgramFrame {
    pub(super) depth: usize,
    pub(super) inputs: Box<CallInputs>,
    pub(super) params: StylusParams,
    pub(super) waiting: Waiting,
    /// Refunds of its own writes and of its successful callees.
    pub(super) refund: i64,
    /// EVM callees take their memory from here.
    pub(super) memory: SharedMemory,
    checkpoint: JournalCheckpoint,
    execution: Execution,
    answer: Option<Answer>,
    /// Pages open before this frame opened its own.
    pages_before: u16,
}

impl ProgramFrame {
    /// Moves the value, charges the start and creates the instance; or says how the frame ends without running.
    pub(super) fn open(
        ctx: &mut Ctx<'_>,
        depth: usize,
        memory: SharedMemory,
        inputs: Box<CallInputs>,
    ) -> Result<ItemOrResult<Box<Self>, FrameResult>, Fatal> {
        if depth > CALL_STACK_LIMIT as usize {
            return Ok(ItemOrResult::Result(ended(
                &inputs,
                InstructionResult::CallTooDeep,
                inputs.gas_limit,
            )));
        }
        let checkpoint = ctx.journaled_state.checkpoint();
        Ok(match Self::start(ctx, memory, &inputs) {
            Ok((params, execution, memory, pages_before)) => ItemOrResult::Item(Box::new(Self {
                depth,
                inputs,
                params,
                waiting: Waiting::Nothing,
                refund: 0,
                memory,
                checkpoint,
                execution,
                answer: None,
                pages_before,
            })),
            Err(Refused::Transaction(fatal)) => return Err(fatal),
            Err(Refused::Frame { result, error }) => {
                ctx.journaled_state.checkpoint_revert(checkpoint);
                if let Some(error) = error {
                    ctx.chain.note_error(depth, error);
                }
                ItemOrResult::Result(ended(&inputs, result, inputs.gas_limit))
            }
        })
    }

    fn start(
        ctx: &mut Ctx<'_>,
        memory: SharedMemory,
        inputs: &CallInputs,
    ) -> Result<(StylusParams, Execution, SharedMemory, u16), Refused> {
        if let CallValue::Transfer(value) = inputs.value
            && let Some(error) =
                ctx.journaled_state
                    .transfer_loaded(inputs.caller, inputs.target_address, value)
        {
            return Err(Refused::Frame {
                result: error.into(),
                error: None,
            });
        }
        let block = ctx.chain.block.clone();
        let (code_hash, code) = inputs.known_bytecode.clone();
        let arbos = ArbosState::open(block.arbos_version);
        let params = arbos.stylus_params(&mut JournalAccess(ctx));
        let record = arbos.program_record(&mut JournalAccess(ctx), code_hash);
        record
            .check_active(&params, block.timestamp)
            .map_err(Refused::inactive)?;

        let recent = block.arbos_version >= RECENT_CACHE_FROM
            && ctx.chain.recent.touch(code_hash, params.block_cache_size);
        let costs = StartCosts {
            init_cost: record.init_cost,
            cached_cost: record.cached_cost,
            footprint: record.footprint,
        };
        let cost = call_cost(&params, &costs, record.cached || recent, ctx.chain.pages);
        if let Some(recorder) = &mut ctx.chain.recorder {
            recorder.program_called(ProgramRun::called(inputs, cost));
        }
        let Some(gas) = inputs.gas_limit.checked_sub(cost.total()) else {
            ctx.chain.unpriced_gas = ctx.chain.unpriced_gas.saturating_add(inputs.gas_limit);
            return Err(Refused::out_of_gas());
        };
        let pages_before = ctx.chain.pages.open;
        ctx.chain.pages = ctx.chain.pages.with(record.footprint);

        let ink = gas.saturating_mul(u64::from(params.ink_price));
        let compiled = program_code::compiled(ctx, code_hash, code.original_byte_slice(), &params);
        let program = compiled.map_err(|text| {
            ctx.chain.pages.open = pages_before;
            Refused::Frame {
                result: InstructionResult::NotActivated,
                error: Some(ExecError::Other(text)),
            }
        })?;
        let execution = Execution::start(&program, run_input(ctx, inputs, &params, ink))
            .map_err(Refused::without_room)?;
        if let Some(recorder) = &mut ctx.chain.recorder {
            recorder.program_started(ink);
        }
        Ok((params, execution, memory, pages_before))
    }

    /// Runs until the program ends or wants to open a frame.
    pub(super) fn advance(
        &mut self,
        ctx: &mut Ctx<'_>,
    ) -> Result<ItemOrResult<FrameInit, FrameResult>, Fatal> {
        loop {
            let step = self.execution.run(self.answer.take());
            ctx.chain.print(self.execution.take_console());
            let records = self.execution.take_trace();
            if let Some(recorder) = &mut ctx.chain.recorder {
                match records {
                    Some(records) => recorder.hostios(records),
                    None => recorder.give_up(),
                }
            }
            match step {
                Step::Done(finished) => {
                    return self.finish(ctx, finished).map(ItemOrResult::Result);
                }
                Step::Ask(request) => match self.serve(ctx, request) {
                    ItemOrResult::Item(frame_input) => {
                        let memory = self.memory.new_child_context();
                        return Ok(ItemOrResult::Item(FrameInit {
                            depth: self.depth + 1,
                            memory,
                            frame_input,
                        }));
                    }
                    ItemOrResult::Result(answer) => self.answer = Some(answer),
                },
            }
        }
    }

    /// Takes the result of the frame this program opened.
    pub(super) fn resume(&mut self, result: FrameResult) {
        self.memory.free_child_context();
        self.answer = Some(self.settle(result));
    }

    /// Prices the output, keeps or undoes the changes, closes the pages.
    fn finish(&mut self, ctx: &mut Ctx<'_>, finished: Finished) -> Result<FrameResult, Fatal> {
        ctx.chain.pages.open = self.pages_before;
        if let Some(recorder) = &mut ctx.chain.recorder {
            recorder.program_finished(&finished);
        }
        let gas_limit = self.inputs.gas_limit;
        let gas_left = finished.ink_left / u64::from(self.params.ink_price).max(1);
        let (mut result, output, mut gas_left) = match finished.outcome {
            Outcome::Success => (InstructionResult::Return, finished.output, gas_left),
            Outcome::Revert => (InstructionResult::Revert, finished.output, gas_left),
            Outcome::Failure => (InstructionResult::Revert, Bytes::new(), gas_left),
            Outcome::OutOfInk => (InstructionResult::OutOfGas, Bytes::new(), 0),
            // A depth error that, unlike the EVM's, takes the frame's gas.
            Outcome::OutOfStack => {
                ctx.chain.note_error(self.depth, ExecError::CallDepth);
                (InstructionResult::StackOverflow, Bytes::new(), 0)
            }
            Outcome::NoRoom(shortage) => return Err(Fatal::Room(shortage)),
        };
        if !output.is_empty() {
            match gas_limit.checked_sub(return_data_gas(output.len())) {
                Some(most) => gas_left = gas_left.min(most),
                None => result = InstructionResult::OutOfGas,
            }
        }
        if result.is_ok() {
            ctx.journaled_state.checkpoint_commit();
        } else {
            ctx.journaled_state.checkpoint_revert(self.checkpoint);
        }
        let output = if result.is_ok_or_revert() {
            output
        } else {
            Bytes::new()
        };
        let mut gas = Gas::new(gas_limit);
        gas.set_remaining(if result.is_ok_or_revert() {
            gas_left
        } else {
            0
        });
        if result.is_ok() {
            gas.record_refund(self.refund);
        }
        let result = InterpreterResult::new(result, output, gas);
        Ok(call_result(&self.inputs, result))
    }
}

/// First ArbOS version with the per-block list of recent programs.
const RECENT_CACHE_FROM: u64 = 60;

/// Why a program frame ends before it runs.
enum Refused {
    Frame {
        result: InstructionResult,
        error: Option<ExecError>,
    },
    /// And the whole transaction with it.
    Transaction(Fatal),
}

impl Refused {
    fn out_of_gas() -> Self {
        Self::Frame {
            result: InstructionResult::OutOfGas,
            error: None,
        }
    }

    fn inactive(reason: Inactive) -> Self {
        let text = match reason {
            Inactive::NotActivated => "error ProgramNotActivated()".into(),
            Inactive::NeedsUpgrade { program, current } => {
                format!("error ProgramNeedsUpgrade({program}, {current})")
            }
            Inactive::Expired { age } => format!("error ProgramExpired({age})"),
        };
        Self::Frame {
            result: InstructionResult::NotActivated,
            error: Some(ExecError::Other(text)),
        }
    }

    /// The program can run, but not here and now: no result of the frame would be true.
    fn without_room(error: ProgramError) -> Self {
        Self::Transaction(match error {
            ProgramError::Room(shortage) => Fatal::Room(shortage),
            other => Fatal::Internal(other.to_string()),
        })
    }
}

fn run_input(ctx: &Ctx<'_>, inputs: &CallInputs, params: &StylusParams, ink: u64) -> RunInput {
    let chain = &ctx.chain;
    let open = chain
        .entered
        .get(&inputs.target_address)
        .copied()
        .unwrap_or(0);
    let others = if is_delegate(inputs.scheme) {
        open.saturating_sub(1)
    } else {
        open
    };
    RunInput {
        calldata: inputs.input.bytes_local(&ctx.local),
        ink,
        ink_price: params.ink_price,
        max_stack_depth: params.max_stack_depth,
        free_pages: params.free_pages,
        arbos_version: chain.block.arbos_version,
        is_static: inputs.is_static,
        tracing: chain.recorder.is_some(),
        debug_chain: chain.chain.allow_debug_precompiles,
        max_code_size: chain.chain.max_code_size as u64,
        room: chain.room.clone(),
        env: RunEnv {
            block_basefee: alloy_primitives::U256::from(ctx.block.basefee),
            chain_id: chain.chain.chain_id,
            block_coinbase: chain.block.coinbase,
            block_gas_limit: chain.block.gas_limit,
            block_number: chain.block.l1_block_number,
            block_timestamp: chain.block.timestamp,
            contract_address: inputs.target_address,
            msg_sender: inputs.caller,
            msg_value: inputs.call_value(),
            msg_reentrant: others > 0,
            tx_gas_price: chain.message_gas_price,
            tx_origin: chain.tx.origin,
        },
    }
}

/// A frame that ended without running: `gas_left` counts only for results that keep gas.
fn ended(inputs: &CallInputs, result: InstructionResult, gas_left: u64) -> FrameResult {
    let mut gas = Gas::new(inputs.gas_limit);
    gas.set_remaining(if result.is_ok_or_revert() {
        gas_left
    } else {
        0
    });
    call_result(inputs, InterpreterResult::new(result, Bytes::new(), gas))
}

fn call_result(inputs: &CallInputs, result: InterpreterResult) -> FrameResult {
    FrameResult::Call(CallOutcome::new(
        result,
        inputs.return_memory_offset.clone(),
    ))
}
