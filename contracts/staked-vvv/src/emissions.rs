//! Emissions: the index, the reserve that pays for it, and the ledger of locked yield.
//!
//! The reserve gives up what index growth makes payable before anybody can claim it, so
//! the contract never owes more than it holds. All that was ever funded stays below
//! 2^128 wei, and all that is ever earned is paid from it: any sum of balance times index
//! growth is below 2^128 * 1e36 < 2^248, and the modular ledgers of `account` and of
//! locked yield are exact.

use crate::StakedVvv;
use crate::account::whole;
use crate::errors::{Result, refuse};
use crate::interface::IStakedVvv;
use crate::storage::{
    ADDRESS_BITS, DIEM, FUNDED, FUNDS, INDEX, INDEX_BITS, RATE_BITS, TIME_BITS, TOTALS, VENICE,
    contract_and_rate,
};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{address, field, from_u128, high, low, max, mul, pair, sub, try_u128};
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

impl StakedVvv {
    /// The pool as of now. `contract` is slot 3 or 4, whichever the caller has read.
    pub(crate) fn pool(&self, contract: U256) -> Pool {
        let mut pool = Pool::unpack(
            self.store.get(INDEX),
            self.store.get(TOTALS),
            self.store.get(FUNDS),
            contract,
        );
        pool.accrue(self.store.now());
        pool
    }

    /// Writes the pool back; words that did not change cost nothing.
    pub(crate) fn store_pool(&mut self, pool: &Pool) {
        let time = U256::from(pool.updated & max(TIME_BITS) as u64);
        self.store.set(INDEX, pool.index << TIME_BITS | time);
        self.store.set(TOTALS, pair(pool.staked, pool.locked));
        self.store.set(FUNDS, pair(pool.reserve, pool.paid));
    }

    pub(crate) fn fund(&mut self, amount: U256) -> Result<()> {
        if amount.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAmount));
        }
        let venice = self.store.get(VENICE);
        let mut pool = self.pool(venice);
        let funded = low(self.store.get(FUNDED));
        let total = try_u128(amount).and_then(|amount| funded.checked_add(amount));
        let Some(total) = total else {
            let maximum = from_u128(u128::MAX - funded);
            return Err(refuse!(IStakedVvv::AmountTooLarge, amount, maximum));
        };
        // Within 128 bits, because the reserve is part of all that was ever funded.
        pool.reserve += low(amount);
        self.store.set(FUNDED, from_u128(total));
        self.store_pool(&pool);
        let from = self.store.caller();
        event!(self.store.vm(), IStakedVvv::RewardsFunded, [from], [amount]);
        self.pull(address(venice), from, amount)
    }

    pub(crate) fn change_rate(&mut self, rate: U256) -> Result<()> {
        let maximum = from_u128(max(RATE_BITS));
        if rate > maximum {
            return Err(refuse!(IStakedVvv::AmountTooLarge, rate, maximum));
        }
        let venice = self.store.get(VENICE);
        let pool = self.pool(venice);
        self.store_pool(&pool);
        self.set_contracts(address(venice), address(self.store.get(DIEM)), low(rate));
        event!(self.store.vm(), IStakedVvv::EmissionRateUpdated, [], [rate]);
        Ok(())
    }

    /// Writes slots 3 and 4.
    pub(crate) fn set_contracts(&mut self, venice: Address, diem: Address, rate: u128) {
        self.store.set(VENICE, contract_and_rate(venice, rate));
        self.store.set(DIEM, contract_and_rate(diem, rate));
    }
}
