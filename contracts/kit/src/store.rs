//! The contract's storage and its host, in words: the one door to both.
//!
//! Layouts are tables of slot numbers, written where the contract keeps its storage. Maps
//! follow Solidity: the entry of `key` in the map at `slot` stands at
//! `keccak256(key . slot)`, and its further words in the slots after it.

use crate::word::ToWord;
use alloy_primitives::{Address, B256, U256};
use stylus_sdk::host::VM;
use stylus_sdk::prelude::*;

/// The host, by its concrete type on the chain: no table of functions is needed there,
/// and tables are paid for on every call.
#[cfg(target_arch = "wasm32")]
pub type Vm = VM;
/// The host, mocked.
#[cfg(not(target_arch = "wasm32"))]
pub type Vm = dyn Host;

/// Storage words by slot number.
pub struct Store {
    host: VM,
}

impl Store {
    /// The storage of the running contract.
    #[must_use]
    pub const fn new(host: VM) -> Self {
        Self { host }
    }

    /// The host.
    #[must_use]
    #[cfg(target_arch = "wasm32")]
    pub const fn vm(&self) -> &Vm {
        &self.host
    }

    /// The host.
    #[must_use]
    #[cfg(not(target_arch = "wasm32"))]
    pub fn vm(&self) -> &Vm {
        self.host.host.as_ref()
    }

    /// The caller.
    #[must_use]
    pub fn caller(&self) -> Address {
        self.vm().msg_sender()
    }

    /// This contract.
    #[must_use]
    pub fn here(&self) -> Address {
        self.vm().contract_address()
    }

    /// The chain's id.
    #[must_use]
    pub fn chain_id(&self) -> u64 {
        self.vm().chain_id()
    }

    /// This block's time, seconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.vm().block_timestamp()
    }

    /// Reads a word.
    #[must_use]
    #[inline(never)]
    pub fn get(&self, slot: U256) -> U256 {
        U256::from_be_bytes(self.vm().storage_load_bytes32(slot).0)
    }

    /// Writes a word. It reaches the chain when the call ends or calls out; a word that
    /// did not change costs nothing then.
    #[inline(never)]
    pub fn set(&mut self, slot: U256, value: U256) {
        // SAFETY: the SDK marks this unsafe because it goes around its own typed storage;
        // slots are assigned by hand, in the contract's table.
        unsafe { self.vm().storage_cache_bytes32(slot, B256::from(value)) };
    }

    /// Where the entry of `key` in the map at `slot` begins.
    #[must_use]
    pub fn entry(&self, slot: U256, key: impl ToWord) -> U256 {
        self.hash_pair(key.to_word(), slot)
    }

    #[inline(never)]
    fn hash_pair(&self, key: U256, slot: U256) -> U256 {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&key.to_be_bytes::<32>());
        bytes[32..].copy_from_slice(&slot.to_be_bytes::<32>());
        U256::from_be_bytes(self.vm().native_keccak256(&bytes).0)
    }
}

/// Slot number `n`.
#[must_use]
pub const fn slot(n: u64) -> U256 {
    U256::from_limbs([n, 0, 0, 0])
}

/// The slot `n` after `start`.
#[must_use]
pub const fn after(start: U256, n: u64) -> U256 {
    start.wrapping_add(slot(n))
}
