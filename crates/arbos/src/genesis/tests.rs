//! The first state, word by word where the reference states it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use alloy_primitives::{B256, hex, keccak256};
use serde_json::Value;

use super::*;
use crate::{
    history::{HISTORY_ADDRESS, HISTORY_CODE},
    precompiles::addresses,
    state::{L1_PRICER_FUNDS, StylusParams},
};

fn born_at(arbos_version: u64) -> GenesisState {
    let config = GenesisConfig {
        arbos_version,
        ..GenesisConfig::default()
    };
    GenesisState::new(&config).unwrap()
}

#[test]
fn a_dev_chain_is_born_as_the_reference_says() {
    let mut state = born_at(51);
    assert_eq!(state.account(DEV_ACCOUNT).balance, DEV_BALANCE);
    assert_eq!(DEV_BALANCE.to_string(), "1000000000000000000000");
    let arbos = ArbosState::open_current(&mut state);
    assert_eq!(arbos.arbos_version(), 51);
    let owners = sure(arbos.chain_owners().members(&mut Free(&mut state)));
    assert_eq!(owners, [Address::ZERO, DEV_ACCOUNT]);
    assert_eq!(arbos.current_base_fee(&mut state), U256::from(100_000_000));
    let price = arbos.l1_price_per_unit(&mut state);
    assert_eq!(price, U256::from(50_000_000_000u64));
    assert_eq!(arbos.tx_gas_limit(&mut state), 32_000_000);
    assert_eq!(arbos.brotli_compression_level(&mut state), 1);
    assert_eq!(arbos.scheduled_upgrade(&mut state), (0, 0));
    assert_eq!(arbos.sends(&mut state), (0, B256::ZERO));
    assert_eq!(state.account(STATE_ADDRESS).nonce, 1);
}

#[test]
fn the_parameter_word_is_packed_as_the_reference_says() {
    let word_at = |version: u64| {
        let mut state = born_at(version);
        let slot = crate::state::Space::ROOT
            .region(&[8])
            .region(&[0])
            .slot(B256::ZERO);
        state.read(slot).to_be_bytes::<32>()
    };
    let at_51 =
        hex!("0002 002710 000055f0 0002 03e8 0080 45 0b 32 32 016d 001f 0020 00020000 000000");
    assert_eq!(word_at(51), at_51);
    let at_60 =
        hex!("0002 002710 000055f0 0002 03e8 0080 45 0b 32 32 016d 001f 0020 00020000 02 0000");
    assert_eq!(word_at(60), at_60);
    let at_30 =
        hex!("0001 002710 00040000 0002 03e8 0080 48 0b 32 32 016d 001f 0020 00000000 000000");
    assert_eq!(word_at(30), at_30);
}

#[test]
fn slots_are_where_the_formula_puts_them() {
    let mut state = born_at(51);
    // Version: key 0 of the root, whose own key is empty.
    let mut slot = keccak256([0u8; 31]);
    slot[31] = 0;
    assert_eq!(state.read(U256::from_be_bytes(slot.0)), U256::from(51));
}

#[test]
fn every_version_has_the_parameters_of_its_time() {
    let params = |version: u64| {
        let mut state = born_at(version);
        ArbosState::open(version).stylus_params(&mut state)
    };
    assert_eq!(params(29).version, 0);
    let first = params(30);
    assert_eq!((first.version, first.min_init_gas), (1, 72));
    assert_eq!(first.max_stack_depth, 262_144);
    let second = params(31);
    assert_eq!((second.version, second.min_init_gas), (2, 69));
    assert_eq!(params(49).max_stack_depth, 262_144);
    assert_eq!(params(50).max_stack_depth, 22_000);
    assert_eq!(params(60), StylusParams::default());
}

#[test]
fn precompiles_have_a_byte_of_code_from_their_version_on() {
    for version in [1, 30, 41, 51, 60] {
        let mut state = born_at(version);
        for precompile in precompiles() {
            let code = state.account(precompile.address).code.clone();
            let there = precompile.since <= version;
            assert_eq!(code == STUB_CODE[..], there, "{}", precompile.name);
        }
        assert!(addresses(version).count() >= 14);
    }
}

#[test]
fn the_history_contract_is_there_from_40_on() {
    assert!(born_at(39).account(HISTORY_ADDRESS).code.is_empty());
    let mut state = born_at(40);
    let history = state.account(HISTORY_ADDRESS);
    assert_eq!(history.code, HISTORY_CODE[..]);
    assert_eq!(history.nonce, 1);
}

#[test]
fn unknown_versions_and_a_free_base_fee_are_refused() {
    let with = |arbos_version, debug_chain, base_fee: u64| {
        GenesisState::new(&GenesisConfig {
            arbos_version,
            debug_chain,
            base_fee: U256::from(base_fee),
            ..GenesisConfig::default()
        })
    };
    assert_eq!(
        with(60, false, 1),
        Err(GenesisError::UnsupportedVersion {
            version: 60,
            highest: 51
        })
    );
    assert!(with(60, true, 1).is_ok());
    assert!(with(61, true, 1).is_err());
    assert!(with(0, true, 1).is_err());
    assert_eq!(with(51, true, 0), Err(GenesisError::ZeroBaseFee));
}

#[test]
fn ready_made_contracts_have_the_lengths_tools_check() {
    let mut state = GenesisState::new(&GenesisConfig::ready_made()).unwrap();
    assert_eq!(state.account(CREATE2_FACTORY).code.len(), 69);
    assert_eq!(state.account(STYLUS_DEPLOYER).code.len(), 2_269);
    assert_eq!(state.account(CACHE_MANAGER).code.len(), 7_452);
    let arbos = ArbosState::open_current(&mut state);
    let storage = &mut Free(&mut state);
    let owners = sure(arbos.chain_owners().members(storage));
    assert_eq!(owners, [Address::ZERO, DEV_ACCOUNT]);
    let managers = sure(arbos.programs().cache_managers().members(storage));
    assert_eq!(managers, [CACHE_MANAGER]);
    assert_eq!(arbos.l1_price_per_unit(&mut state), U256::ZERO);
}

#[test]
fn the_compiled_contracts_have_the_selectors_of_the_reference() {
    let text = include_str!("../../contracts/artifacts.json");
    let artifacts: Value = serde_json::from_str(text).unwrap();
    let has = |contract: &str, selectors: &[&str]| {
        let known = artifacts[contract]["selectors"].as_object().unwrap();
        for selector in selectors {
            assert!(known.values().any(|it| it == selector), "{selector}");
        }
    };
    has("StylusDeployer", &["a9a8e4e9", "9f40b385", "835d1d4c"]);
    #[rustfmt::skip]
    has("CacheManager", &[
        "e4940157", "32052a9b", "c565a208", "d29b303e", "c1c013c4", "674a64e0", "bae6c2ad",
        "54fac919", "b187bd26", "b30906d4", "17be85c3", "e9c1bc0f", "20f2f345", "2dd4f566",
        "c77ed13e", "5c975abb", "3f4ba83a", "5c32e943", "cadb43e2", "a8d6fe04",
    ]);
    #[rustfmt::skip]
    has("Multicall3", &[
        "252dba42", "82ad56cb", "174dea71", "c3077fa9", "3e64a696", "ee82ac5e", "42cbb15c",
        "3408e470", "a8b0574e", "72425d9d", "86d516e8", "0f28c97d", "4d2301cc", "27e86d6e",
        "bce38bd7", "399542e9",
    ]);
    let sizes = &artifacts["CacheManager"]["storage"];
    assert_eq!(sizes["cacheSize"]["slot"], 1);
    assert_eq!(sizes["cacheSize"]["offset"], 0);
}

#[test]
fn an_upgrade_is_due_at_its_time_if_it_is_known_and_newer() {
    let due_at = |version: u64, timestamp: u64, debug: bool, now: u64| {
        let mut state = born_at(51);
        let arbos = ArbosState::open(51);
        sure(arbos.upgrade_version().set(&mut Free(&mut state), version));
        sure(
            arbos
                .upgrade_timestamp()
                .set(&mut Free(&mut state), timestamp),
        );
        upgrades::due(&mut state, debug, now)
    };
    assert_eq!(due_at(60, 10, true, 9), None);
    assert_eq!(due_at(60, 10, true, 10), Some(60));
    assert_eq!(due_at(60, 10, false, 10), None);
    assert_eq!(due_at(51, 0, true, 10), None);
    assert_eq!(due_at(61, 0, true, 10), None);
}

#[test]
fn upgrading_a_chain_gives_the_state_of_one_born_later() {
    let mut upgraded = born_at(51);
    upgrades::apply(&mut upgraded, 51, 60);
    let mut born = born_at(60);
    // The stored chain config names the version a chain was born at.
    for state in [&mut upgraded, &mut born] {
        let config = ArbosState::open(60).chain_config();
        sure(config.set(&mut Free(state), b"{}"));
        state.account(L1_PRICER_FUNDS);
    }
    assert_eq!(upgraded, born);
}

#[test]
fn the_diff_of_the_first_state_holds_all_of_it() {
    let state = GenesisState::new(&GenesisConfig::ready_made()).unwrap();
    let count = state.accounts.len();
    let words = state.accounts[&STATE_ADDRESS].storage.len();
    let diff = state.into_diff();
    assert_eq!(diff.accounts.len(), count);
    assert_eq!(diff.accounts[&STATE_ADDRESS].storage.len(), words);
    let deployer = &diff.accounts[&STYLUS_DEPLOYER];
    assert_eq!(deployer.code.as_ref().unwrap().bytes().len(), 2_269);
    assert_eq!(
        deployer.account.unwrap().code_hash,
        deployer.code.as_ref().unwrap().hash()
    );
}
