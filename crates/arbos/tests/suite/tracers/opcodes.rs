//! Opcodes one by one: their stacks, slots, hashes and errors.

use alloy_primitives::{B256, Bytes, U256, bytes, hex, keccak256};
use arbos::TraceConfig;
use serde_json::{Value, json};

use super::{key, run, slot, traced};
use crate::world::{ALICE, World, recorded};

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
