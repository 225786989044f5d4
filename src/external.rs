//! The only file that calls another contract: sVVV, which never calls back.

use crate::Diem;
use crate::errors::{Error, Result};
use crate::interface::IStakedVvv;
use crate::storage::STAKED_VVV;
use alloy_primitives::{Address, U256};
use contract_kit::SolCall;
use contract_kit::call::{call, first_word, view};
use contract_kit::word::{ToWord, address};

impl Diem {
    pub(crate) fn staked_vvv(&self) -> Address {
        address(self.store.get(STAKED_VVV))
    }

    pub(crate) fn only_staked_vvv(&self) -> Result<()> {
        if self.store.caller() != self.staked_vvv() {
            return Err(Error::OnlyStakedVvv);
        }
        Ok(())
    }

    /// Locks; gives back the reward index.
    pub(crate) fn lock(&self, staked_vvv: Address, owner: Address, amount: U256) -> Result<U256> {
        let words = [owner.to_word(), amount];
        word(call(
            self.store.vm(),
            staked_vvv,
            IStakedVvv::lockCall::SELECTOR,
            &words,
        ))
    }

    /// Unlocks; gives back the reward index.
    pub(crate) fn unlock(&self, staked_vvv: Address, owner: Address, amount: U256) -> Result<U256> {
        let words = [owner.to_word(), amount];
        word(call(
            self.store.vm(),
            staked_vvv,
            IStakedVvv::unlockCall::SELECTOR,
            &words,
        ))
    }

    pub(crate) fn pay_locked_yield(&self, to: Address, amount: U256) -> Result<()> {
        let words = [to.to_word(), amount];
        let selector = IStakedVvv::payLockedYieldCall::SELECTOR;
        call(self.store.vm(), self.staked_vvv(), selector, &words).map_err(Error::Bubbled)?;
        Ok(())
    }

    pub(crate) fn current_index(&self) -> Result<U256> {
        let selector = IStakedVvv::currentIndexCall::SELECTOR;
        word(view(self.store.vm(), self.staked_vvv(), selector, &[]))
    }

    /// Gross yield of all locked sVVV since the start.
    pub(crate) fn locked_yield_earned(&self) -> Result<U256> {
        let selector = IStakedVvv::lockedYieldCall::SELECTOR;
        word(view(self.store.vm(), self.staked_vvv(), selector, &[]))
    }
}

fn word(answer: core::result::Result<alloc::vec::Vec<u8>, alloc::vec::Vec<u8>>) -> Result<U256> {
    first_word(&answer.map_err(Error::Bubbled)?).ok_or(Error::StakedVvvCallFailed)
}
