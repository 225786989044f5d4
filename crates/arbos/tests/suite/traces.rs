//! Tracers, as their clients read them.

use alloy_primitives::{Address, Bytes, U256, bytes};
use alloy_sol_types::SolCall;
use arbos::{
    TraceConfig, TxInput,
    trace::{CallConfig, PrestateConfig, StructLogConfig},
};
use serde_json::{Value, json};

use crate::{
    common::container,
    world::{ALICE, ARB_WASM, ArbWasm, World, ether, recorded},
};

/// `script` commands: call `to` with `data`, write the output, end.
fn script_call(to: Address, data: &[u8]) -> Bytes {
    let mut script = vec![0x07];
    script.extend_from_slice(to.as_slice());
    script.extend_from_slice(&[0; 32]);
    script.extend_from_slice(&1_000_000u64.to_le_bytes());
    script.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
    script.extend_from_slice(data);
    script.push(0);
    script.into()
}

fn names(steps: &Value) -> Vec<&str> {
    steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["name"].as_str().unwrap())
        .collect()
}

#[test]
fn a_program_traces_as_its_host_functions() {
    let mut world = World::new();
    let echo = world.place_program(&recorded("h_echo"));
    let tx = world.tx(ALICE, Some(echo), bytes!("0102"));
    let trace = world
        .send_traced(&tx, TraceConfig::Stylus)
        .trace
        .unwrap()
        .unwrap();
    assert_eq!(
        names(&trace),
        [
            "user_entrypoint",
            "read_args",
            "write_result",
            "user_returned"
        ]
    );
    assert_eq!(trace[0]["args"], "0x00000002");
    assert_eq!(
        trace[0]["startInk"], trace[3]["endInk"],
        "the markers carry the ink of the start"
    );
    assert_eq!(trace[1]["outs"], "0x0102");
    assert_eq!(
        trace[1]["startInk"].as_u64().unwrap() - trace[1]["endInk"].as_u64().unwrap(),
        13_440
    );
}

#[test]
fn a_call_swallows_the_frame_it_opened() {
    let mut world = World::new();
    let echo = world.place_program(&recorded("h_echo"));
    let script = world.place_program(&recorded("script"));
    let tx = world.tx(ALICE, Some(script), script_call(echo, &[9]));
    let trace = world
        .send_traced(&tx, TraceConfig::Stylus)
        .trace
        .unwrap()
        .unwrap();
    let steps = trace.as_array().unwrap();
    let call = steps
        .iter()
        .find(|step| step["name"] == "call_contract")
        .expect("the call");
    assert_eq!(call["address"], json!(echo));
    assert_eq!(
        names(&call["steps"]),
        [
            "user_entrypoint",
            "read_args",
            "write_result",
            "user_returned"
        ]
    );
    assert!(!names(&trace).contains(&"evm_call_contract"), "merged");
    let outs = call["outs"].as_str().unwrap();
    assert_eq!(outs, "0x0000000100", "one byte returned, status 0");
}

#[test]
fn a_refused_call_still_has_an_address_and_no_steps() {
    let mut world = World::new();
    let script = world.place_program(&recorded("script"));
    let mut commands = script_call(ALICE, &[]).to_vec();
    // Far more value than the program has: the frame opens and fails.
    commands[21..53].copy_from_slice(&ether(1).to_be_bytes::<32>());
    let tx = world.tx(ALICE, Some(script), commands);
    let trace = world
        .send_traced(&tx, TraceConfig::Stylus)
        .trace
        .unwrap()
        .unwrap();
    let call = trace
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["name"] == "call_contract")
        .unwrap()
        .clone();
    assert_eq!(call["steps"], json!([]));
    assert_eq!(call["outs"], "0x0000000002");
}

#[test]
fn an_activation_traces_as_two_balance_moves() {
    let mut world = World::new();
    let program = world.place(container(&recorded("h_echo")));
    let call = ArbWasm::activateProgramCall { target: program };
    let tx = TxInput {
        value: ether(1),
        ..world.tx(ALICE, Some(ARB_WASM), call.abi_encode())
    };
    let trace = world
        .send_traced(&tx, TraceConfig::Stylus)
        .trace
        .unwrap()
        .unwrap();
    assert_eq!(names(&trace), ["evm_call_contract", "evm_call_contract"]);
    assert_eq!(
        trace[0]["address"],
        json!(Address::ZERO),
        "the network account"
    );
    assert_eq!(trace[1]["address"], json!(ALICE));
    for step in trace.as_array().unwrap() {
        assert_eq!((&step["args"], &step["steps"]), (&json!("0x"), &json!([])));
    }
}

#[test]
fn a_creation_keeps_its_frame_as_a_step_of_its_own() {
    let mut world = World::new();
    let script = world.place_program(&recorded("script"));
    let init = bytes!("602a5f5260205ff3");
    let mut commands = vec![0x0d];
    commands.extend_from_slice(&[0; 32]);
    commands.extend_from_slice(&u32::try_from(init.len()).unwrap().to_le_bytes());
    commands.extend_from_slice(&init);
    commands.push(0);
    let tx = world.tx(ALICE, Some(script), commands);
    let trace = world
        .send_traced(&tx, TraceConfig::Stylus)
        .trace
        .unwrap()
        .unwrap();
    let names = names(&trace);
    let at = names
        .iter()
        .position(|name| *name == "create1")
        .expect("the creation");
    assert_eq!(names[at - 1], "evm_create1");
    assert_eq!(
        trace[at]["outs"].as_str().unwrap()[2..42],
        trace[at - 1]["address"].as_str().unwrap()[2..]
    );
}

#[test]
fn the_call_tracer_shows_the_tree_with_logs_and_revert_reasons() {
    let mut world = World::new();
    let script = world.place_program(&recorded("script"));
    // Error(string) with "no".
    let reason = [
        &bytes!("08c379a0")[..],
        &U256::from(32).to_be_bytes::<32>(),
        &U256::from(2).to_be_bytes::<32>(),
        b"no",
        &[0; 30],
    ]
    .concat();
    let reverts = world.place(bytes!("365f5f37365ffd"));
    let tx = world.tx(ALICE, Some(script), script_call(reverts, &reason));
    let config = TraceConfig::Call(CallConfig {
        with_log: true,
        ..CallConfig::default()
    });
    let outcome = world.send_traced(&tx, config);
    let trace = outcome.trace.unwrap().unwrap();
    assert_eq!(
        (&trace["type"], &trace["from"], &trace["to"]),
        (&json!("CALL"), &json!(ALICE), &json!(script))
    );
    assert_eq!(trace["gasUsed"], json!(format!("{:#x}", outcome.gas_used)));
    assert_eq!(trace["gas"], json!(format!("{:#x}", tx.gas_limit)));
    let inner = &trace["calls"][0];
    assert_eq!(
        (&inner["error"], &inner["revertReason"]),
        (&json!("execution reverted"), &json!("no"))
    );
}

#[test]
fn struct_logs_follow_opcodes_and_host_functions() {
    let mut world = World::new();
    let stores = world.place(bytes!("60076005556005545f5260205ff3"));
    let tx = world.tx(ALICE, Some(stores), Bytes::new());
    let config = TraceConfig::StructLog(StructLogConfig::default());
    let outcome = world.send_traced(&tx, config.clone());
    let trace = outcome.trace.unwrap().unwrap();
    assert_eq!(
        (&trace["failed"], &trace["gas"]),
        (&json!(false), &json!(outcome.gas_used))
    );
    let logs = trace["structLogs"].as_array().unwrap();
    let ops: Vec<_> = logs.iter().map(|log| log["op"].as_str().unwrap()).collect();
    assert_eq!(
        ops,
        [
            "PUSH1", "PUSH1", "SSTORE", "PUSH1", "SLOAD", "PUSH0", "MSTORE", "PUSH1", "PUSH0",
            "RETURN"
        ]
    );
    assert_eq!(logs[2]["gasCost"], 22_100);
    assert_eq!(logs[2]["stack"], json!(["0x7", "0x5"]));
    assert_eq!(logs[4]["storage"].as_object().unwrap().len(), 1);
    assert_eq!(logs[0]["depth"], 1);

    let echo = world.place_program(&recorded("h_echo"));
    let tx = world.tx(ALICE, Some(echo), bytes!("01"));
    let trace = world.send_traced(&tx, config).trace.unwrap().unwrap();
    let logs = trace["structLogs"].as_array().unwrap();
    let ops: Vec<_> = logs.iter().map(|log| log["op"].as_str().unwrap()).collect();
    assert!(ops.contains(&"CALLDATACOPY"), "{ops:?}");
}

#[test]
fn struct_logs_of_a_program_show_the_slots_that_reach_the_state() {
    let mut world = World::new();
    // Loads slot 7 twice, caches writes to slots 7 and 9, loads slot 7 again, flushes.
    let program = wat::parse_str(
        r#"(module
            (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
            (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
            (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
            (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32)
                (i32.store8 (i32.const 31) (i32.const 7))
                (i32.store8 (i32.const 63) (i32.const 9))
                (i32.store8 (i32.const 95) (i32.const 5))
                (call $load (i32.const 0) (i32.const 128))
                (call $load (i32.const 0) (i32.const 128))
                (call $cache (i32.const 0) (i32.const 64))
                (call $cache (i32.const 32) (i32.const 64))
                (call $load (i32.const 0) (i32.const 128))
                (call $flush (i32.const 1))
                (i32.const 0)))"#,
    );
    let program = world.place_program(&program.unwrap());
    let tx = world.tx(ALICE, Some(program), Bytes::new());
    let config = TraceConfig::StructLog(StructLogConfig::default());
    let trace = world.send_traced(&tx, config).trace.unwrap().unwrap();
    let logs = trace["structLogs"].as_array().unwrap();
    let ops: Vec<_> = logs.iter().map(|log| log["op"].as_str().unwrap()).collect();
    assert_eq!(ops, ["SLOAD", "POP", "SSTORE", "SSTORE", "STOP"]);
    assert_eq!(logs[0]["storage"].as_object().unwrap().len(), 1);
    assert_eq!(logs[3]["storage"].as_object().unwrap().len(), 2);
    let mut written: Vec<_> = logs[2..4].iter().map(|log| log["stack"].clone()).collect();
    written.sort_by_key(Value::to_string);
    assert_eq!(written, [json!(["0x5", "0x7"]), json!(["0x5", "0x9"])]);
    let charged = |log: &Value| log["gasCost"].as_u64().unwrap();
    assert!(charged(&logs[2]) > 22_100, "both slots: {logs:#?}");
    assert_eq!(charged(&logs[3]), 0);
}

#[test]
fn the_prestate_tracer_shows_accounts_before_and_what_changed() {
    let mut world = World::new();
    let stores = world.place(bytes!("600760055500"));
    let tx = world.tx(ALICE, Some(stores), Bytes::new());
    let before = world.state.accounts[&ALICE].balance;
    let outcome = world
        .executor
        .transact(
            &world.state,
            &world.env,
            &mut arbos::BlockContext::default(),
            &tx,
            &arbos::ExecOptions {
                trace: Some(TraceConfig::Prestate(PrestateConfig::default())),
                ..Default::default()
            },
        )
        .unwrap();
    let key = |address: Address| address.to_string().to_lowercase();
    assert_eq!(
        outcome.trace.unwrap().unwrap()[key(ALICE)]["balance"],
        json!(before)
    );

    let config = TraceConfig::Prestate(PrestateConfig {
        diff_mode: true,
        ..PrestateConfig::default()
    });
    let trace = world.send_traced(&tx, config).trace.unwrap().unwrap();
    assert_eq!(trace["post"][key(ALICE)]["nonce"], 1);
    let slots = trace["post"][key(stores)]["storage"].as_object().unwrap();
    assert_eq!(slots.len(), 1);
    assert!(
        trace["pre"][key(stores)]["storage"].is_null(),
        "it was zero"
    );
}

#[test]
fn tracers_are_chosen_as_clients_ask() {
    let config = |options: Value| TraceConfig::from_rpc(&options);
    assert_eq!(
        config(json!({})),
        Ok(TraceConfig::StructLog(StructLogConfig::default()))
    );
    assert_eq!(
        config(json!({ "tracer": "stylusTracer" })),
        Ok(TraceConfig::Stylus)
    );
    let source = "{ \"hostio\": function(info) { this.nests.push(info) }, \"result\": function() { return [] } }";
    assert_eq!(config(json!({ "tracer": source })), Ok(TraceConfig::Stylus));
    let with_log = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    assert_eq!(
        config(with_log),
        Ok(TraceConfig::Call(CallConfig {
            with_log: true,
            only_top_call: false
        }))
    );
    assert_eq!(
        config(json!({ "tracer": "muxTracer", "tracerConfig": { "4byteTracer": {} } })),
        Ok(TraceConfig::Mux(vec![(
            "4byteTracer".into(),
            TraceConfig::FourByte
        )]))
    );
    assert!(config(json!({ "tracer": "nobodysTracer" })).is_err());
}
