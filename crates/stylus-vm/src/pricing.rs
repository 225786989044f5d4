//! Every price in ink and gas, in one place.
//!
//! Ink is the fine unit instructions are metered in: one gas buys
//! `ink_price` ink, 10,000 by default. Names ending in `_INK` are ink, names
//! ending in `_GAS` are gas; the two never share an expression without a
//! conversion. The figures are those of Stylus versions 1 and 2.

/// Cost no program can pay, for instructions that exist but must not run.
pub const UNPAYABLE_INK: u64 = u64::MAX;

/// Paid by each basic block on top of its instructions.
pub const BLOCK_HEADER_INK: u64 = 2_450;
/// Paid for every byte moved by `memory.copy` and `memory.fill`, when they run.
pub const MEMORY_BYTE_INK: u64 = 100;

/// Entering a host function.
pub const HOST_CALL_INK: u64 = 8_400;
/// Following one pointer argument.
pub const POINTER_INK: u64 = 5_040;
/// One round trip to the state transition.
pub const EVM_API_INK: u64 = 59_673;
/// Dividing 256-bit words.
pub const DIV_INK: u64 = 20_000;
/// Adding 256-bit words modulo a third.
pub const ADD_MOD_INK: u64 = 21_000;
/// Multiplying 256-bit words modulo a third.
pub const MUL_MOD_INK: u64 = 24_100;
/// Any exponentiation.
pub const POW_BASE_INK: u64 = 3_000;
/// Exponentiation, for each significant byte of the exponent, plus one.
pub const POW_BYTE_INK: u64 = 17_500;
/// Hashing up to two words.
pub const KECCAK_BASE_INK: u64 = 121_800;
/// Hashing, for each word beyond two.
pub const KECCAK_WORD_INK: u64 = 21_000;
/// Copying up to 32 bytes from the program.
pub const READ_BASE_INK: u64 = 16_381;
/// Copying from the program, for each byte beyond 32.
pub const READ_BYTE_INK: u64 = 55;
/// Copying up to 32 bytes to the program.
pub const WRITE_BASE_INK: u64 = 5_040;
/// Copying to the program, for each byte beyond 32.
pub const WRITE_BYTE_INK: u64 = 30;
/// Bytes of an EVM word, and what a copy includes in its base price.
pub const WORD_BYTES: u32 = 32;

/// SLOAD of a cold slot.
pub const COLD_SLOAD_GAS: u64 = 2_100;
/// Reading or writing transient storage.
pub const TRANSIENT_GAS: u64 = 100;
/// What must be left before an SSTORE may begin.
pub const SSTORE_SENTRY_GAS: u64 = 2_300;
/// The dearest access to the storage cache, demanded before every access.
pub const STORAGE_CACHE_REQUIRED_GAS: u64 = 10;
/// Touching a cold account, demanded before every account query.
pub const COLD_ACCOUNT_GAS: u64 = 2_600;
/// Any log, and each of its topics.
pub const LOG_TOPIC_GAS: u64 = 375;
/// Each byte of log data.
pub const LOG_BYTE_GAS: u64 = 8;
/// Most topics of a log.
pub const MAX_LOG_TOPICS: u32 = 4;
/// Any creation.
pub const CREATE_GAS: u64 = 32_000;
/// Creation with a salt: hashing, for each word of init code.
pub const CREATE2_WORD_GAS: u64 = 6;

/// Steps of the read price of the storage cache: reads so far, gas of the next one.
pub const STORAGE_CACHE_READ_STEPS: [(u32, u64); 3] = [(32, 0), (128, 2), (u32::MAX, 10)];
/// Steps of the write price of the storage cache.
pub const STORAGE_CACHE_WRITE_STEPS: [(u32, u64); 3] = [(8, 0), (64, 7), (u32::MAX, 10)];

/// Ink for copying `len` bytes to the program.
#[must_use]
pub fn write_ink(len: u32) -> u64 {
    WRITE_BASE_INK + WRITE_BYTE_INK * u64::from(len.saturating_sub(WORD_BYTES))
}

/// Ink for copying `len` bytes from the program.
#[must_use]
pub fn read_ink(len: u32) -> u64 {
    READ_BASE_INK + READ_BYTE_INK * u64::from(len.saturating_sub(WORD_BYTES))
}

/// Ink for hashing `len` bytes.
#[must_use]
pub fn keccak_ink(len: u32) -> u64 {
    KECCAK_BASE_INK + KECCAK_WORD_INK * words(len).saturating_sub(2)
}

/// Ink for raising to a 256-bit exponent, given big-endian.
#[must_use]
pub fn pow_ink(exponent: &[u8; 32]) -> u64 {
    let leading = exponent.iter().take_while(|byte| **byte == 0).count() as u64;
    POW_BASE_INK + POW_BYTE_INK * (33 - leading)
}

/// Gas of a log with `topics` topics and `data` bytes after them.
#[must_use]
pub fn log_gas(topics: u32, data: u32) -> u64 {
    LOG_TOPIC_GAS * (1 + u64::from(topics)) + LOG_BYTE_GAS * u64::from(data)
}

/// 32-byte words that cover `bytes`.
#[must_use]
pub fn words(bytes: u32) -> u64 {
    u64::from(bytes).div_ceil(u64::from(WORD_BYTES))
}

/// Gas of the next access after `done` accesses.
#[must_use]
pub fn stepped_gas(steps: &[(u32, u64); 3], done: u32) -> u64 {
    steps
        .iter()
        .find(|(until, _)| done < *until)
        .map_or(STORAGE_CACHE_REQUIRED_GAS, |(_, gas)| *gas)
}
