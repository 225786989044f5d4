//! How much gas a transaction needs, searched for as a Nitro node does: the same trials in the same
//! order, so that the answers are the same.

use thiserror::Error;

use crate::{
    block::{HEADER_GAS_LIMIT, Words},
    error::{ExecError, TxError},
    executor::{BlockContext, ExecOptions, Executor, Mode, poster_share},
    host::BlockEnv,
    outcome::{Outcome, Status},
    state::ArbosState,
    tx::{Fees, TxInput},
    world::State,
};

/// Most compute gas a call or an estimate may use; its L1 share comes on top.
pub const RPC_GAS_CAP: u64 = 50_000_000;
/// Gas of a plain transfer; a limit below it is taken for none.
const TRANSFER_GAS: u64 = 21_000;
/// What a call with value gives its target (EIP-150), which a first guess has to hold.
const CALL_STIPEND: u64 = 2_300;
/// The search stops when its bounds are closer than this: 1.5 percent of the upper one.
const TOLERANCE_PERMILLE: u128 = 15;

/// Why there is no estimate.
#[derive(Clone, Debug, Error)]
pub enum EstimateError {
    /// It may not run at all, tried with `gas`.
    #[error("failed with {gas} gas: {error}")]
    Tx {
        /// Gas limit tried.
        gas: u64,
        /// Why not.
        error: TxError,
    },
    /// It fails whatever gas it gets. The outcome has the revert data.
    #[error("{}", .0.error.as_ref().unwrap_or(&ExecError::Revert))]
    Failed(Box<Outcome>),
    /// It needs more than it may have.
    #[error("gas required exceeds allowance ({0})")]
    AboveAllowance(u64),
    /// The value alone is more than the sender has.
    #[error("insufficient funds for transfer")]
    Funds,
}

/// A transaction to be estimated, and where.
struct Search<'a> {
    executor: &'a Executor,
    state: &'a dyn State,
    env: &'a BlockEnv,
    tx: &'a TxInput,
    options: &'a ExecOptions,
}

impl Executor {
    /// Searches for a gas limit that is enough, L1 share included and itself tried, at most 1.5
    /// percent above one that is not. `gas_cap` limits compute gas; the sender's funds at the fee
    /// cap limit it too. Of `options`, the mode is the estimate's own.
    pub fn estimate(
        &self,
        state: &dyn State,
        env: &BlockEnv,
        tx: &TxInput,
        gas_cap: u64,
        options: &ExecOptions,
    ) -> Result<u64, EstimateError> {
        Search {
            executor: self,
            state,
            env,
            tx,
            options,
        }
        .run(gas_cap)
    }

    /// L1 gas that an estimate has in it for `tx`.
    pub fn l1_gas(&self, state: &dyn State, env: &BlockEnv, tx: &TxInput) -> u64 {
        let access = &mut Words::new(state);
        let arbos = ArbosState::open(env.arbos_version);
        poster_share(access, arbos, env, tx, Mode::Estimate).0
    }
}

impl Search<'_> {
    fn run(&self, gas_cap: u64) -> Result<u64, EstimateError> {
        let highest = self.highest(gas_cap)?;
        if self.is_plain_transfer()
            && matches!(self.attempt(TRANSFER_GAS), Ok(Some(outcome)) if outcome.is_success())
        {
            return Ok(TRANSFER_GAS);
        }
        let Some(most) = self.attempt(highest)? else {
            return Err(EstimateError::AboveAllowance(highest));
        };
        match most.status {
            Status::Success => self.narrow(&most, highest),
            Status::Halt if most.error == Some(ExecError::OutOfGas) => {
                Err(EstimateError::AboveAllowance(highest))
            }
            Status::Revert | Status::Halt => Err(EstimateError::Failed(Box::new(most))),
        }
    }

    /// The limit that was asked for, or else the header's, as far as the sender's funds and the cap
    /// allow. The L1 share does not count against the cap.
    fn highest(&self, gas_cap: u64) -> Result<u64, EstimateError> {
        let wanted = if self.tx.gas_limit >= TRANSFER_GAS {
            self.tx.gas_limit
        } else {
            HEADER_GAS_LIMIT
        };
        let for_l1 = self.executor.l1_gas(self.state, self.env, self.tx);
        let cap = gas_cap.saturating_add(for_l1);
        Ok(wanted.min(self.affordable()?).min(cap))
    }

    fn affordable(&self) -> Result<u64, EstimateError> {
        let price = alloy_primitives::U256::from(self.tx.fees.cap());
        if self.tx.fees == Fees::Free || price.is_zero() {
            return Ok(u64::MAX);
        }
        let account = self.state.account(self.tx.from).unwrap_or_default();
        if self.tx.value >= account.balance {
            return Err(EstimateError::Funds);
        }
        Ok(((account.balance - self.tx.value) / price).saturating_to())
    }

    /// Between what was used in the end, less one, and what was enough.
    fn narrow(&self, most: &Outcome, highest: u64) -> Result<u64, EstimateError> {
        let enough = |gas: u64| -> Result<bool, EstimateError> {
            Ok(self
                .attempt(gas)?
                .is_some_and(|outcome| outcome.is_success()))
        };
        let (mut low, mut high) = (most.gas_used.saturating_sub(1), highest);
        // Most transactions need little more than they had in use: calls hold back a 64th.
        let likely = most
            .peak_gas
            .saturating_add(CALL_STIPEND)
            .saturating_mul(64)
            / 63;
        if likely < high {
            if enough(likely)? {
                high = likely;
            } else {
                low = likely;
            }
        }
        while low.saturating_add(1) < high
            && u128::from(high - low) * 1_000 >= u128::from(high) * TOLERANCE_PERMILLE
        {
            // Answers tend to be near the lower bound.
            let middle = (low + (high - low) / 2).min(low.saturating_mul(2));
            if enough(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }

    /// None when `gas` does not even cover what is charged before anything runs.
    fn attempt(&self, gas: u64) -> Result<Option<Outcome>, EstimateError> {
        let tx = TxInput {
            gas_limit: gas,
            ..self.tx.clone()
        };
        let options = ExecOptions {
            mode: Mode::Estimate,
            ..self.options.clone()
        };
        let block = &mut BlockContext::default();
        match self
            .executor
            .transact(self.state, self.env, block, &tx, &options)
        {
            Ok(outcome) => Ok(Some(outcome)),
            Err(TxError::IntrinsicGas { .. } | TxError::FloorDataGas { .. }) => Ok(None),
            Err(error) => Err(EstimateError::Tx { gas, error }),
        }
    }

    fn is_plain_transfer(&self) -> bool {
        let code_free = |address| {
            self.state
                .account(address)
                .is_none_or(|account| account.code_hash == alloy_primitives::KECCAK256_EMPTY)
        };
        self.tx.data.is_empty() && self.tx.to.is_some_and(code_free)
    }
}
