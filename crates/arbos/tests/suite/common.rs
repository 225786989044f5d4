//! Chain state in plain maps, and programs put into it without an activation transaction.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use std::collections::{BTreeMap, HashMap};

use alloy_primitives::{Address, B256, Bytes, U256};
use arbos::{
    Account, Code, State, StateDiff,
    state::{ACTIVATION_EPOCH, ArbosState, Free, ProgramRecord, STATE_ADDRESS, StylusParams},
};

/// Chain state in maps.
#[derive(Clone, Debug, Default)]
pub(crate) struct MapState {
    pub(crate) accounts: BTreeMap<Address, Account>,
    pub(crate) codes: HashMap<B256, Code>,
    pub(crate) storage: BTreeMap<(Address, U256), U256>,
}

impl State for MapState {
    fn account(&self, address: Address) -> Option<Account> {
        self.accounts.get(&address).copied()
    }

    fn code(&self, hash: B256) -> Code {
        self.codes.get(&hash).cloned().unwrap_or_default()
    }

    fn storage(&self, address: Address, slot: U256) -> U256 {
        self.storage
            .get(&(address, slot))
            .copied()
            .unwrap_or_default()
    }

    fn block_hash(&self, number: u64) -> B256 {
        if number == 0 {
            B256::ZERO
        } else {
            B256::from(U256::from(number))
        }
    }
}

impl MapState {
    /// A chain at `arbos_version` with the default parameters, no L1 price, and `base_fee` as least base fee.
    /// Transactions may use `tx_gas_limit` compute gas.
    pub(crate) fn new(arbos_version: u64, base_fee: u64, tx_gas_limit: u64) -> Self {
        let mut words = BTreeMap::new();
        let arbos = ArbosState::open(arbos_version);
        let mut storage = Free(&mut words);
        arbos.version().set(&mut storage, arbos_version).unwrap();
        arbos
            .l2_pricing()
            .initialize(&mut storage, U256::from(base_fee))
            .unwrap();
        arbos
            .l2_pricing()
            .tx_gas_limit()
            .set(&mut storage, tx_gas_limit)
            .unwrap();
        arbos
            .programs()
            .set_params(&mut storage, &StylusParams::default())
            .unwrap();
        let mut state = Self::default();
        state.accounts.insert(
            STATE_ADDRESS,
            Account {
                nonce: 1,
                ..Account::default()
            },
        );
        state.storage = words
            .into_iter()
            .map(|(slot, value)| ((STATE_ADDRESS, slot), value))
            .collect();
        state
    }

    pub(crate) fn fund(&mut self, address: Address, balance: U256) {
        self.accounts.entry(address).or_default().balance = balance;
    }

    pub(crate) fn set_code(&mut self, address: Address, code: Bytes) -> B256 {
        let code = Code::new(code);
        let hash = code.hash();
        let account = self.accounts.entry(address).or_default();
        account.code_hash = hash;
        self.codes.insert(hash, code);
        hash
    }

    /// Records `code_hash` as activated at `timestamp`.
    pub(crate) fn activate(&mut self, code_hash: B256, timestamp: u64, record: ProgramRecord) {
        let record = ProgramRecord {
            version: 2,
            activated_at: u32::try_from((timestamp - ACTIVATION_EPOCH) / 3_600).unwrap(),
            ..record
        };
        let mut words = BTreeMap::new();
        ArbosState::open(51)
            .programs()
            .set_record(&mut Free(&mut words), code_hash, &record)
            .unwrap();
        self.storage.extend(
            words
                .into_iter()
                .map(|(slot, value)| ((STATE_ADDRESS, slot), value)),
        );
    }

    pub(crate) fn apply(&mut self, diff: StateDiff) {
        for (address, change) in diff.accounts {
            if change.wiped {
                self.storage.retain(|(owner, _), _| *owner != address);
            }
            match change.account {
                Some(account) => self.accounts.insert(address, account),
                None => self.accounts.remove(&address),
            };
            if let Some(code) = change.code {
                self.codes.insert(code.hash(), code);
            }
            for (slot, value) in change.storage {
                if value.is_zero() {
                    self.storage.remove(&(address, slot));
                } else {
                    self.storage.insert((address, slot), value);
                }
            }
        }
    }
}

/// A module as an account's code.
pub(crate) fn container(wasm: &[u8]) -> Bytes {
    let mut code = vec![0xef, 0xf0, 0x00, 0x00];
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &wasm[..], &mut code, &params).unwrap();
    code.into()
}
