//! The yield fee: locked sVVV earns on; its owner gets 80%, the treasury 20%.
//!
//! Never of principal. The owner's share of each settlement rounds down, and so does the
//! treasury's share of all that locked sVVV ever earned; sVVV checks the sum once more.

use crate::book::Position;
use crate::contract::Diem;
use crate::errors::Result;
use crate::gas::YIELD;
use crate::interface::IDiem;
use crate::storage::{FEES_COLLECTED, TREASURY};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::address;
use diem_math::index::{YIELD_FEE, fee_down, net_of_fee_down};

impl Diem {
    pub(crate) fn claim_yield(&mut self) -> Result<U256> {
        self.insist(YIELD)?;
        let owner = self.store.caller();
        let index = self.current_index()?;
        let net = self.book_yield(owner, index);
        if !net.is_zero() {
            self.pay_locked_yield(owner, net)?;
        }
        Ok(net)
    }

    pub(crate) fn settle_yield(&mut self, owner: Address, index: U256) -> Result<U256> {
        self.only_staked_vvv()?;
        Ok(self.book_yield(owner, index))
    }

    /// Takes the owner's pending yield off the books; gives back the net amount.
    fn book_yield(&mut self, owner: Address, index: U256) -> U256 {
        let mut position = self.load_position(owner);
        let net = net(position.take_gross(index));
        if !net.is_zero() {
            self.store_position(&position);
            event!(self.store.vm(), IDiem::YieldClaimed, [owner], [net]);
        }
        net
    }

    pub(crate) fn collect_fees(&mut self) -> Result<U256> {
        self.insist(YIELD)?;
        let amount = self.pending_fees()?;
        if !amount.is_zero() {
            let collected = self.store.get(FEES_COLLECTED).saturating_add(amount);
            self.store.set(FEES_COLLECTED, collected);
            let treasury = address(self.store.get(TREASURY));
            event!(self.store.vm(), IDiem::FeesCollected, [treasury], [amount]);
            self.pay_locked_yield(treasury, amount)?;
        }
        Ok(amount)
    }

    pub(crate) fn net_yield(&self, position: &Position, index: U256) -> U256 {
        net(position.gross(index))
    }

    pub(crate) fn pending_yield(&self, owner: Address) -> Result<U256> {
        Ok(self.pending_yield_at(owner, self.current_index()?))
    }

    pub(crate) fn pending_yield_at(&self, owner: Address, index: U256) -> U256 {
        self.net_yield(&self.load_position(owner), index)
    }

    pub(crate) fn pending_fees(&self) -> Result<U256> {
        // Cannot fail: 20% of a word is a word.
        let earned = fee_down(self.locked_yield_earned()?).unwrap_or_default();
        Ok(earned.saturating_sub(self.store.get(FEES_COLLECTED)))
    }

    pub(crate) fn total_fees_collected(&self) -> U256 {
        self.store.get(FEES_COLLECTED)
    }

    pub(crate) fn yield_fee(&self) -> U256 {
        YIELD_FEE
    }
}

fn net(gross: U256) -> U256 {
    // Cannot fail: 80% of a word is a word.
    net_of_fee_down(gross).unwrap_or_default()
}
