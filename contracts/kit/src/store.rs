//! The contract's storage and its host, in words: the one door to both.
//!
//! Layouts are tables of slot numbers, written where the contract keeps its storage. Maps
//! follow Solidity: the entry of `key` in the map at `slot` stands at
//! `keccak256(key . slot)`, and its further words in the slots after it.

use crate::out::{Out, Put};
use crate::word::{Entry, add, decode, encode};
use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use stylus_sdk::hostio;
use stylus_sdk::prelude::*;

/// The host.
pub type Vm = VM;

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
    pub const fn vm(&self) -> &Vm {
        &self.host
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

    /// Reads the word in slot number `slot`.
    #[must_use]
    #[inline(never)]
    pub fn get(&self, slot: u64) -> U256 {
        self.load(U256::from_limbs([slot, 0, 0, 0]))
    }

    /// Writes the word in slot number `slot`; see [`Store::set_at`].
    #[inline(never)]
    pub fn set(&mut self, slot: u64, value: U256) {
        self.save(U256::from_limbs([slot, 0, 0, 0]), value);
    }

    /// Reads the entry's word number `word`.
    #[must_use]
    #[inline(never)]
    pub fn get_at(&self, entry: Entry, word: u64) -> U256 {
        self.load(add(entry.0, U256::from_limbs([word, 0, 0, 0])))
    }

    /// Writes the entry's word number `word`. It reaches the chain when the call ends or
    /// calls out; a word that did not change costs nothing then.
    #[inline(never)]
    pub fn set_at(&mut self, entry: Entry, word: u64, value: U256) {
        self.save(add(entry.0, U256::from_limbs([word, 0, 0, 0])), value);
    }

    /// The entry of `key` in the map at slot number `slot`.
    #[must_use]
    #[inline(never)]
    pub fn entry(&self, slot: u64, key: &impl Put) -> Entry {
        let mut preimage = Out::new();
        preimage.put(key);
        preimage.put(&slot);
        Entry(U256::from_be_bytes(
            self.vm().native_keccak256(preimage.bytes()).0,
        ))
    }

    /// The entry of `key` in the map that stands at `entry`.
    #[must_use]
    pub fn inner_entry(&self, entry: Entry, key: &impl Put) -> Entry {
        let mut preimage = Out::new();
        preimage.put(key);
        preimage.put(&entry.0);
        Entry(U256::from_be_bytes(
            self.vm().native_keccak256(preimage.bytes()).0,
        ))
    }

    /// Gas left to this call.
    #[must_use]
    pub fn gas_left(&self) -> u64 {
        self.vm().evm_gas_left()
    }

    fn load(&self, slot: U256) -> U256 {
        let (key, mut value) = (encode(slot), [0; 32]);
        // SAFETY: both point to live buffers of 32 bytes, read and written in full.
        unsafe { hostio::storage_load_bytes32(key.as_ptr(), value.as_mut_ptr()) };
        decode(&value)
    }

    fn save(&mut self, slot: U256, value: U256) {
        let (key, value) = (encode(slot), encode(value));
        // SAFETY: both point to live buffers of 32 bytes. Slots are assigned by hand, in
        // the contract's table; the SDK's typed storage is not used beside it.
        unsafe { hostio::storage_cache_bytes32(key.as_ptr(), value.as_ptr()) };
    }
}
