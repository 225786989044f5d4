//! The state transition as a function: (state, block, transaction) → outcome.

mod checks;
pub(crate) mod context;
mod diff;
mod fees;
mod gas;
pub(crate) mod journal;
mod options;
pub(crate) mod precompiles;
mod pretence;
mod prices;
pub(crate) mod program_code;
mod programs;
pub(crate) mod result;
pub(crate) mod rules;
mod transact;

pub use options::{ExecOptions, Mode};
pub use precompiles::is_any_precompile;
pub use pretence::Pretence;
pub(crate) use prices::poster_share;

use self::programs::{ProgramCache, RecentPrograms};
use crate::{
    error::TxError,
    host::{BlockEnv, ChainConfig},
    outcome::Outcome,
    tx::TxInput,
    world::State,
};

/// Executes transactions of one chain. Holds no chain state, only the chain's constants and
/// programs compiled so far; share it freely between threads.
#[derive(Debug)]
pub struct Executor {
    chain: ChainConfig,
    programs: ProgramCache,
}

/// What the transactions of one block share besides state: make one per block, and one per call.
#[derive(Debug, Default)]
pub struct BlockContext {
    recent: RecentPrograms,
}

impl Executor {
    /// An executor for `chain`.
    pub fn new(chain: ChainConfig) -> Self {
        Self {
            chain,
            programs: ProgramCache::default(),
        }
    }

    /// The chain's constants.
    pub fn chain(&self) -> &ChainConfig {
        &self.chain
    }

    /// Why `tx` may not be in a block with this `env` on top of `state`, as far as that is known
    /// without running it.
    pub fn check(
        &self,
        state: &dyn State,
        env: &BlockEnv,
        tx: &TxInput,
        options: &ExecOptions,
    ) -> Result<(), TxError> {
        transact::check(self, state, env, tx, options)
    }

    /// Executes one transaction or call on top of `state`, which is left alone: apply the outcome's diff.
    ///
    /// Failed executions are outcomes. An error means that the transaction may not be in a block.
    pub fn transact(
        &self,
        state: &dyn State,
        env: &BlockEnv,
        block: &mut BlockContext,
        tx: &TxInput,
        options: &ExecOptions,
    ) -> Result<Outcome, TxError> {
        let recent = block.recent.clone();
        let outcome = transact::transact(self, state, env, block, tx, options);
        if outcome.is_err() {
            // What is not in the block has called nothing in it.
            block.recent = recent;
        }
        outcome
    }
}
