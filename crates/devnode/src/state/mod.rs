//! The world state: accounts, storage and code as persistent maps.
//!
//! Cloning a [`State`] copies a few pointers, however large the state is. So a
//! snapshot, a historical state and the state a call reads are all plain clones,
//! and nothing that reads ever waits for the block being built.

mod commitment;
mod edit;
mod view;

use alloy_primitives::{Address, B256, Bytes, U256};
use arbos::{AccountDiff, Code, StateDiff};

pub use commitment::{commit, decode_diff, encode_diff};
pub use edit::Edit;
pub use view::{BlockHashes, View, arbos_state};

type Map<K, V> = imbl::GenericHashMap<
    K,
    V,
    alloy_primitives::map::DefaultHashBuilder,
    imbl::shared_ptr::DefaultSharedPtr,
>;

/// Storage of one account; absent slots are zero.
pub type Slots = Map<U256, U256>;

/// One account. An account that is not in the map does not exist.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Balance, nonce and code hash.
    pub info: arbos::Account,
    /// Non-zero storage.
    pub storage: Slots,
}

/// All accounts and all code of one moment.
#[derive(Clone, Debug, Default)]
pub struct State {
    accounts: Map<Address, Account>,
    codes: Map<B256, Code>,
}

impl State {
    /// The account at `address`, if it exists.
    pub fn account(&self, address: &Address) -> Option<&Account> {
        self.accounts.get(address)
    }

    /// Wei held by `address`.
    pub fn balance(&self, address: &Address) -> U256 {
        self.account(address)
            .map_or(U256::ZERO, |account| account.info.balance)
    }

    /// Nonce of `address`.
    pub fn nonce(&self, address: &Address) -> u64 {
        self.account(address)
            .map_or(0, |account| account.info.nonce)
    }

    /// Storage word of `address`.
    pub fn slot(&self, address: &Address, key: &U256) -> U256 {
        let word = self
            .account(address)
            .and_then(|account| account.storage.get(key));
        word.copied().unwrap_or(U256::ZERO)
    }

    /// Code of `address`, empty when it has none.
    pub fn code(&self, address: &Address) -> Bytes {
        self.account(address)
            .and_then(|account| self.codes.get(&account.info.code_hash))
            .map(Code::bytes)
            .unwrap_or_default()
    }

    /// Code by its hash.
    pub fn code_by_hash(&self, hash: &B256) -> Option<&Code> {
        self.codes.get(hash)
    }

    /// Every account, in no particular order.
    pub fn accounts(&self) -> impl Iterator<Item = (&Address, &Account)> {
        self.accounts.iter()
    }

    /// Moves the state forward by one set of changes.
    pub fn apply(&mut self, diff: &StateDiff) {
        for (address, change) in &diff.accounts {
            self.apply_account(*address, change);
        }
    }

    fn apply_account(&mut self, address: Address, change: &AccountDiff) {
        let Some(info) = change.account else {
            self.accounts.remove(&address);
            return;
        };
        if let Some(code) = &change.code
            && !code.is_empty()
        {
            self.codes
                .entry(info.code_hash)
                .or_insert_with(|| code.clone());
        }
        let account = self.accounts.entry(address).or_default();
        account.info = info;
        if change.wiped {
            account.storage = Slots::default();
        }
        for (key, value) in &change.storage {
            if value.is_zero() {
                account.storage.remove(key);
            } else {
                account.storage.insert(*key, *value);
            }
        }
    }
}
