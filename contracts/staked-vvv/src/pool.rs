//! The contract's totals, and how time changes them.
//!
//! The reserve gives up what index growth makes payable before anybody can claim it, so
//! the contract never owes more than it holds. All that was ever funded stays below
//! 2^128 wei, and all that is ever earned is paid from it: any sum of balance times index
//! growth is below 2^128 * 1e36 < 2^248, and the modular ledgers of `account` and of
//! locked yield are exact.

use crate::account::whole;
use crate::errors::{Result, refuse};
use crate::interface::IStakedVvv;
use crate::storage::{ADDRESS_BITS, INDEX_BITS, RATE_BITS, TIME_BITS};
use alloy_primitives::U256;
use contract_kit::word::{field, from_u128, high, low, mul, sub};
use diem_math::index::accrue;

/// The contract's totals, brought to a point in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pool {
    /// Gross reward per sVVV, scale 1e36.
    pub(crate) index: U256,
    /// When `index` was brought to now, seconds.
    pub(crate) updated: u64,
    /// sVVV in existence.
    pub(crate) staked: u128,
    /// sVVV locked.
    pub(crate) locked: u128,
    /// VVV left to emit.
    pub(crate) reserve: u128,
    /// Locked yield paid so far.
    pub(crate) paid: u128,
    /// VVV wei per second.
    pub(crate) rate: u128,
}

impl Pool {
    pub(crate) fn unpack(index: U256, totals: U256, funds: U256, contract: U256) -> Self {
        Self {
            index: index >> TIME_BITS,
            updated: field(index, 0, TIME_BITS) as u64,
            staked: low(totals),
            locked: high(totals),
            reserve: low(funds),
            paid: high(funds),
            rate: field(contract, ADDRESS_BITS, RATE_BITS),
        }
    }

    /// Brings the index to `now`.
    ///
    /// Never fails, so that no exit can be blocked: should the index pass its width (it
    /// takes 1e11 VVV emitted to a single staked wei), the emission waits in the reserve.
    pub(crate) fn accrue(&mut self, now: u64) {
        let elapsed = now.saturating_sub(self.updated);
        if elapsed == 0 {
            return;
        }
        self.updated = now;
        let Ok(accrual) = accrue(
            from_u128(self.rate),
            elapsed,
            from_u128(self.reserve),
            from_u128(self.staked),
        ) else {
            return;
        };
        let index = self.index.saturating_add(accrual.index_growth);
        if index.bit_len() <= INDEX_BITS {
            self.index = index;
            self.reserve = self.reserve.saturating_sub(low(accrual.paid));
        }
    }

    /// Gross yield of all locked sVVV since the start, VVV, rounded down.
    pub(crate) fn locked_yield(&self, lock_debt: U256) -> U256 {
        whole(sub(mul(from_u128(self.locked), self.index), lock_debt))
    }

    /// Books a payment of locked yield, within what locked sVVV earned.
    pub(crate) fn pay_locked_yield(&mut self, lock_debt: U256, amount: U256) -> Result<()> {
        let available = self
            .locked_yield(lock_debt)
            .saturating_sub(from_u128(self.paid));
        if amount > available {
            return Err(refuse!(IStakedVvv::LockedYieldExceeded, available, amount));
        }
        // The sum stays within the yield earned, hence below 2^128.
        self.paid = self.paid.saturating_add(low(amount));
        Ok(())
    }
}
