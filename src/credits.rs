//! Staked DIEM: what backs the credit lines of accounts.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::gas::{STAKE, UNSTAKE};
use crate::interface::IDiem;
use crate::ledger::Waiting;
use crate::lines::{LEASED, WAITING};
use crate::storage::{LINES, TOTAL_STAKED};
use crate::token::token_error;
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{ToWord, from_u128, low};
use diem_math::epoch::DIEM_COOLDOWN_SECONDS;

impl Diem {
    pub(crate) fn stake(&mut self, amount: U256) -> Result<()> {
        self.insist(STAKE)?;
        if amount.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let owner = self.store.caller();
        // The token takes what leaves the zero address for a mint, and simulations call from there.
        if owner.is_zero() {
            return Err(refuse!(IDiem::ERC20InvalidSender, owner));
        }
        // Fails for more than the balance: so the amount fits every field.
        self.token
            .erc20
            ._update(owner, self.store.here(), amount)
            .map_err(token_error)?;
        let at = self.store.entry(LINES, &owner);
        let mut line = self.load_line(at, self.today());
        line.allowance = line.allowance.saturating_add(low(amount));
        self.store_line(at, &line);
        let total = self.total_staked().saturating_add(amount);
        self.store.set(TOTAL_STAKED, total);
        event!(self.store.vm(), IDiem::Staked, [owner], [amount]);
        Ok(())
    }

    pub(crate) fn initiate_unstake(&mut self, amount: U256) -> Result<()> {
        self.insist(UNSTAKE)?;
        if amount.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let owner = self.store.caller();
        let mut account = self.load_account(owner, self.today());
        let leaving = account.leave(amount)?;
        account.waiting.cooling = account.waiting.cooling.saturating_add(leaving);
        account.waiting.end = self.store.now().saturating_add(DIEM_COOLDOWN_SECONDS);
        self.store_account(&account);
        event!(self.store.vm(), IDiem::UnstakeInitiated, [owner], [amount]);
        Ok(())
    }

    /// Empties the bucket, and touches nothing else of the account.
    pub(crate) fn unstake(&mut self) -> Result<()> {
        let owner = self.store.caller();
        let at = self.store.entry(LINES, &owner);
        let mut waiting = Waiting::unpack(self.store.get_at(at, WAITING));
        let amount = from_u128(waiting.cooling);
        if amount.is_zero() {
            return Err(refuse!(IDiem::NoCooldown));
        }
        let (cooldown_end, timestamp) = (waiting.end, self.store.now());
        if timestamp < cooldown_end {
            return Err(refuse!(IDiem::CooldownNotOver, cooldown_end, timestamp));
        }
        waiting.cooling = 0;
        waiting.end = 0;
        self.store.set_at(at, WAITING, waiting.pack());
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
        let account = self.load_account(owner, self.today());
        let own = account.line.next_allowance(&account.waiting);
        (
            from_u128(own).saturating_add(self.leased_out(owner)),
            account.waiting.end.to_word(),
            from_u128(account.waiting.cooling),
        )
    }

    pub(crate) fn leased_out(&self, owner: Address) -> U256 {
        self.store.get_at(self.store.entry(LINES, &owner), LEASED)
    }

    pub(crate) fn cooldown_duration(&self) -> U256 {
        DIEM_COOLDOWN_SECONDS.to_word()
    }

    pub(crate) fn total_staked(&self) -> U256 {
        self.store.get(TOTAL_STAKED)
    }
}
