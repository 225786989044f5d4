//! Reverts become sentences with their numbers.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use alloy_primitives::{Bytes, U256, address};
use alloy_sol_types::SolError;
use diem_abi::arbitrum::IStylusDeployer;
use diem_abi::{IDiem, IStakedVvv, explain};

fn wad(whole: u64) -> U256 {
    U256::from(whole) * U256::from(1_000_000_000_000_000_000_u64)
}

#[test]
fn a_diem_error_names_its_numbers_in_units() {
    let account = address!("00000000000000000000000000000000000000aa");
    let error = IDiem::InsufficientCredits {
        account,
        remaining: wad(20),
        amount: wad(25),
    };
    let refusal = explain(&error.abi_encode()).unwrap();
    assert_eq!(
        refusal.sentence,
        format!("{account} has $20 of credit left today, not $25")
    );
    assert!(
        refusal.error.contains("InsufficientCredits"),
        "{}",
        refusal.error
    );
}

#[test]
fn an_svvv_error_names_its_numbers_in_units() {
    let error = IStakedVvv::InsufficientUnlocked {
        unlocked: wad(3) / U256::from(2),
        amount: wad(2),
    };
    let refusal = explain(&error.abi_encode()).unwrap();
    assert_eq!(refusal.sentence, "you have 1.5 unlocked sVVV, not 2");
}

#[test]
fn a_constructor_that_refused_is_explained_through_the_deployer() {
    let inner = IDiem::ZeroAddress {}.abi_encode();
    let error = IStylusDeployer::ContractInitializationError {
        newContract: address!("00000000000000000000000000000000000000bb"),
        data: Bytes::from(inner),
    };
    let refusal = explain(&error.abi_encode()).unwrap();
    assert_eq!(
        refusal.sentence,
        "the constructor refused: the address is zero"
    );
}

#[test]
fn unknown_data_is_not_explained() {
    assert_eq!(explain(&[]), None);
    assert_eq!(explain(&[1, 2, 3, 4, 5]), None);
}
