//! Which EVM an ArbOS version runs.

use alloy_primitives::{B256, U256};
use revm::{
    bytecode::opcode,
    context::{BlockEnv as EvmBlock, CfgEnv},
    handler::instructions::EthInstructions,
    interpreter::{Instruction, interpreter::EthInterpreter},
    primitives::hardfork::SpecId,
};

use super::context::Ctx;
use crate::host::{BlockEnv, ChainConfig};

/// First ArbOS versions with the rules of Shanghai, Cancun, Prague and Osaka.
const SHANGHAI_FROM: u64 = 11;
const CANCUN_FROM: u64 = 20;
const PRAGUE_FROM: u64 = 40;
const OSAKA_FROM: u64 = 50;

/// What `DIFFICULTY` and `PREVRANDAO` return.
const PREVRANDAO: B256 = B256::with_last_byte(1);

/// The EVM rules of an ArbOS version.
pub(crate) fn spec(arbos_version: u64) -> SpecId {
    match arbos_version {
        OSAKA_FROM.. => SpecId::OSAKA,
        PRAGUE_FROM.. => SpecId::PRAGUE,
        CANCUN_FROM.. => SpecId::CANCUN,
        SHANGHAI_FROM.. => SpecId::SHANGHAI,
        _ => SpecId::MERGE,
    }
}

/// revm's configuration. Transaction checks are made by the executor itself, so that only what
/// frames read matters here. EIP-3541 is enforced where frames end.
pub(crate) fn cfg(chain: &ChainConfig, arbos_version: u64) -> CfgEnv {
    let mut cfg = CfgEnv::new_with_spec(spec(arbos_version));
    cfg.chain_id = chain.chain_id;
    cfg.limit_contract_code_size = Some(chain.max_code_size);
    cfg.disable_eip3541 = true;
    cfg
}

/// The block as EVM opcodes see it: `NUMBER` is the L1 height.
pub(crate) fn block(env: &BlockEnv) -> EvmBlock {
    EvmBlock {
        number: U256::from(env.l1_block_number),
        beneficiary: env.coinbase,
        timestamp: U256::from(env.timestamp),
        gas_limit: env.gas_limit,
        basefee: env.base_fee.saturating_to(),
        difficulty: PREVRANDAO.into(),
        prevrandao: Some(PREVRANDAO),
        blob_excess_gas_and_price: None,
        slot_num: 0,
    }
}

/// The opcodes: those of Ethereum without `BLOBBASEFEE`, and a `SELFDESTRUCT` that spares programs.
pub(crate) fn instructions<'a>(arbos_version: u64) -> EthInstructions<EthInterpreter, Ctx<'a>> {
    let mut table = EthInstructions::new_mainnet_with_spec(spec(arbos_version));
    table.insert_instruction(opcode::BLOBBASEFEE, Instruction::unknown(), 0);
    let gas = table.gas_table()[usize::from(opcode::SELFDESTRUCT)];
    table.insert_instruction(
        opcode::SELFDESTRUCT,
        Instruction::new(crate::frame::selfdestruct),
        gas,
    );
    table
}
