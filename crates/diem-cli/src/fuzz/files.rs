//! Lists of networks and records of deployments: whole ones come back as they were, spoiled ones are told as damaged.

use super::try_cases;
use crate::deployment::{Deployment, path};
use crate::networks;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use std::cell::Cell;
use std::path::PathBuf;

const CASES: u32 = 400;
const CHAIN: u64 = 412_346;

/// What may stand where something else should.
pub(super) fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..300_u64).prop_map(Value::from),
        (0..33_u32).prop_map(|bits| Value::from(1_u64 << bits)),
        "(0x)?[0-9a-fA-F]{0,70}".prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec(("[a-z]{1,6}", inner), 0..3)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            // Deeper than a parser should follow.
            (1..300_usize).prop_map(|deep| (0..deep).fold(Value::Null, |it, _| json!([it]))),
        ]
    })
}

/// What becomes of a file.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Something else at a place of it.
    Other(Index, Value),
    /// Something is missing.
    Gone(Index),
    /// The end is missing.
    Cut(Index),
    /// A byte is another one.
    Byte(Index, u8),
}

pub(super) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<Index>(), anything()).prop_map(|(at, other)| Change::Other(at, other)),
        2 => any::<Index>().prop_map(Change::Gone),
        1 => any::<Index>().prop_map(Change::Cut),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
    ]
}

/// The file that `value` would be, with the changes.
pub(super) fn spoiled(mut value: Value, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        match change {
            Change::Other(at, other) => {
                let place = at.get(&places(&value)).clone();
                *value.pointer_mut(&place).unwrap() = other.clone();
            }
            Change::Gone(at) => {
                let place = at.get(&places(&value)).clone();
                let (parent, name) = place.rsplit_once('/').unwrap_or_default();
                if let Some(Value::Object(fields)) = value.pointer_mut(parent) {
                    fields.remove(name);
                }
            }
            Change::Cut(_) | Change::Byte(..) => {}
        }
    }
    let mut bytes = value.to_string().into_bytes();
    for change in changes {
        match change {
            Change::Cut(at) => bytes.truncate(at.index(bytes.len() + 1)),
            Change::Byte(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            _ => {}
        }
    }
    bytes
}

/// Pointers to all that a value holds, itself the first.
fn places(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut under = |name: &str, inner: &Value| {
        let name = name.replace('~', "~0").replace('/', "~1");
        found.extend(
            places(inner)
                .into_iter()
                .map(|place| format!("/{name}{place}")),
        );
    };
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| under(&at.to_string(), item)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| under(name, field)),
        _ => {}
    }
    found
}

/// A directory of this test alone.
pub(super) fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("diem-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

fn record() -> Value {
    let address = |byte: &str| format!("0x{}", byte.repeat(20));
    let hash = |byte: &str| format!("0x{}", byte.repeat(32));
    let made = json!({"block": 7, "transaction": hash("ab"), "gasUsed": 21_000, "codehash": hash("cd"), "abiHash": hash("ef"), "cached": true});
    json!({
        "chainId": CHAIN, "genesis": hash("01"), "rpcUrl": "http://127.0.0.1:8547", "target": "stylus",
        "vvv": address("11"), "sVvv": address("22"), "diem": address("33"), "owner": address("44"),
        "deployer": address("55"), "guardian": null, "salt": hash("02"), "treasury": address("66"),
        "arguments": {"baseRate": "0x4e1003b28d9280000", "targetSupply": "0x878678326eac9000000", "emissionRate": "0x3782dace9d90000", "maxEmissionRate": "0xde0b6b3a7640000"},
        "contracts": {"vvv": made, "sVvv": made, "diem": made},
    })
}

#[test]
fn a_spoiled_record_of_a_deployment_is_told_and_a_whole_one_comes_back() {
    let directory = directory("records");
    let file = path(&directory, CHAIN);
    std::fs::write(&file, record().to_string()).unwrap();
    let whole = Deployment::read(&directory, CHAIN).unwrap();
    let again = serde_json::to_vec(&whole).unwrap();
    assert_eq!(serde_json::from_slice::<Deployment>(&again).unwrap(), whole);
    let (read, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    try_cases(CASES, &vec(change(), 1..3), |changes| {
        std::fs::write(&file, spoiled(record(), &changes)).unwrap();
        match Deployment::read(&directory, CHAIN) {
            Ok(found) => {
                read.set(read.get() + 1);
                let again = serde_json::to_vec(&found).unwrap();
                let again: Deployment = serde_json::from_slice(&again).unwrap();
                prop_assert_eq!(again, found);
            }
            Err(failure) => {
                refused.set(refused.get() + 1);
                let told = failure.to_string();
                // The file is there: nobody is sent to deploy anew for want of it.
                prop_assert!(!told.contains("no deployment on this chain"), "{}", told);
                prop_assert!(told.contains(&file.display().to_string()), "{}", told);
            }
        }
        Ok(())
    });
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(read.get() > 0 && refused.get() > 0);
}

/// Bytes that are no text were told as if there were no file.
#[test]
fn a_record_that_is_no_text_is_told_as_damaged() {
    let directory = directory("no-text");
    std::fs::write(path(&directory, CHAIN), [0xff, 0xfe]).unwrap();
    let told = Deployment::read(&directory, CHAIN).unwrap_err().to_string();
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(told.contains("damaged"), "{told}");
}

#[test]
fn a_spoiled_list_of_networks_is_refused_and_a_taken_one_comes_back() {
    let network: Value = serde_json::from_str(networks::TEMPLATE).unwrap();
    let (read, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    try_cases(CASES, &vec(change(), 0..3), |changes| {
        let bytes = spoiled(network.clone(), &changes);
        let Ok(text) = String::from_utf8(bytes) else {
            return Ok(());
        };
        match networks::parse(&text) {
            Ok(found) => {
                read.set(read.get() + 1);
                let written = serde_json::to_string(&found).unwrap();
                let again = networks::parse(&written).unwrap();
                prop_assert_eq!(serde_json::to_string(&again).unwrap(), written);
            }
            Err(told) => {
                refused.set(refused.get() + 1);
                prop_assert!(!told.is_empty());
            }
        }
        Ok(())
    });
    assert!(read.get() > 0 && refused.get() > 0);
}
