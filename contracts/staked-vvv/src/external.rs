//! The only file that calls another contract.

use crate::contract::StakedVvv;
use crate::errors::{Error, Result, refuse};
use crate::gas::SETTLEMENT;
use crate::interface::{IDiem, IStakedVvv, IVVV};
use crate::storage::VENICE;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use contract_kit::call::{call, call_with, first_word, view};
use contract_kit::calldata;
use contract_kit::out::Out;
use contract_kit::word::address;

/// An ERC-2612 permit of the caller for this contract.
pub(crate) struct Permit {
    pub(crate) deadline: U256,
    pub(crate) v: u8,
    pub(crate) r: B256,
    pub(crate) s: B256,
}

impl StakedVvv {
    /// Pulls exactly `amount` VVV from `from`, as measured.
    pub(crate) fn pull(&self, venice: Address, from: Address, amount: U256) -> Result<()> {
        let here = self.store.here();
        let before = self.vvv_balance(venice, here)?;
        self.move_vvv(
            venice,
            calldata!(IVVV::transferFromCall, from, here, amount),
        )?;
        let received = self.vvv_balance(venice, here)?.saturating_sub(before);
        if received != amount {
            return Err(refuse!(IStakedVvv::InexactTransfer, amount, received));
        }
        Ok(())
    }

    /// Pays `amount` VVV to `to`.
    pub(crate) fn pay(&self, venice: Address, to: Address, amount: U256) -> Result<()> {
        self.move_vvv(venice, calldata!(IVVV::transferCall, to, amount))
    }

    /// A transfer that must not fail: a token says so by reverting, or by answering false.
    fn move_vvv(&self, venice: Address, data: Out) -> Result<()> {
        let answer = call(self.store.vm(), venice, data)?;
        // Tokens of the old kind answer nothing.
        if answer.is_empty() || first_word(&answer) == Some(U256::ONE) {
            return Ok(());
        }
        Err(refuse!(IStakedVvv::VvvCallFailed))
    }

    fn vvv_balance(&self, venice: Address, account: Address) -> Result<U256> {
        let answer = view(
            self.store.vm(),
            venice,
            calldata!(IVVV::balanceOfCall, account),
        )?;
        first_word(&answer).ok_or_else(|| refuse!(IStakedVvv::VvvCallFailed))
    }

    /// Submits a permit. Its failure is not ours to judge: somebody may have submitted it
    /// already, and the allowance decides.
    pub(crate) fn submit_permit(&self, amount: U256, permit: &Permit) {
        let Permit { deadline, v, r, s } = permit;
        let (owner, spender) = (self.store.caller(), self.store.here());
        let data = calldata!(
            IVVV::permitCall,
            owner,
            spender,
            amount,
            *deadline,
            *v,
            *r,
            *s
        );
        drop(call(self.store.vm(), address(self.store.get(VENICE)), data));
    }

    pub(crate) fn mint_locked(
        &self,
        diem: Address,
        owner: Address,
        amount: U256,
        min_diem: U256,
        index: U256,
    ) -> Result<()> {
        let data = calldata!(IDiem::mintLockedCall, owner, amount, min_diem, index);
        self.ask_diem(diem, data).map(drop)
    }

    pub(crate) fn burn_unlocked(
        &self,
        diem: Address,
        owner: Address,
        diem_amount: U256,
        index: U256,
    ) -> Result<U256> {
        self.ask_diem(
            diem,
            calldata!(IDiem::burnUnlockedCall, owner, diem_amount, index),
        )
    }

    /// Has DIEM book the account's net locked yield as paid, with no more gas than it needs:
    /// a program that is gone takes all that it is given.
    pub(crate) fn settle_yield(&self, diem: Address, owner: Address, index: U256) -> Result<U256> {
        let data = calldata!(IDiem::settleYieldCall, owner, index);
        diem_word(call_with(self.store.vm(), diem, data, SETTLEMENT))
    }

    /// The sVVV contract that `diem` works with.
    pub(crate) fn staked_vvv_of(&self, diem: Address) -> Result<Address> {
        let data = calldata!(IDiem::sVvvCall);
        diem_word(view(self.store.vm(), diem, data)).map(address)
    }

    fn ask_diem(&self, diem: Address, data: Out) -> Result<U256> {
        diem_word(call(self.store.vm(), diem, data))
    }

    /// A read of DIEM; its revert is passed on.
    pub(crate) fn diem_view(&self, data: Out) -> Result<U256> {
        let diem = address(self.wired()?);
        diem_word(view(self.store.vm(), diem, data))
    }
}

fn diem_word(answer: Result<Vec<u8>, Error>) -> Result<U256> {
    first_word(&answer?).ok_or_else(|| refuse!(IStakedVvv::DiemCallFailed))
}
