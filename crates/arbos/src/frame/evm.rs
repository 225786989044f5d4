//! EVM frames: revm's own, with Nitro's rules on creation and `SELFDESTRUCT`.

use alloy_primitives::{Address, Bytes};
use revm::{
    context_interface::local::OutFrame,
    handler::{EthFrame, FrameData, FrameResult, ItemOrResult, instructions::EthInstructions},
    interpreter::{
        FrameInput, Gas, InstructionContext, InstructionResult, InterpreterAction,
        InterpreterResult,
        instructions::host,
        interpreter::EthInterpreter,
        interpreter_action::FrameInit,
        interpreter_types::{InputsTr, Jumps, LegacyBytecode, LoopControl},
    },
};
use stylus_vm::container;

use super::{Frame, Machine, OpenFrame};
use crate::{
    error::ExecError,
    executor::{
        context::{Ctx, Fatal, FrameError},
        journal,
    },
};

/// First byte that EIP-3541 keeps for formats of code.
const RESERVED_PREFIX: u8 = 0xef;

impl Machine<'_> {
    /// Opens an EVM frame, which also runs precompiles and plain transfers.
    pub(super) fn open_evm(
        &mut self,
        init: FrameInit,
        entered: Option<Address>,
    ) -> Result<ItemOrResult<OpenFrame, FrameResult>, Fatal> {
        let mut frame = self
            .spare
            .pop()
            .unwrap_or_else(|| Box::new(EthFrame::invalid()));
        let slot = OutFrame::new_init(&mut *frame);
        match EthFrame::init_with_context(slot, &mut self.ctx, &mut self.precompiles, init)? {
            ItemOrResult::Item(_) => {
                let entered = frame.data.created_address().or(entered);
                Ok(ItemOrResult::Item(OpenFrame {
                    frame: Frame::Evm(frame),
                    entered,
                }))
            }
            ItemOrResult::Result(result) => {
                self.spare.push(frame);
                Ok(ItemOrResult::Result(result))
            }
        }
    }
}

/// Runs `frame` until it ends or wants to open another.
pub(super) fn advance<'a>(
    frame: &mut EthFrame<EthInterpreter>,
    ctx: &mut Ctx<'a>,
    instructions: &EthInstructions<EthInterpreter, Ctx<'a>>,
) -> Result<ItemOrResult<FrameInit, FrameResult>, Fatal> {
    let mut action = if is_program_initcode(frame, ctx) {
        // A constructor must be EVM code; a program without a code hash is not activated.
        let gas = Gas::new(frame.interpreter.gas.limit());
        InterpreterAction::Return(InterpreterResult::new(
            InstructionResult::NotActivated,
            Bytes::new(),
            gas,
        ))
    } else if ctx.chain.recorder.is_some() {
        run_recorded(frame, ctx, instructions)
    } else {
        frame.interpreter.run_plain(
            instructions.instruction_table(),
            instructions.gas_table(),
            ctx,
        )
    };
    refuse_reserved_code(frame, ctx, &mut action);
    name_unknown_opcode(frame, ctx, &action);
    Ok(frame.process_next_action::<_, FrameError>(ctx, action)?)
}

fn is_program_initcode(frame: &EthFrame<EthInterpreter>, ctx: &Ctx<'_>) -> bool {
    match &frame.input {
        FrameInput::Create(create) => {
            container::is_executable(create.init_code(), ctx.chain.block.arbos_version)
        }
        _ => false,
    }
}

/// EIP-3541, except for the Stylus prefixes of this version.
fn refuse_reserved_code(
    frame: &EthFrame<EthInterpreter>,
    ctx: &Ctx<'_>,
    action: &mut InterpreterAction,
) {
    let FrameData::Create(_) = frame.data else {
        return;
    };
    let InterpreterAction::Return(result) = action else {
        return;
    };
    if result.result.is_ok()
        && result.output.first() == Some(&RESERVED_PREFIX)
        && container::Kind::of(&result.output, ctx.chain.block.arbos_version).is_none()
    {
        result.result = InstructionResult::CreateContractStartingWithEF;
    }
}

/// Remembers which opcode it was that does not exist: its result does not tell.
fn name_unknown_opcode(
    frame: &EthFrame<EthInterpreter>,
    ctx: &mut Ctx<'_>,
    action: &InterpreterAction,
) {
    let InterpreterAction::Return(result) = action else {
        return;
    };
    if result.result != InstructionResult::OpcodeNotFound {
        return;
    }
    let code = &frame.interpreter.bytecode;
    // The counter is past it already.
    let at = code.pc().checked_sub(1);
    if let Some(op) = at.and_then(|at| code.bytecode_slice().get(at)) {
        let error = ExecError::InvalidOpcode(format!("opcode {op:#x} not defined"));
        ctx.chain.note_error(frame.depth, error);
    }
}

/// As `run_plain`, with the recorder looking at every opcode, until it gives up.
fn run_recorded<'a>(
    frame: &mut EthFrame<EthInterpreter>,
    ctx: &mut Ctx<'a>,
    instructions: &EthInstructions<EthInterpreter, Ctx<'a>>,
) -> InterpreterAction {
    let Some(mut recorder) = ctx.chain.recorder.take() else {
        return frame.interpreter.run_plain(
            instructions.instruction_table(),
            instructions.gas_table(),
            ctx,
        );
    };
    let interpreter = &mut frame.interpreter;
    while !interpreter.bytecode.is_end() {
        if recorder.gave_up() {
            return interpreter.run_plain(
                instructions.instruction_table(),
                instructions.gas_table(),
                ctx,
            );
        }
        let logs_before = ctx.journaled_state.logs.len();
        recorder.step(interpreter, ctx);
        if let Err(error) = interpreter.step(
            instructions.instruction_table(),
            instructions.gas_table(),
            ctx,
        ) && interpreter.bytecode.action().is_none()
        {
            interpreter.halt(error);
        }
        let ended = match interpreter.bytecode.action() {
            Some(InterpreterAction::Return(ended)) => Some(ended.result),
            _ => None,
        };
        recorder.step_end(interpreter, ended, ctx, logs_before);
    }
    ctx.chain.recorder = Some(recorder);
    frame.interpreter.take_next_action()
}

/// `SELFDESTRUCT`, which reverts when the acting account holds a Stylus program: that is EVM code
/// which the program called by delegation.
pub(crate) fn selfdestruct(
    context: InstructionContext<'_, Ctx<'_>, EthInterpreter>,
) -> Result<(), InstructionResult> {
    let acting = context.interpreter.input.target_address();
    let (_, code) = journal::stored_code(context.host, acting);
    if container::Kind::of(
        code.original_byte_slice(),
        context.host.chain.block.arbos_version,
    )
    .is_some()
    {
        return Err(InstructionResult::Revert);
    }
    host::selfdestruct(context)
}
