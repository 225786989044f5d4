//! The share of a transaction's gas that pays for posting it to the parent chain.

use alloy_primitives::U256;
use brotli::enc::BrotliEncoderParams;

use crate::state::UNITS_PER_BYTE;

/// Window that transactions are compressed with, as a power of two.
const WINDOW: i32 = 22;
/// Units added to an unsigned transaction's, before one percent more.
const ESTIMATE_PADDING_UNITS: u64 = 256;
/// Percent of the padded units that count.
const ESTIMATE_PERCENT: u64 = 101;

/// L1 gas units of the signed encoding of a transaction: 16 for each byte of its brotli compression.
pub fn units(encoded: &[u8], brotli_level: u64) -> u64 {
    let params = BrotliEncoderParams {
        quality: i32::try_from(brotli_level.min(11)).unwrap_or(11),
        lgwin: WINDOW,
        ..Default::default()
    };
    let mut compressed = Vec::new();
    // Writing into memory does not fail; were it to, the bytes count as they are.
    let len = match brotli::BrotliCompress(&mut &encoded[..], &mut compressed, &params) {
        Ok(_) => compressed.len(),
        Err(_) => encoded.len(),
    };
    (len as u64).saturating_mul(UNITS_PER_BYTE)
}

/// Units of a transaction that is not signed yet, from those of a stand-in for it.
pub fn padded_units(units: u64) -> u64 {
    units
        .saturating_add(ESTIMATE_PADDING_UNITS)
        .saturating_mul(ESTIMATE_PERCENT)
        / 100
}

/// Gas whose price covers `cost` wei at `gas_price` wei per gas. Rounds down; nothing at price zero.
pub fn poster_gas(cost: U256, gas_price: U256) -> u64 {
    cost.checked_div(gas_price)
        .map_or(0, |gas| gas.saturating_to())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_sixteen_per_compressed_byte() {
        let encoded = [7u8; 1_000];
        let units = units(&encoded, 1);
        assert_eq!(units % UNITS_PER_BYTE, 0);
        assert!(
            units < 40 * UNITS_PER_BYTE,
            "repetition compresses, got {units}"
        );
    }

    #[test]
    fn poster_gas_rounds_down_and_is_nothing_at_price_zero() {
        assert_eq!(poster_gas(U256::from(199), U256::from(100)), 1);
        assert_eq!(poster_gas(U256::from(199), U256::ZERO), 0);
    }
}
