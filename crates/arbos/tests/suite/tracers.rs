//! Tracers as real Nitro answers with them: frames in every form, opcodes, hashes, wei that moves.

use alloy_primitives::{Address, B256, Bytes, U256, address, bytes, hex, keccak256};
use alloy_sol_types::{Panic, SolError};
use arbos::{Outcome, TraceConfig, TxInput, trace::TraceError};
use serde_json::{Value, json};

use crate::world::{ALICE, World, ether, recorded};

const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
/// Reverts with its calldata.
const REVERTS: Bytes = bytes!("365f5f37365ffd");

fn tracer(name: &str, config: Value) -> TraceConfig {
    TraceConfig::from_rpc(&json!({ "tracer": name, "tracerConfig": config })).unwrap()
}

fn traced(world: &mut World, tx: &TxInput, name: &str, config: Value) -> (Value, Outcome) {
    let mut outcome = world.send_traced(tx, tracer(name, config));
    (outcome.trace.take().unwrap().unwrap(), outcome)
}

/// Runs `code` as a contract under a tracer.
fn run(code: Bytes, name: &str, config: Value) -> Value {
    let mut world = World::new();
    let contract = world.place(code);
    let tx = world.tx(ALICE, Some(contract), Bytes::new());
    traced(&mut world, &tx, name, config).0
}

fn wei(value: &Value) -> U256 {
    value.as_str().unwrap().parse().unwrap()
}

fn key(address: Address) -> String {
    address.to_string().to_lowercase()
}

fn slot(number: u64) -> String {
    B256::from(U256::from(number)).to_string()
}

/// A withdrawal of `value` wei by ArbSys, which burns them.
fn withdrawal(world: &World, value: u64) -> TxInput {
    let data = [&hex!("25e16063")[..], ALICE.into_word().as_slice()].concat();
    TxInput {
        value: U256::from(value),
        ..world.tx(ALICE, Some(ARB_SYS), data)
    }
}

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
fn selectors_of_precompiles_are_not_counted() {
    let mut world = World::new();
    let tx = withdrawal(&world, 5);
    let (trace, _) = traced(&mut world, &tx, "4byteTracer", Value::Null);
    assert_eq!(trace, json!({}));
    let contract = world.place(bytes!("00"));
    let tx = world.tx(ALICE, Some(contract), bytes!("0102030405"));
    let (trace, _) = traced(&mut world, &tx, "4byteTracer", Value::Null);
    assert_eq!(trace, json!({ "0x01020304-1": 1 }));
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
fn several_tracers_at_once_show_what_each_shows_alone() {
    let code = bytes!("5f5f5f5f5f60045af15060205f205000");
    let names = [
        "callTracer",
        "flatCallTracer",
        "4byteTracer",
        "erc7562Tracer",
        "keccak256PreimageTracer",
        "noopTracer",
        "stylusTracer",
    ];
    let tracers: serde_json::Map<_, _> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({})))
        .collect();
    let all = run(code.clone(), "muxTracer", Value::Object(tracers));
    assert_eq!(all.as_object().unwrap().len(), names.len());
    for name in names {
        assert_eq!(all[name], run(code.clone(), name, json!({})), "{name}");
    }
}

#[test]
fn bundlers_see_slots_opcodes_and_code_that_was_looked_at() {
    let code = [
        &hex!("5f5450")[..],           // reads slot 0
        &hex!("6007600155")[..],       // writes slot 1
        &hex!("5f5450")[..],           // reads slot 0 again
        &hex!("60015450")[..],         // reads slot 1, which it wrote
        &hex!("600960025d")[..],       // writes transient slot 2
        &hex!("60025c50")[..],         // reads transient slot 2
        &hex!("333b50")[..],           // looks at code
        &hex!("303b1550")[..],         // asks whether there is code
        &hex!("5a50")[..],             // looks at the gas
        &hex!("60205f2050")[..],       // hashes a word of zeros
        &hex!("5f5f5f5f335afa50")[..], // calls with all gas
        &hex!("00")[..],
    ]
    .concat();
    let size = code.len();
    let trace = run(code.into(), "erc7562Tracer", Value::Null);
    let zero = B256::ZERO.to_string();
    let slots = &trace["accessedSlots"];
    assert_eq!(slots["reads"], json!({ slot(0): [zero] }));
    assert_eq!(slots["writes"], json!({ slot(1): 1 }));
    assert_eq!(slots["transientReads"], json!({ slot(2): 1 }));
    assert_eq!(slots["transientWrites"], json!({ slot(2): 1 }));
    assert_eq!(trace["extCodeAccessInfo"], json!([ALICE]));
    assert_eq!(
        trace["usedOpcodes"],
        json!({
            "0x0": 1, "0x20": 1, "0x30": 1, "0x33": 2, "0x3b": 2, "0x54": 3, "0x55": 1,
            "0x5a": 1, "0x5c": 1, "0x5d": 1, "0xfa": 1,
        })
    );
    let own = trace["to"].as_str().unwrap();
    assert_eq!(
        trace["contractSize"],
        json!({
            key(ALICE): { "contractSize": 0, "opcode": 0x3b },
            own: { "contractSize": size, "opcode": 0x3b },
        })
    );
    assert_eq!(trace["keccak"], json!([zero]));
    assert_eq!(trace["outOfGas"], false);
    assert_eq!(trace["calls"][0]["type"], "STATICCALL");
    assert_eq!(trace["calls"][0]["usedOpcodes"], json!({}));

    let ignored = json!({ "ignoredOpcodes": ["0x54", "0x0"] });
    let trace = run(bytes!("5f545000"), "erc7562Tracer", ignored);
    assert_eq!(trace["usedOpcodes"], json!({ "0x5f": 1, "0x50": 1 }));
}

#[test]
fn a_read_shows_what_the_slot_held_before() {
    let mut world = World::new();
    // Reads slot 0, then stores the first word of its calldata there.
    let stores = world.place(bytes!("5f54505f355f5500"));
    let word = |value: u64| U256::from(value).to_be_bytes_vec();
    let tx = world.tx(ALICE, Some(stores), word(7));
    traced(&mut world, &tx, "erc7562Tracer", Value::Null);
    let tx = world.tx(ALICE, Some(stores), word(9));
    let (trace, _) = traced(&mut world, &tx, "erc7562Tracer", Value::Null);
    assert_eq!(
        trace["accessedSlots"]["reads"],
        json!({ slot(0): [slot(7)] })
    );
}

#[test]
fn what_was_hashed_is_shown_by_its_hash_for_opcodes_and_host_functions() {
    let zeros = [0_u8; 32];
    let hash = keccak256(zeros).to_string();
    let trace = run(
        bytes!("60205f205000"),
        "keccak256PreimageTracer",
        Value::Null,
    );
    assert_eq!(trace, json!({ &hash: Bytes::from(zeros) }));
    assert_eq!(
        run(bytes!("00"), "keccak256PreimageTracer", Value::Null),
        json!({})
    );

    let program = wat::parse_str(
        r#"(module
            (import "vm_hooks" "native_keccak256" (func $hash (param i32 i32 i32)))
            (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32)
                (call $hash (i32.const 0) (i32.const 32) (i32.const 64))
                (i32.const 0)))"#,
    );
    let mut world = World::new();
    let program = world.place_program(&program.unwrap());
    let tx = world.tx(ALICE, Some(program), Bytes::new());
    let (trace, _) = traced(&mut world, &tx, "keccak256PreimageTracer", Value::Null);
    assert_eq!(trace, json!({ &hash: Bytes::from(zeros) }));
    let tx = world.tx(ALICE, Some(program), Bytes::new());
    let (trace, _) = traced(&mut world, &tx, "erc7562Tracer", Value::Null);
    assert_eq!(trace["usedOpcodes"], json!({ "0x0": 1, "0x20": 1 }));
    assert_eq!(trace["keccak"], json!([Bytes::from(zeros)]));
}

#[test]
fn host_functions_stand_for_opcodes_with_the_stacks_that_these_take() {
    let mut world = World::new();
    let echo = world.place_program(&recorded("h_echo"));
    let steps = |world: &mut World, data: Bytes| {
        let tx = world.tx(ALICE, Some(echo), data);
        let config = TraceConfig::from_rpc(&json!({})).unwrap();
        let trace = world.send_traced(&tx, config).trace.unwrap().unwrap();
        trace["structLogs"].clone()
    };
    let shown = steps(&mut world, bytes!("0102"));
    assert_eq!(shown[0]["op"], "CALLDATACOPY");
    assert_eq!(shown[0]["stack"], json!(["0x2", "0x0", "0x0"]));
    let last = shown.as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["op"], "RETURN");
    assert_eq!(last["stack"], json!(["0x2", "0x0"]));
    let empty = steps(&mut world, Bytes::new());
    let last = empty.as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["op"], &last["stack"]), (&json!("STOP"), &json!([])));
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

#[test]
fn the_prestate_has_code_hashes_and_what_arbos_read_but_nobody_who_was_not_there() {
    let mut world = World::new();
    let code = bytes!("600760005500");
    let contract = world.place(code.clone());
    let tx = world.tx(ALICE, Some(contract), Bytes::new());
    let (before, _) = traced(&mut world, &tx, "prestateTracer", Value::Null);
    assert_eq!(before[key(contract)]["codeHash"], json!(keccak256(&code)));
    assert_eq!(
        before[key(contract)]["storage"],
        json!({ slot(0): slot(0) })
    );
    let arbos = "0xa4b05fffffffffffffffffffffffffffffffffff";
    assert!(before[arbos]["storage"].is_object());

    let nobody = Address::repeat_byte(0x77);
    let tx = TxInput {
        value: ether(1),
        ..world.tx(ALICE, Some(nobody), Bytes::new())
    };
    let (before, _) = traced(&mut world, &tx, "prestateTracer", Value::Null);
    assert!(before[key(nobody)].is_null(), "{before}");
    let bare = json!({ "disableCode": true, "disableStorage": true });
    let tx = world.tx(ALICE, Some(contract), Bytes::new());
    let (before, _) = traced(&mut world, &tx, "prestateTracer", bare);
    let fields: Vec<_> = before[key(contract)].as_object().unwrap().keys().collect();
    assert!(!fields.contains(&&"code".to_owned()) && !fields.contains(&&"storage".to_owned()));

    let tx = TxInput {
        value: ether(1),
        ..world.tx(ALICE, Some(Address::repeat_byte(0x78)), Bytes::new())
    };
    let (diff, _) = traced(
        &mut world,
        &tx,
        "prestateTracer",
        json!({ "diffMode": true }),
    );
    let made = key(Address::repeat_byte(0x78));
    assert!(diff["pre"][&made].is_null(), "it was not there");
    assert_eq!(
        diff["post"][&made],
        json!({ "balance": format!("{:#x}", ether(1)) })
    );
}

#[test]
fn a_step_shows_its_error_only_where_the_opcode_could_not_begin() {
    let error = |code: Bytes| {
        let mut world = World::new();
        let contract = world.place(code);
        let tx = world.tx(ALICE, Some(contract), Bytes::new());
        let config = TraceConfig::from_rpc(&json!({})).unwrap();
        let trace = world.send_traced(&tx, config).trace.unwrap().unwrap();
        assert_eq!(trace["failed"], true);
        let steps = trace["structLogs"].as_array().unwrap();
        steps.last().unwrap()["error"].clone()
    };
    // Reads memory far away; adds what is not on the stack.
    assert_eq!(error(bytes!("67ffffffffffffffff51")), "out of gas");
    assert_eq!(error(bytes!("01")), "stack underflow");
    // Jumps nowhere; is invalid; copies return data that there are none of; reverts.
    for code in [
        bytes!("600356"),
        bytes!("fe"),
        bytes!("60015f5f3e"),
        bytes!("5f5ffd"),
    ] {
        assert_eq!(error(code), Value::Null);
    }
}
