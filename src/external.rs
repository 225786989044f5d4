//! The only file that calls another contract: sVVV, which never calls back.

use crate::contract::Diem;
use crate::errors::{Error, Result, refuse};
use crate::interface::{IDiem, IStakedVvv};
use crate::storage::STAKED_VVV;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::call::{call, first_word, view};
use contract_kit::calldata;
use contract_kit::word::address;

impl Diem {
    pub(crate) fn staked_vvv(&self) -> Address {
        address(self.store.get(STAKED_VVV))
    }

    pub(crate) fn only_staked_vvv(&self) -> Result<()> {
        if self.store.caller() != self.staked_vvv() {
            return Err(refuse!(IDiem::OnlyStakedVvv));
        }
        Ok(())
    }

    /// Locks; gives back the reward index.
    pub(crate) fn lock(&self, staked_vvv: Address, owner: Address, amount: U256) -> Result<U256> {
        let data = calldata!(IStakedVvv::lockCall, owner, amount);
        word(call(self.store.vm(), staked_vvv, data))
    }

    /// Unlocks; gives back the reward index.
    pub(crate) fn unlock(&self, owner: Address, amount: U256) -> Result<U256> {
        let data = calldata!(IStakedVvv::unlockCall, owner, amount);
        word(call(self.store.vm(), self.staked_vvv(), data))
    }

    pub(crate) fn pay_locked_yield(&self, to: Address, amount: U256) -> Result<()> {
        let data = calldata!(IStakedVvv::payLockedYieldCall, to, amount);
        call(self.store.vm(), self.staked_vvv(), data).map(drop)
    }

    /// VVV, as sVVV names it.
    pub(crate) fn venice(&self) -> Result<Address> {
        let data = calldata!(IStakedVvv::veniceCall);
        word(view(self.store.vm(), self.staked_vvv(), data)).map(address)
    }

    pub(crate) fn current_index(&self) -> Result<U256> {
        let data = calldata!(IStakedVvv::currentIndexCall);
        word(view(self.store.vm(), self.staked_vvv(), data))
    }

    /// Gross yield of all locked sVVV since the start.
    pub(crate) fn locked_yield_earned(&self) -> Result<U256> {
        let data = calldata!(IStakedVvv::lockedYieldCall);
        word(view(self.store.vm(), self.staked_vvv(), data))
    }
}

fn word(answer: Result<Vec<u8>, Error>) -> Result<U256> {
    first_word(&answer?).ok_or_else(|| refuse!(IDiem::StakedVvvCallFailed))
}
