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

#[cfg(test)]
mod tests {
    use super::*;
    use diem_math::index::INDEX_SCALE;

    fn pool() -> Pool {
        Pool {
            updated: 100,
            staked: 1_000,
            reserve: 5_000,
            rate: 10,
            ..Pool::default()
        }
    }

    #[test]
    fn each_field_of_the_packed_words_is_read_from_its_own_bits() {
        let zero = U256::ZERO;
        let base = Pool::default();
        let unpacked = [
            (
                Pool::unpack(U256::MAX << TIME_BITS, zero, zero, zero),
                Pool {
                    index: U256::MAX >> TIME_BITS,
                    ..base
                },
            ),
            (
                Pool::unpack(U256::MAX >> INDEX_BITS, zero, zero, zero),
                Pool {
                    updated: u64::MAX >> (64 - TIME_BITS),
                    ..base
                },
            ),
            (
                Pool::unpack(zero, U256::MAX >> 128, U256::MAX >> 128, zero),
                Pool {
                    staked: u128::MAX,
                    reserve: u128::MAX,
                    ..base
                },
            ),
            (
                Pool::unpack(zero, U256::MAX << 128, U256::MAX << 128, zero),
                Pool {
                    locked: u128::MAX,
                    paid: u128::MAX,
                    ..base
                },
            ),
            (
                Pool::unpack(zero, zero, zero, U256::MAX << ADDRESS_BITS),
                Pool {
                    rate: u128::MAX >> (128 - RATE_BITS),
                    ..base
                },
            ),
            (Pool::unpack(zero, zero, zero, U256::MAX >> RATE_BITS), base),
        ];
        for (pool, expected) in unpacked {
            assert_eq!(pool, expected);
        }
    }

    #[test]
    fn no_time_accrues_nothing_and_time_never_runs_back() {
        for now in [100, 99, 0] {
            let mut pool = pool();
            pool.accrue(now);
            assert_eq!(pool, self::pool());
        }
    }

    #[test]
    fn an_index_may_fill_its_width_and_not_pass_it() {
        let full = U256::MAX >> TIME_BITS;
        let step = INDEX_SCALE * U256::from(2_u64);
        for (short, taken) in [(U256::ZERO, true), (U256::ONE, false)] {
            let mut pool = Pool {
                index: full - step + short,
                ..pool()
            };
            pool.accrue(300);
            assert_eq!((pool.index == full, pool.reserve == 3_000), (taken, taken));
        }
    }

    #[test]
    fn accrual_pays_the_rate_out_of_the_reserve() {
        let mut pool = pool();
        pool.accrue(300);
        assert_eq!(pool.index, INDEX_SCALE * U256::from(2_u64));
        assert_eq!((pool.reserve, pool.updated), (3_000, 300));
    }

    #[test]
    fn accrual_never_promises_more_than_the_reserve() {
        let mut pool = pool();
        pool.accrue(u64::from(u32::MAX));
        assert_eq!(pool.index, INDEX_SCALE * U256::from(5_u64));
        assert_eq!(pool.reserve, 0);
    }

    #[test]
    fn nothing_staked_emits_nothing_and_loses_nothing() {
        let mut pool = Pool {
            staked: 0,
            ..pool()
        };
        pool.accrue(300);
        assert_eq!(
            (pool.index, pool.reserve, pool.updated),
            (U256::ZERO, 5_000, 300)
        );
    }

    #[test]
    fn an_index_at_its_width_stops_emitting_instead_of_failing() {
        let full = U256::MAX >> TIME_BITS;
        let mut pool = Pool {
            index: full,
            staked: 1,
            ..pool()
        };
        pool.accrue(300);
        assert_eq!((pool.index, pool.reserve), (full, 5_000));
    }

    #[test]
    fn locked_yield_is_what_locks_earned_and_paid_out_at_most_once() {
        let mut pool = Pool {
            locked: 400,
            ..pool()
        };
        pool.accrue(300);
        assert_eq!(pool.locked_yield(U256::ZERO), U256::from(800_u64));
        assert_eq!(
            pool.pay_locked_yield(U256::ZERO, U256::from(500_u64)),
            Ok(())
        );
        let (available, amount) = (U256::from(300_u64), U256::from(301_u64));
        assert_eq!(
            pool.pay_locked_yield(U256::ZERO, amount),
            Err(refuse!(IStakedVvv::LockedYieldExceeded, available, amount))
        );
        assert_eq!(pool.pay_locked_yield(U256::ZERO, available), Ok(()));
        assert_eq!(pool.paid, 800);
    }
}
