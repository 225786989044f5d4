//! The share of a transaction's gas that pays for posting it to the parent chain.

mod stand_in;

use alloy_primitives::U256;
use compu::{
    Encoder as _,
    encoder::{BrotliC, BrotliOptions, BrotliQuality, EncodeOp, EncodeStatus},
};

use stand_in::stand_in;

use crate::{state::UNITS_PER_BYTE, tx::TxInput};

/// Units added to an unsigned transaction's, before one percent more.
const ESTIMATE_PADDING_UNITS: u64 = 256;
/// Percent of the padded units that count.
const ESTIMATE_PERCENT: u64 = 101;
/// What levels mean to the library, which knows no others.
const QUALITIES: [BrotliQuality; 12] = [
    BrotliQuality::Q0,
    BrotliQuality::Q1,
    BrotliQuality::Q2,
    BrotliQuality::Q3,
    BrotliQuality::Q4,
    BrotliQuality::Q5,
    BrotliQuality::Q6,
    BrotliQuality::Q7,
    BrotliQuality::Q8,
    BrotliQuality::Q9,
    BrotliQuality::Q10,
    BrotliQuality::Q11,
];

/// L1 gas units of the signed encoding of a transaction: 16 for each byte of its brotli compression
/// at `brotli_level`, of which there are 12; more counts as the highest.
pub fn units(encoded: &[u8], brotli_level: u64) -> u64 {
    // Without memory to compress in, the bytes count as they are.
    let len = compressed_len(encoded, brotli_level).unwrap_or(encoded.len());
    (len as u64).saturating_mul(UNITS_PER_BYTE)
}

/// The window is the library's default of 22 bits, which is Nitro's too.
fn compressed_len(bytes: &[u8], level: u64) -> Option<usize> {
    let level = usize::try_from(level).unwrap_or(usize::MAX);
    let quality = QUALITIES.get(level).copied().unwrap_or(BrotliQuality::MAX);
    let mut encoder = BrotliC::new(BrotliOptions::new().quality(quality))?;
    let mut compressed = Vec::new();
    let end = encoder
        .encode_vec_full(bytes, &mut compressed, EncodeOp::Finish)
        .ok()?;
    (end.status == EncodeStatus::Finished).then_some(compressed.len())
}

/// Units of a transaction that is not signed yet: those of a stand-in for it, and some more.
pub(crate) fn stand_in_units(tx: &TxInput, brotli_level: u64) -> u64 {
    units(&stand_in(tx), brotli_level)
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
