//! Executing without changing anything: calls, estimates, access lists, traces.

use std::sync::Arc;

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::U256;
use arbos::{BlockContext, BlockEnv, ExecOptions, Executor, Outcome, Pretence, TxError, TxInput};

use crate::{
    chain::{Block, BlockId, Chain, UnknownBlock},
    clock::Clock,
    state::{View, arbos_state},
};

/// A block to pretend to be in, and the state to start from.
#[derive(Clone, Debug)]
pub struct Scene {
    /// What the EVM says about the block.
    pub env: BlockEnv,
    /// What execution reads.
    pub view: View,
    /// The block that was named.
    pub block: Arc<Block>,
    /// What else is otherwise than on the chain.
    pub pretence: Arc<Pretence>,
}

impl Scene {
    /// The block `id` and the state after it. `pending` is the newest block with the next one's
    /// height at the clock's time, nothing of which has run.
    pub fn after(chain: &Chain, clock: &Clock, id: BlockId) -> Result<Self, UnknownBlock> {
        let (block, view) = chain.find_view(id)?;
        let mut env = env_of(&block);
        if id == BlockId::Number(BlockNumberOrTag::Pending) {
            env.timestamp = clock.preview(block.header.timestamp);
            env.number = env.number.saturating_add(1);
        }
        Ok(Self {
            env,
            view,
            block,
            pretence: Arc::default(),
        })
    }

    /// Runs `input` here and forgets about it.
    pub fn run(
        &self,
        executor: &Executor,
        input: &TxInput,
        options: ExecOptions,
    ) -> Result<Outcome, TxError> {
        let options = ExecOptions {
            pretence: Arc::clone(&self.pretence),
            ..options
        };
        executor.transact(
            &self.view,
            &self.env,
            &mut BlockContext::default(),
            input,
            &options,
        )
    }

    /// Wei per gas in a block on top of this state.
    pub fn next_base_fee(&self) -> U256 {
        arbos_state(&self.view, |arbos, words| arbos.current_base_fee(words))
    }

    /// Wei per unit of L1 data.
    pub fn l1_base_fee(&self) -> U256 {
        arbos_state(&self.view, |arbos, words| arbos.l1_price_per_unit(words))
    }
}

/// What the EVM says while executing in `block`.
fn env_of(block: &Block) -> BlockEnv {
    let arbitrum = block.arbitrum();
    BlockEnv {
        number: block.number(),
        timestamp: block.header.timestamp,
        base_fee: U256::from(block.base_fee()),
        l1_block_number: arbitrum.l1_block_number,
        arbos_version: arbitrum.arbos_version,
        coinbase: arbos::state::BATCH_POSTER,
        gas_limit: block.header.gas_limit,
    }
}
