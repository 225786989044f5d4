//! What a program asks of the EVM, answered from the journal. Gas figures are those of the fork in force.

use alloy_primitives::{Address, B256, Bytes, Log, LogData, U256};
use revm::{
    context_interface::{Cfg, JournalTr},
    handler::ItemOrResult,
    interpreter::FrameInput,
};
use stylus_vm::{Answer, Request};

use super::program::ProgramFrame;
use crate::executor::{
    context::Ctx,
    journal::{self, sure},
};

/// Gas of touching an account that is warm (EIP-2929).
pub(super) const WARM_ACCOUNT: u64 = 100;
/// Gas of touching a cold account.
pub(super) const COLD_ACCOUNT: u64 = 2_600;
/// Gas of a warm `SLOAD`.
const WARM_SLOAD: u64 = 100;
/// Gas of a cold `SLOAD`.
const COLD_SLOAD: u64 = 2_100;
/// Gas of reading code, for every full default code size that the chain allows.
const CODE_READ: u64 = 700;
/// The code size that [`CODE_READ`] is for.
const CODE_READ_UNIT: usize = 24_576;

impl ProgramFrame {
    /// Answers a request, or says which frame it takes to answer it.
    pub(super) fn serve(
        &mut self,
        ctx: &mut Ctx<'_>,
        request: Request,
    ) -> ItemOrResult<FrameInput, Answer> {
        let acting = self.inputs.target_address;
        ItemOrResult::Result(match request {
            Request::StorageLoad { key } => {
                let load = sure(ctx.journaled_state.sload(acting, key.into()));
                let gas = if load.is_cold { COLD_SLOAD } else { WARM_SLOAD };
                if let Some(recorder) = &mut ctx.chain.recorder {
                    recorder.slot_touched(acting, key.into(), load.data);
                }
                Answer::Storage {
                    value: load.data.into(),
                    gas,
                }
            }
            Request::StorageFlush { writes, budget } => self.flush(ctx, &writes, budget),
            Request::TransientLoad { key } => {
                Answer::Word(ctx.journaled_state.tload(acting, key.into()).into())
            }
            Request::TransientStore { key, value } => {
                ctx.journaled_state.tstore(acting, key.into(), value.into());
                Answer::Done
            }
            Request::Log { topics, data } => {
                let log = Log {
                    address: acting,
                    data: LogData::new_unchecked(topics, data),
                };
                if let Some(recorder) = &mut ctx.chain.recorder {
                    recorder.log(&log);
                }
                ctx.journaled_state.log(log);
                Answer::Done
            }
            Request::Balance { address } => {
                let load = sure(ctx.journaled_state.load_account(address));
                Answer::Account {
                    word: load.data.info.balance.into(),
                    gas: touch_gas(load.is_cold),
                }
            }
            Request::CodeHash { address } => {
                let is_cold = sure(ctx.journaled_state.load_account(address)).is_cold;
                Answer::Account {
                    word: journal::code_hash(ctx, address),
                    gas: touch_gas(is_cold),
                }
            }
            Request::Code { address, gas_left } => read_code(ctx, address, gas_left),
            Request::AddPages { pages } => Answer::Gas(ctx.chain.pages.add(pages, &self.params)),
            Request::Call {
                kind,
                contract,
                value,
                input,
                gas_left,
                gas_requested,
            } => {
                return self.call(ctx, kind, contract, value, input, gas_left, gas_requested);
            }
            Request::Create {
                salt,
                code,
                endowment,
                gas_left,
            } => {
                return ItemOrResult::Item(self.create(salt, code, endowment, gas_left));
            }
        })
    }

    /// Writes slots one by one at `SSTORE` prices, without its 2,300 gas sentry. Stops when a slot
    /// costs more than is left of the budget, or leaves nothing.
    fn flush(&mut self, ctx: &mut Ctx<'_>, writes: &[(B256, B256)], budget: u64) -> Answer {
        let mut spent = 0u64;
        let acting = self.inputs.target_address;
        for (key, value) in writes {
            let (key, value) = (U256::from_be_bytes(key.0), U256::from_be_bytes(value.0));
            let stored = sure(ctx.journaled_state.sstore(acting, key, value));
            if let Some(recorder) = &mut ctx.chain.recorder {
                recorder.slot_touched(acting, key, value);
            }
            let params = ctx.cfg.gas_params();
            let cost = params.sstore_static_gas()
                + params.sstore_dynamic_gas(true, &stored.data, stored.is_cold);
            self.refund += params.sstore_refund(true, &stored.data);
            spent = spent.saturating_add(cost);
            if spent >= budget {
                return Answer::Flush {
                    gas: spent,
                    out_of_gas: true,
                };
            }
        }
        Answer::Flush {
            gas: spent,
            out_of_gas: false,
        }
    }
}

pub(super) fn touch_gas(is_cold: bool) -> u64 {
    if is_cold { COLD_ACCOUNT } else { WARM_ACCOUNT }
}

fn read_code(ctx: &mut Ctx<'_>, address: Address, gas_left: u64) -> Answer {
    let load = sure(ctx.journaled_state.code(address));
    let size_factor = (ctx.chain.chain.max_code_size / CODE_READ_UNIT) as u64;
    let gas = CODE_READ
        .saturating_mul(size_factor)
        .saturating_add(touch_gas(load.is_cold));
    let code = if gas_left < gas {
        Bytes::new()
    } else {
        load.data
    };
    Answer::Code { code, gas }
}
