//! Headers and blocks: Arbitrum's fields, the block that is not made yet, raw bytes.

use alloy::primitives::U256;
use serde_json::{Value, json};
use stylus_devnode::NodeConfig;

use crate::support::{ALICE, BOB, STRANGER, ask, mine, node, start};

#[tokio::test]
async fn the_pending_block_has_no_name_yet() {
    let node = node().await;
    mine(&node).await;
    for (method, params) in [
        ("eth_getBlockByNumber", json!(["pending", true])),
        ("eth_getBlockByNumber", json!(["pending", false])),
        ("eth_getHeaderByNumber", json!(["pending"])),
    ] {
        let block = ask(&node, method, params).await.unwrap();
        for field in ["hash", "nonce", "miner"] {
            assert_eq!(block.get(field), Some(&Value::Null), "{method} {field}");
        }
        assert!(block["parentHash"].is_string());
    }
}

#[tokio::test]
async fn headers_have_arbitrums_fields() {
    let node = node().await;
    mine(&node).await;
    let block = ask(&node, "eth_getBlockByNumber", json!(["0x1", false]))
        .await
        .unwrap();
    let by_hash = ask(&node, "eth_getHeaderByHash", json!([block["hash"]])).await;
    let by_number = ask(&node, "eth_getHeaderByNumber", json!(["0x1"])).await;
    assert_eq!(by_hash, by_number);
    let header = by_number.unwrap();
    for (field, value) in header.as_object().unwrap() {
        assert_eq!(value, &block[field], "{field}");
    }
    for field in ["l1BlockNumber", "sendRoot", "sendCount"] {
        assert!(header[field].is_string(), "{field}");
    }
}

#[tokio::test]
async fn the_parent_chain_grows_with_block_time_where_it_is_asked_for() {
    let node = start(NodeConfig {
        l1_block_number: Some(1_000),
        ..NodeConfig::default()
    })
    .await;
    // Returns NUMBER.
    let overrides = json!({ STRANGER.to_string(): { "code": "0x435f5260205ff3" } });
    let number = async |id: &str| {
        let call = json!([{ "to": STRANGER }, id, overrides]);
        let word = ask(&node, "eth_call", call).await.unwrap();
        let word: U256 = serde_json::from_value(word).unwrap();
        word.to::<u64>()
    };
    assert_eq!(number("pending").await, 1_000);
    let start = 2_000_000_000_u64;
    for (stamp, expected) in [(0, 1_000), (11, 1_000), (12, 1_001), (1_200, 1_100)] {
        ask(&node, "evm_setNextBlockTimestamp", json!([start + stamp]))
            .await
            .unwrap();
        mine(&node).await;
        assert_eq!(number("latest").await, expected, "{stamp}");
        let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false])).await;
        let height = block.unwrap()["l1BlockNumber"].clone();
        assert_eq!(height, format!("{expected:#x}"));
    }
    ask(&node, "anvil_mine", json!(["0x20"])).await.unwrap();
    assert!(number("latest").await <= 1_101, "blocks here do not count");
}

#[tokio::test]
async fn raw_blocks_headers_transactions_and_receipts_fit_together() {
    let node = node().await;
    let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
    let hash = ask(&node, "eth_sendTransaction", tx).await.unwrap();
    let raw = async |method: &str, params: Value| {
        let raw = ask(&node, method, params).await.unwrap();
        raw.as_str().unwrap()[2..].to_owned()
    };
    let header = raw("debug_getRawHeader", json!(["latest"])).await;
    let block = raw("debug_getRawBlock", json!(["latest"])).await;
    let tx = raw("debug_getRawTransaction", json!([hash])).await;
    assert!(block.contains(&header) && block.contains(&tx));
    assert!(block.ends_with("c0"), "no uncles");
    let number = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    let bytes = alloy::primitives::hex::decode(&header).unwrap();
    assert_eq!(json!(alloy::primitives::keccak256(bytes)), number["hash"]);
    let receipts = ask(&node, "debug_getRawReceipts", json!(["latest"])).await;
    assert_eq!(receipts.unwrap().as_array().map(Vec::len), Some(2));
    assert_eq!(
        ask(&node, "debug_getBadBlocks", json!([])).await,
        Ok(json!([]))
    );
}
