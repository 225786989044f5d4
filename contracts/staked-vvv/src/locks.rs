//! Locks: what DIEM may ask for, and the live interface's way to mint and burn.

use crate::contract::StakedVvv;
use crate::errors::{Result, refuse};
use crate::gas::{BURN, MINT};
use crate::interface::IStakedVvv;
use crate::pool::Pool;
use crate::storage::{DIEM, LOCK_DEBT, VENICE};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{add, address, from_u128, mul, sub};

impl StakedVvv {
    /// Slot 4, when DIEM is the caller.
    fn only_diem(&self) -> Result<U256> {
        let word = self.store.get(DIEM);
        let diem = address(word);
        if diem.is_zero() || self.store.caller() != diem {
            return Err(refuse!(IStakedVvv::OnlyDiem));
        }
        Ok(word)
    }

    /// Slot 4, when DIEM is wired.
    pub(crate) fn wired(&self) -> Result<U256> {
        let word = self.store.get(DIEM);
        if address(word).is_zero() {
            return Err(refuse!(IStakedVvv::NotWired));
        }
        Ok(word)
    }

    pub(crate) fn lock_for_diem(&mut self, owner: Address, amount: U256) -> Result<U256> {
        let pool = self.pool(self.only_diem()?);
        self.do_lock(pool, owner, amount)
    }

    pub(crate) fn unlock_for_diem(&mut self, owner: Address, amount: U256) -> Result<U256> {
        let pool = self.pool(self.only_diem()?);
        self.do_unlock(pool, owner, amount)
    }

    pub(crate) fn pay_for_diem(&mut self, to: Address, amount: U256) -> Result<()> {
        let diem = self.only_diem()?;
        let mut pool = self.pool(diem);
        pool.pay_locked_yield(self.store.get(LOCK_DEBT), amount)?;
        self.store_pool(&pool);
        event!(self.store.vm(), IStakedVvv::LockedYieldPaid, [to], [amount]);
        self.pay(address(self.store.get(VENICE)), to, amount)
    }

    pub(crate) fn lock_and_mint(&mut self, amount: U256, min_diem: U256) -> Result<()> {
        self.insist(MINT)?;
        if amount.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAmount));
        }
        let diem = self.wired()?;
        let owner = self.store.caller();
        let index = self.do_lock(self.pool(diem), owner, amount)?;
        self.mint_locked(address(diem), owner, amount, min_diem, index)
    }

    /// DIEM says how much a burn unlocks, so it is called first; it calls nobody back.
    pub(crate) fn burn_and_unlock(&mut self, diem_amount: U256) -> Result<()> {
        self.insist(BURN)?;
        if diem_amount.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAmount));
        }
        let diem = self.wired()?;
        let owner = self.store.caller();
        let pool = self.pool(diem);
        let amount = self.burn_unlocked(address(diem), owner, diem_amount, pool.index)?;
        self.do_unlock(pool, owner, amount)?;
        Ok(())
    }

    /// Free to locked; gives back the index now.
    fn do_lock(&mut self, mut pool: Pool, owner: Address, amount: U256) -> Result<U256> {
        let mut account = self.account(owner);
        let locked = account.lock(amount, pool.index)?;
        // Locked sVVV is part of all sVVV, which fits.
        pool.locked = pool.locked.saturating_add(locked);
        let debt = self.store.get(LOCK_DEBT);
        self.store
            .set(LOCK_DEBT, add(debt, mul(from_u128(locked), pool.index)));
        self.store_pool(&pool);
        self.store_account(&account);
        event!(self.store.vm(), IStakedVvv::Locked, [owner], [amount]);
        Ok(pool.index)
    }

    /// Locked to free; gives back the index now.
    fn do_unlock(&mut self, mut pool: Pool, owner: Address, amount: U256) -> Result<U256> {
        let mut account = self.account(owner);
        let unlocked = account.unlock(amount, pool.index)?;
        // The account's lock is part of all locks.
        pool.locked = pool.locked.saturating_sub(unlocked);
        let debt = self.store.get(LOCK_DEBT);
        self.store
            .set(LOCK_DEBT, sub(debt, mul(from_u128(unlocked), pool.index)));
        self.store_pool(&pool);
        self.store_account(&account);
        event!(self.store.vm(), IStakedVvv::Unlocked, [owner], [amount]);
        Ok(pool.index)
    }
}
