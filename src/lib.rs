//! # DIEM
//!
//! **Purpose.** AI compute as an asset: one staked DIEM is one dollar of inference credit
//! a day. New DIEM exists only by locking sVVV along an immutable curve; burning it
//! unlocks the sVVV.
//!
//! **What it holds.** The staked and cooling DIEM of all accounts, in its own balance. No
//! VVV and no sVVV: locked sVVV stays with its owner in the sVVV contract.
//!
//! **Accrual.** Each mint, burn and settlement brings a position's yield debt to the
//! reward index that sVVV answers with; credit needs no accrual, it is computed from the
//! clock.
//!
//! **Rounding.** Against the caller: DIEM out down, sVVV in up, unlocks and payments down.
//! Previews and writes run the same functions.
//!
//! **Token assumptions.** sVVV is the one contract that is called; it calls nobody back,
//! and nobody can call in here while it runs.
//!
//! **Liveness.** Pausing stops minting only. Every exit works without owner and guardian.
//!
//! **Roles.** See `roles`: nobody can mint, move tokens, or change fee, curve or cooldowns.
//!
//! **Known limits.** Base rate and target supply within the bounds of `diem_math::Curve`;
//! an account's leases are counted in sum, not listed: events list them.
//!
//! The interface is documented in `abi/IDiem.sol`; the layout in `storage`.

extern crate alloc;

mod credits;
mod errors;
mod external;
pub mod interface;
mod leases;
mod position;
mod roles;
mod storage;
mod token;
mod yield_fee;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use contract_kit::store::Store;
use contract_kit::word::{ToWord, from_u128, low, pair};
use errors::{Error, Result, refuse};
use interface::IDiem;
use storage::{CURVE, OWNER, STAKED_VVV};
use stylus_sdk::ArbResult;
use stylus_sdk::host::VM;
use stylus_sdk::prelude::*;
use token::Token;

/// The contract: its storage, its host and OpenZeppelin's token parts.
pub struct Diem {
    store: Store,
    token: Token,
}

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    Diem {
        token: Token::new(&vm),
        store: Store::new(vm),
    }
    .enter(&input)
}

contract_kit::contract! { Diem:
    (s_vvv: Address, owner: Address, treasury: Address, base_rate: U256, target_supply: U256)
}

contract_kit::routes! { Diem: IDiem;
    DOMAIN_SEPARATORCall => domain_separator() -> B256;
    YIELD_FEECall => yield_fee() -> U256;
    acceptOwnershipCall => accept_ownership() -> ();
    allowanceCall => allowance(owner: Address, spender: Address) -> U256;
    approveCall => approve(spender: Address, value: U256) -> bool;
    balanceOfCall => balance_of(account: Address) -> U256;
    baseRateCall => base_rate() -> U256;
    burnCall => burn(diem_amount: U256) -> U256;
    burnUnlockedCall => burn_unlocked(account: Address, diem_amount: U256, index: U256) -> U256;
    claimYieldCall => claim_yield() -> U256;
    closeLeaseCall => close_lease(id: U256) -> ();
    collectFeesCall => collect_fees() -> U256;
    cooldownDurationCall => cooldown_duration() -> U256;
    creditsOfCall => credits_of(account: Address) -> (U256, U256, U256, U256);
    decimalsCall => decimals() -> u8;
    eip712DomainCall => eip712_domain() -> contract_kit::eip712::Domain;
    guardianCall => guardian() -> Address;
    initiateUnstakeCall => initiate_unstake(amount: U256) -> ();
    isGatewayCall => is_gateway(account: Address) -> bool;
    leaseCall => lease(lessee: Address, amount: U256, epochs: u32) -> U256;
    leaseCreditsOfCall => lease_credits_of(id: U256) -> (U256, U256, U256, U256);
    leaseOfCall => lease_of(id: U256) -> (Address, Address, U256, U256, U256);
    leasedOutCall => leased_out(account: Address) -> U256;
    mintCall => mint(svvv_amount: U256, min_diem_out: U256) -> U256;
    mintExactCall => mint_exact(diem_amount: U256, max_svvv: U256) -> U256;
    mintLockedCall => mint_locked(account: Address, svvv_amount: U256, min_diem_out: U256, index: U256) -> U256;
    mintPausedCall => mint_paused() -> bool;
    mintRateCall => mint_rate() -> U256;
    mintRateAtCall => mint_rate_at(supply: U256) -> U256;
    nameCall => name() -> &'static str;
    nextRefreshCall => next_refresh() -> U256;
    noncesCall => nonces(owner: Address) -> U256;
    outstandingOfCall => outstanding_of(account: Address) -> U256;
    ownerCall => owner() -> Address;
    pauseMintCall => pause_mint() -> ();
    pendingFeesCall => pending_fees() -> U256;
    pendingOwnerCall => pending_owner() -> Address;
    pendingYieldCall => pending_yield(account: Address) -> U256;
    pendingYieldAtCall => pending_yield_at(account: Address, index: U256) -> U256;
    permitCall => permit(owner: Address, spender: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256) -> ();
    positionCall => position(account: Address) -> (U256, U256, U256);
    previewBurnCall => preview_burn(account: Address, diem_amount: U256) -> U256;
    previewMintCall => preview_mint(svvv_amount: U256) -> U256;
    previewMintExactCall => preview_mint_exact(diem_amount: U256) -> U256;
    renounceOwnershipCall => renounce_ownership() -> ();
    sVvvCall => s_vvv() -> Address;
    setGatewayCall => set_gateway(gateway: Address, allowed: bool) -> ();
    setGuardianCall => set_guardian(new_guardian: Address) -> ();
    setTreasuryCall => set_treasury(new_treasury: Address) -> ();
    settleYieldCall => settle_yield(account: Address, index: U256) -> U256;
    spendCall => spend(account: Address, amount: U256) -> ();
    spendBatchCall => spend_batch(accounts: Vec<Address>, amounts: Vec<U256>) -> ();
    spendLeaseCall => spend_lease(id: U256, amount: U256) -> ();
    stakeCall => stake(amount: U256) -> ();
    stakedInfosCall => staked_infos(account: Address) -> (U256, U256, U256);
    symbolCall => symbol() -> &'static str;
    targetSupplyCall => target_supply() -> U256;
    totalFeesCollectedCall => total_fees_collected() -> U256;
    totalStakedCall => total_staked() -> U256;
    totalSupplyCall => total_supply() -> U256;
    transferCall => transfer(to: Address, value: U256) -> bool;
    transferFromCall => transfer_from(from: Address, to: Address, value: U256) -> bool;
    transferLeaseCall => transfer_lease(id: U256, to: Address) -> ();
    transferOwnershipCall => transfer_ownership(new_owner: Address) -> ();
    treasuryCall => treasury() -> Address;
    unpauseMintCall => unpause_mint() -> ();
    unstakeCall => unstake() -> ();
}

impl Diem {
    fn constructor(
        &mut self,
        s_vvv: Address,
        owner: Address,
        treasury: Address,
        base_rate: U256,
        target_supply: U256,
    ) -> Result<()> {
        if s_vvv.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        // Set for good by the constructor: so it runs once.
        if !self.store.get(STAKED_VVV).is_zero() {
            return Err(Error::silent());
        }
        position::new_curve(base_rate, target_supply)?;
        self.store.set(STAKED_VVV, s_vvv.to_word());
        self.store
            .set(CURVE, pair(low(base_rate), low(target_supply)));
        OWNER.construct(&mut self.store, owner)?;
        self.write_treasury(treasury)
    }

    fn s_vvv(&self) -> Address {
        self.staked_vvv()
    }

    fn mint_rate_at(&self, supply: U256) -> Result<U256> {
        self.rate_at(supply)
    }

    fn base_rate(&self) -> U256 {
        from_u128(low(self.store.get(CURVE)))
    }

    fn target_supply(&self) -> U256 {
        self.store.get(CURVE) >> 128
    }
}
