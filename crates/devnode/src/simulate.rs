//! Executing without changing anything: calls, estimates, access lists, traces.

use std::sync::Arc;

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{Address, B256, U256};
use alloy_rpc_types_eth::{
    BlockOverrides,
    state::{AccountOverride, StateOverride},
};
use arbos::{BlockContext, BlockEnv, ExecOptions, Executor, Outcome, TxError, TxInput};

use crate::{
    chain::{Block, BlockId, Chain, UnknownBlock},
    clock::Clock,
    state::{Edit, State, View, arbos_state},
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
        Ok(Self { env, view, block })
    }

    /// Runs `input` here and forgets about it.
    pub fn run(
        &self,
        executor: &Executor,
        input: &TxInput,
        options: &ExecOptions,
    ) -> Result<Outcome, TxError> {
        executor.transact(
            &self.view,
            &self.env,
            &mut BlockContext::default(),
            input,
            options,
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

    /// Pretends that these accounts are different.
    pub fn override_state(&mut self, overrides: StateOverride) -> Result<(), ConflictingOverride> {
        for (address, account) in overrides {
            if account.state.is_some() && account.state_diff.is_some() {
                return Err(ConflictingOverride(address));
            }
            let diff = override_account(&self.view.state, address, account).finish();
            self.view.state.apply(&diff);
        }
        Ok(())
    }

    /// Pretends that the block says something else.
    pub fn override_block(&mut self, overrides: &BlockOverrides) {
        let env = &mut self.env;
        if let Some(number) = overrides.number {
            env.number = number.saturating_to();
            env.l1_block_number = number.saturating_to();
        }
        env.timestamp = overrides.time.unwrap_or(env.timestamp);
        env.gas_limit = overrides.gas_limit.unwrap_or(env.gas_limit);
        env.coinbase = overrides.coinbase.unwrap_or(env.coinbase);
        env.base_fee = overrides.base_fee.unwrap_or(env.base_fee);
    }
}

/// Both all of the storage and a part of it were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("account {0} has both 'state' and 'stateDiff'")]
pub struct ConflictingOverride(pub Address);

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

fn override_account(state: &State, address: Address, account: AccountOverride) -> Edit<'_> {
    let mut edit = Edit::of(state);
    if let Some(balance) = account.balance {
        edit = edit.balance(address, balance);
    }
    if let Some(nonce) = account.nonce {
        edit = edit.nonce(address, nonce);
    }
    if let Some(code) = account.code {
        edit = edit.code(address, code);
    }
    let words = |slots: alloy_primitives::map::B256HashMap<B256>| {
        slots
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect::<Vec<_>>()
    };
    if let Some(slots) = account.state {
        edit = edit.storage(address, words(slots));
    }
    for (key, value) in account.state_diff.map(words).unwrap_or_default() {
        edit = edit.slot(address, key, value);
    }
    edit
}
