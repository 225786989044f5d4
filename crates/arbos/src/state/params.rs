//! The Stylus parameters, packed into one storage word.

use alloy_primitives::{B256, U256};

/// Version of the Stylus parameters that ArbOS 30 started with.
pub const FIRST_VERSION: u16 = 1;
/// Informational value that `ArbWasm.pageRamp` reports; it is not stored.
pub const PAGE_RAMP: u64 = 620_674_314;
/// Gas in one unit of [`StylusParams::min_init_gas`].
pub const MIN_INIT_GAS_UNIT: u64 = 128;
/// Gas in one unit of [`StylusParams::min_cached_init_gas`].
pub const MIN_CACHED_GAS_UNIT: u64 = 32;
/// Percent in one unit of the cost scalars.
pub const COST_SCALAR_PERCENT: u64 = 2;
/// Largest decompressed module before ArbOS 40 made it a parameter, and its first value then.
pub const INITIAL_MAX_WASM_SIZE: u32 = 131_072;

/// Prices and limits of programs, as the chain owner may set them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StylusParams {
    /// Program records must carry the same version to be callable.
    pub version: u16,
    /// Ink per gas, 24 bits.
    pub ink_price: u32,
    /// Words of stack a program frame may use.
    pub max_stack_depth: u32,
    /// Pages per transaction without a memory charge.
    pub free_pages: u16,
    /// Gas per page, the linear part.
    pub page_gas: u16,
    /// Most pages that may be open in a transaction.
    pub page_limit: u16,
    /// Least gas of an uncached start, in units of 128.
    pub min_init_gas: u8,
    /// Least gas of a cached start, in units of 32.
    pub min_cached_init_gas: u8,
    /// Scale of the start cost, in units of 2%.
    pub init_cost_scalar: u8,
    /// Scale of the cached start cost, in units of 2%.
    pub cached_cost_scalar: u8,
    /// Days until an activation expires.
    pub expiry_days: u16,
    /// Days before an activation may be prolonged.
    pub keepalive_days: u16,
    /// Entries of the per-block cache of recent programs.
    pub block_cache_size: u16,
    /// Largest decompressed module in bytes.
    pub max_wasm_size: u32,
    /// Most fragments of a root program; from ArbOS 60 on, 0 before.
    pub max_fragment_count: u8,
}

impl StylusParams {
    /// ArbOS version from which `max_wasm_size` is stored.
    const STORES_WASM_SIZE: u64 = 40;
    /// ArbOS version from which `max_fragment_count` is stored.
    const STORES_FRAGMENTS: u64 = 60;

    /// What ArbOS 30 writes; later versions change it step by step.
    pub fn at_introduction() -> Self {
        Self {
            version: FIRST_VERSION,
            ink_price: 10_000,
            max_stack_depth: 262_144,
            free_pages: 2,
            page_gas: 1_000,
            page_limit: 128,
            min_init_gas: 72,
            min_cached_init_gas: 11,
            init_cost_scalar: 50,
            cached_cost_scalar: 50,
            expiry_days: 365,
            keepalive_days: 31,
            block_cache_size: 32,
            max_wasm_size: INITIAL_MAX_WASM_SIZE,
            max_fragment_count: 0,
        }
    }

    /// Reads the packed word as `arbos_version` lays it out.
    pub fn decode(word: U256, arbos_version: u64) -> Self {
        let mut bytes = Reader {
            bytes: word.to_be_bytes(),
            at: 0,
        };
        Self {
            version: bytes.take(2) as u16,
            ink_price: bytes.take(3),
            max_stack_depth: bytes.take(4),
            free_pages: bytes.take(2) as u16,
            page_gas: bytes.take(2) as u16,
            page_limit: bytes.take(2) as u16,
            min_init_gas: bytes.take(1) as u8,
            min_cached_init_gas: bytes.take(1) as u8,
            init_cost_scalar: bytes.take(1) as u8,
            cached_cost_scalar: bytes.take(1) as u8,
            expiry_days: bytes.take(2) as u16,
            keepalive_days: bytes.take(2) as u16,
            block_cache_size: bytes.take(2) as u16,
            max_wasm_size: if arbos_version >= Self::STORES_WASM_SIZE {
                bytes.take(4)
            } else {
                INITIAL_MAX_WASM_SIZE
            },
            max_fragment_count: if arbos_version >= Self::STORES_FRAGMENTS {
                bytes.take(1) as u8
            } else {
                0
            },
        }
    }

    /// The packed word as `arbos_version` lays it out.
    pub fn encode(&self, arbos_version: u64) -> U256 {
        let mut bytes = Vec::with_capacity(32);
        bytes.extend_from_slice(&self.version.to_be_bytes());
        bytes.extend_from_slice(&self.ink_price.to_be_bytes()[1..]);
        bytes.extend_from_slice(&self.max_stack_depth.to_be_bytes());
        for field in [self.free_pages, self.page_gas, self.page_limit] {
            bytes.extend_from_slice(&field.to_be_bytes());
        }
        bytes.extend_from_slice(&[
            self.min_init_gas,
            self.min_cached_init_gas,
            self.init_cost_scalar,
            self.cached_cost_scalar,
        ]);
        for field in [self.expiry_days, self.keepalive_days, self.block_cache_size] {
            bytes.extend_from_slice(&field.to_be_bytes());
        }
        if arbos_version >= Self::STORES_WASM_SIZE {
            bytes.extend_from_slice(&self.max_wasm_size.to_be_bytes());
        }
        if arbos_version >= Self::STORES_FRAGMENTS {
            bytes.push(self.max_fragment_count);
        }
        B256::right_padding_from(&bytes).into()
    }

    /// Seconds an activation lives.
    pub fn expiry_seconds(&self) -> u64 {
        u64::from(self.expiry_days) * 86_400
    }

    /// Seconds before an activation may be prolonged.
    pub fn keepalive_seconds(&self) -> u64 {
        u64::from(self.keepalive_days) * 86_400
    }

    /// Gas of starting a program that is not cached, its start cost being `init_cost`:
    /// `min·128 + ⌈cost·scalar·2%⌉`.
    pub fn init_gas(&self, init_cost: u16) -> u64 {
        let base = u64::from(self.min_init_gas) * MIN_INIT_GAS_UNIT;
        base + scaled_up(init_cost, self.init_cost_scalar)
    }

    /// Gas of starting a cached program: `min·32 + ⌈cost·scalar·2%⌉`.
    pub fn cached_gas(&self, cached_cost: u16) -> u64 {
        let base = u64::from(self.min_cached_init_gas) * MIN_CACHED_GAS_UNIT;
        base + scaled_up(cached_cost, self.cached_cost_scalar)
    }
}

fn scaled_up(cost: u16, scalar: u8) -> u64 {
    (u64::from(cost) * u64::from(scalar) * COST_SCALAR_PERCENT).div_ceil(100)
}

struct Reader {
    bytes: [u8; 32],
    at: usize,
}

impl Reader {
    fn take(&mut self, len: usize) -> u32 {
        let value = self.bytes[self.at..self.at + len]
            .iter()
            .fold(0u32, |value, byte| value << 8 | u32::from(*byte));
        self.at += len;
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_round_trips_at_every_layout() {
        for version in [30, 40, 60] {
            let params = StylusParams {
                max_fragment_count: if version >= 60 { 2 } else { 0 },
                ..StylusParams::at_introduction()
            };
            let word = params.encode(version);
            assert_eq!(StylusParams::decode(word, version), params);
        }
    }

    #[test]
    fn the_last_two_bytes_are_unused_at_60() {
        let params = StylusParams {
            max_fragment_count: 2,
            ..StylusParams::at_introduction()
        };
        let bytes: [u8; 32] = params.encode(60).to_be_bytes();
        assert_eq!(bytes[..5], [0, 1, 0, 0x27, 0x10]);
        assert_eq!(bytes[25..], [0, 2, 0, 0, 2, 0, 0]);
    }

    #[test]
    fn start_costs_follow_the_example_of_section_2_5() {
        let params = StylusParams {
            min_init_gas: 69,
            ..StylusParams::at_introduction()
        };
        assert_eq!(params.cached_gas(715), 1_067);
        assert_eq!(params.init_gas(1_825) + params.cached_gas(715), 11_724);
    }
}
