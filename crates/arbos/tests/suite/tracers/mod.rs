//! Tracers as real Nitro answers with them: frames in every form, opcodes, hashes, wei that moves.

mod frames;
mod opcodes;

use alloy_primitives::{Address, B256, Bytes, U256, address, bytes, hex, keccak256};
use arbos::{Outcome, TraceConfig, TxInput};
use serde_json::{Value, json};

use crate::world::{ALICE, World, ether};

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
