//! The acts of owner, guardian and whoever fills the reserve, each by its own key.

use crate::desk::{Desk, dev_account};
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use diem_abi::{IDiem, IStakedVvv, IVVV};

const WAD: u64 = 1_000_000_000_000_000_000;
const OTHER: Address = Address::repeat_byte(0x42);

fn read<C: SolCall>(desk: &Desk, at: Address, call: &C) -> C::Return {
    desk.runtime.block_on(desk.chain().call(at, call)).unwrap()
}

#[test]
fn anybody_fills_the_reserve_with_vvv_that_it_has() {
    let desk = Desk::deployed();
    let at = desk.deployment();
    let (key, account) = desk.somebody(1, 10_u128.pow(18));
    let ten = U256::from(10) * U256::from(WAD);
    let mint = IVVV::mintCall {
        to: account,
        amount: ten,
    };
    let chain = desk.chain();
    desk.runtime
        .block_on(chain.send(dev_account(), at.vvv, &mint))
        .unwrap();
    desk.diem_as(Some(&key), &["fund-rewards", "11VVV"])
        .fails(1, &["the VVV balance is 10, 11 are needed"]);
    let told = desk.diem_as(Some(&key), &["fund-rewards", "10DIEM"]);
    assert!(told.story.contains("this is counted in VVV"), "{told:#?}");
    let told = desk.diem_as(Some(&key), &["fund-rewards", "10VVV"]);
    let told = told.answers(&["the reserve has 10 VVV more"]);
    assert!(told.story.contains("so far 0 VVV"), "{told:#?}");
    let reserve = IStakedVvv::rewardReserveCall {};
    assert_eq!(read(&desk, at.s_vvv, &reserve), ten);
}

#[test]
fn the_guardian_pauses_and_the_owner_lets_minting_go_on() {
    let desk = Desk::deployed();
    let at = desk.deployment();
    let (guardian, address) = desk.somebody(1, 10_u128.pow(18));
    desk.diem_as(Some(&guardian), &["pause"])
        .fails(1, &["OnlyGuardian", "key of that role"]);
    let told = desk.diem(&["set-guardian", &address.to_string()]);
    let told = told.answers(&["the guardian is 0x"]);
    assert!(told.story.contains("so far nobody"), "{told:#?}");
    desk.diem_as(Some(&guardian), &["pause"])
        .answers(&["minting is paused"]);
    assert!(read(&desk, at.diem, &IDiem::mintPausedCall {}));
    desk.diem(&["mint", "1DIEM"]).fails(1, &["MintingPaused"]);
    desk.diem_as(Some(&guardian), &["unpause"])
        .fails(1, &["OwnableUnauthorizedAccount", "diem timelock schedule"]);
    desk.diem(&["unpause"]).answers(&["minting goes on"]);
    assert!(!read(&desk, at.diem, &IDiem::mintPausedCall {}));
}

#[test]
fn the_owner_sets_emissions_treasury_and_guardian_within_their_bounds() {
    let desk = Desk::deployed();
    let at = desk.deployment();
    desk.diem(&["set-emission", "1.5VVV"])
        .fails(1, &["EmissionRateTooHigh"]);
    let told = desk.diem(&["set-emission", "0.125VVV"]);
    let told = told.answers(&["0.125 VVV are emitted per second"]);
    assert!(told.story.contains("so far 0.25 VVV"), "{told:#?}");
    let rate = IStakedVvv::emissionRatePerSecondCall {};
    assert_eq!(read(&desk, at.s_vvv, &rate), U256::from(WAD / 8));
    desk.diem(&["set-treasury", &at.diem.to_string()])
        .fails(1, &["InvalidTreasury"]);
    desk.diem(&["set-treasury", &OTHER.to_string()])
        .answers(&["the yield fee goes to 0x4242"]);
    assert_eq!(read(&desk, at.diem, &IDiem::treasuryCall {}), OTHER);
    desk.diem(&["set-guardian", "nobody"])
        .answers(&["the guardian is nobody"]);
}

#[test]
fn ownership_is_handed_over_whole_also_after_a_stop_between_the_contracts() {
    let desk = Desk::deployed();
    let at = desk.deployment();
    let (key, heir) = desk.somebody(1, 10_u128.pow(18));
    desk.diem_as(Some(&key), &["accept-ownership"])
        .fails(1, &["OwnableUnauthorizedAccount"]);
    desk.diem(&["transfer-ownership", &heir.to_string()])
        .answers(&["offered sVVV to 0x", "offered DIEM to 0x"]);
    assert_eq!(read(&desk, at.diem, &IDiem::ownerCall {}), dev_account());
    // One of the two was accepted before.
    let signer = key.parse::<alloy::signers::local::PrivateKeySigner>();
    let chain = desk.chain().signed_by(&[signer.unwrap()]);
    let accept = chain.send(heir, at.s_vvv, &IStakedVvv::acceptOwnershipCall {});
    desk.runtime.block_on(accept).unwrap();
    let told = desk.diem_as(Some(&key), &["accept-ownership"]);
    let told = told.answers(&["took over DIEM"]);
    assert!(
        told.story.contains("left out  acceptOwnership() of sVVV"),
        "{told:#?}"
    );
    assert_eq!(read(&desk, at.diem, &IDiem::ownerCall {}), heir);
    assert_eq!(read(&desk, at.s_vvv, &IStakedVvv::ownerCall {}), heir);
    desk.diem(&["renounce-ownership"])
        .fails(1, &["OwnableUnauthorizedAccount"]);
    let told = desk.diem_as(Some(&key), &["renounce-ownership"]);
    let told = told.answers(&["sVVV has no owner any more", "DIEM has no owner any more"]);
    assert!(told.story.contains("for good"), "{told:#?}");
    assert_eq!(read(&desk, at.diem, &IDiem::ownerCall {}), Address::ZERO);
}
