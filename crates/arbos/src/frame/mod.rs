//! The frame machine: EVM frames and Stylus frames on one stack, run iteratively.
//!
//! A frame runs until it ends or wants to open another; the machine opens it on top and hands its
//! result back down. Nothing recurses, so that 1,024 nested frames need no deep native stack.

mod calls;
mod evm;
mod program;
mod requests;

use alloy_primitives::{Address, KECCAK256_EMPTY};
use revm::{
    bytecode::Bytecode,
    context_interface::LocalContextTr,
    handler::{EthFrame, FrameResult, ItemOrResult, instructions::EthInstructions},
    interpreter::{
        CallInputs, CallScheme, FrameInput, SharedMemory, interpreter::EthInterpreter,
        interpreter_action::FrameInit,
    },
};
use stylus_vm::container;

pub(crate) use self::evm::selfdestruct;
use self::program::ProgramFrame;
use crate::{
    executor::{
        context::{Ctx, Fatal},
        journal,
        precompiles::EvmPrecompiles,
        rules,
    },
    precompiles::{STUB_CODE, is_precompile},
};

/// Either kind of frame.
enum Frame {
    Evm(Box<EthFrame<EthInterpreter>>),
    Program(Box<ProgramFrame>),
}

/// A frame on the stack.
struct OpenFrame {
    frame: Frame,
    /// Acting address, unless this is a delegate frame: those are not counted for re-entrancy.
    entered: Option<Address>,
}

/// The frames of one transaction and what they run on.
pub(crate) struct Machine<'a> {
    pub(crate) ctx: Ctx<'a>,
    instructions: EthInstructions<EthInterpreter, Ctx<'a>>,
    precompiles: EvmPrecompiles,
    frames: Vec<OpenFrame>,
    /// EVM frames that ended; their stacks are used again.
    #[expect(
        clippy::vec_box,
        reason = "frames move in and out of the stack without being copied"
    )]
    spare: Vec<Box<EthFrame<EthInterpreter>>>,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(ctx: Ctx<'a>, precompiles: EvmPrecompiles) -> Self {
        let instructions = rules::instructions(ctx.chain.block.arbos_version);
        Self {
            ctx,
            instructions,
            precompiles,
            frames: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Runs the outermost frame to its end.
    pub(crate) fn run(&mut self, frame_input: FrameInput) -> Result<FrameResult, Fatal> {
        let memory = SharedMemory::new_with_buffer(self.ctx.local.shared_memory_buffer().clone());
        if let Some(result) = self.open(FrameInit {
            depth: 0,
            memory,
            frame_input,
        })? {
            return Ok(result);
        }
        loop {
            let ended = match self.advance()? {
                ItemOrResult::Item(init) => self.open(init)?,
                ItemOrResult::Result(result) => {
                    self.close(&result);
                    Some(result)
                }
            };
            let Some(result) = ended else { continue };
            match self.frames.last_mut().map(|open| &mut open.frame) {
                None => return Ok(result),
                Some(Frame::Evm(parent)) => parent
                    .return_result::<_, crate::executor::context::FrameError>(
                        &mut self.ctx,
                        result,
                    )?,
                Some(Frame::Program(parent)) => parent.resume(result),
            }
        }
    }

    /// Opens a frame, or returns its result when it ends without running code.
    fn open(&mut self, init: FrameInit) -> Result<Option<FrameResult>, Fatal> {
        // One that gave up has nothing more to see, and copies of calldata are not free.
        let recorder = &mut self.ctx.chain.recorder;
        recorder.take_if(|recorder| recorder.gave_up());
        if let Some(mut recorder) = recorder.take() {
            recorder.enter(&init.frame_input, &self.ctx);
            self.ctx.chain.recorder = Some(recorder);
        }
        let mut init = init;
        let mut nobody = None;
        if let FrameInput::Call(call) = &mut init.frame_input {
            self.skip_precompile_code(call);
            nobody = self.nobody(call);
        }
        let (caller, entered) = match &init.frame_input {
            FrameInput::Call(call) => (
                call.caller,
                (!is_delegate(call.scheme)).then_some(call.target_address),
            ),
            FrameInput::Create(create) => (create.caller(), None),
            FrameInput::Empty => return Err(Fatal::Internal("empty frame".into())),
        };
        let arbos_version = self.ctx.chain.block.arbos_version;
        let opened = match init.frame_input {
            FrameInput::Call(call)
                if container::is_executable(
                    call.known_bytecode.1.original_byte_slice(),
                    arbos_version,
                ) =>
            {
                ProgramFrame::open(&mut self.ctx, init.depth, init.memory, call)?.map_item(
                    |frame| OpenFrame {
                        frame: Frame::Program(frame),
                        entered,
                    },
                )
            }
            frame_input => self.open_evm(
                FrameInit {
                    frame_input,
                    ..init
                },
                entered,
            )?,
        };
        match opened {
            ItemOrResult::Item(open) => {
                if let Some(address) = open.entered {
                    *self.ctx.chain.entered.entry(address).or_default() += 1;
                }
                self.ctx.chain.callers.push(caller);
                self.frames.push(open);
                Ok(None)
            }
            ItemOrResult::Result(result) => {
                if let Some(address) = nobody
                    && let Some(account) = self.ctx.journaled_state.inner.state.get_mut(&address)
                {
                    account.unmark_touch();
                }
                if let Some(recorder) = &mut self.ctx.chain.recorder {
                    recorder.exit(&result, self.ctx.chain.top_error.as_ref());
                }
                Ok(Some(result))
            }
        }
    }

    /// The target of a call that ends at once because nobody is there and nothing is sent: Nitro does
    /// not even touch it.
    fn nobody(&mut self, call: &CallInputs) -> Option<Address> {
        let target = call.target_address;
        let idle = call.scheme == CallScheme::Call && call.call_value().is_zero();
        let precompile = || self.precompiles.warm().contains(&target);
        if !idle || !call.known_bytecode.1.is_empty() || precompile() {
            return None;
        }
        (!journal::exists(&mut self.ctx, target)).then_some(target)
    }

    /// An account that is delegated to a precompile runs nothing: what stands there is a stub.
    fn skip_precompile_code(&mut self, call: &mut CallInputs) {
        if call.known_bytecode.1.original_byte_slice() != STUB_CODE.as_slice() {
            return;
        }
        let arbos_version = self.ctx.chain.block.arbos_version;
        let (_, code) = journal::stored_code(&mut self.ctx, call.bytecode_address);
        if code
            .eip7702_address()
            .is_some_and(|delegate| is_precompile(delegate, arbos_version))
        {
            call.known_bytecode = (KECCAK256_EMPTY, Bytecode::default());
        }
    }

    /// Runs the top frame until it ends or wants to open another.
    fn advance(&mut self) -> Result<ItemOrResult<FrameInit, FrameResult>, Fatal> {
        match self.frames.last_mut().map(|open| &mut open.frame) {
            Some(Frame::Evm(frame)) => evm::advance(frame, &mut self.ctx, &self.instructions),
            Some(Frame::Program(frame)) => frame.advance(&mut self.ctx),
            None => Err(Fatal::Internal("no frame to run".into())),
        }
    }

    /// Takes the top frame off the stack.
    fn close(&mut self, result: &FrameResult) {
        if let Some(recorder) = &mut self.ctx.chain.recorder {
            recorder.exit(result, self.ctx.chain.top_error.as_ref());
        }
        self.ctx.chain.callers.pop();
        let Some(open) = self.frames.pop() else {
            return;
        };
        if let Some(count) = open
            .entered
            .and_then(|address| self.ctx.chain.entered.get_mut(&address))
        {
            *count = count.saturating_sub(1);
        }
        if let Frame::Evm(frame) = open.frame {
            self.spare.push(frame);
        }
    }
}

/// Whether the frame acts as somebody else, with that account's storage.
pub(crate) fn is_delegate(scheme: CallScheme) -> bool {
    matches!(scheme, CallScheme::DelegateCall | CallScheme::CallCode)
}
