//! Changes made by a developer's hand instead of a transaction.

use alloy_primitives::{Address, Bytes, U256};
use arbos::{Account, AccountDiff, Code, StateDiff};

use super::State;

/// Builds a [`StateDiff`] on top of a state.
#[derive(Debug)]
pub struct Edit<'s> {
    state: &'s State,
    diff: StateDiff,
}

impl<'s> Edit<'s> {
    /// Nothing changed yet.
    pub fn of(state: &'s State) -> Self {
        Self {
            state,
            diff: StateDiff::default(),
        }
    }

    /// The state as it was before.
    pub fn base(&self) -> &'s State {
        self.state
    }

    /// Sets the balance in wei.
    #[must_use]
    pub fn balance(mut self, address: Address, wei: U256) -> Self {
        self.info(address).balance = wei;
        self
    }

    /// Sets the nonce.
    #[must_use]
    pub fn nonce(mut self, address: Address, nonce: u64) -> Self {
        self.info(address).nonce = nonce;
        self
    }

    /// Replaces the code.
    #[must_use]
    pub fn code(mut self, address: Address, code: Bytes) -> Self {
        let code = Code::new(code);
        self.info(address).code_hash = code.hash();
        self.entry(address).code = Some(code);
        self
    }

    /// Writes a storage word.
    #[must_use]
    pub fn slot(mut self, address: Address, key: U256, value: U256) -> Self {
        self.info(address);
        self.entry(address).storage.push((key, value));
        self
    }

    /// Replaces all storage by `slots`.
    #[must_use]
    pub fn storage(
        mut self,
        address: Address,
        slots: impl IntoIterator<Item = (U256, U256)>,
    ) -> Self {
        self.info(address);
        let entry = self.entry(address);
        entry.wiped = true;
        entry.storage = slots.into_iter().collect();
        self
    }

    /// The changes made.
    pub fn finish(self) -> StateDiff {
        self.diff
    }

    fn info(&mut self, address: Address) -> &mut Account {
        let known = self.state.account(&address).map(|account| account.info);
        self.entry(address)
            .account
            .get_or_insert_with(|| known.unwrap_or_default())
    }

    fn entry(&mut self, address: Address) -> &mut AccountDiff {
        self.diff.accounts.entry(address).or_default()
    }
}
