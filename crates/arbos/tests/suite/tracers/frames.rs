//! Frames: who called whom, in a tree or in a row, and what became of it.

use alloy_primitives::{Address, Bytes, U256, bytes, hex};
use alloy_sol_types::{Panic, SolError};
use arbos::{TraceConfig, TxInput, trace::TraceError};
use serde_json::{Value, json};

use super::{ARB_SYS, REVERTS, run, traced, wei, withdrawal};
use crate::world::{ALICE, World};

#[test]
fn the_outermost_frame_says_who_paid_for_the_gas_and_who_got_it() {
    for name in ["callTracer", "flatCallTracer"] {
        let mut world = World::new();
        let tx = world.tx(ALICE, Some(Address::repeat_byte(7)), Bytes::new());
        let (trace, outcome) = traced(&mut world, &tx, name, Value::Null);
        let top = if trace.is_array() { &trace[0] } else { &trace };
        let before = top["beforeEVMTransfers"].as_array().unwrap();
        assert_eq!(before.len(), 1);
        assert_eq!(before[0]["purpose"], "feePayment");
        assert_eq!(before[0]["from"], json!(ALICE.to_string()), "with checksum");
        assert_eq!(before[0]["to"], Value::Null);
        let price = U256::from(outcome.effective_gas_price);
        let paid = wei(&before[0]["value"]);
        assert_eq!(paid, price * U256::from(tx.gas_limit));

        let after = top["afterEVMTransfers"].as_array().unwrap();
        let purposes: Vec<_> = after.iter().map(|it| it["purpose"].clone()).collect();
        assert_eq!(purposes, ["gasRefund", "feeCollection", "feeCollection"]);
        assert_eq!(after[0]["to"], json!(ALICE.to_string()));
        assert_eq!(
            after[2]["to"], "0xa4B00000000000000000000000000000000000F6",
            "the L1 pricer's, even of nothing"
        );
        let collected: U256 = after[1..].iter().map(|it| wei(&it["value"])).sum();
        assert_eq!(collected, price * U256::from(outcome.gas_used));
        assert_eq!(paid, collected + wei(&after[0]["value"]));
    }
}

#[test]
fn a_panic_has_a_revert_reason_and_a_custom_error_has_none() {
    let reason = |data: Vec<u8>| {
        let mut world = World::new();
        let contract = world.place(REVERTS);
        let tx = world.tx(ALICE, Some(contract), data);
        let (trace, _) = traced(&mut world, &tx, "callTracer", Value::Null);
        assert_eq!(trace["error"], "execution reverted");
        trace["revertReason"].clone()
    };
    let panic = Panic {
        code: U256::from(0x11),
    };
    assert_eq!(
        reason(panic.abi_encode()),
        "arithmetic underflow or overflow"
    );
    assert_eq!(reason(hex!("e450d38c").to_vec()), Value::Null);
    assert_eq!(reason(Vec::new()), Value::Null);
}

#[test]
fn logs_of_a_frame_are_undone_with_the_frame_that_called_it() {
    // Logs nothing with no topics.
    let mut world = World::new();
    let logs = world.place(bytes!("5f5fa000"));
    let call = |end: &[u8]| {
        let mut code = hex!("5f5f5f5f5f73").to_vec();
        code.extend_from_slice(logs.as_slice());
        code.extend_from_slice(&hex!("5af150"));
        code.extend_from_slice(end);
        Bytes::from(code)
    };
    for (end, kept) in [(&hex!("00")[..], true), (&hex!("5f5ffd")[..], false)] {
        let outer = world.place(call(end));
        let tx = world.tx(ALICE, Some(outer), Bytes::new());
        let (trace, _) = traced(&mut world, &tx, "callTracer", json!({ "withLog": true }));
        let inner = &trace["calls"][0];
        assert_eq!(inner["to"], json!(logs));
        assert_eq!(inner["logs"].is_array(), kept, "{trace}");
        if kept {
            let fields: Vec<_> = inner["logs"][0].as_object().unwrap().keys().collect();
            assert_eq!(fields, ["address", "data", "position", "topics"]);
        }
    }
}

#[test]
fn a_precompile_that_burns_calls_nobody_with_the_value() {
    let mut world = World::new();
    let tx = withdrawal(&world, 5);
    let (trace, _) = traced(&mut world, &tx, "callTracer", json!({ "withLog": true }));
    let call = json!({
        "type": "CALL", "from": ARB_SYS, "to": Address::ZERO, "value": "0x5",
        "gas": "0x0", "gasUsed": "0x0", "input": "0x",
    });
    assert_eq!(trace["calls"], json!([call]));
    assert_eq!(trace["logs"][0]["position"], "0x1", "after the call");
    let tx = withdrawal(&world, 5);
    let (flat, _) = traced(&mut world, &tx, "flatCallTracer", Value::Null);
    assert_eq!(flat[0]["subtraces"], 1);
    assert_eq!(flat[1]["action"]["value"], "0x5");
    assert_eq!(flat[1]["traceAddress"], json!([0]));
    let tx = withdrawal(&world, 5);
    let (stylus, _) = traced(&mut world, &tx, "stylusTracer", Value::Null);
    assert_eq!(stylus[0]["name"], "evm_call_contract");
    assert_eq!(stylus[0]["address"], json!(Address::ZERO));

    let tx = withdrawal(&world, 5);
    let trace = world
        .send_traced(&tx, TraceConfig::from_rpc(&json!({})).unwrap())
        .trace;
    let steps = trace.unwrap().unwrap()["structLogs"].clone();
    let shown: Vec<_> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (
                step["op"].clone(),
                step["depth"].clone(),
                step["stack"].clone(),
            )
        })
        .collect();
    let zeros = |len: usize| vec!["0x0"; len];
    assert_eq!(
        shown,
        [
            (
                json!("CALL"),
                json!(1),
                json!(["0x0", "0x0", "0x0", "0x0", "0x5", "0x0", "0x0"])
            ),
            (json!("RETURN"), json!(2), json!(zeros(2))),
            (json!("POP"), json!(1), json!(["0x1"])),
        ]
    );
}

#[test]
fn flat_frames_stand_in_a_row_with_their_places_in_the_tree() {
    // Calls the identity precompile, creates an empty contract, destroys itself.
    let code = bytes!("5f5f5f5f5f60045af1505f5f5ff05033ff");
    let frames = run(code.clone(), "flatCallTracer", Value::Null);
    let shown: Vec<_> = frames
        .as_array()
        .unwrap()
        .iter()
        .map(|frame| (frame["type"].clone(), frame["traceAddress"].clone()))
        .collect();
    assert_eq!(
        shown,
        [
            (json!("call"), json!([])),
            (json!("create"), json!([0])),
            (json!("suicide"), json!([1])),
        ]
    );
    assert_eq!(frames[0]["subtraces"], 2);
    assert_eq!(frames[1]["action"]["init"], "0x");
    assert_eq!(frames[1]["result"]["code"], "0x");
    assert!(frames[1]["result"]["address"].is_string());
    assert_eq!(frames[2]["action"]["refundAddress"], json!(ALICE));
    assert_eq!(frames[2]["action"]["balance"], "0x0");
    assert!(frames[2]["result"].is_null());

    let all = run(
        code,
        "flatCallTracer",
        json!({ "includePrecompiles": true }),
    );
    assert_eq!(all[0]["subtraces"], 3);
    assert_eq!(
        all[1]["action"]["to"],
        "0x0000000000000000000000000000000000000004"
    );
}

#[test]
fn a_flat_revert_keeps_its_result_and_other_failures_lose_it() {
    let reverted = run(REVERTS, "flatCallTracer", Value::Null);
    assert_eq!(reverted[0]["error"], "execution reverted");
    assert_eq!(reverted[0]["result"]["output"], "0x");
    let parity = json!({ "convertParityErrors": true });
    let reverted = run(REVERTS, "flatCallTracer", parity.clone());
    assert_eq!(reverted[0]["error"], "Reverted");
    let jumped = run(bytes!("600356"), "flatCallTracer", parity);
    assert_eq!(jumped[0]["error"], "Bad jump destination");
    assert!(jumped[0]["result"].is_null());
}

#[test]
fn a_creation_that_fails_keeps_the_address_it_would_have_had() {
    let mut world = World::new();
    let program = wat::parse_str(
        r#"(module
            (import "vm_hooks" "create1" (func $create (param i32 i32 i32 i32 i32)))
            (memory (export "memory") 1 1)
            (data (i32.const 0) "\5f\5f\fd")
            (func (export "user_entrypoint") (param i32) (result i32)
                (call $create (i32.const 0) (i32.const 3) (i32.const 100) (i32.const 200) (i32.const 300))
                (i32.const 0)))"#,
    );
    let program = world.place_program(&program.unwrap());
    let nonce = world.state.accounts[&program].nonce;
    let tx = world.tx(ALICE, Some(program), Bytes::new());
    let (trace, _) = traced(&mut world, &tx, "stylusTracer", Value::Null);
    let creation = trace
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["name"] == "evm_create1")
        .unwrap();
    assert_eq!(creation["address"], json!(program.create(nonce)));
    let tx = world.tx(ALICE, Some(program), Bytes::new());
    let (trace, _) = traced(&mut world, &tx, "callTracer", Value::Null);
    assert_eq!(trace["calls"][0]["type"], "CREATE");
    assert!(trace["calls"][0]["to"].is_null(), "nothing is there");
}

#[test]
fn a_call_refused_for_want_of_gas_is_an_error_in_the_trace() {
    let mut world = World::new();
    let program = wat::parse_str(
        r#"(module
            (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
            (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32)
                (loop
                    (drop (call $call (i32.const 0) (i32.const 200) (i32.const 0) (i32.const 300) (i64.const -1) (i32.const 400)))
                    (br 0))
                unreachable))"#,
    );
    let program = world.place_program(&program.unwrap());
    let mut errors = 0;
    for gas_limit in (24_000..60_000).step_by(250) {
        let tx = TxInput {
            gas_limit,
            ..world.tx(ALICE, Some(program), Bytes::new())
        };
        match world.send_traced(&tx, TraceConfig::Stylus).trace.unwrap() {
            Ok(trace) => assert!(trace.is_array()),
            Err(error) => {
                errors += 1;
                let TraceError::CallWithoutFrame { last, .. } = &error else {
                    panic!("{error}");
                };
                let text = format!("trace inconsistency for call_contract: last opcode is {last}");
                assert_eq!(error.to_string(), text);
            }
        }
    }
    assert!(errors > 0, "some limit ends at the price of a call");
}
