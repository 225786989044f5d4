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

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use contract_kit::event;
use contract_kit::store::Store;
use contract_kit::word::{ToWord, address, from_u128, low};
use diem_math::epoch::SVVV_COOLDOWN_SECONDS;
use diem_math::index::{INDEX_SCALE, YIELD_FEE, net_of_fee_down};
use errors::{Error, Result, refuse};
use external::Permit;
use interface::IStakedVvv;
use storage::{DIEM, INDEX, LOCK_DEBT, OWNER, TOTALS, VENICE};
use stylus_sdk::ArbResult;
use stylus_sdk::host::VM;
use stylus_sdk::prelude::*;

const DECIMALS: u8 = 18;

/// The contract: its storage and its host.
pub struct StakedVvv {
    store: Store,
}

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    StakedVvv {
        store: Store::new(vm),
    }
    .enter(&input)
}

contract_kit::contract! { StakedVvv: (vvv: Address, owner: Address, emission_rate: U256) }

contract_kit::routes! { StakedVvv: IStakedVvv;
    ACC_REWARD_SCALECall => acc_reward_scale() -> U256;
    accRewardPerShareCall => acc_reward_per_share() -> U256;
    accRewardPerShareLockedCall => acc_reward_per_share_locked() -> U256;
    acceptOwnershipCall => accept_ownership() -> ();
    allowanceCall => allowance(owner: Address, spender: Address) -> U256;
    approveCall => approve(spender: Address, value: U256) -> bool;
    balanceOfCall => balance_of(account: Address) -> U256;
    balanceOfUnlockedCall => balance_of_unlocked(user: Address) -> U256;
    burnDiemCall => burn_diem(diem_amount_to_burn: U256) -> ();
    claimCall => claim() -> ();
    claimAndStakeCall => claim_and_stake() -> ();
    cooldownDurationCall => cooldown_duration() -> U256;
    currentIndexCall => current_index() -> U256;
    decimalsCall => decimals() -> u8;
    diemCall => diem() -> Address;
    diemMintRatesCall => diem_mint_rates(index: U256) -> U256;
    diemSupplyCall => diem_supply(index: U256) -> U256;
    emissionRatePerSecondCall => emission_rate_per_second() -> U256;
    finalizeUnstakeCall => finalize_unstake() -> ();
    fundRewardsCall => fund_rewards(amount: U256) -> ();
    getDiemAmountOutCall => get_diem_amount_out(svvv_amount_to_lock: U256) -> U256;
    initiateUnstakeCall => initiate_unstake(amount: U256) -> ();
    lastRewardTimestampCall => last_reward_timestamp() -> U256;
    lockCall => lock(account: Address, amount: U256) -> U256;
    lockedStakesCall => locked_stakes(user: Address) -> (U256, U256);
    lockedYieldCall => locked_yield() -> (U256, U256);
    mintDiemCall => mint_diem(svvv_amount_to_lock: U256, min_diem_amount_out: U256) -> ();
    nameCall => name() -> &'static str;
    ownerCall => owner() -> Address;
    payLockedYieldCall => pay_locked_yield(to: Address, amount: U256) -> ();
    pendingOwnerCall => pending_owner() -> Address;
    pendingRewardsCall => pending_rewards(user: Address) -> U256;
    renounceOwnershipCall => renounce_ownership() -> ();
    rewardReserveCall => reward_reserve() -> U256;
    setDiemCall => set_diem(diem: Address) -> ();
    setEmissionRateCall => set_emission_rate(new_emission_rate: U256) -> ();
    stakeCall => stake(recipient: Address, amount: U256) -> ();
    stakeWithPermitCall => stake_with_permit(recipient: Address, amount: U256, deadline: U256, v: u8, r: B256, s: B256) -> ();
    stakesCall => stakes(user: Address) -> (U256, U256, U256);
    symbolCall => symbol() -> &'static str;
    totalLockedStakedVVVCall => total_locked() -> U256;
    totalSupplyCall => total_supply() -> U256;
    transferCall => transfer(to: Address, value: U256) -> bool;
    transferFromCall => transfer_from(from: Address, to: Address, value: U256) -> bool;
    transferOwnershipCall => transfer_ownership(new_owner: Address) -> ();
    treasuryCall => treasury() -> Address;
    unlockCall => unlock(account: Address, amount: U256) -> U256;
    veniceCall => venice() -> Address;
    veniceEmissionsPercentageCall => venice_emissions_percentage() -> U256;
    veniceEmissionsPercentageWhenLockedCall => venice_emissions_percentage_when_locked() -> U256;
}

impl StakedVvv {
    fn constructor(
        &mut self,
        vvv: Address,
        owner: Address,
        emission_rate_per_second: U256,
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
        self.change_rate(emission_rate_per_second)
    }

    // receipt

    fn name(&self) -> &'static str {
        "Staked Venice Token"
    }

    fn symbol(&self) -> &'static str {
        "sVVV"
    }

    fn decimals(&self) -> u8 {
        DECIMALS
    }

    fn total_supply(&self) -> U256 {
        from_u128(low(self.store.get(TOTALS)))
    }

    fn balance_of(&self, account: Address) -> U256 {
        let account = self.account(account);
        from_u128(account.free.saturating_add(account.locked))
    }

    fn allowance(&self, _owner: Address, _spender: Address) -> U256 {
        U256::ZERO
    }

    fn approve(&mut self, _spender: Address, _value: U256) -> Result<bool> {
        Err(refuse!(IStakedVvv::NonTransferable))
    }

    fn transfer(&mut self, _to: Address, _value: U256) -> Result<bool> {
        Err(refuse!(IStakedVvv::NonTransferable))
    }

    fn transfer_from(&mut self, _from: Address, _to: Address, _value: U256) -> Result<bool> {
        Err(refuse!(IStakedVvv::NonTransferable))
    }

    // staking

    fn stake(&mut self, recipient: Address, amount: U256) -> Result<()> {
        self.stake_for(recipient, amount)
    }

    #[allow(clippy::too_many_arguments, reason = "ERC-2612 has as many")]
    fn stake_with_permit(
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

    fn initiate_unstake(&mut self, amount: U256) -> Result<()> {
        self.start_cooldown(amount)
    }

    fn finalize_unstake(&mut self) -> Result<()> {
        self.finish_cooldown()
    }

    fn claim(&mut self) -> Result<()> {
        self.pay_rewards()
    }

    fn claim_and_stake(&mut self) -> Result<()> {
        self.compound_rewards()
    }

    fn mint_diem(&mut self, amount: U256, min_diem_out: U256) -> Result<()> {
        self.lock_and_mint(amount, min_diem_out)
    }

    fn burn_diem(&mut self, diem_amount: U256) -> Result<()> {
        self.burn_and_unlock(diem_amount)
    }

    // reads

    fn balance_of_unlocked(&self, user: Address) -> U256 {
        from_u128(self.account(user).free)
    }

    fn stakes(&self, user: Address) -> (U256, U256, U256) {
        self.stake_record(user)
    }

    fn locked_stakes(&self, user: Address) -> Result<(U256, U256)> {
        self.lock_record(user)
    }

    fn total_locked(&self) -> U256 {
        self.store.get(TOTALS) >> 128
    }

    fn pending_rewards(&self, user: Address) -> Result<U256> {
        self.all_pending(user)
    }

    fn get_diem_amount_out(&self, amount: U256) -> Result<U256> {
        self.quote(amount)
    }

    fn diem_mint_rates(&self, index: U256) -> Result<U256> {
        self.grid_rate(index)
    }

    fn diem_supply(&self, index: U256) -> Result<U256> {
        venice::grid_supply(index)
    }

    fn cooldown_duration(&self) -> U256 {
        SVVV_COOLDOWN_SECONDS.to_word()
    }

    fn emission_rate_per_second(&self) -> U256 {
        self.store.get(VENICE) >> storage::ADDRESS_BITS
    }

    fn last_reward_timestamp(&self) -> U256 {
        from_u128(contract_kit::word::field(
            self.store.get(INDEX),
            0,
            storage::TIME_BITS,
        ))
    }

    fn acc_reward_per_share(&self) -> U256 {
        self.store.get(INDEX) >> storage::TIME_BITS
    }

    fn acc_reward_per_share_locked(&self) -> U256 {
        // Cannot fail: 80% of a word is a word.
        net_of_fee_down(self.acc_reward_per_share()).unwrap_or_default()
    }

    fn current_index(&self) -> U256 {
        self.pool(self.store.get(VENICE)).index
    }

    fn acc_reward_scale(&self) -> U256 {
        INDEX_SCALE
    }

    fn reward_reserve(&self) -> U256 {
        from_u128(self.pool(self.store.get(VENICE)).reserve)
    }

    fn locked_yield(&self) -> (U256, U256) {
        let pool = self.pool(self.store.get(VENICE));
        (
            pool.locked_yield(self.store.get(LOCK_DEBT)),
            from_u128(pool.paid),
        )
    }

    fn venice_emissions_percentage(&self) -> U256 {
        U256::ZERO
    }

    fn venice_emissions_percentage_when_locked(&self) -> U256 {
        YIELD_FEE
    }

    fn treasury(&self) -> Result<Address> {
        self.fee_receiver()
    }

    fn venice(&self) -> Address {
        address(self.store.get(VENICE))
    }

    fn diem(&self) -> Address {
        address(self.store.get(DIEM))
    }

    // rewards

    fn fund_rewards(&mut self, amount: U256) -> Result<()> {
        self.fund(amount)
    }

    // owner

    fn set_diem(&mut self, diem: Address) -> Result<()> {
        OWNER.check(&self.store)?;
        if diem.is_zero() {
            return Err(refuse!(IStakedVvv::ZeroAddress));
        }
        let word = self.store.get(DIEM);
        if !address(word).is_zero() {
            return Err(refuse!(IStakedVvv::AlreadyWired));
        }
        self.store.set(DIEM, word | diem.to_word());
        event!(self.store.vm(), IStakedVvv::DiemSet, [diem], []);
        Ok(())
    }

    fn set_emission_rate(&mut self, new_emission_rate: U256) -> Result<()> {
        OWNER.check(&self.store)?;
        self.change_rate(new_emission_rate)
    }

    fn owner(&self) -> Address {
        OWNER.get(&self.store)
    }

    fn pending_owner(&self) -> Address {
        OWNER.pending(&self.store)
    }

    fn transfer_ownership(&mut self, new_owner: Address) -> Result<()> {
        Ok(OWNER.offer(&mut self.store, new_owner)?)
    }

    fn accept_ownership(&mut self) -> Result<()> {
        Ok(OWNER.accept(&mut self.store)?)
    }

    fn renounce_ownership(&mut self) -> Result<()> {
        Ok(OWNER.renounce(&mut self.store)?)
    }

    // DIEM only

    fn lock(&mut self, account: Address, amount: U256) -> Result<U256> {
        self.lock_for_diem(account, amount)
    }

    fn unlock(&mut self, account: Address, amount: U256) -> Result<U256> {
        self.unlock_for_diem(account, amount)
    }

    fn pay_locked_yield(&mut self, to: Address, amount: U256) -> Result<()> {
        self.pay_for_diem(to, amount)
    }
}
