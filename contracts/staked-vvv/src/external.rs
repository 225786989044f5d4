//! The only file that calls another contract.

use crate::StakedVvv;
use crate::errors::{Error, Result};
use crate::interface::{IDiem, IVVV};
use crate::storage::VENICE;
use alloy_primitives::{Address, B256, U256};
use contract_kit::SolCall;
use contract_kit::call::{call, first_word, view};
use contract_kit::word::{ToWord, address};

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
        let words = [from.to_word(), here.to_word(), amount];
        self.move_vvv(venice, IVVV::transferFromCall::SELECTOR, &words)?;
        let received = self.vvv_balance(venice, here)?.saturating_sub(before);
        if received != amount {
            return Err(Error::InexactTransfer {
                expected: amount,
                received,
            });
        }
        Ok(())
    }

    /// Pays `amount` VVV to `to`.
    pub(crate) fn pay(&self, venice: Address, to: Address, amount: U256) -> Result<()> {
        self.move_vvv(
            venice,
            IVVV::transferCall::SELECTOR,
            &[to.to_word(), amount],
        )
    }

    /// A transfer that must not fail: a token says so by reverting, or by answering false.
    fn move_vvv(&self, venice: Address, selector: [u8; 4], words: &[U256]) -> Result<()> {
        let answer = call(self.store.vm(), venice, selector, words).map_err(vvv_refused)?;
        // Tokens of the old kind answer nothing.
        if answer.is_empty() || first_word(&answer) == Some(U256::ONE) {
            return Ok(());
        }
        Err(Error::VvvCallFailed)
    }

    fn vvv_balance(&self, venice: Address, account: Address) -> Result<U256> {
        let words = [account.to_word()];
        let answer = view(
            self.store.vm(),
            venice,
            IVVV::balanceOfCall::SELECTOR,
            &words,
        );
        first_word(&answer.map_err(vvv_refused)?).ok_or(Error::VvvCallFailed)
    }

    /// Submits a permit. Its failure is not ours to judge: somebody may have submitted it
    /// already, and the allowance decides.
    pub(crate) fn submit_permit(&self, amount: U256, permit: &Permit) {
        let words = [
            self.store.caller().to_word(),
            self.store.here().to_word(),
            amount,
            permit.deadline,
            u64::from(permit.v).to_word(),
            permit.r.to_word(),
            permit.s.to_word(),
        ];
        let venice = address(self.store.get(VENICE));
        drop(call(
            self.store.vm(),
            venice,
            IVVV::permitCall::SELECTOR,
            &words,
        ));
    }

    pub(crate) fn mint_locked(
        &self,
        diem: Address,
        owner: Address,
        amount: U256,
        min_diem: U256,
        index: U256,
    ) -> Result<()> {
        let words = [owner.to_word(), amount, min_diem, index];
        self.ask_diem(diem, IDiem::mintLockedCall::SELECTOR, &words)
            .map(drop)
    }

    pub(crate) fn burn_unlocked(
        &self,
        diem: Address,
        owner: Address,
        diem_amount: U256,
        index: U256,
    ) -> Result<U256> {
        let words = [owner.to_word(), diem_amount, index];
        self.ask_diem(diem, IDiem::burnUnlockedCall::SELECTOR, &words)
    }

    pub(crate) fn settle_yield(&self, diem: Address, owner: Address, index: U256) -> Result<U256> {
        let words = [owner.to_word(), index];
        self.ask_diem(diem, IDiem::settleYieldCall::SELECTOR, &words)
    }

    fn ask_diem(&self, diem: Address, selector: [u8; 4], words: &[U256]) -> Result<U256> {
        let answer = call(self.store.vm(), diem, selector, words).map_err(Error::Bubbled)?;
        first_word(&answer).ok_or(Error::DiemCallFailed)
    }

    /// A read of DIEM; its revert is passed on.
    pub(crate) fn diem_view(&self, selector: [u8; 4], words: &[U256]) -> Result<U256> {
        let diem = address(self.wired()?);
        let answer = view(self.store.vm(), diem, selector, words).map_err(Error::Bubbled)?;
        first_word(&answer).ok_or(Error::DiemCallFailed)
    }
}

/// VVV's own reason, when it gave one.
fn vvv_refused(data: alloc::vec::Vec<u8>) -> Error {
    if data.is_empty() {
        Error::VvvCallFailed
    } else {
        Error::Bubbled(data)
    }
}
