//! What ArbOS charges inside its precompiles, in gas.

/// Reading a storage word.
pub const STORAGE_READ: u64 = 800;
/// Writing a word other than zero.
pub const STORAGE_WRITE: u64 = 20_000;
/// Writing zero.
pub const STORAGE_CLEAR: u64 = 5_000;
/// Reading an account's code hash, and touching a cold account.
pub const COLD_ACCOUNT: u64 = 2_600;
/// Touching a warm account.
pub const WARM_ACCOUNT: u64 = 100;
/// Copying a word of arguments, output or code.
pub const COPY_WORD: u64 = 3;
/// A log and each of its topics.
const LOG_TOPIC: u64 = 375;
/// A byte of log data.
const LOG_BYTE: u64 = 8;

/// Whole 32-byte words that hold `len` bytes.
pub const fn words_up(len: usize) -> u64 {
    (len as u64).div_ceil(32)
}

/// Copying `len` bytes.
pub const fn copy_gas(len: usize) -> u64 {
    COPY_WORD * words_up(len)
}

/// Hashing `len` bytes.
pub const fn keccak_gas(len: usize) -> u64 {
    30 + 6 * words_up(len)
}

/// Emitting a log; `topics` includes the signature.
pub const fn log_gas(topics: usize, data_len: usize) -> u64 {
    LOG_TOPIC * (1 + topics as u64) + LOG_BYTE * data_len as u64
}
