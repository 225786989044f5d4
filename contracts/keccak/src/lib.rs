//! Keccak-256 by the chain's own host function.
//!
//! openzeppelin-stylus 0.3.0 asks alloy for its `tiny-keccak` feature, which turns off
//! alloy's use of Nitro's hashing: each storage key of a token would be hashed in WASM, for
//! some 400 gas instead of 13, by 1.5 KB of code. The workspace therefore puts this crate
//! in that one's place; it has the part of its interface that alloy uses.

#![no_std]

#[cfg(target_arch = "wasm32")]
extern crate alloc;

/// A hash function that is fed in pieces.
pub trait Hasher {
    /// Takes in more bytes.
    fn update(&mut self, input: &[u8]);
    /// Writes the hash, 32 bytes.
    fn finalize(self, output: &mut [u8]);
}

/// Bytes of a hash.
#[cfg(not(target_arch = "wasm32"))]
const HASH: usize = 32;

/// Keccak-256 of what it is fed.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Default)]
pub struct Keccak(alloc::vec::Vec<u8>);

#[cfg(target_arch = "wasm32")]
#[link(wasm_import_module = "vm_hooks")]
unsafe extern "C" {
    fn native_keccak256(bytes: *const u8, len: usize, output: *mut u8);
}

#[cfg(target_arch = "wasm32")]
impl Keccak {
    /// Keccak-256, with Ethereum's padding.
    #[must_use]
    pub fn v256() -> Self {
        Self::default()
    }
}

#[cfg(target_arch = "wasm32")]
impl Hasher for Keccak {
    fn update(&mut self, input: &[u8]) {
        self.0.extend_from_slice(input);
    }

    fn finalize(self, output: &mut [u8]) {
        let mut hash = [0; 32];
        // SAFETY: reads a live buffer of the stated length and writes 32 bytes to one of 32.
        unsafe { native_keccak256(self.0.as_ptr(), self.0.len(), hash.as_mut_ptr()) };
        output.copy_from_slice(&hash);
    }
}

/// Keccak-256 of what it is fed.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone)]
pub struct Keccak(keccak_const::Keccak256);

#[cfg(not(target_arch = "wasm32"))]
impl Keccak {
    /// Keccak-256, with Ethereum's padding.
    #[must_use]
    pub fn v256() -> Self {
        Self(keccak_const::Keccak256::new())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Hasher for Keccak {
    fn update(&mut self, input: &[u8]) {
        self.0 = self.0.clone().update(input);
    }

    fn finalize(self, output: &mut [u8]) {
        let hash: [u8; HASH] = self.0.finalize();
        output.copy_from_slice(&hash);
    }
}

#[cfg(test)]
mod tests {
    use super::{HASH, Hasher, Keccak};

    #[test]
    fn pieces_hash_like_the_whole_and_like_ethereum() {
        let mut whole = [0; HASH];
        let mut hasher = Keccak::v256();
        hasher.update(b"transfer(address,uint256)");
        hasher.finalize(&mut whole);
        assert_eq!(whole[..4], [0xa9, 0x05, 0x9c, 0xbb]);

        let mut pieces = [0; HASH];
        let mut hasher = Keccak::v256();
        hasher.update(b"transfer(");
        hasher.update(b"address,uint256)");
        hasher.finalize(&mut pieces);
        assert_eq!(whole, pieces);
    }
}
