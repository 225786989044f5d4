//! Staking, unstaking and claiming.

use crate::account::{Account, Cooldown, MAX_AMOUNT, amount};
use crate::contract::StakedVvv;
use crate::errors::{Result, refuse};
use crate::gas::{ASK_FOR_SETTLEMENT, CLAIM, UNSTAKE};
use crate::interface::IStakedVvv;
use crate::pool::Pool;
use crate::storage::{
    ACCOUNT_BALANCES, ACCOUNT_COOLDOWN, ACCOUNT_DEBT, ACCOUNTS, DIEM, LOCK_DEBT, VENICE,
};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::Entry;
use contract_kit::word::{address, from_u128};
use diem_math::epoch::SVVV_COOLDOWN_SECONDS;

impl StakedVvv {
    pub(crate) fn account(&self, owner: Address) -> Account {
        let at = self.store.entry(ACCOUNTS, &owner);
        let debt = self.store.get_at(at, ACCOUNT_DEBT);
        Account::unpack(at, self.store.get_at(at, ACCOUNT_BALANCES), debt)
    }

    pub(crate) fn store_account(&mut self, account: &Account) {
        self.store
            .set_at(account.at, ACCOUNT_BALANCES, account.pack());
        self.store.set_at(account.at, ACCOUNT_DEBT, account.debt);
    }

    pub(crate) fn cooldown(&self, at: Entry) -> Cooldown {
        Cooldown::unpack(self.store.get_at(at, ACCOUNT_COOLDOWN))
    }

    pub(crate) fn stake_for(&mut self, recipient: Address, value: U256) -> Result<()> {
        let value = amount(value)?;
        if recipient.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAddress));
        }
        let venice = self.store.get(VENICE);
        let mut pool = self.pool(venice);
        let mut account = self.account(recipient);
        self.credit(&mut pool, &mut account, recipient, value)?;
        self.store_pool(&pool);
        self.store_account(&account);
        let from = self.store.caller();
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
            return Err(refuse!(IStakedVvv::AmountTooLarge, amount, maximum));
        }
        pool.staked += value;
        account.credit(value, pool.index);
        event!(
            self.store.vm(),
            IStakedVvv::Transfer,
            [Address::ZERO, owner],
            [value]
        );
        event!(self.store.vm(), IStakedVvv::Staked, [owner], [value]);
        Ok(())
    }

    pub(crate) fn start_cooldown(&mut self, amount: U256) -> Result<()> {
        self.insist(UNSTAKE)?;
        if amount.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAmount));
        }
        let owner = self.store.caller();
        let mut account = self.account(owner);
        if self.cooldown(account.at).amount > 0 {
            return Err(refuse!(IStakedVvv::CooldownInProgress));
        }
        let mut pool = self.pool(self.store.get(VENICE));
        let amount = account.debit(amount, pool.index)?;
        // Free sVVV is part of all sVVV.
        pool.staked = pool.staked.saturating_sub(amount);
        let cooldown = Cooldown {
            amount,
            end: pool.updated.saturating_add(SVVV_COOLDOWN_SECONDS),
        };
        self.store_pool(&pool);
        self.store_account(&account);
        self.store
            .set_at(account.at, ACCOUNT_COOLDOWN, cooldown.pack());
        event!(
            self.store.vm(),
            IStakedVvv::Transfer,
            [owner, Address::ZERO],
            [amount]
        );
        event!(
            self.store.vm(),
            IStakedVvv::UnstakeInitiated,
            [owner],
            [amount]
        );
        Ok(())
    }

    pub(crate) fn finish_cooldown(&mut self) -> Result<()> {
        let owner = self.store.caller();
        let at = self.store.entry(ACCOUNTS, &owner);
        let cooldown = self.cooldown(at);
        if cooldown.amount == 0 {
            return Err(refuse!(IStakedVvv::NoCooldown));
        }
        let timestamp = self.store.now();
        if timestamp < cooldown.end {
            return Err(refuse!(
                IStakedVvv::CooldownNotOver,
                cooldown.end,
                timestamp
            ));
        }
        self.store.set_at(at, ACCOUNT_COOLDOWN, U256::ZERO);
        event!(
            self.store.vm(),
            IStakedVvv::UnstakeFinalized,
            [owner],
            [cooldown.amount]
        );
        self.pay(
            address(self.store.get(VENICE)),
            owner,
            from_u128(cooldown.amount),
        )
    }

    pub(crate) fn pay_rewards(&mut self) -> Result<()> {
        self.insist(CLAIM)?;
        let owner = self.store.caller();
        let venice = self.store.get(VENICE);
        let mut pool = self.pool(venice);
        let mut account = self.account(owner);
        let reward = self.release(&mut pool, &mut account, owner)?;
        self.store_pool(&pool);
        self.store_account(&account);
        if reward.is_zero() {
            return Ok(());
        }
        event!(self.store.vm(), IStakedVvv::Claimed, [owner], [reward]);
        self.pay(address(venice), owner, reward)
    }

    pub(crate) fn compound_rewards(&mut self) -> Result<()> {
        self.insist(CLAIM)?;
        let owner = self.store.caller();
        let mut pool = self.pool(self.store.get(VENICE));
        let mut account = self.account(owner);
        let reward = self.release(&mut pool, &mut account, owner)?;
        if reward.is_zero() {
            return Err(refuse!(IStakedVvv::NothingToClaim));
        }
        event!(self.store.vm(), IStakedVvv::Claimed, [owner], [reward]);
        self.credit(&mut pool, &mut account, owner, amount(reward)?)?;
        self.store_pool(&pool);
        self.store_account(&account);
        Ok(())
    }

    /// Takes the account's rewards off the books: free part, and locked part net of fee.
    ///
    /// DIEM is asked before anything is written here. It calls nobody back, and this
    /// contract refuses entry while it waits. Where it does not answer, or asks for what
    /// locked sVVV did not earn, the locked part stays where it is; mere lack of gas must
    /// not pass for that, so what DIEM may need has to be there.
    fn release(&self, pool: &mut Pool, account: &mut Account, owner: Address) -> Result<U256> {
        let free = account.take_pending(pool.index);
        if !account.settles {
            return Ok(free);
        }
        self.insist(ASK_FOR_SETTLEMENT)?;
        let asked = self
            .settle_yield(address(self.store.get(DIEM)), owner, pool.index)
            .and_then(|net| {
                pool.pay_locked_yield(self.store.get(LOCK_DEBT), net)?;
                Ok(net)
            });
        if asked.is_ok() {
            account.settles = account.locked > 0;
        }
        Ok(free.saturating_add(asked.unwrap_or_default()))
    }
}
