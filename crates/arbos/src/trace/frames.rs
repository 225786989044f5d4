//! Frames and what happened in them.

use alloy_primitives::{Address, B256, Bytes, Log, U256};
use revm::{
    bytecode::opcode,
    context_interface::CreateScheme,
    interpreter::{CallScheme, CreateInputs, FrameInput},
};
use stylus_vm::HostioRecord;

use crate::{error::ExecError, executor::context::Ctx};

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

    /// The opcode.
    pub(super) fn op(self) -> u8 {
        match self {
            Self::Call => opcode::CALL,
            Self::CallCode => opcode::CALLCODE,
            Self::DelegateCall => opcode::DELEGATECALL,
            Self::StaticCall => opcode::STATICCALL,
            Self::Create => opcode::CREATE,
            Self::Create2 => opcode::CREATE2,
        }
    }

    /// Whether the callee acts for itself, without code or storage of somebody else.
    pub(super) fn is_plain_call(self) -> bool {
        matches!(self, Self::Call | Self::StaticCall)
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
    /// Code called, or the address of the contract to create.
    pub(super) to: Option<Address>,
    /// Salt of a `CREATE2`.
    pub(super) salt: Option<U256>,
    /// None for frames that only appear to have a value.
    pub(super) value: Option<U256>,
    pub(super) input: Bytes,
    pub(super) gas: u64,
    pub(super) gas_used: u64,
    pub(super) output: Bytes,
    pub(super) error: Option<ExecError>,
    pub(super) entries: Vec<Entry>,
}

impl FrameRecord {
    /// What would be on the stack when the opcode that opens the frame runs, last one on top.
    pub(super) fn opening_stack(&self) -> Vec<U256> {
        let len = U256::from(self.input.len());
        let to = self.to.unwrap_or_default().into_word().into();
        let value = self.value.unwrap_or_default();
        let gas = U256::from(self.gas);
        let zero = U256::ZERO;
        match self.kind {
            Kind::Call | Kind::CallCode => vec![zero, zero, len, zero, value, to, gas],
            Kind::DelegateCall | Kind::StaticCall => vec![zero, zero, len, zero, to, gas],
            Kind::Create => vec![len, zero, value],
            Kind::Create2 => vec![self.salt.unwrap_or_default(), len, zero, value],
        }
    }
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

/// The record of a frame about to open.
pub(super) fn frame_record(frame: &FrameInput, ctx: &Ctx<'_>) -> Option<FrameRecord> {
    let mut salt = None;
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
                call.input.bytes_local(&ctx.local),
                call.gas_limit,
            )
        }
        FrameInput::Create(create) => {
            let kind = match create.scheme() {
                CreateScheme::Create2 { salt: given } => {
                    salt = Some(given);
                    Kind::Create2
                }
                _ => Kind::Create,
            };
            (
                kind,
                create.caller(),
                Some(created_address(create, ctx)),
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
        salt,
        value,
        input,
        gas,
        gas_used: 0,
        output: Bytes::new(),
        error: None,
        entries: Vec::new(),
    })
}

/// Where a creation about to begin will stand.
fn created_address(create: &CreateInputs, ctx: &Ctx<'_>) -> Address {
    let caller = create.caller();
    let loaded = ctx.journaled_state.inner.state.get(&caller);
    let nonce = loaded.map_or_else(
        || {
            ctx.chain
                .state
                .account(caller)
                .map_or(0, |known| known.nonce)
        },
        |account| account.info.nonce,
    );
    match create.scheme() {
        CreateScheme::Create2 { salt } => {
            caller.create2_from_code(B256::from(salt), create.init_code())
        }
        _ => caller.create(nonce),
    }
}
