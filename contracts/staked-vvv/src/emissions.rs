//! Emissions: the index and the reserve that pays for it, in storage.

use crate::contract::StakedVvv;
use crate::errors::{Result, refuse};
use crate::gas::FUND;
use crate::interface::IStakedVvv;
use crate::pool::Pool;
use crate::storage::{
    DIEM, FUNDED, FUNDS, INDEX, MAX_RATE, RATE_BITS, TIME_BITS, TOTALS, VENICE, contract_and_rate,
};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{address, from_u128, low, max, pair, try_u128};

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
        self.insist(FUND)?;
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

    /// Sets the highest rate there can ever be.
    pub(crate) fn set_max_rate(&mut self, rate: U256) -> Result<()> {
        let maximum = from_u128(max(RATE_BITS));
        if rate > maximum {
            return Err(refuse!(IStakedVvv::AmountTooLarge, rate, maximum));
        }
        self.store.set(MAX_RATE, rate);
        Ok(())
    }

    pub(crate) fn change_rate(&mut self, rate: U256) -> Result<()> {
        let maximum = self.store.get(MAX_RATE);
        if rate > maximum {
            return Err(refuse!(IStakedVvv::EmissionRateTooHigh, rate, maximum));
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
