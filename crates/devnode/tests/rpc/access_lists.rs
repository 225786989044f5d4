//! `eth_createAccessList`.

use alloy::{
    primitives::{B256, Bytes, U256},
    sol_types::SolCall,
};
use serde_json::json;

use crate::support::{ALICE, Probe, STRANGER, ask, client, node};

#[tokio::test]
async fn an_access_list_names_what_is_touched() {
    let node = node().await;
    let provider = client(&node, 0);
    let one = Probe::deploy(&provider).await.unwrap();
    let two = Probe::deploy(&provider).await.unwrap();
    let data = Probe::callOtherCall {
        other: *two.address(),
        next: U256::from(1),
    }
    .abi_encode();
    let call = json!([{ "from": ALICE, "to": one.address(), "data": Bytes::from(data) }, "latest"]);
    let answer = ask(&node, "eth_createAccessList", call).await.unwrap();
    let list = answer["accessList"].as_array().unwrap();
    let touched = |address: &str| {
        list.iter().any(|entry| {
            entry["address"]
                .as_str()
                .unwrap()
                .eq_ignore_ascii_case(address)
        })
    };
    assert!(touched(&two.address().to_string()), "{answer}");
    assert!(answer["gasUsed"].as_str().is_some());
    assert!(answer.get("error").is_none());
}

#[tokio::test]
async fn a_list_that_was_given_is_kept_in_the_access_list() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let slot = B256::with_last_byte(9);
    let given = json!([
        { "address": STRANGER, "storageKeys": [slot] },
        { "address": probe.address(), "storageKeys": [slot] },
    ]);
    let data = probe.value().calldata().clone();
    let call = json!([{ "to": probe.address(), "data": data, "accessList": given }]);
    let answer = ask(&node, "eth_createAccessList", call).await.unwrap();
    let list = answer["accessList"].as_array().unwrap();
    let keys_of = |address: String| {
        let item = list
            .iter()
            .find(|item| item["address"].as_str() == Some(&address.to_lowercase()));
        item.map(|item| item["storageKeys"].clone())
    };
    assert_eq!(keys_of(STRANGER.to_string()), Some(json!([slot])));
    assert_eq!(
        keys_of(probe.address().to_string()),
        Some(json!([B256::ZERO, slot]))
    );
}
