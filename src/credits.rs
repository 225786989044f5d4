//! Staked DIEM and the daily ledger of its credit.
//!
//! Settling credit, the frequent act, reads and writes word 0 alone; and word 0 is not
//! zero as long as there is stake, so no settlement pays for a fresh slot. What was spent
//! counts against the account until the epoch ends, whatever happens to the stake; DIEM
//! leaves the bucket a day after it left the stake, hence never in the same epoch: so no
//! DIEM backs more than a dollar, or two accounts, in one epoch.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;
use crate::ledger::{Bucket, Credit};
use crate::storage::{STAKES, TOTAL_STAKED};
use crate::token::token_error;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{Entry, ToWord, from_u128, low};
use diem_math::epoch::{DIEM_COOLDOWN_SECONDS, epoch_at, next_refresh};

/// A stake and where its words stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stake {
    at: Entry,
    pub(crate) credit: Credit,
    pub(crate) bucket: Bucket,
}

impl Diem {
    pub(crate) fn load_stake(&self, owner: Address) -> Stake {
        let at = self.store.entry(STAKES, &owner);
        Stake {
            at,
            credit: Credit::unpack(self.store.get_at(at, 0)),
            bucket: Bucket::unpack(self.store.get_at(at, 1)),
        }
    }

    pub(crate) fn store_stake(&mut self, stake: &Stake) {
        self.store.set_at(stake.at, 0, stake.credit.pack());
        self.store.set_at(stake.at, 1, stake.bucket.pack());
    }

    pub(crate) fn today(&self) -> u64 {
        epoch_at(self.store.now())
    }

    pub(crate) fn stake(&mut self, amount: U256) -> Result<()> {
        if amount.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let owner = self.store.caller();
        // Fails for more than the balance: so the amount fits every field.
        self.token
            .erc20
            ._update(owner, self.store.here(), amount)
            .map_err(token_error)?;
        let mut stake = self.load_stake(owner);
        stake.credit.own = stake.credit.own.saturating_add(low(amount));
        stake.credit.requalify(stake.bucket.leased);
        self.store_stake(&stake);
        let total = self.total_staked().saturating_add(amount);
        self.store.set(TOTAL_STAKED, total);
        event!(self.store.vm(), IDiem::Staked, [owner], [amount]);
        Ok(())
    }

    pub(crate) fn initiate_unstake(&mut self, amount: U256) -> Result<()> {
        if amount.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let owner = self.store.caller();
        let mut stake = self.load_stake(owner);
        let available = stake.credit.own;
        if amount > from_u128(available) {
            return Err(refuse!(IDiem::InsufficientStake, available, amount));
        }
        stake.credit.own = available.saturating_sub(low(amount));
        stake.credit.requalify(stake.bucket.leased);
        stake.bucket.cooling = stake.bucket.cooling.saturating_add(low(amount));
        stake.bucket.end = self.store.now().saturating_add(DIEM_COOLDOWN_SECONDS);
        self.store_stake(&stake);
        event!(self.store.vm(), IDiem::UnstakeInitiated, [owner], [amount]);
        Ok(())
    }

    pub(crate) fn unstake(&mut self) -> Result<()> {
        let owner = self.store.caller();
        let mut stake = self.load_stake(owner);
        let amount = from_u128(stake.bucket.cooling);
        if amount.is_zero() {
            return Err(refuse!(IDiem::NoCooldown));
        }
        let (cooldown_end, timestamp) = (stake.bucket.end, self.store.now());
        if timestamp < cooldown_end {
            return Err(refuse!(IDiem::CooldownNotOver, cooldown_end, timestamp));
        }
        stake.bucket.cooling = 0;
        stake.bucket.end = 0;
        self.store_stake(&stake);
        let total = self.total_staked().saturating_sub(amount);
        self.store.set(TOTAL_STAKED, total);
        self.token
            .erc20
            ._update(self.store.here(), owner, amount)
            .map_err(token_error)?;
        event!(self.store.vm(), IDiem::Unstaked, [owner], [amount]);
        Ok(())
    }

    pub(crate) fn staked_infos(&self, owner: Address) -> (U256, U256, U256) {
        let Stake { credit, bucket, .. } = self.load_stake(owner);
        let active = credit.own.saturating_add(bucket.leased);
        (
            from_u128(active),
            bucket.end.to_word(),
            from_u128(bucket.cooling),
        )
    }

    pub(crate) fn cooldown_duration(&self) -> U256 {
        DIEM_COOLDOWN_SECONDS.to_word()
    }

    pub(crate) fn total_staked(&self) -> U256 {
        self.store.get(TOTAL_STAKED)
    }

    pub(crate) fn credits_of(&self, owner: Address) -> (U256, U256, U256, U256) {
        let epoch = self.today();
        let credit = self.load_stake(owner).credit;
        (
            from_u128(credit.allowance()),
            from_u128(credit.meter.spent_in(epoch)),
            from_u128(credit.remaining(epoch)),
            epoch.to_word(),
        )
    }

    pub(crate) fn next_refresh(&self) -> U256 {
        next_refresh(self.store.now()).to_word()
    }

    pub(crate) fn leased_out(&self, owner: Address) -> U256 {
        from_u128(self.load_stake(owner).bucket.leased)
    }

    pub(crate) fn only_gateway(&self) -> Result<Address> {
        let caller = self.store.caller();
        if !self.is_gateway(caller) {
            return Err(refuse!(IDiem::OnlyGateway, caller));
        }
        Ok(caller)
    }

    pub(crate) fn spend(&mut self, account: Address, amount: U256) -> Result<()> {
        let gateway = self.only_gateway()?;
        let epoch = self.today();
        self.settle_credit(gateway, epoch, account, amount)
    }

    pub(crate) fn spend_batch(&mut self, accounts: Vec<Address>, amounts: Vec<U256>) -> Result<()> {
        let gateway = self.only_gateway()?;
        if accounts.len() != amounts.len() {
            let (accounts, amounts) = (U256::from(accounts.len()), U256::from(amounts.len()));
            return Err(refuse!(IDiem::LengthMismatch, accounts, amounts));
        }
        let epoch = self.today();
        for (account, amount) in accounts.into_iter().zip(amounts) {
            self.settle_credit(gateway, epoch, account, amount)?;
        }
        Ok(())
    }

    fn settle_credit(
        &mut self,
        gateway: Address,
        epoch: u64,
        account: Address,
        amount: U256,
    ) -> Result<()> {
        if amount.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let at = self.store.entry(STAKES, &account);
        let mut credit = Credit::unpack(self.store.get_at(at, 0));
        let remaining = credit
            .spend(epoch, amount)
            .map_err(|remaining| refuse!(IDiem::InsufficientCredits, account, remaining, amount))?;
        self.store.set_at(at, 0, credit.pack());
        event!(
            self.store.vm(),
            IDiem::CreditsSpent,
            [account, gateway, epoch],
            [amount, remaining]
        );
        Ok(())
    }
}
