//! The methods, as the interface declares them: one line each.
//!
//! The compiler holds each line against the method, the test below against the interface.

#[cfg(target_arch = "wasm32")]
use crate::contract::StakedVvv;
use crate::interface::IStakedVvv;
use alloy_primitives::{Address, B256, U256};

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
    maxEmissionRatePerSecondCall => max_emission_rate_per_second() -> U256;
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

#[cfg(test)]
mod tests {
    use super::routes;
    use crate::interface::IStakedVvv::IStakedVvvCalls;

    #[test]
    fn every_method_of_the_interface_is_routed_and_no_other() {
        let mut routed: alloc::vec::Vec<_> = routes().iter().map(|route| route.selector).collect();
        routed.sort_unstable();
        assert_eq!(routed, IStakedVvvCalls::SELECTORS);
    }

    #[test]
    fn every_route_has_the_types_of_the_interface() {
        for route in routes() {
            assert_eq!(route.difference(), None);
        }
    }
}
