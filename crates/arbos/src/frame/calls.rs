//! Calls and creations made by programs (gas rules of host functions, which differ from the opcodes').

use alloy_primitives::{Address, B256, Bytes, U256};
use revm::{
    context_interface::{CreateScheme, JournalTr},
    handler::{FrameResult, ItemOrResult},
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, CreateInputs, FrameInput, InstructionResult,
    },
};
use stylus_vm::{Answer, CallKind};

use super::{
    program::ProgramFrame,
    requests::{COLD_ACCOUNT, WARM_ACCOUNT},
};
use crate::executor::{
    context::Ctx,
    journal::{self, sure},
};

/// Gas of sending value.
const CALL_VALUE: u64 = 9_000;
/// Gas of sending value to an account that is empty (EIP-161).
const NEW_ACCOUNT: u64 = 25_000;
/// Gas added for the callee when value is sent. The caller pays it, unlike with the opcode.
const STIPEND: u64 = 2_300;
/// Status of any call that failed.
const FAILED: u8 = 2;

/// Which result the program waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Waiting {
    /// None.
    Nothing,
    /// A call's: gas charged for the call itself, and gas given to the callee.
    Call { base: u64, given: u64 },
    /// A creation's: gas given to the constructor.
    Create { given: u64 },
}

impl ProgramFrame {
    #[expect(clippy::too_many_arguments, reason = "the fields of one request")]
    pub(super) fn call(
        &mut self,
        ctx: &mut Ctx<'_>,
        kind: CallKind,
        contract: Address,
        value: U256,
        input: Bytes,
        gas_left: u64,
        gas_requested: u64,
    ) -> ItemOrResult<FrameInput, Answer> {
        let sends_value = !value.is_zero();
        if self.inputs.is_static && sends_value {
            return refused(0);
        }
        let Some(base) = base_cost(ctx, contract, sends_value, gas_left) else {
            return refused(gas_left);
        };
        let forwardable = u128::from(gas_left - base) * 63 / 64;
        let given = u64::try_from(forwardable)
            .unwrap_or(u64::MAX)
            .min(gas_requested);
        let given = if sends_value {
            given.saturating_add(STIPEND)
        } else {
            given
        };
        self.waiting = Waiting::Call { base, given };

        let acting = self.inputs.target_address;
        let (scheme, target_address, caller, value) = match kind {
            CallKind::Call => (
                CallScheme::Call,
                contract,
                acting,
                CallValue::Transfer(value),
            ),
            CallKind::Static => (
                CallScheme::StaticCall,
                contract,
                acting,
                CallValue::Transfer(U256::ZERO),
            ),
            CallKind::Delegate => (
                CallScheme::DelegateCall,
                acting,
                self.inputs.caller,
                CallValue::Apparent(self.inputs.call_value()),
            ),
        };
        ItemOrResult::Item(FrameInput::Call(Box::new(CallInputs {
            input: CallInput::Bytes(input),
            return_memory_offset: 0..0,
            gas_limit: given,
            reservoir: 0,
            bytecode_address: contract,
            known_bytecode: journal::resolved_code(ctx, contract),
            target_address,
            caller,
            value,
            scheme,
            is_static: self.inputs.is_static || kind == CallKind::Static,
            charged_new_account_state_gas: false,
        })))
    }

    /// Gives the constructor all but a 64th of what is left.
    pub(super) fn create(
        &mut self,
        salt: Option<B256>,
        code: Bytes,
        endowment: U256,
        gas_left: u64,
    ) -> FrameInput {
        let given = gas_left - gas_left / 64;
        self.waiting = Waiting::Create { given };
        let scheme = match salt {
            Some(salt) => CreateScheme::Create2 { salt: salt.into() },
            None => CreateScheme::Create,
        };
        FrameInput::Create(Box::new(CreateInputs::new(
            self.inputs.target_address,
            scheme,
            endowment,
            code,
            given,
            0,
        )))
    }

    /// Turns a callee's result into the answer the program waits for.
    pub(super) fn settle(&mut self, result: FrameResult) -> Answer {
        let status = result.instruction_result();
        let returned = if status.is_ok_or_revert() {
            result.gas().remaining()
        } else {
            0
        };
        if status.is_ok() {
            self.refund += result.gas().refunded();
        }
        match (
            std::mem::replace(&mut self.waiting, Waiting::Nothing),
            result,
        ) {
            (Waiting::Create { given }, FrameResult::Create(outcome)) => Answer::Create {
                address: if status.is_ok() {
                    outcome.address.unwrap_or_default()
                } else {
                    Address::ZERO
                },
                gas_cost: given.saturating_sub(returned),
                return_data: if status == InstructionResult::Revert {
                    outcome.result.output
                } else {
                    Bytes::new()
                },
            },
            (Waiting::Call { base, given }, FrameResult::Call(outcome)) => Answer::Call {
                status: if status.is_ok() { 0 } else { FAILED },
                gas_cost: base.saturating_add(given.saturating_sub(returned)),
                return_data: if status.is_ok_or_revert() {
                    outcome.result.output
                } else {
                    Bytes::new()
                },
            },
            // A frame ends as what it was opened as. Any other answer fails the program.
            _ => Answer::Done,
        }
    }
}

fn refused(gas_cost: u64) -> ItemOrResult<FrameInput, Answer> {
    ItemOrResult::Result(Answer::Call {
        status: FAILED,
        gas_cost,
        return_data: Bytes::new(),
    })
}

/// Gas of the call itself, or nothing when it exceeds `gas_left`. A cold target becomes warm even then.
fn base_cost(
    ctx: &mut Ctx<'_>,
    contract: Address,
    sends_value: bool,
    gas_left: u64,
) -> Option<u64> {
    let within = |total: u64| (total <= gas_left).then_some(total);
    let mut total = within(WARM_ACCOUNT)?;
    let target = sure(ctx.journaled_state.load_account(contract));
    if target.is_cold {
        total = within(COLD_ACCOUNT)?;
    }
    if sends_value {
        if target.data.is_empty() {
            total = within(total + NEW_ACCOUNT)?;
        }
        total = within(total + CALL_VALUE)?;
    }
    Some(total)
}
