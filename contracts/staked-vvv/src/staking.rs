//! Staking, unstaking and claiming.

use crate::StakedVvv;
use crate::account::{Account, MAX_AMOUNT, amount};
use crate::emissions::Pool;
use crate::errors::{Error, Result};
use crate::interface::IStakedVvv;
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{address, from_u128, high, low, pair};
use diem_math::epoch::SVVV_COOLDOWN_SECONDS;
use stylus_sdk::prelude::*;

/// VVV on its way out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cooldown {
    /// VVV to be paid.
    pub(crate) amount: u128,
    /// From when on, seconds.
    pub(crate) end: u64,
}

impl Cooldown {
    pub(crate) const fn unpack(word: U256) -> Self {
        Self {
            amount: low(word),
            end: high(word) as u64,
        }
    }

    pub(crate) const fn pack(&self) -> U256 {
        pair(self.amount, self.end as u128)
    }
}

impl StakedVvv {
    pub(crate) fn account(&self, owner: Address) -> Account {
        let words = self.words.accounts.getter(owner);
        Account::unpack(words.balances.get(), words.debt.get())
    }

    pub(crate) fn store_account(&mut self, owner: Address, account: &Account) {
        let mut words = self.words.accounts.setter(owner);
        words.balances.set(account.pack());
        words.debt.set(account.debt);
    }

    pub(crate) fn stake_for(&mut self, recipient: Address, value: U256) -> Result<()> {
        let value = amount(value)?;
        if recipient.is_zero() {
            return Err(Error::ZeroAddress);
        }
        let venice = self.words.venice.get();
        let mut pool = self.pool(venice);
        let mut account = self.account(recipient);
        self.credit(&mut pool, &mut account, recipient, value)?;
        self.store_pool(&pool);
        self.store_account(recipient, &account);
        let from = self.vm().msg_sender();
        self.pull(address(venice), from, from_u128(value))
    }

    /// Creates sVVV out of VVV that is here, or comes with the same call.
    fn credit(
        &self,
        pool: &mut Pool,
        account: &mut Account,
        owner: Address,
        value: u128,
    ) -> Result<()> {
        let maximum = MAX_AMOUNT.saturating_sub(pool.staked);
        if value > maximum {
            let (amount, maximum) = (from_u128(value), from_u128(maximum));
            return Err(Error::AmountTooLarge { amount, maximum });
        }
        pool.staked += value;
        account.credit(value, pool.index);
        event!(
            self.vm(),
            IStakedVvv::Transfer,
            [Address::ZERO, owner],
            [value]
        );
        event!(self.vm(), IStakedVvv::Staked, [owner], [value]);
        Ok(())
    }

    pub(crate) fn start_cooldown(&mut self, amount: U256) -> Result<()> {
        if amount.is_zero() {
            return Err(Error::ZeroAmount);
        }
        let owner = self.vm().msg_sender();
        if !self.words.accounts.getter(owner).cooldown.get().is_zero() {
            return Err(Error::CooldownInProgress);
        }
        let mut pool = self.pool(self.words.venice.get());
        let mut account = self.account(owner);
        let amount = account.debit(amount, pool.index)?;
        // Free sVVV is part of all sVVV.
        pool.staked = pool.staked.saturating_sub(amount);
        let cooldown = Cooldown {
            amount,
            end: pool.updated.saturating_add(SVVV_COOLDOWN_SECONDS),
        };
        self.store_pool(&pool);
        self.store_account(owner, &account);
        self.words
            .accounts
            .setter(owner)
            .cooldown
            .set(cooldown.pack());
        event!(
            self.vm(),
            IStakedVvv::Transfer,
            [owner, Address::ZERO],
            [amount]
        );
        event!(self.vm(), IStakedVvv::UnstakeInitiated, [owner], [amount]);
        Ok(())
    }

    pub(crate) fn finish_cooldown(&mut self) -> Result<()> {
        let owner = self.vm().msg_sender();
        let cooldown = Cooldown::unpack(self.words.accounts.getter(owner).cooldown.get());
        if cooldown.amount == 0 {
            return Err(Error::NoCooldown);
        }
        let timestamp = self.vm().block_timestamp();
        if timestamp < cooldown.end {
            return Err(Error::CooldownNotOver {
                cooldown_end: cooldown.end,
                timestamp,
            });
        }
        self.words.accounts.setter(owner).cooldown.set(U256::ZERO);
        event!(
            self.vm(),
            IStakedVvv::UnstakeFinalized,
            [owner],
            [cooldown.amount]
        );
        self.pay(
            address(self.words.venice.get()),
            owner,
            from_u128(cooldown.amount),
        )
    }

    pub(crate) fn pay_rewards(&mut self) -> Result<()> {
        let owner = self.vm().msg_sender();
        let venice = self.words.venice.get();
        let mut pool = self.pool(venice);
        let mut account = self.account(owner);
        let reward = self.release(&mut pool, &mut account, owner)?;
        self.store_pool(&pool);
        self.store_account(owner, &account);
        if reward.is_zero() {
            return Ok(());
        }
        event!(self.vm(), IStakedVvv::Claimed, [owner], [reward]);
        self.pay(address(venice), owner, reward)
    }

    pub(crate) fn compound_rewards(&mut self) -> Result<()> {
        let owner = self.vm().msg_sender();
        let mut pool = self.pool(self.words.venice.get());
        let mut account = self.account(owner);
        let reward = self.release(&mut pool, &mut account, owner)?;
        if reward.is_zero() {
            return Err(Error::NothingToClaim);
        }
        event!(self.vm(), IStakedVvv::Claimed, [owner], [reward]);
        self.credit(&mut pool, &mut account, owner, amount(reward)?)?;
        self.store_pool(&pool);
        self.store_account(owner, &account);
        Ok(())
    }

    /// Takes the account's rewards off the books: free part, and locked part net of fee.
    ///
    /// DIEM is asked before anything is written here. It calls nobody back, and this
    /// contract refuses entry while it waits.
    fn release(&mut self, pool: &mut Pool, account: &mut Account, owner: Address) -> Result<U256> {
        let free = account.take_pending(pool.index);
        if !account.settles {
            return Ok(free);
        }
        let net = self.settle_yield(address(self.words.diem.get()), owner, pool.index)?;
        pool.pay_locked_yield(self.words.lock_debt.get(), net)?;
        account.settles = account.locked > 0;
        Ok(free.saturating_add(net))
    }
}
