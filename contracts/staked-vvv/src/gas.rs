//! Gas that a later second needs: an estimate suffices whenever the call is sent.
//!
//! Clients estimate at one second and send at another. An estimate made in the second of
//! the last accrual sees nothing accrue; so where nothing accrued, a call insists that the
//! gas which accrual would take is left when it is done, without spending it. The same
//! holds for a claim that finds nothing, or only part of what it could find later. Figures
//! are upper bounds by the EVM's prices, fresh slots counted as such, with room for the
//! sixty-fourth that every call to another contract keeps back; tests send what was
//! estimated in such a second in a later one.

use crate::contract::StakedVvv;
use crate::errors::{Result, refuse};
use crate::interface::IStakedVvv;

/// A slot that changes, after it was read.
const CHANGED_SLOT: u64 = 2_900;
/// A slot that was zero, after it was read.
const FRESH_SLOT: u64 = 20_000;
/// The sixty-fourths kept back by calls that follow, and the work of accruing.
const ROOM: u64 = 4_000;
/// What accrual adds to the pool: index and funds change.
const POOL: u64 = 2 * CHANGED_SLOT + ROOM;

/// What accrual adds: the pool's part, and the account's debt may be fresh.
pub(crate) const ACCRUAL: u64 = POOL + FRESH_SLOT;
/// What accrual adds to a lock or an unlock: the lock debt and the debt of the position in
/// DIEM may be fresh as well.
pub(crate) const LOCK_ACCRUAL: u64 = ACCRUAL + 2 * FRESH_SLOT;
/// What DIEM does after a lock, at the most: position, balance and total supply, two logs.
pub(crate) const AFTER_LOCK: u64 = 90_000;
/// What DIEM does after an unlock, at the most: the position.
pub(crate) const AFTER_UNLOCK: u64 = 15_000;
/// What DIEM needs to settle an account's locked yield, at the most: entering a program
/// that is not cached, five slots, one of them fresh, a log.
pub(crate) const SETTLEMENT: u64 = 80_000;
/// What must be left for that to be given: a call keeps a sixty-fourth back, and costs.
const ASK: u64 = SETTLEMENT + SETTLEMENT / 63 + 6_000;

/// What must be left before DIEM is asked to settle; a later second gets there with less, by
/// the work of accruing.
pub(crate) const fn ask_for_settlement(accrued: bool) -> u64 {
    if accrued { ASK } else { ASK + ROOM }
}

/// What a part of a claim adds that finds nothing now: its debt, which may be fresh, and a log.
const PART: u64 = FRESH_SLOT + ROOM;
/// What paying adds to a claim that finds nothing now: a log and VVV's transfer to a fresh
/// balance, by a program that is not cached.
const PAYMENT: u64 = 75_000;

/// What a claim found, for what it may add in a later second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// Whether time had passed since the last accrual.
    pub(crate) accrued: bool,
    /// Whether the free part had something.
    pub(crate) free: bool,
    /// Whether the locked part had something, or there is none.
    pub(crate) locked: bool,
    /// Whether anything is paid.
    pub(crate) paid: bool,
}

impl Found {
    /// Gas of all that was not done and may be done later. What was done is spent and not
    /// asked for again, so a later second never needs more than an earlier one asked for.
    const fn missing(self) -> u64 {
        let mut missing = 0;
        if !self.accrued {
            missing += POOL;
        }
        if !self.free {
            missing += PART;
        }
        if !self.locked {
            missing += PART;
        }
        if !self.paid {
            missing += PAYMENT;
        }
        missing
    }
}

impl StakedVvv {
    /// Refuses to go on unless `needed` gas is left after what was written is paid for.
    #[inline(never)]
    pub(crate) fn insist(&self, needed: u64) -> Result<()> {
        let left = self.store.gas_left_when_written();
        if left < needed {
            return Err(refuse!(IStakedVvv::InsufficientGas, left, needed));
        }
        Ok(())
    }

    /// [`Self::insist`] where nothing accrued.
    pub(crate) fn insist_unless(&self, accrued: bool, needed: u64) -> Result<()> {
        if accrued { Ok(()) } else { self.insist(needed) }
    }

    /// [`Self::insist`] on what a claim may add later.
    pub(crate) fn insist_for(&self, found: Found) -> Result<()> {
        match found.missing() {
            0 => Ok(()),
            needed => self.insist(needed),
        }
    }
}
