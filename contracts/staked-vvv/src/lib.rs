//! # sVVV: staked VVV
//!
//! **Purpose.** A receipt for staked VVV, one for one, that earns emissions and can be
//! locked to mint DIEM. It cannot be transferred.
//!
//! **What it holds.** All staked and cooling VVV, the reward reserve, and rewards that
//! are earned and not claimed: always `VVV balance >= sVVV + cooling + payable + reserve`.
//!
//! **Accrual.** Every change of an account or a total first brings the index to now
//! (`emissions`). The index is gross and the same for free and locked sVVV; locked
//! sVVV's share is kept for DIEM, which splits it between owner and treasury.
//!
//! **Rounding.** The index rounds down, what leaves the reserve rounds up, payments round
//! down; fractions of a wei stay on the account.
//!
//! **Token assumptions.** VVV moves exactly what it is asked to, which is measured on the
//! way in. Each method writes and logs before it calls out, and nobody can call in while
//! it waits.
//!
//! **Liveness.** No role can stop an exit. Accrual cannot fail.
//!
//! **Roles.** The owner wires DIEM once and sets the emission rate; DIEM may lock, unlock
//! and have locked yield paid, the last never beyond what locked sVVV earned, which this
//! contract checks by itself.
//!
//! **Known limits.** Balances up to 2^120 wei, all funding together up to 2^128 wei.
//!
//! The interface is documented in `abi/IStakedVvv.sol`; the layout in `storage`.

extern crate alloc;

mod account;
mod emissions;
mod errors;
mod external;
pub mod interface;
mod locks;
mod staking;
mod storage;
mod venice;

use alloc::{string::String, vec::Vec};
use alloy_primitives::{Address, B256, U8, U256};
use contract_kit::event;
use contract_kit::word::{ToWord, address, from_u128, low};
use diem_math::epoch::SVVV_COOLDOWN_SECONDS;
use diem_math::index::{INDEX_SCALE, YIELD_FEE, net_of_fee_down};
use errors::{Error, Result};
use external::Permit;
use interface::IStakedVvv;
use openzeppelin_stylus::access::ownable_two_step::IOwnable2Step;
use storage::Words;
use stylus_sdk::prelude::*;

const DECIMALS: u64 = 18;

/// Storage root and entry point.
#[entrypoint]
#[storage]
pub struct StakedVvv {
    words: Words,
}

#[public]
#[allow(missing_docs, reason = "documented in abi/IStakedVvv.sol")]
impl StakedVvv {
    #[constructor]
    pub fn constructor(
        &mut self,
        vvv: Address,
        owner: Address,
        emission_rate_per_second: U256,
    ) -> Result<()> {
        if vvv.is_zero() {
            return Err(Error::ZeroAddress);
        }
        if owner.is_zero() {
            return Err(Error::OwnableInvalidOwner { owner });
        }
        self.words.owner.constructor(owner)?;
        self.set_contracts(vvv, Address::ZERO, 0);
        self.change_rate(emission_rate_per_second)
    }

    // receipt

    pub fn name(&self) -> String {
        "Staked Venice Token".into()
    }

    pub fn symbol(&self) -> String {
        "sVVV".into()
    }

    pub fn decimals(&self) -> U8 {
        U8::from(DECIMALS)
    }

    pub fn total_supply(&self) -> U256 {
        from_u128(low(self.words.totals.get()))
    }

    pub fn balance_of(&self, account: Address) -> U256 {
        let account = self.account(account);
        from_u128(account.free.saturating_add(account.locked))
    }

    pub fn allowance(&self, _owner: Address, _spender: Address) -> U256 {
        U256::ZERO
    }

    pub fn approve(&mut self, _spender: Address, _value: U256) -> Result<bool> {
        Err(Error::NonTransferable)
    }

    pub fn transfer(&mut self, _to: Address, _value: U256) -> Result<bool> {
        Err(Error::NonTransferable)
    }

    pub fn transfer_from(&mut self, _from: Address, _to: Address, _value: U256) -> Result<bool> {
        Err(Error::NonTransferable)
    }

    // staking

    pub fn stake(&mut self, recipient: Address, amount: U256) -> Result<()> {
        self.stake_for(recipient, amount)
    }

    #[allow(clippy::too_many_arguments, reason = "ERC-2612 has as many")]
    pub fn stake_with_permit(
        &mut self,
        recipient: Address,
        amount: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<()> {
        self.submit_permit(amount, &Permit { deadline, v, r, s });
        self.stake_for(recipient, amount)
    }

    pub fn initiate_unstake(&mut self, amount: U256) -> Result<()> {
        self.start_cooldown(amount)
    }

    pub fn finalize_unstake(&mut self) -> Result<()> {
        self.finish_cooldown()
    }

    pub fn claim(&mut self) -> Result<()> {
        self.pay_rewards()
    }

    pub fn claim_and_stake(&mut self) -> Result<()> {
        self.compound_rewards()
    }

    pub fn mint_diem(&mut self, amount: U256, min_diem_out: U256) -> Result<()> {
        self.lock_and_mint(amount, min_diem_out)
    }

    pub fn burn_diem(&mut self, diem_amount: U256) -> Result<()> {
        self.burn_and_unlock(diem_amount)
    }

    // reads

    pub fn balance_of_unlocked(&self, user: Address) -> U256 {
        from_u128(self.account(user).free)
    }

    pub fn stakes(&self, user: Address) -> (U256, U256, U256) {
        self.stake_record(user)
    }

    pub fn locked_stakes(&self, user: Address) -> Result<(U256, U256)> {
        self.lock_record(user)
    }

    #[selector(name = "totalLockedStakedVVV")]
    pub fn total_locked(&self) -> U256 {
        self.words.totals.get() >> 128
    }

    pub fn pending_rewards(&self, user: Address) -> Result<U256> {
        self.all_pending(user)
    }

    pub fn get_diem_amount_out(&self, amount: U256) -> Result<U256> {
        self.quote(amount)
    }

    pub fn diem_mint_rates(&self, index: U256) -> Result<U256> {
        self.grid_rate(index)
    }

    pub fn diem_supply(&self, index: U256) -> Result<U256> {
        venice::grid_supply(index)
    }

    pub fn cooldown_duration(&self) -> U256 {
        SVVV_COOLDOWN_SECONDS.to_word()
    }

    pub fn emission_rate_per_second(&self) -> U256 {
        self.words.venice.get() >> storage::ADDRESS_BITS
    }

    pub fn last_reward_timestamp(&self) -> U256 {
        from_u128(contract_kit::word::field(
            self.words.index.get(),
            0,
            storage::TIME_BITS,
        ))
    }

    pub fn acc_reward_per_share(&self) -> U256 {
        self.words.index.get() >> storage::TIME_BITS
    }

    pub fn acc_reward_per_share_locked(&self) -> U256 {
        // Cannot fail: 80% of a word is a word.
        net_of_fee_down(self.acc_reward_per_share()).unwrap_or_default()
    }

    pub fn current_index(&self) -> U256 {
        self.pool(self.words.venice.get()).index
    }

    #[selector(name = "ACC_REWARD_SCALE")]
    pub fn acc_reward_scale(&self) -> U256 {
        INDEX_SCALE
    }

    pub fn reward_reserve(&self) -> U256 {
        from_u128(self.pool(self.words.venice.get()).reserve)
    }

    pub fn locked_yield(&self) -> (U256, U256) {
        let pool = self.pool(self.words.venice.get());
        (
            pool.locked_yield(self.words.lock_debt.get()),
            from_u128(pool.paid),
        )
    }

    pub fn venice_emissions_percentage(&self) -> U256 {
        U256::ZERO
    }

    pub fn venice_emissions_percentage_when_locked(&self) -> U256 {
        YIELD_FEE
    }

    pub fn treasury(&self) -> Result<Address> {
        self.fee_receiver()
    }

    pub fn venice(&self) -> Address {
        address(self.words.venice.get())
    }

    pub fn diem(&self) -> Address {
        address(self.words.diem.get())
    }

    // rewards

    pub fn fund_rewards(&mut self, amount: U256) -> Result<()> {
        self.fund(amount)
    }

    // owner

    pub fn set_diem(&mut self, diem: Address) -> Result<()> {
        self.words.owner.ownable.only_owner()?;
        if diem.is_zero() {
            return Err(Error::ZeroAddress);
        }
        let word = self.words.diem.get();
        if !address(word).is_zero() {
            return Err(Error::AlreadyWired);
        }
        self.words.diem.set(word | diem.to_word());
        event!(self.vm(), IStakedVvv::DiemSet, [diem], []);
        Ok(())
    }

    pub fn set_emission_rate(&mut self, new_emission_rate: U256) -> Result<()> {
        self.words.owner.ownable.only_owner()?;
        self.change_rate(new_emission_rate)
    }

    pub fn owner(&self) -> Address {
        self.words.owner.owner()
    }

    pub fn pending_owner(&self) -> Address {
        self.words.owner.pending_owner()
    }

    pub fn transfer_ownership(&mut self, new_owner: Address) -> Result<()> {
        Ok(self.words.owner.transfer_ownership(new_owner)?)
    }

    pub fn accept_ownership(&mut self) -> Result<()> {
        Ok(self.words.owner.accept_ownership()?)
    }

    pub fn renounce_ownership(&mut self) -> Result<()> {
        Ok(self.words.owner.renounce_ownership()?)
    }

    // DIEM only

    pub fn lock(&mut self, account: Address, amount: U256) -> Result<U256> {
        self.lock_for_diem(account, amount)
    }

    pub fn unlock(&mut self, account: Address, amount: U256) -> Result<U256> {
        self.unlock_for_diem(account, amount)
    }

    pub fn pay_locked_yield(&mut self, to: Address, amount: U256) -> Result<()> {
        self.pay_for_diem(to, amount)
    }
}
