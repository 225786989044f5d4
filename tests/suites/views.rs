//! What the contracts tell about everything and about Alice, word for word.

use crate::prelude::*;
use e2e::deploy::repository;

/// Every view of a contract that asks for nothing or for an account, by its signature, as Alice has it.
fn views(world: &World, contract: Address, name: &str) -> Vec<(String, Bytes)> {
    let path = repository().join(format!("abi/{name}.json"));
    let abi: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut answers = Vec::new();
    for entry in abi.as_array().unwrap() {
        let asks = |state| entry["stateMutability"] == state;
        if entry["type"] != "function" || !(asks("view") || asks("pure")) {
            continue;
        }
        let inputs = entry["inputs"].as_array().unwrap();
        let types: Vec<_> = inputs.iter().map(|i| i["type"].as_str().unwrap()).collect();
        let argument = match types[..] {
            [] => Vec::new(),
            ["address"] => Alice.address().into_word().to_vec(),
            _ => continue,
        };
        let signature = format!("{}({})", entry["name"].as_str().unwrap(), types.join(","));
        let selector = &alloy_primitives::keccak256(&signature)[..4];
        let calldata = [selector, &argument].concat();
        let answer = world
            .chain
            .call_raw(Stranger.address(), contract.into(), calldata.into());
        let answer = answer.unwrap_or_else(|refusal| panic!("{signature}: {refusal}"));
        answers.push((signature, answer));
    }
    answers
}

/// What sVVV and DIEM tell.
pub(crate) fn all_views(world: &World) -> Vec<(String, Bytes)> {
    let at = world.contracts;
    let mut all = views(world, at.s_vvv, "IStakedVvv");
    all.extend(views(world, at.diem, "IDiem"));
    all
}
