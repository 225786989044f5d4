//! What transactions pay, and what they are told about prices.

use alloy_primitives::{Address, Bytes, U256, address, bytes};
use alloy_sol_types::{SolCall, sol};
use arbos::{
    ChainConfig, Executor, ParentBlock, State, TxInput,
    genesis::{GenesisConfig, GenesisState},
};

use crate::{
    common::MapState,
    world::{ALICE, ARB_OWNER, ArbOwner, NOW, World, recorded},
};

const ARB_GAS_INFO: Address = address!("000000000000000000000000000000000000006c");

sol! {
    interface ArbGasInfo {
        function getPricesInWei() external view returns (uint256, uint256, uint256, uint256, uint256, uint256);
        function getL1PricingUnitsSinceUpdate() external view returns (uint64);
    }
    interface ArbosActs {
        function startBlock(uint256 l1BaseFee, uint64 l1BlockNumber, uint64 l2BlockNumber, uint64 timePassed) external;
    }
}

fn units(output: &[u8]) -> u64 {
    ArbGasInfo::getL1PricingUnitsSinceUpdateCall::abi_decode_returns(output).unwrap()
}

#[test]
fn a_call_that_names_no_price_is_told_the_blocks_prices_though_its_base_fee_reads_as_zero() {
    let mut world = World::new();
    let call = ArbGasInfo::getPricesInWeiCall {}.abi_encode();
    let prices = world.view(ARB_GAS_INFO, call);
    let prices = ArbGasInfo::getPricesInWeiCall::abi_decode_returns(&prices.output).unwrap();
    let base_fee = world.env.base_fee;
    assert_eq!(
        (prices._2, prices._5),
        (base_fee * U256::from(20_000), base_fee)
    );
    let tells = world.place(bytes!("485f5260205ff3"));
    let told = world.view(tells, Bytes::new());
    assert_eq!(U256::from_be_slice(&told.output), U256::ZERO);
}

#[test]
fn units_of_l1_data_are_counted_before_anything_runs_whatever_they_cost() {
    let mut world = World::new();
    let ask = ArbGasInfo::getL1PricingUnitsSinceUpdateCall {}.abi_encode();
    let encoded: Bytes = (0..100u8).collect::<Vec<_>>().into();
    let own = arbos::gas::l1::units(&encoded, 1);
    let tx = TxInput {
        encoded: Some(encoded),
        ..world.tx(ALICE, Some(ARB_GAS_INFO), ask.clone())
    };
    let outcome = world.send(&tx).unwrap();
    assert_eq!(outcome.gas_used_for_l1, 0, "the price is zero");
    assert_eq!(units(&outcome.output), own);
    // One that fails counts all the same.
    let fails = world.place(bytes!("fe"));
    let tx = TxInput {
        to: Some(fails),
        ..tx
    };
    let nonce = world.state.account(ALICE).unwrap().nonce;
    let tx = TxInput {
        nonce: Some(nonce),
        ..tx
    };
    assert!(!world.send(&tx).unwrap().is_success());
    // A call is not signed: its own units are those of a stand-in, padded.
    let told = units(&world.view(ARB_GAS_INFO, ask).output);
    assert!(told > 2 * own + 256, "{told} after {own} twice");
}

/// From 60 on gas is paid for by resource, and what a start takes from one that has too little of
/// it is of none.
#[test]
fn gas_that_is_too_little_to_start_a_program_is_used_but_from_60_on_not_paid_for() {
    for (version, paid) in [(51, 25_000), (60, 21_000)] {
        let mut world = World::at(version);
        let program = world.place_program(&recorded("erc20_small"));
        let price = world.env.base_fee;
        let balance = |world: &World| world.state.account(ALICE).unwrap().balance;
        let before = balance(&world);
        let tx = TxInput {
            gas_limit: 25_000,
            ..world.tx(ALICE, Some(program), Bytes::new())
        };
        let outcome = world.send(&tx).unwrap();
        assert!(!outcome.is_success());
        assert_eq!(outcome.gas_used, 25_000);
        assert_eq!(
            before - balance(&world),
            price * U256::from(paid),
            "ArbOS {version}"
        );
        // Any other failure is paid for in full.
        let before = balance(&world);
        let invalid = world.place(bytes!("fe"));
        let tx = TxInput {
            gas_limit: 25_000,
            ..world.tx(ALICE, Some(invalid), Bytes::new())
        };
        assert!(!world.send(&tx).unwrap().is_success());
        assert_eq!(before - balance(&world), price * U256::from(25_000));
    }
}

#[test]
fn from_60_on_a_falling_base_fee_is_given_back_to_the_senders_of_the_block_before() {
    for version in [51, 60] {
        let mut world = World::at(version);
        let low = world.env.base_fee;
        let high = low * U256::from(2);
        world.own(ARB_OWNER, ArbOwner::setL2BaseFeeCall { price: high });
        // This block still costs twice as much; the one after it will not.
        world.next_block(1);
        assert_eq!(world.env.base_fee, high);
        let balance = |world: &World| world.state.account(ALICE).unwrap().balance;
        let before = balance(&world);
        let outcome = world
            .send(&world.tx(ALICE, Some(ALICE), Bytes::new()))
            .unwrap();
        assert_eq!(U256::from(outcome.effective_gas_price), high);
        let price = if version == 51 { high } else { low };
        assert_eq!(before - balance(&world), price * U256::from(21_000));
        // A rising one is nobody's loss.
        world.own(ARB_OWNER, ArbOwner::setMinimumL2BaseFeeCall { price: high });
        world.next_block(1);
        world.next_block(1);
        assert_eq!(world.env.base_fee, high);
        let before = balance(&world);
        world
            .send(&world.tx(ALICE, Some(ALICE), Bytes::new()))
            .unwrap();
        assert_eq!(before - balance(&world), high * U256::from(21_000));
    }
}

#[test]
fn blocks_without_a_parent_chain_start_with_its_base_fee_at_zero() {
    let config = GenesisConfig::default();
    assert!(!config.l1_price_per_unit.is_zero());
    let mut state = MapState::default();
    state.apply(GenesisState::new(&config).unwrap().into_diff());
    let executor = Executor::new(ChainConfig::default());
    let started = executor.start_block(&state, &ParentBlock::default(), NOW, 0);
    let call = ArbosActs::startBlockCall::abi_decode(&started.internal_data).unwrap();
    assert_eq!(
        (call.l1BaseFee, call.l1BlockNumber, call.l2BlockNumber),
        (U256::ZERO, 0, 1)
    );
}
