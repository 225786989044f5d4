//! The methods, as the interface declares them: one line each.
//!
//! The compiler holds each line against the method, the test below against the interface.

#[cfg(target_arch = "wasm32")]
use crate::contract::Diem;
use crate::interface::IDiem;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};

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
    chooseGatewayCall => choose_gateway(gateway: Address) -> ();
    chooseLeaseGatewayCall => choose_lease_gateway(id: U256, gateway: Address) -> ();
    claimYieldCall => claim_yield() -> U256;
    closeLeaseCall => close_lease(id: U256) -> ();
    collectFeesCall => collect_fees() -> U256;
    cooldownDurationCall => cooldown_duration() -> U256;
    creditsOfCall => credits_of(account: Address) -> (U256, U256, U256, U256);
    decimalsCall => decimals() -> u8;
    defaultGatewayCall => default_gateway() -> (Address, Address, U256);
    eip712DomainCall => eip712_domain() -> contract_kit::eip712::Domain;
    gatewayOfCall => gateway_of(account: Address) -> (Address, Address);
    guardianCall => guardian() -> Address;
    initiateUnstakeCall => initiate_unstake(amount: U256) -> ();
    isGatewayCall => is_gateway(account: Address) -> bool;
    leaseCall => lease(lessee: Address, amount: U256, epochs: u32) -> U256;
    leaseCreditsOfCall => lease_credits_of(id: U256) -> (U256, U256, U256, U256);
    leaseGatewayOfCall => lease_gateway_of(id: U256) -> (Address, Address);
    leaseLineOfCall => lease_line_of(id: U256) -> (U256, U256, U256, Address, U256, Address);
    leaseOfCall => lease_of(id: U256) -> (Address, Address, U256, U256, U256);
    leasedOutCall => leased_out(account: Address) -> U256;
    lineOfCall => line_of(account: Address) -> (U256, U256, U256, Address, U256, Address);
    mintCall => mint(svvv_amount: U256, min_diem_out: U256) -> U256;
    mintExactCall => mint_exact(diem_amount: U256, max_svvv: U256) -> U256;
    mintLockedCall => mint_locked(account: Address, svvv_amount: U256, min_diem_out: U256, index: U256) -> U256;
    mintPausedCall => mint_paused() -> bool;
    mintRateAtCall => mint_rate_at(supply: U256) -> U256;
    mintRateCall => mint_rate() -> U256;
    nameCall => name() -> &'static str;
    nextAllowanceOfCall => next_allowance_of(account: Address) -> U256;
    nextRefreshCall => next_refresh() -> U256;
    noncesCall => nonces(owner: Address) -> U256;
    outstandingOfCall => outstanding_of(account: Address) -> U256;
    ownerCall => owner() -> Address;
    pauseMintCall => pause_mint() -> ();
    pendingFeesCall => pending_fees() -> U256;
    pendingOwnerCall => pending_owner() -> Address;
    pendingYieldAtCall => pending_yield_at(account: Address, index: U256) -> U256;
    pendingYieldCall => pending_yield(account: Address) -> U256;
    permitCall => permit(owner: Address, spender: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256) -> ();
    positionCall => position(account: Address) -> (U256, U256, U256);
    previewBurnCall => preview_burn(account: Address, diem_amount: U256) -> U256;
    previewMintCall => preview_mint(svvv_amount: U256) -> U256;
    previewMintExactCall => preview_mint_exact(diem_amount: U256) -> U256;
    renounceOwnershipCall => renounce_ownership() -> ();
    revokeGatewayCall => revoke_gateway(gateway: Address) -> ();
    sVvvCall => s_vvv() -> Address;
    setDefaultGatewayCall => set_default_gateway(gateway: Address) -> ();
    setGatewayCall => set_gateway(gateway: Address, allowed: bool) -> ();
    setGuardianCall => set_guardian(new_guardian: Address) -> ();
    setTreasuryCall => set_treasury(new_treasury: Address) -> ();
    settleBatchCall => settle_batch(epoch: U256, accounts: Vec<Address>, used: Vec<U256>) -> ();
    settleCall => settle(epoch: U256, account: Address, used: U256) -> ();
    settleLeasesCall => settle_leases(epoch: U256, ids: Vec<U256>, used: Vec<U256>) -> ();
    settleYieldCall => settle_yield(account: Address, index: U256) -> U256;
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

#[cfg(test)]
mod tests {
    use super::routes;
    use crate::interface::IDiem::IDiemCalls;

    #[test]
    fn every_method_of_the_interface_is_routed_and_no_other() {
        let mut routed: alloc::vec::Vec<_> = routes().iter().map(|route| route.selector).collect();
        routed.sort_unstable();
        assert_eq!(routed, IDiemCalls::SELECTORS);
    }

    #[test]
    fn every_route_has_the_types_of_the_interface() {
        for route in routes() {
            assert_eq!(route.difference(), None);
        }
    }
}
