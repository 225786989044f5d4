//! What the executor reads and what it changed: the only two shapes in which
//! chain state crosses its door.

use alloy_primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256, map::AddressMap};
use revm::bytecode::Bytecode;

/// Contract code with its jump table, analysed once and shared by reference count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code(Bytecode);

impl Code {
    /// Analyses `bytes`. A well-formed EIP-7702 designator becomes a delegation, everything else plain code.
    pub fn new(bytes: Bytes) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        Self(
            Bytecode::new_raw_checked(bytes.clone())
                .unwrap_or_else(|_| Bytecode::new_legacy(bytes)),
        )
    }

    /// The code as deployed.
    pub fn bytes(&self) -> Bytes {
        self.0.original_bytes()
    }

    /// Keccak-256 of the code as deployed.
    pub fn hash(&self) -> B256 {
        if self.0.is_empty() {
            KECCAK256_EMPTY
        } else {
            self.0.hash_slow()
        }
    }

    /// Whether there is no code.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_inner(self) -> Bytecode {
        self.0
    }
}

impl From<Bytecode> for Code {
    fn from(code: Bytecode) -> Self {
        Self(code)
    }
}

/// An account without its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Wei.
    pub balance: U256,
    /// Transactions sent, or contracts created plus one.
    pub nonce: u64,
    /// Hash of the code, [`KECCAK256_EMPTY`] without any.
    pub code_hash: B256,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            balance: U256::ZERO,
            nonce: 0,
            code_hash: KECCAK256_EMPTY,
        }
    }
}

impl Account {
    /// Empty in the sense of EIP-161.
    pub fn is_empty(&self) -> bool {
        self.balance.is_zero() && self.nonce == 0 && self.code_hash == KECCAK256_EMPTY
    }
}

/// Chain state as of one moment. Reading never fails: the node keeps it in memory.
pub trait State {
    /// The account at `address`, if it exists.
    fn account(&self, address: Address) -> Option<Account>;
    /// Code by its hash; empty for an unknown hash.
    fn code(&self, hash: B256) -> Code;
    /// Storage word of `address`, zero where nothing was written.
    fn storage(&self, address: Address, slot: U256) -> U256;
    /// Hash of the L2 block `number`, zero where there is none.
    fn block_hash(&self, number: u64) -> B256;
}

impl<S: State + ?Sized> State for &S {
    fn account(&self, address: Address) -> Option<Account> {
        (**self).account(address)
    }

    fn code(&self, hash: B256) -> Code {
        (**self).code(hash)
    }

    fn storage(&self, address: Address, slot: U256) -> U256 {
        (**self).storage(address, slot)
    }

    fn block_hash(&self, number: u64) -> B256 {
        (**self).block_hash(number)
    }
}

/// What one transaction changed. Reads are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateDiff {
    /// Touched accounts whose account or storage differs from before.
    pub accounts: AddressMap<AccountDiff>,
}

/// What changed in one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountDiff {
    /// The account afterwards; `None` when it no longer exists.
    pub account: Option<Account>,
    /// The code, when this diff sets it.
    pub code: Option<Code>,
    /// All storage of before is gone; `storage` is then the whole of it.
    pub wiped: bool,
    /// Changed slots with their values afterwards. Zero clears.
    pub storage: Vec<(U256, U256)>,
}

impl StateDiff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Puts `later` on top of this diff, so that one diff tells of both.
    pub fn extend(&mut self, later: StateDiff) {
        for (address, diff) in later.accounts {
            match self.accounts.entry(address) {
                alloy_primitives::map::Entry::Vacant(entry) => {
                    entry.insert(diff);
                }
                alloy_primitives::map::Entry::Occupied(mut entry) => entry.get_mut().extend(diff),
            }
        }
    }
}

impl AccountDiff {
    fn extend(&mut self, later: AccountDiff) {
        self.account = later.account;
        if later.code.is_some() {
            self.code = later.code;
        }
        if later.wiped {
            self.wiped = true;
            self.storage = later.storage;
            return;
        }
        for (slot, value) in later.storage {
            match self.storage.iter_mut().find(|(known, _)| *known == slot) {
                Some(entry) => entry.1 = value,
                None => self.storage.push((slot, value)),
            }
        }
    }
}
