//! How much gas a transaction needs.

use thiserror::Error;

use crate::{
    block::Words,
    error::{ExecError, TxError},
    executor::{BlockContext, ExecOptions, Executor, Mode},
    host::BlockEnv,
    outcome::{Outcome, Status},
    state::{ArbosState, StateAccess},
    tx::{Fees, TxInput},
    world::State,
};

/// Most compute gas a call or an estimate may use; its L1 share comes on top.
pub const RPC_GAS_CAP: u64 = 50_000_000;
/// Gas of a plain transfer.
const TRANSFER_GAS: u64 = 21_000;
/// The search stops when its bounds are this close: 1.5 percent.
const TOLERANCE_PERMILLE: u128 = 15;

/// A gas limit that is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Gas limit, L1 share included.
    pub gas: u64,
    /// The L1 share.
    pub gas_for_l1: u64,
}

/// Why there is no estimate.
#[derive(Clone, Debug, Error)]
pub enum EstimateError {
    /// It may not run at all.
    #[error(transparent)]
    Tx(#[from] TxError),
    /// It fails whatever gas it gets. The outcome has the revert data.
    #[error("{}", .0.error.as_ref().unwrap_or(&ExecError::Revert))]
    Failed(Box<Outcome>),
    /// It needs more than it may have.
    #[error("gas required exceeds allowance ({0})")]
    AboveAllowance(u64),
}

impl Executor {
    /// Searches for a gas limit that is enough, at most 1.5 percent above the smallest, and itself
    /// tried: it may be used unpadded. `gas_cap` limits compute gas; the sender's funds limit it too.
    pub fn estimate(
        &self,
        state: &dyn State,
        env: &BlockEnv,
        tx: &TxInput,
        gas_cap: u64,
    ) -> Result<Estimate, EstimateError> {
        let gas_for_l1 = self.l1_gas(state, env, tx, Mode::Estimate);
        let allowance = allowance(state, tx, gas_cap.saturating_add(gas_for_l1));
        let run = |gas: u64| self.try_with(state, env, tx, gas);

        if is_plain_transfer(state, tx) {
            let gas = TRANSFER_GAS + gas_for_l1;
            if gas <= allowance && matches!(run(gas), Ok(outcome) if outcome.is_success()) {
                return Ok(Estimate { gas, gas_for_l1 });
            }
        }
        let most = run(allowance)?;
        match most.status {
            Status::Success => {}
            Status::Halt if most.error == Some(ExecError::OutOfGas) => {
                return Err(EstimateError::AboveAllowance(allowance));
            }
            Status::Revert | Status::Halt => return Err(EstimateError::Failed(Box::new(most))),
        }
        let gas = self.search(state, env, tx, &most, allowance)?;
        Ok(Estimate { gas, gas_for_l1 })
    }

    fn search(
        &self,
        state: &dyn State,
        env: &BlockEnv,
        tx: &TxInput,
        most: &Outcome,
        allowance: u64,
    ) -> Result<u64, EstimateError> {
        let enough = |gas: u64| match self.try_with(state, env, tx, gas) {
            Ok(outcome) => Ok(outcome.is_success()),
            Err(TxError::IntrinsicGas { .. } | TxError::FloorDataGas { .. }) => Ok(false),
            Err(error) => Err(error),
        };
        // Less than what was used before refunds cannot be enough.
        let used = most.gas_used.saturating_add(most.gas_refunded);
        let (mut low, mut high) = (used.saturating_sub(1), allowance);
        // Most transactions need little more than that: calls hold back a 64th.
        let likely = used.saturating_mul(64).div_ceil(63).saturating_add(2_300);
        if likely < high {
            if enough(likely)? {
                high = likely
            } else {
                low = likely
            }
        }
        while low + 1 < high
            && u128::from(high - low) * 1_000 > u128::from(high) * TOLERANCE_PERMILLE
        {
            // Answers tend to be near the lower bound.
            let middle = (low + (high - low) / 2).min(low.saturating_mul(2).max(1));
            if enough(middle)? {
                high = middle
            } else {
                low = middle
            }
        }
        Ok(high)
    }

    /// L1 gas that `tx` is charged in `mode`.
    pub fn l1_gas(&self, state: &dyn State, env: &BlockEnv, tx: &TxInput, mode: Mode) -> u64 {
        let mut words = Words::new(state);
        let access: &mut dyn StateAccess = &mut words;
        crate::executor::poster_share(access, ArbosState::open(env.arbos_version), env, tx, mode).0
    }

    fn try_with(
        &self,
        state: &dyn State,
        env: &BlockEnv,
        tx: &TxInput,
        gas: u64,
    ) -> Result<Outcome, TxError> {
        let tx = TxInput {
            gas_limit: gas,
            ..tx.clone()
        };
        let options = ExecOptions {
            mode: Mode::Estimate,
            ..ExecOptions::default()
        };
        self.transact(state, env, &mut BlockContext::default(), &tx, &options)
    }
}

/// The cap, or the transaction's own limit, or what the sender can pay, whichever is least.
fn allowance(state: &dyn State, tx: &TxInput, cap: u64) -> u64 {
    let wanted = if tx.gas_limit >= TRANSFER_GAS {
        tx.gas_limit.min(cap)
    } else {
        cap
    };
    let price = alloy_primitives::U256::from(tx.fees.cap());
    if tx.fees == Fees::Free || price.is_zero() {
        return wanted;
    }
    let funds = state
        .account(tx.from)
        .unwrap_or_default()
        .balance
        .saturating_sub(tx.value);
    wanted.min((funds / price).saturating_to())
}

fn is_plain_transfer(state: &dyn State, tx: &TxInput) -> bool {
    let code_free = |address| {
        state
            .account(address)
            .is_none_or(|account| account.code_hash == alloy_primitives::KECCAK256_EMPTY)
    };
    tx.data.is_empty()
        && tx.access_list.0.is_empty()
        && tx.authorization_list.is_empty()
        && tx.to.is_some_and(code_free)
}
