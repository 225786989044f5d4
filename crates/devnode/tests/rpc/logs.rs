//! Logs: every form of filter, and filters that are polled.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol_types::SolEvent,
};
use serde_json::{Value, json};
use stylus_devnode::RunningNode;

use crate::support::{ALICE, BOB, Probe, STRANGER, ask, client, node};

/// A probe with three `Set` (by Alice, Bob, Alice) and one `Note`, in blocks 2 to 5.
async fn noisy() -> (
    RunningNode,
    Probe::ProbeInstance<alloy::providers::DynProvider>,
) {
    let node = node().await;
    let (alice, bob) = (client(&node, 0), client(&node, 1));
    let probe = Probe::deploy(alice).await.unwrap();
    let as_bob = Probe::new(*probe.address(), bob);
    probe
        .set(U256::from(1))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    as_bob
        .set(U256::from(2))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    probe
        .set(U256::from(3))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    probe
        .note("hi".to_owned())
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    (node, probe)
}

async fn count(node: &RunningNode, filter: Value) -> usize {
    ask(node, "eth_getLogs", json!([filter]))
        .await
        .unwrap()
        .as_array()
        .unwrap()
        .len()
}

#[tokio::test]
async fn every_form_of_filter_finds_its_logs() {
    let (node, probe) = noisy().await;
    let set = Probe::Set::SIGNATURE_HASH;
    let note = Probe::Note::SIGNATURE_HASH;
    let all = |more: Value| {
        let mut filter = json!({ "fromBlock": "earliest", "toBlock": "latest" });
        filter
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        filter
    };
    for (more, found) in [
        (json!({}), 4),
        (json!({ "address": probe.address() }), 4),
        (json!({ "address": [STRANGER, probe.address()] }), 4),
        (json!({ "address": STRANGER }), 0),
        (json!({ "address": [] }), 4),
        (json!({ "topics": [set] }), 3),
        (json!({ "topics": [[set, note]] }), 4),
        (json!({ "topics": [null, ALICE.into_word()] }), 2),
        (
            json!({ "topics": [set, [ALICE.into_word(), BOB.into_word()]] }),
            3,
        ),
        (json!({ "topics": [set, null, B256::with_last_byte(1)] }), 1),
        (json!({ "topics": [null, null, null, null] }), 0),
        (json!({ "topics": [] }), 4),
        (json!({ "topics": [keccak256("Other()")] }), 0),
    ] {
        assert_eq!(count(&node, all(more.clone())).await, found, "{more}");
    }
    assert_eq!(
        count(&node, json!({ "fromBlock": "0x3", "toBlock": "0x4" })).await,
        2
    );
    assert_eq!(count(&node, json!({ "fromBlock": "0x5" })).await, 1);
    assert_eq!(
        count(&node, json!({})).await,
        1,
        "the newest block when no range is given"
    );
    let error = ask(
        &node,
        "eth_getLogs",
        json!([{ "fromBlock": "0x4", "toBlock": "0x3" }]),
    )
    .await;
    assert_eq!(error.unwrap_err()["code"], -32_000);
    let error = ask(&node, "eth_getLogs", json!([{ "blockHash": B256::ZERO }])).await;
    assert_eq!(error.unwrap_err()["message"], "unknown block");
}

#[tokio::test]
async fn a_log_says_where_it_stands() {
    let (node, probe) = noisy().await;
    let block = ask(&node, "eth_getBlockByNumber", json!(["0x3", false]))
        .await
        .unwrap();
    let logs = ask(
        &node,
        "eth_getLogs",
        json!([{ "blockHash": block["hash"] }]),
    )
    .await
    .unwrap();
    let log = &logs[0];
    assert_eq!(logs.as_array().unwrap().len(), 1);
    assert_eq!(log["blockNumber"], "0x3");
    assert_eq!(log["blockHash"], block["hash"]);
    assert_eq!(log["transactionHash"], block["transactions"][1]);
    assert_eq!(
        (&log["transactionIndex"], &log["logIndex"]),
        (&json!("0x1"), &json!("0x0"))
    );
    assert_eq!(
        (&log["removed"], &log["address"]),
        (&json!(false), &json!(probe.address()))
    );
    let receipt = ask(
        &node,
        "eth_getTransactionReceipt",
        json!([log["transactionHash"]]),
    )
    .await;
    assert_eq!(&receipt.unwrap()["logs"][0], log);
}

#[tokio::test]
async fn log_indexes_count_through_the_block() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    ask(&node, "evm_setAutomine", json!([false])).await.unwrap();
    for value in 0..3_u64 {
        let call = probe.set(U256::from(value)).gas(100_000).nonce(value + 1);
        let _ = call.send().await.unwrap();
    }
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let logs = ask(&node, "eth_getLogs", json!([{}])).await.unwrap();
    let places: Vec<_> = logs
        .as_array()
        .unwrap()
        .iter()
        .map(|log| (log["transactionIndex"].clone(), log["logIndex"].clone()))
        .collect();
    assert_eq!(
        places,
        [("0x1", "0x0"), ("0x2", "0x1"), ("0x3", "0x2")].map(|(a, b)| (json!(a), json!(b)))
    );
}

#[tokio::test]
async fn polled_filters_return_each_thing_once() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let logs = ask(
        &node,
        "eth_newFilter",
        json!([{ "address": probe.address() }]),
    )
    .await
    .unwrap();
    let blocks = ask(&node, "eth_newBlockFilter", json!([])).await.unwrap();
    let pending = ask(&node, "eth_newPendingTransactionFilter", json!([]))
        .await
        .unwrap();
    let changes = async |id: &Value| {
        ask(&node, "eth_getFilterChanges", json!([id]))
            .await
            .unwrap()
            .as_array()
            .unwrap()
            .len()
    };
    for id in [&logs, &blocks, &pending] {
        assert_eq!(changes(id).await, 0);
    }
    probe
        .set(U256::from(1))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    for id in [&logs, &blocks, &pending] {
        assert_eq!(changes(id).await, 1);
        assert_eq!(changes(id).await, 0);
    }
    let all = ask(&node, "eth_getFilterLogs", json!([logs]))
        .await
        .unwrap();
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(
        ask(&node, "eth_uninstallFilter", json!([logs])).await,
        Ok(json!(true))
    );
    assert_eq!(
        ask(&node, "eth_uninstallFilter", json!([logs])).await,
        Ok(json!(false))
    );
    let gone = ask(&node, "eth_getFilterChanges", json!([logs]))
        .await
        .unwrap_err();
    assert_eq!(gone["message"], "filter not found");
}

#[tokio::test]
async fn a_filter_sees_what_replaces_reverted_blocks() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let snapshot = ask(&node, "evm_snapshot", json!([])).await.unwrap();
    let filter = ask(&node, "eth_newBlockFilter", json!([])).await.unwrap();
    probe
        .set(U256::from(1))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    ask(&node, "eth_getFilterChanges", json!([filter]))
        .await
        .unwrap();
    ask(&node, "evm_revert", json!([snapshot])).await.unwrap();
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let fresh = ask(&node, "eth_getFilterChanges", json!([filter]))
        .await
        .unwrap();
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(fresh, json!([head["hash"]]));
}

/// Filters are kept, ten thousand of them: without a limit of its own each could be megabytes long.
#[tokio::test]
async fn a_filter_with_more_than_a_thousand_alternatives_is_refused() {
    let node = node().await;
    let many = |count: u64| -> Vec<B256> { (0..count).map(|n| U256::from(n).into()).collect() };
    let addresses =
        |count| -> Vec<Address> { many(count).into_iter().map(Address::from_word).collect() };
    for filter in [
        json!({ "address": addresses(1_001) }),
        json!({ "topics": [null, many(1_001)] }),
    ] {
        for method in ["eth_getLogs", "eth_newFilter"] {
            let error = ask(&node, method, json!([filter])).await.unwrap_err();
            assert_eq!(error["code"], -32_602, "{error}");
            assert!(
                error["message"].as_str().unwrap().contains("1000"),
                "{error}"
            );
        }
    }
    let widest = json!([{ "address": addresses(1_000), "topics": [many(1_000)] }]);
    assert_eq!(ask(&node, "eth_getLogs", widest).await, Ok(json!([])));
}
