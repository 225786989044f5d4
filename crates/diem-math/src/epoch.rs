//! The calendar of credits: epochs are whole UTC days since 1970.

/// Length of an epoch in seconds: one day.
pub const EPOCH_SECONDS: u64 = 86_400;
/// Wait between asking for sVVV back and getting VVV, in seconds: 7 days.
pub const SVVV_COOLDOWN_SECONDS: u64 = 7 * EPOCH_SECONDS;
/// Wait between asking for staked DIEM back and getting it, in seconds: 1 day.
pub const DIEM_COOLDOWN_SECONDS: u64 = EPOCH_SECONDS;
/// Longest lease, in epochs.
pub const MAX_LEASE_EPOCHS: u32 = 365;

/// The epoch that contains `timestamp` (seconds since 1970).
#[must_use]
pub const fn epoch_at(timestamp: u64) -> u64 {
    timestamp / EPOCH_SECONDS
}

/// When `epoch` begins, in seconds since 1970. Saturates at the end of time.
#[must_use]
pub const fn epoch_start(epoch: u64) -> u64 {
    epoch.saturating_mul(EPOCH_SECONDS)
}

/// The next 00:00 UTC strictly after `timestamp`.
#[must_use]
pub const fn next_refresh(timestamp: u64) -> u64 {
    epoch_start(epoch_at(timestamp).saturating_add(1))
}
