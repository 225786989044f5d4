//! The live system's interface, as far as it is kept (`data/live_interface.tsv`): same selectors, same topics, same
//! shapes, and really answered by the contracts.

use crate::prelude::*;
use alloy::json_abi::{EventParam, JsonAbi, Param};
use alloy_primitives::{hex, keccak256};

/// One row of the table.
struct Row {
    contract: &'static str,
    kind: &'static str,
    /// With `indexed` marks for events.
    signature: &'static str,
    /// Selector or topic.
    id: Vec<u8>,
    mutability: &'static str,
    returns: Vec<&'static str>,
}

impl Row {
    fn canonical(&self) -> String {
        self.signature.replace(" indexed", "")
    }

    fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap()
    }

    /// How many arguments; each is one word.
    fn arguments(&self) -> usize {
        let inside = self.signature.split(['(', ')']).nth(1).unwrap();
        inside
            .split(',')
            .filter(|argument| !argument.is_empty())
            .count()
    }

    fn abi(&self) -> JsonAbi {
        let bytes = match self.contract {
            "VVV" => diem_abi::json::VVV,
            "sVVV" => diem_abi::json::STAKED_VVV,
            _ => diem_abi::json::DIEM,
        };
        serde_json::from_slice(bytes).unwrap()
    }

    fn address(&self, world: &World) -> Address {
        match self.contract {
            "VVV" => world.contracts.vvv,
            "sVVV" => world.contracts.s_vvv,
            _ => world.contracts.diem,
        }
    }
}

fn table() -> Vec<Row> {
    let rows: Vec<Row> = include_str!("../data/live_interface.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<_> = line.split('\t').collect();
            Row {
                contract: cells[0],
                kind: cells[1],
                signature: cells[2],
                id: hex::decode(cells[3]).unwrap(),
                mutability: cells[4],
                returns: cells[5]
                    .split(',')
                    .filter(|cell| !cell.is_empty())
                    .collect(),
            }
        })
        .collect();
    assert!(rows.len() > 90, "the table is whole");
    rows
}

fn types(params: &[Param]) -> Vec<&str> {
    params.iter().map(|param| param.ty.as_str()).collect()
}

fn event_types(params: &[EventParam]) -> String {
    let types: Vec<_> = params
        .iter()
        .map(|param| {
            if param.indexed {
                format!("{} indexed", param.ty)
            } else {
                param.ty.clone()
            }
        })
        .collect();
    types.join(",")
}

#[test]
fn selectors_topics_and_shapes_are_those_of_the_live_system() {
    for row in table() {
        let hash = keccak256(row.canonical());
        assert_eq!(&hash[..row.id.len()], row.id, "{}", row.signature);
        let abi = row.abi();
        match row.kind {
            "function" => {
                let found = abi
                    .functions()
                    .find(|function| function.signature() == row.canonical());
                let function =
                    found.unwrap_or_else(|| panic!("{} has no {}", row.contract, row.signature));
                assert_eq!(types(&function.outputs), row.returns, "{}", row.signature);
                let view = matches!(row.mutability, "view" | "pure");
                let ours = serde_json::to_value(function.state_mutability).unwrap();
                assert_eq!(
                    ours == "view" || ours == "pure",
                    view,
                    "{} is {ours}",
                    row.signature
                );
            }
            "event" => {
                let found = abi
                    .events()
                    .find(|event| event.signature() == row.canonical());
                let event =
                    found.unwrap_or_else(|| panic!("{} has no {}", row.contract, row.signature));
                let whole = format!("{}({})", row.name(), event_types(&event.inputs));
                assert_eq!(whole, row.signature);
            }
            "error" => {
                assert!(
                    abi.errors()
                        .any(|error| error.signature() == row.canonical()),
                    "{}",
                    row.signature
                );
            }
            _ => {
                let there = abi
                    .functions()
                    .any(|function| function.selector() == row.id[..]);
                assert!(!there, "{} has {}", row.contract, row.signature);
            }
        }
    }
}

#[test]
fn the_contracts_answer_every_kept_selector_and_refuse_the_absent_ones() {
    let world = World::of(TARGET);
    with_minter(&world);
    for row in table()
        .iter()
        .filter(|row| matches!(row.kind, "function" | "absent"))
    {
        let arguments = vec![0; 32 * row.arguments()];
        let calldata: Bytes = [&row.id[..], &arguments[..]].concat().into();
        let answer = world
            .chain
            .call_raw(Alice.address(), row.address(&world).into(), calldata);
        let what = format!("{}.{}", row.contract, row.signature);
        match (row.kind, row.mutability, &answer) {
            ("absent", _, answer) => assert!(answer.is_err(), "{what} answered {answer:?}"),
            (_, "view", Ok(output)) => {
                let words = output.len() / 32;
                let dynamic = row.returns.contains(&"string");
                assert!(
                    words == row.returns.len() || dynamic && words > 2,
                    "{what}: {output}"
                );
            }
            (_, "view", Err(refusal)) => panic!("{what}: {refusal}"),
            // A selector that is not routed reverts with nothing to say.
            (_, _, Err(refusal)) => assert!(!refusal.data.is_empty(), "{what}: {refusal}"),
            (_, _, Ok(output)) => {
                assert_eq!(output.len() / 32, row.returns.len(), "{what}: {output}")
            }
        }
    }
}
