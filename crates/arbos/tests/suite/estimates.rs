//! Gas estimates: enough, and not much more than enough.

use alloy_primitives::{Bytes, U256, address, bytes};
use alloy_sol_types::SolCall;
use arbos::{
    BlockContext, EstimateError, ExecOptions, Fees, Outcome, TxError, TxInput,
    estimate::RPC_GAS_CAP,
};

use crate::{
    common::container,
    world::{ALICE, ARB_OWNER, ARB_WASM, ArbOwner, ArbWasm, PLENTY, World, ether, recorded},
};

fn unlimited(tx: TxInput) -> TxInput {
    TxInput {
        gas_limit: 0,
        fees: Fees::Free,
        nonce: None,
        ..tx
    }
}

fn estimate(world: &World, tx: &TxInput) -> Result<u64, EstimateError> {
    world.executor.estimate(
        &world.state,
        &world.env,
        tx,
        RPC_GAS_CAP,
        &ExecOptions::default(),
    )
}

/// Runs `tx` with `gas` in a world that is thrown away.
fn try_with(world: &World, tx: &TxInput, gas: u64) -> Option<Outcome> {
    let tx = TxInput {
        gas_limit: gas,
        ..tx.clone()
    };
    let mut block = BlockContext::default();
    let options = ExecOptions::default();
    world
        .executor
        .transact(&world.state, &world.env, &mut block, &tx, &options)
        .ok()
}

/// The estimate is enough when used as it is, and at most 1.5 percent above a limit that is not.
fn check(world: &World, tx: &TxInput) -> u64 {
    let estimate = estimate(world, &unlimited(tx.clone())).unwrap();
    let outcome = try_with(world, tx, estimate).unwrap();
    assert!(outcome.is_success(), "{:?}", outcome.error);
    let enough = |gas| try_with(world, tx, gas).is_some_and(|outcome| outcome.is_success());
    let below = estimate - estimate * 15 / 1_000 - 1;
    assert!(
        estimate == 21_000 || !enough(below) || below < outcome.gas_used,
        "{below} is enough, {estimate} was estimated"
    );
    estimate
}

#[test]
fn a_plain_transfer_needs_21000() {
    let world = World::new();
    let tx = TxInput {
        value: U256::from(1),
        ..world.tx(ALICE, Some(ALICE), Bytes::new())
    };
    assert_eq!(check(&world, &tx), 21_000);
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
    check(&world, &tx);
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
    check(&world, &tx);
}

/// What the algorithm gives where what is enough is known: the first guess, (peak + 2,300) × 64 / 63,
/// and then halves until the bounds are within 1.5 percent.
fn searched(used: u64, peak: u64, enough: u64) -> u64 {
    let (mut low, mut high) = (used - 1, (peak + 2_300) * 64 / 63);
    if high < enough {
        (low, high) = (high, RPC_GAS_CAP);
    }
    while low + 1 < high && (high - low) * 1_000 >= high * 15 {
        let middle = ((low + high) / 2).min(2 * low);
        if middle >= enough {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// `check`, and that the answer is Nitro's.
fn check_searched(world: &World, tx: &TxInput, enough: u64) {
    let runs = |gas| try_with(world, tx, gas).is_some_and(|outcome| outcome.is_success());
    assert!(runs(enough) && !runs(enough - 1), "{enough}");
    let most = try_with(world, tx, PLENTY).unwrap();
    assert_eq!(
        check(world, tx),
        searched(most.gas_used, most.peak_gas, enough)
    );
}

#[test]
fn a_call_that_refunds_is_estimated_by_what_it_used_before_the_refund() {
    let mut world = World::new();
    // Clears slot 0, which is set.
    let clears = world.place(bytes!("5f5f5500"));
    world
        .state
        .storage
        .insert((clears, U256::ZERO), U256::from(1));
    let tx = world.tx(ALICE, Some(clears), Bytes::new());
    let most = try_with(&world, &tx, PLENTY).unwrap();
    // Cold slot, cleared: 5,000 gas, of which 4,800 would come back, and a fifth of all does.
    assert_eq!(most.peak_gas, 21_000 + 2 + 2 + 5_000);
    assert_eq!(most.gas_used, most.peak_gas - most.gas_refunded);
    assert!(most.gas_refunded > 0);
    check_searched(&world, &tx, most.peak_gas);
}

#[test]
fn a_creation_is_estimated_with_its_code_deposit() {
    let world = World::new();
    // Returns 32 bytes of zeros as its code.
    let tx = world.tx(ALICE, None, bytes!("60205ff3"));
    let most = try_with(&world, &tx, PLENTY).unwrap();
    check_searched(&world, &tx, most.peak_gas);
}

#[test]
fn a_call_that_checks_the_gas_left_gets_what_it_checks_for() {
    let mut world = World::new();
    // Fails unless 100,000 gas are left once GAS is paid for, and uses next to none of it.
    let checks = world.place(bytes!("5a620186a011600a57005bfe"));
    let tx = world.tx(ALICE, Some(checks), Bytes::new());
    check_searched(&world, &tx, 21_000 + 2 + 100_000);
}

#[test]
fn calldata_at_the_floor_is_estimated_at_the_floor() {
    let mut world = World::new();
    world.own(
        ARB_OWNER,
        ArbOwner::setCalldataPriceIncreaseCall { enable: true },
    );
    let tx = world.tx(ALICE, Some(ALICE), vec![1u8; 1_000]);
    let floor = 21_000 + 4 * 1_000 * 10;
    check_searched(&world, &tx, floor);
}

#[test]
fn an_estimate_above_the_senders_funds_at_its_fee_cap_is_refused() {
    let mut world = World::new();
    let poor = address!("0000000000000000000000000000000000009001");
    let price = world.env.base_fee;
    world.state.fund(poor, price * U256::from(30_000));
    let spends = world.place(bytes!("5f545f545f545f545f54600155600255600355"));
    let tx = TxInput {
        gas_limit: 0,
        ..world.tx(poor, Some(spends), Bytes::new())
    };
    let error = estimate(&world, &tx).unwrap_err();
    assert_eq!(error.to_string(), "gas required exceeds allowance (30000)");
    let all = TxInput {
        value: price * U256::from(30_000),
        ..tx
    };
    assert!(matches!(
        estimate(&world, &all).unwrap_err(),
        EstimateError::Funds
    ));
}

#[test]
fn a_revert_is_told_with_its_data() {
    let mut world = World::new();
    let reverts = world.place(bytes!("365f5f37365ffd"));
    let tx = unlimited(world.tx(ALICE, Some(reverts), bytes!("08c379a0")));
    match estimate(&world, &tx) {
        Err(EstimateError::Failed(outcome)) => assert_eq!(outcome.output, bytes!("08c379a0")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_never_ends_exceeds_the_allowance() {
    let mut world = World::new();
    let endless = world.place(bytes!("5b5f56"));
    let tx = unlimited(world.tx(ALICE, Some(endless), Bytes::new()));
    let error = estimate(&world, &tx).unwrap_err();
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
    let error = estimate(&world, &tx).unwrap_err();
    assert!(matches!(
        error,
        EstimateError::Tx {
            gas: RPC_GAS_CAP,
            error: TxError::InsufficientFunds { .. }
        }
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
    let for_l1 = world.executor.l1_gas(&world.state, &world.env, &tx);
    assert!(for_l1 > 0);
    let used = 21_000 + for_l1;
    assert_eq!(
        estimate(&world, &tx).unwrap(),
        searched(used, used, used),
        "there is no short way past the L1 share"
    );
    let free_of_l1 = ExecOptions {
        skip_l1_charging: true,
        ..ExecOptions::default()
    };
    let skipping = world
        .executor
        .estimate(&world.state, &world.env, &tx, RPC_GAS_CAP, &free_of_l1);
    assert_eq!(skipping.unwrap(), 21_000);
}
