//! Words of ArbOS storage: where a value lives and what touching it costs.

use std::{convert::Infallible, marker::PhantomData};

use alloy_primitives::{Address, B256, I256, U256, keccak256};

/// Raw words of the ArbOS state account. Implemented over a journal, a database or a map.
pub trait StateAccess {
    /// The word at `slot`.
    fn read(&mut self, slot: U256) -> U256;
    /// Replaces the word at `slot`.
    fn write(&mut self, slot: U256, value: U256);
}

/// Plain words in memory, used for genesis and tests.
impl StateAccess for std::collections::BTreeMap<U256, U256> {
    fn read(&mut self, slot: U256) -> U256 {
        self.get(&slot).copied().unwrap_or_default()
    }

    fn write(&mut self, slot: U256, value: U256) {
        if value.is_zero() {
            self.remove(&slot);
        } else {
            self.insert(slot, value);
        }
    }
}

/// Storage words with a price on each access. The price decides the error:
/// [`Free`] cannot fail, a precompile's meter can run out.
pub trait Storage {
    /// Why an access was refused.
    type Error;
    /// The word at `slot`.
    fn get(&mut self, slot: U256) -> Result<U256, Self::Error>;
    /// Replaces the word at `slot`.
    fn set(&mut self, slot: U256, value: U256) -> Result<(), Self::Error>;
    /// The word at `slot` at no charge, for what is paid for in another way.
    fn peek(&mut self, slot: U256) -> U256;
    /// Pays for work that is not a storage access.
    fn burn(&mut self, gas: u64) -> Result<(), Self::Error>;
}

/// Storage at no charge: block starts, call set-up, genesis.
pub struct Free<'a>(pub &'a mut dyn StateAccess);

impl Storage for Free<'_> {
    type Error = Infallible;

    fn get(&mut self, slot: U256) -> Result<U256, Infallible> {
        Ok(self.0.read(slot))
    }

    fn set(&mut self, slot: U256, value: U256) -> Result<(), Infallible> {
        self.0.write(slot, value);
        Ok(())
    }

    fn peek(&mut self, slot: U256) -> U256 {
        self.0.read(slot)
    }

    fn burn(&mut self, _gas: u64) -> Result<(), Infallible> {
        Ok(())
    }
}

/// A region of the storage with keys of its own.
///
/// A sub-space's key is `keccak256(parent key ‖ id)`; the root's key is empty. A key `k` of a space
/// lives in slot `keccak256(space key ‖ k[0..31])[0..31] ‖ k[31]`, so that 256 consecutive keys
/// stay adjacent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space(Option<B256>);

impl Space {
    /// The whole of the ArbOS storage.
    pub const ROOT: Self = Self(None);

    /// The region `id` inside this one.
    pub fn region(self, id: &[u8]) -> Self {
        let mut preimage = self.prefix();
        preimage.extend_from_slice(id);
        Self(Some(keccak256(preimage)))
    }

    /// Slot of a full-width key.
    pub fn slot(self, key: B256) -> U256 {
        let mut preimage = self.prefix();
        preimage.extend_from_slice(&key[..31]);
        let mut slot = keccak256(preimage);
        slot[31] = key[31];
        slot.into()
    }

    /// Typed word at a numbered key.
    pub fn cell<T>(self, offset: u64) -> Cell<T> {
        self.cell_at(B256::from(U256::from(offset)))
    }

    /// Typed word at a full-width key.
    pub fn cell_at<T>(self, key: B256) -> Cell<T> {
        Cell {
            slot: self.slot(key),
            value: PhantomData,
        }
    }

    fn prefix(self) -> Vec<u8> {
        self.0.map(|key| key.to_vec()).unwrap_or_default()
    }
}

/// A value that fits one word.
pub trait Word: Sized {
    /// Decodes; the stored word was written by [`Word::into_word`], so higher bits are dropped.
    fn from_word(word: U256) -> Self;
    /// Encodes.
    fn into_word(self) -> U256;
}

impl Word for U256 {
    fn from_word(word: U256) -> Self {
        word
    }

    fn into_word(self) -> U256 {
        self
    }
}

impl Word for B256 {
    fn from_word(word: U256) -> Self {
        word.into()
    }

    fn into_word(self) -> U256 {
        self.into()
    }
}

impl Word for Address {
    fn from_word(word: U256) -> Self {
        Address::from_word(word.into())
    }

    fn into_word(self) -> U256 {
        Address::into_word(&self).into()
    }
}

impl Word for u64 {
    fn from_word(word: U256) -> Self {
        word.as_limbs()[0]
    }

    fn into_word(self) -> U256 {
        U256::from(self)
    }
}

impl Word for u32 {
    fn from_word(word: U256) -> Self {
        word.as_limbs()[0] as u32
    }

    fn into_word(self) -> U256 {
        U256::from(self)
    }
}

/// Stored as its 64 bits, zero-extended.
impl Word for i64 {
    fn from_word(word: U256) -> Self {
        word.as_limbs()[0] as i64
    }

    fn into_word(self) -> U256 {
        U256::from(self as u64)
    }
}

/// Two's complement over the whole word.
impl Word for I256 {
    fn from_word(word: U256) -> Self {
        I256::from_raw(word)
    }

    fn into_word(self) -> U256 {
        self.into_raw()
    }
}

impl Word for bool {
    fn from_word(word: U256) -> Self {
        !word.is_zero()
    }

    fn into_word(self) -> U256 {
        U256::from(self)
    }
}

/// One stored value.
#[derive(Clone, Copy, Debug)]
pub struct Cell<T> {
    slot: U256,
    value: PhantomData<T>,
}

impl<T: Word> Cell<T> {
    /// Slot of the value inside the ArbOS state account.
    pub fn slot(&self) -> U256 {
        self.slot
    }

    /// Reads; one storage access.
    pub fn get<S: Storage>(&self, storage: &mut S) -> Result<T, S::Error> {
        storage.get(self.slot).map(T::from_word)
    }

    /// Writes; one storage access.
    pub fn set<S: Storage>(&self, storage: &mut S, value: T) -> Result<(), S::Error> {
        storage.set(self.slot, value.into_word())
    }
}

/// Bytes of any length: the length at key 0, whole words from key 1 on, the rest right-aligned in a
/// last word that is written even when empty.
#[derive(Clone, Copy, Debug)]
pub struct StoredBytes(pub Space);

impl StoredBytes {
    /// Reads the length and every word.
    pub fn get<S: Storage>(&self, storage: &mut S) -> Result<Vec<u8>, S::Error> {
        let len = self.0.cell::<u64>(0).get(storage)? as usize;
        let mut bytes = Vec::new();
        for index in 1..=(len / 32) as u64 {
            let word: B256 = self.0.cell(index).get(storage)?;
            bytes.extend_from_slice(word.as_slice());
        }
        let rest: B256 = self.0.cell((len / 32) as u64 + 1).get(storage)?;
        bytes.extend_from_slice(&rest[32 - len % 32..]);
        Ok(bytes)
    }

    /// Replaces the content, clearing what was there first.
    pub fn set<S: Storage>(&self, storage: &mut S, bytes: &[u8]) -> Result<(), S::Error> {
        let old_len = self.0.cell::<u64>(0).get(storage)?;
        for index in 1..=old_len.div_ceil(32) {
            self.0.cell::<U256>(index).set(storage, U256::ZERO)?;
        }
        self.0.cell::<u64>(0).set(storage, 0)?;
        self.0.cell::<u64>(0).set(storage, bytes.len() as u64)?;
        let (words, rest) = bytes.as_chunks::<32>();
        for (index, word) in words.iter().enumerate() {
            self.0
                .cell::<B256>(index as u64 + 1)
                .set(storage, B256::from(*word))?;
        }
        let last = B256::left_padding_from(rest);
        self.0
            .cell::<B256>(words.len() as u64 + 1)
            .set(storage, last)
    }
}

/// Unwraps what cannot fail, so that free readers stay plain expressions.
pub(crate) fn sure<T>(result: Result<T, Infallible>) -> T {
    let Ok(value) = result;
    value
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn consecutive_keys_are_adjacent_slots() {
        let space = Space::ROOT.region(&[8]).region(&[0]);
        let first = space.cell::<U256>(0).slot();
        assert_eq!(space.cell::<U256>(255).slot(), first + U256::from(255));
        assert_ne!(space.cell::<U256>(256).slot(), first + U256::from(256));
    }

    #[test]
    fn a_slot_follows_the_written_formula() {
        let space_key = keccak256([8u8]);
        let mut preimage = space_key.to_vec();
        preimage.extend_from_slice(&[0u8; 31]);
        let mut expected = keccak256(preimage);
        expected[31] = 7;
        assert_eq!(
            Space::ROOT.region(&[8]).cell::<U256>(7).slot(),
            U256::from_be_bytes(expected.0)
        );
    }

    #[test]
    fn stored_bytes_come_back_whatever_their_length() {
        let mut words = BTreeMap::new();
        let bytes = StoredBytes(Space::ROOT.region(&[7]));
        for len in [100usize, 0, 1, 31, 32, 33, 64, 95] {
            let text: Vec<u8> = (0..len).map(|byte| byte as u8 + 1).collect();
            sure(bytes.set(&mut Free(&mut words), &text));
            assert_eq!(sure(bytes.get(&mut Free(&mut words))), text);
        }
    }
}
