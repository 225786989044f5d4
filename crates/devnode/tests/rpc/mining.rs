//! When blocks are made, and what time it is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alloy::primitives::U256;
use serde_json::json;
use stylus_devnode::{NodeConfig, RunningNode, sequencer::Mining};

use crate::support::{ALICE, BOB, Probe, ask, client, mine, node, start};

fn wall() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

async fn height(node: &RunningNode) -> u64 {
    number(&ask(node, "eth_blockNumber", json!([])).await.unwrap())
}

async fn stamp(node: &RunningNode) -> u64 {
    let head = ask(node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    number(&head["timestamp"])
}

fn number(quantity: &serde_json::Value) -> u64 {
    u64::from_str_radix(quantity.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}

fn gift() -> serde_json::Value {
    json!([{ "from": ALICE, "to": BOB, "value": "0x1", "gas": "0x5208" }])
}

#[tokio::test]
async fn time_moves_forward_as_asked() {
    let node = node().await;
    assert_eq!(
        ask(&node, "evm_increaseTime", json!([3600])).await,
        Ok(json!(3600))
    );
    assert_eq!(
        ask(&node, "evm_increaseTime", json!(["0x10"])).await,
        Ok(json!(3616))
    );
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let now = stamp(&node).await;
    assert!((wall() + 3615..wall() + 3620).contains(&now));

    let next = now + 1_000_000;
    ask(&node, "evm_setNextBlockTimestamp", json!([next]))
        .await
        .unwrap();
    ask(&node, "eth_sendTransaction", gift()).await.unwrap();
    assert_eq!(stamp(&node).await, next);
    ask(&node, "eth_sendTransaction", gift()).await.unwrap();
    assert!(
        (next..next + 5).contains(&stamp(&node).await),
        "time goes on from there"
    );

    let back = ask(&node, "evm_setNextBlockTimestamp", json!([now]))
        .await
        .unwrap_err();
    assert_eq!(back["code"], -32_602);
    let far = ask(&node, "evm_increaseTime", json!([u64::MAX]))
        .await
        .unwrap_err();
    assert_eq!(far["code"], -32_602);
}

#[tokio::test]
async fn a_pending_call_sees_the_time_that_was_set() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    ask(&node, "evm_increaseTime", json!([86_400]))
        .await
        .unwrap();
    let pending = probe
        .clock()
        .block(alloy::eips::BlockId::pending())
        .call()
        .await
        .unwrap();
    assert!(pending.stamp >= U256::from(wall() + 86_399));
    let latest = probe
        .clock()
        .block(alloy::eips::BlockId::latest())
        .call()
        .await
        .unwrap();
    assert!(latest.stamp < U256::from(wall() + 60));
}

#[tokio::test]
async fn many_blocks_at_once_keep_their_interval() {
    let node = node().await;
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let before = stamp(&node).await;
    ask(&node, "hardhat_mine", json!(["0x64", "0x3c"]))
        .await
        .unwrap();
    assert_eq!(height(&node).await, 101);
    assert!(stamp(&node).await >= before + 99 * 60);
    let error = ask(&node, "anvil_mine", json!([u64::MAX]))
        .await
        .unwrap_err();
    assert_eq!(error["code"], -32_602);
    assert_eq!(height(&node).await, 101);
}

#[tokio::test]
async fn without_automine_transactions_wait_and_share_a_block() {
    let node = node().await;
    ask(&node, "evm_setAutomine", json!([false])).await.unwrap();
    assert_eq!(
        ask(&node, "anvil_getAutomine", json!([])).await,
        Ok(json!(false))
    );
    let mut hashes = Vec::new();
    for _ in 0..3 {
        hashes.push(ask(&node, "eth_sendTransaction", gift()).await.unwrap());
    }
    assert_eq!(height(&node).await, 0);
    let count = |tag: &str| json!([ALICE, tag]);
    assert_eq!(
        ask(&node, "eth_getTransactionCount", count("latest")).await,
        Ok(json!("0x0"))
    );
    assert_eq!(
        ask(&node, "eth_getTransactionCount", count("pending")).await,
        Ok(json!("0x3"))
    );
    let status = ask(&node, "txpool_status", json!([])).await.unwrap();
    assert_eq!(status, json!({ "pending": "0x3", "queued": "0x0" }));
    let waiting = ask(&node, "eth_getTransactionByHash", json!([hashes[0]]))
        .await
        .unwrap();
    assert!(waiting["blockHash"].is_null());
    assert_eq!(waiting["from"], json!(ALICE));

    // The middle one goes: the last one then waits for it.
    assert_eq!(
        ask(&node, "anvil_dropTransaction", json!([hashes[1]])).await,
        Ok(hashes[1].clone())
    );
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(
        block["transactions"].as_array().unwrap()[1..],
        [hashes[0].clone()]
    );
    let status = ask(&node, "txpool_status", json!([])).await.unwrap();
    assert_eq!(status, json!({ "pending": "0x0", "queued": "0x1" }));
    let replacement = ask(&node, "eth_sendTransaction", gift()).await.unwrap();
    ask(&node, "evm_setAutomine", json!([true])).await.unwrap();
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([replacement]))
        .await
        .unwrap();
    assert_eq!(receipt["status"], "0x1");
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hashes[2]]))
        .await
        .unwrap();
    assert_eq!(receipt["status"], "0x1", "it followed by itself");
}

#[tokio::test]
async fn blocks_come_at_their_interval() {
    let mining = Mining::Interval(Duration::from_millis(100));
    let node = start(NodeConfig {
        mining,
        ..NodeConfig::default()
    })
    .await;
    let hash = ask(&node, "eth_sendTransaction", gift()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(450)).await;
    assert!(height(&node).await >= 2);
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]))
        .await
        .unwrap();
    assert_eq!(receipt["status"], "0x1");
}

#[tokio::test]
async fn a_block_holds_no_more_than_its_compute_budget() {
    let node = node().await;
    ask(&node, "evm_setAutomine", json!([false])).await.unwrap();
    let probe = Probe::deploy(client(&node, 0));
    let (probe, _) = tokio::join!(probe, async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        ask(&node, "evm_mine", json!([])).await.unwrap();
    });
    let probe = probe.unwrap();
    let budget = 32_000_000;
    for nonce in 1..=3 {
        let call = probe.spin().gas(20_000_000).nonce(nonce);
        let _ = call.send().await.unwrap();
    }
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(
        block["transactions"].as_array().unwrap().len(),
        3,
        "two fit: {budget}"
    );
    assert!(number(&block["gasUsed"]) > budget);
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(
        block["transactions"].as_array().unwrap().len(),
        2,
        "the third comes next"
    );
}

#[tokio::test]
async fn a_stamp_that_was_set_is_not_moved_by_an_increase() {
    let node = node().await;
    let stamp = 2_000_000_000_u64;
    ask(&node, "evm_setNextBlockTimestamp", json!([stamp]))
        .await
        .unwrap();
    ask(&node, "evm_increaseTime", json!([1_000]))
        .await
        .unwrap();
    mine(&node).await;
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(block["timestamp"], format!("{stamp:#x}"));
}
