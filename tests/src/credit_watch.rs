//! I-6 counted independently of the ledger: per epoch and per staker, dollars spent against DIEM staked.

use crate::action::Action;
use crate::actors::Who;
use crate::model::Model;
use alloy_primitives::{Address, U256};
use std::collections::BTreeMap;

/// Counts one epoch at a time.
#[derive(Default)]
pub struct CreditWatch {
    epoch: u64,
    /// DIEM of each account that was active at some moment of the epoch.
    staked: BTreeMap<Address, U256>,
    /// Dollars spent in the epoch against the stake of each account, whoever held the credit.
    spent: BTreeMap<Address, U256>,
}

impl CreditWatch {
    /// Sees an action that is about to succeed in the state `before`.
    ///
    /// # Panics
    /// When more credit was spent in the epoch than the stake behind it can back.
    pub fn see(&mut self, before: &Model, action: &Action) {
        if self.epoch != before.epoch() {
            self.epoch = before.epoch();
            self.spent.clear();
            self.staked = before
                .accounts
                .iter()
                .map(|(address, account)| (*address, account.active))
                .collect();
        }
        match action {
            // Unstaked DIEM cools for a day, so it cannot be staked again within the same epoch.
            Action::StakeDiem { who, amount } => {
                *self.staked.entry(who.address()).or_default() += U256::from(*amount)
            }
            Action::Spend {
                account, amount, ..
            } => self.count(account.address(), *amount),
            Action::SpendBatch { bill, .. } => {
                bill.iter()
                    .for_each(|(account, amount)| self.count(account.address(), *amount));
            }
            Action::SpendLease { id, amount, .. } => {
                self.count(before.leases[&U256::from(*id)].lessor, *amount);
            }
            _ => {}
        }
    }

    fn count(&mut self, backer: Address, amount: u128) {
        let spent = self.spent.entry(backer).or_default();
        *spent += U256::from(amount);
        let staked = self.staked.get(&backer).copied().unwrap_or_default();
        let name = Who::of(backer);
        assert!(
            *spent <= staked,
            "I-6: {spent} dollars spent in epoch {} on {staked} DIEM of {name:?}",
            self.epoch
        );
    }
}
