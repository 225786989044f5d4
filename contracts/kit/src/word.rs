//! Words: 256 bits, and the fields packed into them.

use alloy_primitives::{Address, B256, U256};

/// A value that travels as one ABI word.
pub trait ToWord {
    /// The ABI encoding, as a number.
    fn to_word(&self) -> U256;
}

impl ToWord for u64 {
    fn to_word(&self) -> U256 {
        from_u128(u128::from(*self))
    }
}

impl ToWord for Address {
    fn to_word(&self) -> U256 {
        decode(&self.into_word().0)
    }
}

/// A word with `value` in its low half.
#[must_use]
pub const fn from_u128(value: u128) -> U256 {
    pair(value, 0)
}

/// A word with `low` in its low and `high` in its high half.
#[must_use]
pub const fn pair(low: u128, high: u128) -> U256 {
    U256::from_limbs([
        low as u64,
        (low >> 64) as u64,
        high as u64,
        (high >> 64) as u64,
    ])
}

/// The low 128 bits.
#[must_use]
pub const fn low(word: U256) -> u128 {
    let [a, b, _, _] = word.into_limbs();
    a as u128 | (b as u128) << 64
}

/// The high 128 bits.
#[must_use]
pub const fn high(word: U256) -> u128 {
    let [_, _, a, b] = word.into_limbs();
    a as u128 | (b as u128) << 64
}

/// The value as 128 bits, or nothing when it needs more.
#[must_use]
pub const fn try_u128(word: U256) -> Option<u128> {
    if high(word) == 0 {
        Some(low(word))
    } else {
        None
    }
}

/// The `width` bits (at most 128) from bit `offset` on.
#[must_use]
pub fn field(word: U256, offset: usize, width: usize) -> u128 {
    low(word >> offset) & max(width)
}

/// The largest value of `width` bits.
#[must_use]
pub const fn max(width: usize) -> u128 {
    u128::MAX >> (128 - width)
}

/// `value` moved to bit `offset`. The caller has checked that it fits its field.
#[must_use]
pub fn at(value: u128, offset: usize) -> U256 {
    from_u128(value) << offset
}

/// The address in the low 160 bits.
#[must_use]
pub fn address(word: U256) -> Address {
    Address::from_word(B256::new(encode(word)))
}

/// The sum, modulo 2^256. One of three operations that many places share: not inlined,
/// because module size is paid for on every call.
#[must_use]
#[inline(never)]
pub fn add(a: U256, b: U256) -> U256 {
    a.wrapping_add(b)
}

/// The difference, modulo 2^256.
#[must_use]
#[inline(never)]
pub fn sub(a: U256, b: U256) -> U256 {
    a.wrapping_sub(b)
}

/// The product, modulo 2^256.
#[must_use]
#[inline(never)]
pub fn mul(a: U256, b: U256) -> U256 {
    a.wrapping_mul(b)
}

/// The number that 32 big-endian bytes hold: a limb at a time, where the general
/// conversion goes byte by byte.
#[must_use]
#[inline(never)]
pub fn decode(bytes: &[u8; 32]) -> U256 {
    let mut limbs = [0; 4];
    for (limb, part) in limbs.iter_mut().rev().zip(bytes.as_chunks().0) {
        *limb = u64::from_be_bytes(*part);
    }
    U256::from_limbs(limbs)
}

/// The number as 32 big-endian bytes, a limb at a time.
#[must_use]
#[inline(never)]
pub fn encode(word: U256) -> [u8; 32] {
    let mut bytes = [0; 32];
    let parts = bytes.as_chunks_mut().0;
    for (part, limb) in parts.iter_mut().zip(word.as_limbs().iter().rev()) {
        *part = limb.to_be_bytes();
    }
    bytes
}

/// Where a map's entry begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry(pub(crate) U256);
