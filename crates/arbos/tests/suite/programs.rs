//! Stylus programs inside transactions: activation, expiry, delegation, deployment, fragments.

use alloy_primitives::{Address, B256, Bytes, U256, address, bytes, keccak256};
use alloy_sol_types::{SolCall, SolError};
use arbos::{
    ExecError, Fees, Status, TxError, TxInput,
    genesis::{DEV_ACCOUNT, STYLUS_DEPLOYER},
};

use crate::{
    common::container,
    world::{
        ALICE, ARB_OWNER, ARB_WASM, ArbOwner, ArbWasm, PLENTY, StylusDeployer, World, ether,
        recorded,
    },
};

/// Commands of the recorded `script` program.
fn script_delegate(target: Address, data: &[u8]) -> Bytes {
    let mut script = vec![0x08];
    script.extend_from_slice(target.as_slice());
    script.extend_from_slice(&u64::MAX.to_le_bytes());
    script.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
    script.extend_from_slice(data);
    script.push(0);
    script.into()
}

#[test]
fn a_program_runs_once_it_is_activated_and_not_before() {
    let mut world = World::new();
    let echo = world.place(container(&recorded("h_echo")));
    let tx = world.tx(ALICE, Some(echo), bytes!("aabb"));
    let outcome = world.send(&tx).unwrap();
    assert_eq!((outcome.status, outcome.gas_used), (Status::Halt, PLENTY));
    assert_eq!(
        outcome.error,
        Some(ExecError::Other("error ProgramNotActivated()".into()))
    );

    let before = world.state.accounts[&ALICE].balance;
    let activation = world.activate(echo, ether(1));
    assert!(activation.is_success(), "{:?}", activation.error);
    let fee = ArbWasm::activateProgramCall::abi_decode_returns(&activation.output)
        .unwrap()
        .dataFee;
    let paid = before - world.state.accounts[&ALICE].balance;
    let gas = U256::from(activation.gas_used) * world.env.base_fee;
    assert_eq!(paid, fee + gas, "the excess comes back");

    let tx = world.tx(ALICE, Some(echo), bytes!("aabb"));
    let outcome = world.send(&tx).unwrap();
    assert_eq!(
        (outcome.status, outcome.output),
        (Status::Success, bytes!("aabb"))
    );
    let again = world.activate(echo, ether(1));
    assert_eq!(again.status, Status::Revert);
    assert_eq!(
        again.output,
        Bytes::from(ArbWasm::ProgramUpToDate {}.abi_encode())
    );
}

#[test]
fn a_refused_activation_takes_all_gas_and_names_its_reason() {
    let mut world = World::new();
    let wasm = wat::parse_str(
        r#"(module (memory (export "memory") 1) (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#,
    )
    .unwrap();
    let target = world.place(container(&wasm));
    let outcome = world.activate(target, ether(1));
    assert_eq!((outcome.status, outcome.gas_used), (Status::Halt, PLENTY));
    let text = outcome.error.unwrap().to_string();
    assert!(text.starts_with("program activation failed: "), "{text}");
    assert!(text.contains("pay_for_memory_grow"), "{text}");
}

#[test]
fn a_program_expires() {
    let mut world = World::new();
    let echo = world.place_program(&recorded("h_echo"));
    world.own(ARB_OWNER, ArbOwner::setWasmExpiryDaysCall { expiry: 1 });
    world.next_block(86_400 - 3_600);
    let tx = world.tx(ALICE, Some(echo), Bytes::new());
    assert!(world.send(&tx).unwrap().is_success());
    world.next_block(7_200);
    let tx = world.tx(ALICE, Some(echo), Bytes::new());
    let outcome = world.send(&tx).unwrap();
    assert_eq!(outcome.status, Status::Halt);
    assert!(
        outcome
            .error
            .unwrap()
            .to_string()
            .starts_with("error ProgramExpired(")
    );
    let again = world.activate(echo, ether(1));
    assert!(
        again.is_success(),
        "an expired program may be activated again"
    );
}

#[test]
fn selfdestruct_reverts_for_an_account_that_holds_a_program() {
    let mut world = World::new();
    let script = world.place_program(&recorded("script"));
    let destroys = world.place(bytes!("33ff"));
    let tx = world.tx(ALICE, Some(script), script_delegate(destroys, &[]));
    let outcome = world.send(&tx).unwrap();
    assert!(outcome.is_success(), "{:?}", outcome.error);
    assert_eq!(outcome.output[0], 2, "the delegate call failed");
    assert!(outcome.gas_used < 1_000_000, "and kept its gas");
}

#[test]
fn initcode_that_is_a_program_fails_as_not_activated() {
    let mut world = World::new();
    let tx = world.tx(ALICE, None, container(&recorded("h_echo")));
    let outcome = world.send(&tx).unwrap();
    assert_eq!((outcome.status, outcome.gas_used), (Status::Halt, PLENTY));
    assert_eq!(
        outcome.error,
        Some(ExecError::Other("error ProgramNotActivated()".into()))
    );
}

#[test]
fn a_delegated_account_runs_the_program_it_points_to() {
    let mut world = World::new();
    let echo = world.place_program(&recorded("h_echo"));
    let delegated = address!("de1e9a7ed0000000000000000000000000000001");
    let designator = [&[0xef, 0x01, 0x00], echo.as_slice()].concat();
    world.state.set_code(delegated, designator.into());
    let tx = world.tx(ALICE, Some(delegated), bytes!("0102"));
    let outcome = world.send(&tx).unwrap();
    assert_eq!(
        (outcome.status, outcome.output),
        (Status::Success, bytes!("0102"))
    );
}

#[test]
fn a_recent_program_is_cheaper_within_a_block_from_60_on() {
    for (version, discounted) in [(51, false), (60, true)] {
        let mut world = World::at(version);
        let echo = world.place_program(&recorded("h_echo"));
        world.next_block(1);
        let mut gas = Vec::new();
        for _ in 0..2 {
            let tx = world.tx(ALICE, Some(echo), Bytes::new());
            gas.push(world.send(&tx).unwrap().gas_used);
        }
        assert_eq!(gas[1] < gas[0], discounted, "at {version}: {gas:?}");
        world.next_block(1);
        let tx = world.tx(ALICE, Some(echo), Bytes::new());
        assert_eq!(
            world.send(&tx).unwrap().gas_used,
            gas[0],
            "a new block forgets"
        );
    }
}

#[test]
fn a_transaction_that_is_in_no_block_leaves_no_recent_program_from_60_on() {
    // Takes all the memory that 32 bits can address and calls itself while there is calldata: twice there is not.
    const GREEDY: &str = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
        (import "vm_hooks" "contract_address" (func $me (param i32)))
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (memory (export "memory") 0)
        (func (export "user_entrypoint") (param $len i32) (result i32)
            (drop (memory.grow (i32.const 65536)))
            (if (local.get $len) (then
                (call $me (i32.const 0))
                (drop (call $call (i32.const 0) (i32.const 32) (i32.const 0)
                    (i32.const 64) (i64.const -1) (i32.const 96)))))
            (i32.const 0)))"#;
    let mut world = World::at(60);
    let greedy = world.place_program(&wat::parse_str(GREEDY).unwrap());
    let mut gas_after = |refused: bool| {
        world.next_block(1);
        if refused {
            let tx = world.tx(ALICE, Some(greedy), bytes!("01"));
            let error = world.send(&tx).unwrap_err();
            assert!(matches!(error, TxError::Room(_)), "{error}");
        }
        let tx = world.tx(ALICE, Some(greedy), Bytes::new());
        world.send(&tx).unwrap().gas_used
    };
    assert_eq!(gas_after(true), gas_after(false));
}

#[test]
fn a_fragmented_program_runs_from_60_on() {
    let mut world = World::at(60);
    let wasm = recorded("h_echo");
    let stream = &container(&wasm)[4..];
    let (left, right) = stream.split_at(stream.len() / 2);
    let fragments = [left, right].map(|part| world.place([&[0xef, 0xf0, 0x01], part].concat()));
    let mut root = vec![0xef, 0xf0, 0x02, 0x00];
    root.extend_from_slice(&u32::try_from(wasm.len()).unwrap().to_be_bytes());
    for fragment in fragments {
        root.extend_from_slice(fragment.as_slice());
    }
    let root = world.place(root);
    assert!(world.activate(root, ether(1)).is_success());
    let fresh = World {
        executor: arbos::Executor::new(arbos::ChainConfig::default()),
        ..world
    };
    let outcome = fresh.view(root, bytes!("77"));
    assert_eq!(
        (outcome.status, outcome.output),
        (Status::Success, bytes!("77"))
    );
    let outcome = fresh.view(fragments[0], Bytes::new());
    assert!(
        matches!(outcome.error, Some(ExecError::InvalidOpcode(_))),
        "a fragment is not executable"
    );
}

#[test]
fn the_deployer_creates_activates_initialises_and_refunds() {
    let mut world = World::new();
    let code = container(&recorded("h_echo"));
    let mut initcode = vec![0x7f];
    initcode.extend_from_slice(&U256::from(code.len()).to_be_bytes::<32>());
    initcode.extend_from_slice(&[0x80, 0x60, 0x2b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00]);
    initcode.extend_from_slice(&code);
    let deploy = StylusDeployer::deployCall {
        bytecode: initcode.into(),
        initData: bytes!("5585258d"),
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    let before = world.state.accounts[&ALICE].balance;
    let tx = TxInput {
        value: ether(1),
        ..world.tx(ALICE, Some(STYLUS_DEPLOYER), deploy.abi_encode())
    };
    let outcome = world.send(&tx).unwrap();
    assert!(
        outcome.is_success(),
        "{:?} {}",
        outcome.error,
        outcome.output
    );
    let event = outcome
        .logs
        .iter()
        .find(|log| log.address == STYLUS_DEPLOYER)
        .expect("ContractDeployed");
    assert_eq!(
        event.data.topics()[0],
        keccak256("ContractDeployed(address)")
    );
    let program = Address::from_slice(&event.data.data[12..]);
    let spent = before - world.state.accounts[&ALICE].balance;
    assert!(
        spent < ether(1) / U256::from(10),
        "what is left of the value comes back, {spent} spent"
    );
    assert_eq!(world.view(program, bytes!("cafe")).output, bytes!("cafe"));
    assert!(
        world
            .view(
                ARB_WASM,
                ArbWasm::programTimeLeftCall { target: program }.abi_encode()
            )
            .is_success()
    );
}

#[test]
fn a_call_may_run_a_program_without_being_able_to_pay() {
    let mut world = World::new();
    let echo = world.place_program(&recorded("h_echo"));
    let poor = address!("900700000000000000000000000000000000000f");
    let tx = TxInput {
        from: poor,
        fees: Fees::Free,
        nonce: None,
        ..world.tx(DEV_ACCOUNT, Some(echo), bytes!("01"))
    };
    assert_eq!(world.call(&tx).unwrap().output, bytes!("01"));
}
