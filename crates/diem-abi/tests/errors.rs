//! Reverts become sentences with their numbers.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::{Panic, PanicKind, SolError};
use diem_abi::arbitrum::IStylusDeployer;
use diem_abi::{IDiem, IStakedVvv, IVVV, explain};

fn wad(whole: u64) -> U256 {
    U256::from(whole) * U256::from(1_000_000_000_000_000_000_u64)
}

#[test]
fn a_diem_error_names_its_numbers_in_units() {
    let account = address!("00000000000000000000000000000000000000aa");
    let error = IDiem::InsufficientCredits {
        account,
        allowance: wad(20),
        used: wad(25),
    };
    let refusal = explain(&error.abi_encode()).unwrap();
    assert_eq!(
        refusal.sentence,
        format!("{account} has $20 of credit today; $25 in all were stated")
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
fn a_shortfall_of_vvv_is_told_from_other_panics() {
    let shortfall = Panic::from(PanicKind::UnderOverflow).abi_encode();
    let refusal = explain(&shortfall).unwrap();
    assert!(refusal.sentence.contains("falls short"), "{refusal:?}");
    assert!(refusal.error.starts_with("Panic"), "{refusal:?}");
    let other = Panic::from(PanicKind::DivisionByZero).abi_encode();
    let refusal = explain(&other).unwrap();
    assert!(
        refusal.sentence.starts_with("the contract panicked"),
        "{refusal:?}"
    );
}

#[test]
fn diem_sent_to_its_own_contract_is_not_blamed_on_the_zero_address() {
    let receiver = address!("00000000000000000000000000000000000000dd");
    let refusal = explain(&IDiem::ERC20InvalidReceiver { receiver }.abi_encode()).unwrap();
    assert!(refusal.sentence.contains("stake"), "{}", refusal.sentence);
    let receiver = Address::ZERO;
    let refusal = explain(&IDiem::ERC20InvalidReceiver { receiver }.abi_encode()).unwrap();
    assert!(
        refusal.sentence.contains("zero address"),
        "{}",
        refusal.sentence
    );
}

/// sVVV's own table has no line for what DIEM's answers: so DIEM's has them all.
#[test]
fn every_error_of_the_three_contracts_has_a_sentence_of_its_own() {
    let selectors = IDiem::IDiemErrors::SELECTORS
        .iter()
        .chain(IStakedVvv::IStakedVvvErrors::SELECTORS)
        .chain(IVVV::IVVVErrors::SELECTORS);
    for selector in selectors {
        // Fields of all zeros: enough words for any error here.
        let data = [&selector[..], &[0; 32 * 4]].concat();
        let data = (0..=4)
            .map(|words| &data[..4 + 32 * words])
            .find(|data| explain(data).is_some());
        let refusal = data.and_then(explain).unwrap();
        assert!(
            !refusal.sentence.contains("refused: "),
            "{}",
            refusal.sentence
        );
    }
}

#[test]
fn unknown_data_is_not_explained() {
    assert_eq!(explain(&[]), None);
    assert_eq!(explain(&[1, 2, 3, 4, 5]), None);
}
