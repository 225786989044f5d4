//! Gas estimates: enough, and not much more than enough.

use alloy_primitives::{Bytes, U256, bytes};
use alloy_sol_types::SolCall;
use arbos::{EstimateError, Fees, TxError, TxInput, estimate::RPC_GAS_CAP};

use crate::{
    common::container,
    world::{ALICE, ARB_OWNER, ARB_WASM, ArbOwner, ArbWasm, World, ether, recorded},
};

fn unlimited(tx: TxInput) -> TxInput {
    TxInput {
        gas_limit: 0,
        fees: Fees::Free,
        nonce: None,
        ..tx
    }
}

/// The estimate is enough when used as it is, and its lower bound is close.
fn check(world: &mut World, tx: TxInput) -> u64 {
    let estimate = world
        .executor
        .estimate(
            &world.state,
            &world.env,
            &unlimited(tx.clone()),
            RPC_GAS_CAP,
        )
        .unwrap();
    let mut trial = World {
        state: world.state.clone(),
        ..World::new()
    };
    trial.env = world.env.clone();
    let outcome = trial
        .send(&TxInput {
            gas_limit: estimate.gas,
            ..tx
        })
        .unwrap();
    assert!(outcome.is_success(), "{:?}", outcome.error);
    estimate.gas
}

#[test]
fn a_plain_transfer_needs_21000() {
    let mut world = World::new();
    let tx = TxInput {
        value: U256::from(1),
        ..world.tx(ALICE, Some(ALICE), Bytes::new())
    };
    assert_eq!(check(&mut world, tx), 21_000);
}

#[test]
fn an_activation_is_estimated_closely() {
    let mut world = World::new();
    let program = world.place(container(&recorded("erc20_small")));
    let call = ArbWasm::activateProgramCall { target: program };
    let tx = TxInput {
        value: ether(1),
        ..world.tx(ALICE, Some(ARB_WASM), call.abi_encode())
    };
    let gas = check(&mut world, tx.clone());
    let used = world.send(&tx).unwrap().gas_used;
    assert!(gas * 1_000 <= used * 1_035, "{gas} for {used}");
}

#[test]
fn a_call_that_hands_gas_on_gets_what_the_sixty_fourth_takes() {
    let mut world = World::new();
    let script = world.place_program(&recorded("script"));
    let burns = world.place(bytes!("5a5f5260205ff3"));
    let mut commands = vec![0x07];
    commands.extend_from_slice(burns.as_slice());
    commands.extend_from_slice(&[0; 32]);
    commands.extend_from_slice(&u64::MAX.to_le_bytes());
    commands.extend_from_slice(&0u32.to_le_bytes());
    commands.push(0);
    let tx = world.tx(ALICE, Some(script), commands);
    check(&mut world, tx);
}

#[test]
fn a_revert_is_told_with_its_data() {
    let mut world = World::new();
    let reverts = world.place(bytes!("365f5f37365ffd"));
    let tx = unlimited(world.tx(ALICE, Some(reverts), bytes!("08c379a0")));
    match world
        .executor
        .estimate(&world.state, &world.env, &tx, RPC_GAS_CAP)
    {
        Err(EstimateError::Failed(outcome)) => assert_eq!(outcome.output, bytes!("08c379a0")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_never_ends_exceeds_the_allowance() {
    let mut world = World::new();
    let endless = world.place(bytes!("5b5f56"));
    let tx = unlimited(world.tx(ALICE, Some(endless), Bytes::new()));
    let error = world
        .executor
        .estimate(&world.state, &world.env, &tx, RPC_GAS_CAP)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "gas required exceeds allowance (50000000)"
    );
}

#[test]
fn funds_that_are_missing_are_told() {
    let world = World::new();
    let tx = unlimited(TxInput {
        value: ether(5_000),
        ..world.tx(ALICE, Some(ALICE), Bytes::new())
    });
    let error = world
        .executor
        .estimate(&world.state, &world.env, &tx, RPC_GAS_CAP)
        .unwrap_err();
    assert!(matches!(
        error,
        EstimateError::Tx(TxError::InsufficientFunds { .. })
    ));
}

#[test]
fn the_l1_share_is_estimated_with_room() {
    let mut world = World::new();
    world.own(
        ARB_OWNER,
        ArbOwner::setL1PricePerUnitCall {
            price: U256::from(50_000_000_000u64),
        },
    );
    let tx = unlimited(world.tx(ALICE, Some(ALICE), Bytes::new()));
    let estimate = world
        .executor
        .estimate(&world.state, &world.env, &tx, RPC_GAS_CAP)
        .unwrap();
    assert!(estimate.gas_for_l1 > 0);
    assert_eq!(estimate.gas, 21_000 + estimate.gas_for_l1);
}
