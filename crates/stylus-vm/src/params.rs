//! The Stylus parameters a chain keeps in one storage word.

use alloy_primitives::B256;

/// ArbOS version that stores the largest size of a module.
const ARBOS_STORED_WASM_SIZE: u64 = 40;
/// ArbOS version that stores the largest number of fragments.
const ARBOS_FRAGMENTS: u64 = 60;
/// Largest module before the limit was stored, and its initial value: 128 KiB.
pub const INITIAL_MAX_WASM_SIZE: u32 = 128 * 1024;
/// Initial number of fragments a root may name.
pub const INITIAL_MAX_FRAGMENTS: u8 = 2;
/// Initial page ramp, reported but not used: the table in [`crate::memory`] follows from it.
pub const PAGE_RAMP: u64 = 620_674_314;
/// Gas one unit of `min_init_gas` stands for.
pub const MIN_INIT_GAS_UNIT: u64 = 128;
/// Gas one unit of `min_cached_init_gas` stands for.
pub const MIN_CACHED_GAS_UNIT: u64 = 32;
/// Percent one unit of the cost scalars stands for.
pub const COST_SCALAR_PERCENT: u64 = 2;

/// Prices and limits that the chain owner can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StylusParams {
    /// Version a program's record must carry to be callable.
    pub version: u16,
    /// Ink per gas; 24 bits are stored.
    pub ink_price: u32,
    /// Words of stack of each program frame.
    pub max_stack_depth: u32,
    /// Pages each transaction may open without paying.
    pub free_pages: u16,
    /// Gas of each further page.
    pub page_gas: u16,
    /// Most pages open at once.
    pub page_limit: u16,
    /// Smallest cost of starting a program, in units of 128 gas.
    pub min_init_gas: u8,
    /// Smallest cost of starting a cached program, in units of 32 gas.
    pub min_cached_init_gas: u8,
    /// Factor on the measured start cost, in units of 2%.
    pub init_cost_scalar: u8,
    /// Factor on the measured cached start cost, in units of 2%.
    pub cached_cost_scalar: u8,
    /// Days until a program must be activated again.
    pub expiry_days: u16,
    /// Days before a program's life may be extended.
    pub keepalive_days: u16,
    /// Entries of the per-block list of recent programs.
    pub block_cache_size: u16,
    /// Largest module in bytes, uncompressed.
    pub max_wasm_size: u32,
    /// Most fragments of a root program.
    pub max_fragment_count: u8,
}

impl Default for StylusParams {
    /// The values of a chain born at ArbOS 51.
    fn default() -> Self {
        Self {
            version: 2,
            ink_price: 10_000,
            max_stack_depth: 22_000,
            free_pages: 2,
            page_gas: 1_000,
            page_limit: 128,
            min_init_gas: 69,
            min_cached_init_gas: 11,
            init_cost_scalar: 50,
            cached_cost_scalar: 50,
            expiry_days: 365,
            keepalive_days: 31,
            block_cache_size: 32,
            max_wasm_size: INITIAL_MAX_WASM_SIZE,
            max_fragment_count: INITIAL_MAX_FRAGMENTS,
        }
    }
}

impl StylusParams {
    /// Packs the fields the given ArbOS version stores, first field first.
    #[must_use]
    pub fn encode(&self, arbos_version: u64) -> B256 {
        let mut word = Packer::default();
        word.put(u64::from(self.version), 2);
        word.put(u64::from(self.ink_price), 3);
        word.put(u64::from(self.max_stack_depth), 4);
        word.put(u64::from(self.free_pages), 2);
        word.put(u64::from(self.page_gas), 2);
        word.put(u64::from(self.page_limit), 2);
        word.put(u64::from(self.min_init_gas), 1);
        word.put(u64::from(self.min_cached_init_gas), 1);
        word.put(u64::from(self.init_cost_scalar), 1);
        word.put(u64::from(self.cached_cost_scalar), 1);
        word.put(u64::from(self.expiry_days), 2);
        word.put(u64::from(self.keepalive_days), 2);
        word.put(u64::from(self.block_cache_size), 2);
        if arbos_version >= ARBOS_STORED_WASM_SIZE {
            word.put(u64::from(self.max_wasm_size), 4);
        }
        if arbos_version >= ARBOS_FRAGMENTS {
            word.put(u64::from(self.max_fragment_count), 1);
        }
        word.word
    }

    /// Unpacks a stored word; fields the version does not store get their initial values.
    #[must_use]
    pub fn decode(word: B256, arbos_version: u64) -> Self {
        let mut word = Packer { word, at: 0 };
        Self {
            version: word.take(2) as u16,
            ink_price: word.take(3) as u32,
            max_stack_depth: word.take(4) as u32,
            free_pages: word.take(2) as u16,
            page_gas: word.take(2) as u16,
            page_limit: word.take(2) as u16,
            min_init_gas: word.take(1) as u8,
            min_cached_init_gas: word.take(1) as u8,
            init_cost_scalar: word.take(1) as u8,
            cached_cost_scalar: word.take(1) as u8,
            expiry_days: word.take(2) as u16,
            keepalive_days: word.take(2) as u16,
            block_cache_size: word.take(2) as u16,
            max_wasm_size: if arbos_version >= ARBOS_STORED_WASM_SIZE {
                word.take(4) as u32
            } else {
                INITIAL_MAX_WASM_SIZE
            },
            max_fragment_count: if arbos_version >= ARBOS_FRAGMENTS {
                word.take(1) as u8
            } else {
                0
            },
        }
    }
}

/// A cursor over the bytes of a word.
#[derive(Default)]
struct Packer {
    word: B256,
    at: usize,
}

impl Packer {
    fn put(&mut self, value: u64, width: usize) {
        let bytes = value.to_be_bytes();
        self.word[self.at..self.at + width].copy_from_slice(&bytes[8 - width..]);
        self.at += width;
    }

    fn take(&mut self, width: usize) -> u64 {
        let mut bytes = [0; 8];
        bytes[8 - width..].copy_from_slice(&self.word[self.at..self.at + width]);
        self.at += width;
        u64::from_be_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_follows_the_storage_order() {
        let word = StylusParams::default().encode(60);
        let text = alloy_primitives::hex::encode(word);
        assert_eq!(
            text,
            "0002002710000055f0000203e80080450b3232016d001f002000020000020000"
        );
        assert_eq!(StylusParams::decode(word, 60), StylusParams::default());
    }

    #[test]
    fn older_versions_store_fewer_fields() {
        let params = StylusParams {
            max_wasm_size: 7,
            max_fragment_count: 3,
            ..Default::default()
        };
        let old = StylusParams::decode(params.encode(30), 30);
        assert_eq!(
            (old.max_wasm_size, old.max_fragment_count),
            (INITIAL_MAX_WASM_SIZE, 0)
        );
        let later = StylusParams::decode(params.encode(51), 51);
        assert_eq!((later.max_wasm_size, later.max_fragment_count), (7, 0));
    }
}
