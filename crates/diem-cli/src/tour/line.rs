//! A credit line in plain numbers, as the specification states it: what `lineOf` and
//! `leaseLineOf` are compared with. Knows nothing of the contracts.

use alloy::primitives::{Address, U256};

/// One line: who may settle how much of it, today and tomorrow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    epoch: u64,
    allowance: U256,
    used: U256,
    gateway: Address,
    /// Dollars that are gone from the next epoch on.
    leaving: U256,
    /// Dollars that come with the next epoch.
    coming: U256,
    /// A choice that waits for the next epoch.
    waiting: Option<Address>,
}

impl Line {
    /// A line without anything, whose gateway would be `gateway`.
    pub(super) fn new(epoch: u64, gateway: Address) -> Self {
        Self {
            epoch,
            allowance: U256::ZERO,
            used: U256::ZERO,
            gateway,
            leaving: U256::ZERO,
            coming: U256::ZERO,
            waiting: None,
        }
    }

    /// Days pass: a new day brings what was promised to it, and forgets what was used.
    pub(super) fn roll(&mut self, epoch: u64) {
        if epoch <= self.epoch {
            return;
        }
        self.epoch = epoch;
        self.used = U256::ZERO;
        self.allowance -= std::mem::take(&mut self.leaving);
        self.allowance += std::mem::take(&mut self.coming);
        self.gateway = self.waiting.take().unwrap_or(self.gateway);
    }

    /// More credit, at once.
    pub(super) fn add(&mut self, dollars: U256) {
        self.allowance += dollars;
    }

    /// Less credit, from tomorrow on.
    pub(super) fn leave(&mut self, dollars: U256) {
        self.leaving += dollars;
    }

    /// Credit that begins tomorrow.
    pub(super) fn come(&mut self, dollars: U256) {
        self.coming += dollars;
    }

    /// A choice: at once while there is nothing to settle, else from tomorrow on.
    pub(super) fn choose(&mut self, gateway: Address) {
        if self.allowance.is_zero() {
            self.gateway = gateway;
            self.waiting = None;
        } else {
            self.waiting = Some(gateway);
        }
    }

    /// A statement of what was used in all. Returns whether it told anything.
    pub(super) fn state(&mut self, used: U256) -> bool {
        let news = used > self.used;
        self.used = self.used.max(used);
        news
    }

    /// Dollars left today.
    pub(super) fn left(&self) -> U256 {
        self.allowance.saturating_sub(self.used)
    }

    /// Dollars of today.
    pub(super) fn allowance(&self) -> U256 {
        self.allowance
    }

    /// Dollars that tomorrow starts with.
    pub(super) fn tomorrow(&self) -> U256 {
        self.allowance - self.leaving + self.coming
    }

    /// Today's epoch.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The numbers in the order of `lineOf`, by name.
    pub(super) fn numbers(&self) -> [(&'static str, U256); 4] {
        [
            ("epoch", U256::from(self.epoch)),
            ("allowance", self.allowance),
            ("used", self.used),
            ("next allowance", self.tomorrow()),
        ]
    }

    /// The gateways of today and tomorrow.
    pub(super) fn gateways(&self) -> [(&'static str, Address); 2] {
        let next = self.waiting.unwrap_or(self.gateway);
        [("gateway", self.gateway), ("next gateway", next)]
    }
}
