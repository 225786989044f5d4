//! The way in, the constructor, and the methods that need no room of their own.

use crate::errors::{Error, Result, refuse};
use crate::external::Permit;
use crate::gas;
use crate::interface::IStakedVvv;
use crate::storage::{ALLOWANCES, DIEM, INDEX, LOCK_DEBT, MAX_RATE, OWNER, TOTALS, VENICE};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use contract_kit::event;
use contract_kit::store::Store;
use contract_kit::word::{Entry, ToWord, address, from_u128, low};
use diem_math::epoch::SVVV_COOLDOWN_SECONDS;
use diem_math::index::{INDEX_SCALE, YIELD_FEE, net_of_fee_down};
use stylus_sdk::ArbResult;
use stylus_sdk::host::VM;
use stylus_sdk::prelude::*;

const DECIMALS: u8 = 18;

/// The contract: its storage and its host.
pub(crate) struct StakedVvv {
    pub(crate) store: Store,
}

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    StakedVvv {
        store: Store::new(vm),
    }
    .enter(&input)
}

contract_kit::contract! { StakedVvv:
    (vvv: Address, owner: Address, emission_rate: U256, max_emission_rate: U256)
}

impl StakedVvv {
    pub(crate) fn constructor(
        &mut self,
        vvv: Address,
        owner: Address,
        emission_rate_per_second: U256,
        max_emission_rate_per_second: U256,
    ) -> Result<()> {
        if vvv.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAddress));
        }
        // Set for good by the constructor: so it runs once.
        if !self.store.get(VENICE).is_zero() {
            return Err(Error::silent());
        }
        OWNER.construct(&mut self.store, owner)?;
        self.set_contracts(vvv, Address::ZERO, 0);
        self.set_max_rate(max_emission_rate_per_second)?;
        self.change_rate(emission_rate_per_second)
    }

    // receipt

    pub(crate) fn name(&self) -> &'static str {
        "Staked Venice Token"
    }

    pub(crate) fn symbol(&self) -> &'static str {
        "sVVV"
    }

    pub(crate) fn decimals(&self) -> u8 {
        DECIMALS
    }

    pub(crate) fn total_supply(&self) -> U256 {
        from_u128(low(self.store.get(TOTALS)))
    }

    pub(crate) fn balance_of(&self, account: Address) -> U256 {
        let account = self.account(account);
        from_u128(account.free.saturating_add(account.locked))
    }

    fn allowance_entry(&self, owner: Address, spender: Address) -> Entry {
        let entry = self.store.entry(ALLOWANCES, &owner);
        self.store.inner_entry(entry, &spender)
    }

    pub(crate) fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.store.get_at(self.allowance_entry(owner, spender), 0)
    }

    /// Recorded and told, without power: integrators of the live system approve first.
    pub(crate) fn approve(&mut self, spender: Address, value: U256) -> Result<bool> {
        let owner = self.store.caller();
        if owner.is_zero() {
            return Err(refuse!(IStakedVvv::ERC20InvalidApprover, owner));
        }
        if spender.is_zero() {
            return Err(refuse!(IStakedVvv::ERC20InvalidSpender, spender));
        }
        let entry = self.allowance_entry(owner, spender);
        self.store.set_at(entry, 0, value);
        event!(
            self.store.vm(),
            IStakedVvv::Approval,
            [owner, spender],
            [value]
        );
        Ok(true)
    }

    pub(crate) fn transfer(&mut self, _to: Address, _value: U256) -> Result<bool> {
        Err(refuse!(IStakedVvv::NonTransferable))
    }

    pub(crate) fn transfer_from(
        &mut self,
        _from: Address,
        _to: Address,
        _value: U256,
    ) -> Result<bool> {
        Err(refuse!(IStakedVvv::NonTransferable))
    }

    // staking

    pub(crate) fn stake(&mut self, recipient: Address, amount: U256) -> Result<()> {
        self.insist(gas::STAKE)?;
        self.stake_for(recipient, amount)
    }

    #[allow(clippy::too_many_arguments, reason = "ERC-2612 has as many")]
    pub(crate) fn stake_with_permit(
        &mut self,
        recipient: Address,
        amount: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<()> {
        self.insist(gas::STAKE + gas::PERMIT)?;
        self.submit_permit(amount, &Permit { deadline, v, r, s });
        self.stake_for(recipient, amount)
    }

    pub(crate) fn initiate_unstake(&mut self, amount: U256) -> Result<()> {
        self.start_cooldown(amount)
    }

    pub(crate) fn finalize_unstake(&mut self) -> Result<()> {
        self.finish_cooldown()
    }

    pub(crate) fn claim(&mut self) -> Result<()> {
        self.pay_rewards()
    }

    pub(crate) fn claim_and_stake(&mut self) -> Result<()> {
        self.compound_rewards()
    }

    pub(crate) fn mint_diem(&mut self, amount: U256, min_diem_out: U256) -> Result<()> {
        self.lock_and_mint(amount, min_diem_out)
    }

    pub(crate) fn burn_diem(&mut self, diem_amount: U256) -> Result<()> {
        self.burn_and_unlock(diem_amount)
    }

    // reads

    pub(crate) fn balance_of_unlocked(&self, user: Address) -> U256 {
        from_u128(self.account(user).free)
    }

    pub(crate) fn stakes(&self, user: Address) -> (U256, U256, U256) {
        self.stake_record(user)
    }

    pub(crate) fn locked_stakes(&self, user: Address) -> Result<(U256, U256)> {
        self.lock_record(user)
    }

    pub(crate) fn total_locked(&self) -> U256 {
        self.store.get(TOTALS) >> 128
    }

    pub(crate) fn pending_rewards(&self, user: Address) -> Result<U256> {
        self.all_pending(user)
    }

    pub(crate) fn get_diem_amount_out(&self, amount: U256) -> Result<U256> {
        self.quote(amount)
    }

    pub(crate) fn diem_mint_rates(&self, index: U256) -> Result<U256> {
        self.grid_rate(index)
    }

    pub(crate) fn diem_supply(&self, index: U256) -> Result<U256> {
        crate::venice::grid_supply(index)
    }

    pub(crate) fn cooldown_duration(&self) -> U256 {
        SVVV_COOLDOWN_SECONDS.to_word()
    }

    pub(crate) fn emission_rate_per_second(&self) -> U256 {
        self.store.get(VENICE) >> crate::storage::ADDRESS_BITS
    }

    pub(crate) fn max_emission_rate_per_second(&self) -> U256 {
        self.store.get(MAX_RATE)
    }

    pub(crate) fn last_reward_timestamp(&self) -> U256 {
        from_u128(contract_kit::word::field(
            self.store.get(INDEX),
            0,
            crate::storage::TIME_BITS,
        ))
    }

    pub(crate) fn acc_reward_per_share(&self) -> U256 {
        self.store.get(INDEX) >> crate::storage::TIME_BITS
    }

    pub(crate) fn acc_reward_per_share_locked(&self) -> U256 {
        // Cannot fail: 80% of a word is a word.
        net_of_fee_down(self.acc_reward_per_share()).unwrap_or_default()
    }

    pub(crate) fn current_index(&self) -> U256 {
        self.pool(self.store.get(VENICE)).index
    }

    pub(crate) fn acc_reward_scale(&self) -> U256 {
        INDEX_SCALE
    }

    pub(crate) fn reward_reserve(&self) -> U256 {
        from_u128(self.pool(self.store.get(VENICE)).reserve)
    }

    pub(crate) fn locked_yield(&self) -> (U256, U256) {
        let pool = self.pool(self.store.get(VENICE));
        (
            pool.locked_yield(self.store.get(LOCK_DEBT)),
            from_u128(pool.paid),
        )
    }

    pub(crate) fn venice_emissions_percentage(&self) -> U256 {
        U256::ZERO
    }

    pub(crate) fn venice_emissions_percentage_when_locked(&self) -> U256 {
        YIELD_FEE
    }

    pub(crate) fn treasury(&self) -> Result<Address> {
        self.fee_receiver()
    }

    pub(crate) fn venice(&self) -> Address {
        address(self.store.get(VENICE))
    }

    pub(crate) fn diem(&self) -> Address {
        address(self.store.get(DIEM))
    }

    // rewards

    pub(crate) fn fund_rewards(&mut self, amount: U256) -> Result<()> {
        self.fund(amount)
    }

    // owner

    pub(crate) fn set_diem(&mut self, diem: Address) -> Result<()> {
        OWNER.check(&self.store)?;
        if diem.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAddress));
        }
        let word = self.store.get(DIEM);
        if !address(word).is_zero() {
            return Err(refuse!(IStakedVvv::AlreadyWired));
        }
        // It would be for good: so not a wrong one.
        if self.staked_vvv_of(diem) != Ok(self.store.here()) {
            return Err(refuse!(IStakedVvv::InvalidDiem, diem));
        }
        self.store.set(DIEM, word | diem.to_word());
        event!(self.store.vm(), IStakedVvv::DiemSet, [diem], []);
        Ok(())
    }

    pub(crate) fn set_emission_rate(&mut self, new_emission_rate: U256) -> Result<()> {
        self.insist(gas::RATE)?;
        OWNER.check(&self.store)?;
        self.change_rate(new_emission_rate)
    }

    pub(crate) fn owner(&self) -> Address {
        OWNER.get(&self.store)
    }

    pub(crate) fn pending_owner(&self) -> Address {
        OWNER.pending(&self.store)
    }

    pub(crate) fn transfer_ownership(&mut self, new_owner: Address) -> Result<()> {
        OWNER.offer(&mut self.store, new_owner)
    }

    pub(crate) fn accept_ownership(&mut self) -> Result<()> {
        OWNER.accept(&mut self.store)
    }

    pub(crate) fn renounce_ownership(&mut self) -> Result<()> {
        OWNER.renounce(&mut self.store)
    }

    // DIEM only

    pub(crate) fn lock(&mut self, account: Address, amount: U256) -> Result<U256> {
        self.lock_for_diem(account, amount)
    }

    pub(crate) fn unlock(&mut self, account: Address, amount: U256) -> Result<U256> {
        self.unlock_for_diem(account, amount)
    }

    pub(crate) fn pay_locked_yield(&mut self, to: Address, amount: U256) -> Result<()> {
        self.pay_for_diem(to, amount)
    }
}
