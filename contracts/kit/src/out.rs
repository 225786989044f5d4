//! What leaves a contract: calldata, revert data, logs and answers, word by word.

use crate::word::{encode, from_u128};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};

/// Room for a selector and five words: what nearly every message needs.
const ROOM: usize = 4 + 5 * 32;

/// A message under construction. Written by small functions that are not inlined: module
/// size is paid for, call by call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Out(Vec<u8>);

impl Out {
    /// An empty message.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "a default would say nothing")]
    pub fn new() -> Self {
        Self(Vec::with_capacity(ROOM))
    }

    /// A message that starts with a selector.
    #[must_use]
    #[inline(never)]
    pub fn selector(selector: u32) -> Self {
        let mut out = Self::new();
        out.0.extend_from_slice(&selector.to_be_bytes());
        out
    }

    /// A message that starts with a word of constants, which live in the code: constants
    /// in data segments cost six hundred times as much per byte and call.
    #[must_use]
    #[inline(never)]
    pub fn topic(a: u64, b: u64, c: u64, d: u64) -> Self {
        let mut out = Self::new();
        for part in [a, b, c, d] {
            out.0.extend_from_slice(&part.to_be_bytes());
        }
        out
    }

    /// Appends a word.
    #[inline(always)]
    pub fn put(&mut self, value: &impl Put) {
        value.put(&mut self.0);
    }

    /// Appends length and padded bytes of a text.
    #[inline(never)]
    pub fn put_text(&mut self, text: &str) {
        self.put(&(text.len() as u64));
        self.0.extend_from_slice(text.as_bytes());
        self.0.resize(self.0.len().next_multiple_of(32), 0);
    }

    /// The bytes.
    #[must_use]
    #[inline(always)]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The bytes so far.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Out {
    #[inline(always)]
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// A value that travels as one ABI word.
pub trait Put {
    /// Appends its encoding.
    fn put(&self, out: &mut Vec<u8>);
}

impl Put for U256 {
    #[inline(never)]
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&encode(*self));
    }
}

impl Put for u128 {
    #[inline(never)]
    fn put(&self, out: &mut Vec<u8>) {
        from_u128(*self).put(out);
    }
}

impl Put for u64 {
    #[inline(never)]
    fn put(&self, out: &mut Vec<u8>) {
        u128::from(*self).put(out);
    }
}

impl Put for u8 {
    #[inline(never)]
    fn put(&self, out: &mut Vec<u8>) {
        u64::from(*self).put(out);
    }
}

impl Put for bool {
    #[inline(never)]
    fn put(&self, out: &mut Vec<u8>) {
        u64::from(*self).put(out);
    }
}

impl Put for Address {
    #[inline(never)]
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[0; 12]);
        out.extend_from_slice(self.as_slice());
    }
}

impl Put for B256 {
    #[inline(never)]
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_slice());
    }
}
