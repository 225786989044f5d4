//! What other people's bug reports broke, one test for each kind.

use alloy::{
    primitives::{B256, U256},
    providers::Provider,
};
use serde_json::{Value, json};
use stylus_devnode::{NodeConfig, RunningNode, sequencer::Mining};

use crate::support::{ALICE, BOB, Probe, STRANGER, ask, client, node, start};

async fn mine(node: &RunningNode) {
    ask(node, "evm_mine", json!([])).await.unwrap();
}

fn message(error: &Value) -> &str {
    error["message"].as_str().unwrap()
}

#[tokio::test]
async fn a_log_range_that_is_not_there_is_refused_with_its_bounds() {
    let node = node().await;
    for _ in 0..3 {
        mine(&node).await;
    }
    let refusal = async |method: &str, from: Value, to: Value| {
        let filter = json!([{ "fromBlock": from, "toBlock": to }]);
        ask(&node, method, filter).await.err()
    };
    for (from, to) in [
        (json!("0x4"), Value::Null),
        (json!("0x0"), json!("0x4")),
        (json!("0x2"), json!("0x1")),
        (json!("latest"), json!("0x2")),
        (Value::Null, json!("0x2")),
        (json!("latest"), json!("earliest")),
        (json!("finalized"), json!("0x2")),
        (json!("0xffffffffffffffff"), json!("0xffffffffffffffff")),
    ] {
        let error = refusal("eth_getLogs", from.clone(), to.clone())
            .await
            .expect("refused");
        assert_eq!(error["code"], -32_000, "{from} {to}");
        let text = message(&error);
        assert!(text.starts_with("invalid block range params"), "{text}");
        assert!(text.ends_with('3'), "{text}");
    }
    for method in ["eth_getLogs", "eth_newFilter"] {
        for (from, to) in [("pending", "latest"), ("0x1", "pending")] {
            let error = refusal(method, json!(from), json!(to)).await.unwrap();
            assert_eq!(message(&error), "pending logs are not supported");
        }
    }
    for (from, to) in [("0x2", "0x1"), ("latest", "0x1")] {
        let error = refusal("eth_newFilter", json!(from), json!(to))
            .await
            .unwrap();
        assert_eq!(error["code"], -32_000);
        assert!(message(&error).contains("the newest block is 3"));
    }
    for (from, to) in [
        (json!("0x9"), Value::Null),
        (json!("0x2"), json!("0x9")),
        (json!("earliest"), json!("latest")),
        (Value::Null, Value::Null),
    ] {
        assert_eq!(refusal("eth_newFilter", from, to).await, None);
    }
    for (from, to) in [("0x0", "0x3"), ("earliest", "latest"), ("0x3", "latest")] {
        assert_eq!(refusal("eth_getLogs", json!(from), json!(to)).await, None);
    }
}

#[tokio::test]
async fn defaults_and_prices_fit_the_block_that_is_made_next() {
    let node = node().await;
    for fee in [0_u64, 5_000_000_000, 1, 7] {
        let wish = json!([format!("{fee:#x}")]);
        ask(&node, "anvil_setNextBlockBaseFeePerGas", wish)
            .await
            .unwrap();
        let price = ask(&node, "eth_gasPrice", json!([])).await;
        assert_eq!(price, Ok(json!(format!("{fee:#x}"))));
        let history = ask(&node, "eth_feeHistory", json!([1, "latest", []]))
            .await
            .unwrap();
        assert_eq!(history["baseFeePerGas"][1], format!("{fee:#x}"));
        for expected in [fee, 100_000_000] {
            let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
            let hash = ask(&node, "eth_sendTransaction", tx).await.expect("fits");
            let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash])).await;
            assert_eq!(
                receipt.unwrap()["effectiveGasPrice"],
                format!("{expected:#x}")
            );
        }
        let price = ask(&node, "eth_gasPrice", json!([])).await;
        assert_eq!(price, Ok(json!("0x5f5e100")));
    }
}

#[tokio::test]
async fn an_estimate_at_the_price_of_the_next_block_is_made() {
    let node = node().await;
    ask(
        &node,
        "anvil_setNextBlockBaseFeePerGas",
        json!(["0x12a05f200"]),
    )
    .await
    .unwrap();
    mine(&node).await;
    let tx = json!([{ "from": ALICE, "to": BOB, "gasPrice": "0x5f5e100" }]);
    assert_eq!(ask(&node, "eth_estimateGas", tx).await, Ok(json!("0x5208")));
}

#[tokio::test]
async fn fee_history_ends_with_the_base_fee_of_the_block_after() {
    let node = node().await;
    for fee in ["0x3b9aca00", "0x77359400"] {
        ask(&node, "anvil_setNextBlockBaseFeePerGas", json!([fee]))
            .await
            .unwrap();
        mine(&node).await;
    }
    for (newest, fees) in [
        ("0x0", json!(["0x5f5e100", "0x3b9aca00"])),
        ("0x1", json!(["0x3b9aca00", "0x77359400"])),
        ("0x2", json!(["0x77359400", "0x5f5e100"])),
    ] {
        let history = ask(&node, "eth_feeHistory", json!([1, newest, []]))
            .await
            .unwrap();
        assert_eq!(history["baseFeePerGas"], fees, "{newest}");
    }
}

#[tokio::test]
async fn a_sender_without_funds_hears_what_it_lacks() {
    let node = node().await;
    let tx = json!([{ "from": STRANGER, "to": BOB, "gasPrice": "0x3b9aca00" }]);
    let error = ask(&node, "eth_estimateGas", tx).await.unwrap_err();
    assert_eq!(message(&error), "insufficient funds for transfer");
}

#[tokio::test]
async fn solidity_panics_are_said_in_nitros_words() {
    let node = node().await;
    // Reverts with Panic(calldata).
    let code = "0x634e487b7160e01b5f525f3560045260245ffd";
    for (number, text) in [
        (0x00_u64, "generic panic"),
        (0x01, "assert(false)"),
        (0x11, "arithmetic underflow or overflow"),
        (0x12, "division or modulo by zero"),
        (0x21, "enum overflow"),
        (0x22, "invalid encoded storage byte array accessed"),
        (
            0x31,
            "out-of-bounds array access; popping on an empty array",
        ),
        (0x32, "out-of-bounds access of an array or bytesN"),
        (0x41, "out of memory"),
        (0x51, "uninitialized function"),
        (0x99, "unknown panic code: 0x99"),
    ] {
        let call = json!({ "to": STRANGER, "data": B256::from(U256::from(number)) });
        let overrides = json!({ STRANGER.to_string(): { "code": code } });
        let error = ask(&node, "eth_call", json!([call, "latest", overrides]))
            .await
            .unwrap_err();
        assert_eq!(error["code"], 3);
        assert_eq!(message(&error), format!("execution reverted: {text}"));
    }
}

#[tokio::test]
async fn a_panic_of_arb_debug_is_the_nodes_own_failure() {
    let node = node().await;
    let call =
        json!([{ "to": "0x00000000000000000000000000000000000000ff", "data": "0x4700d305" }]);
    for method in ["eth_call", "eth_estimateGas"] {
        let error = ask(&node, method, call.clone()).await.unwrap_err();
        assert_eq!(error["code"], -32_603, "{method}");
        assert_eq!(message(&error), "method handler crashed");
    }
}

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
async fn a_filter_for_whole_transactions_has_whole_transactions() {
    let node = node().await;
    let filter = ask(&node, "eth_newPendingTransactionFilter", json!([true]))
        .await
        .unwrap();
    let hashes = ask(&node, "eth_newPendingTransactionFilter", json!([]))
        .await
        .unwrap();
    let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x7" }]);
    let hash = ask(&node, "eth_sendTransaction", tx).await.unwrap();
    let changes = ask(&node, "eth_getFilterChanges", json!([filter])).await;
    let changes = changes.unwrap();
    assert_eq!(changes[0]["hash"], hash);
    assert_eq!(changes[0]["value"], "0x7");
    let changes = ask(&node, "eth_getFilterChanges", json!([hashes])).await;
    assert_eq!(changes, Ok(json!([hash])));
}

#[tokio::test]
async fn nobody_guesses_the_filters_of_others() {
    let node = node().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = ask(&node, "eth_newBlockFilter", json!([])).await.unwrap();
        let id = id.as_str().unwrap().to_owned();
        assert!(id.len() > 26, "{id}");
        ids.push(id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    for guess in ["0x1", "0x2", "0x3"] {
        let gone = ask(&node, "eth_uninstallFilter", json!([guess])).await;
        assert_eq!(gone, Ok(json!(false)));
        let error = ask(&node, "eth_getFilterChanges", json!([guess]))
            .await
            .unwrap_err();
        assert_eq!(message(&error), "filter not found");
    }
}

#[tokio::test]
async fn node_information_has_anvils_shapes() {
    let node = node().await;
    mine(&node).await;
    let snapshot = ask(&node, "evm_snapshot", json!([])).await.unwrap();
    let info = ask(&node, "anvil_nodeInfo", json!([])).await.unwrap();
    for field in ["currentBlockNumber", "currentBlockTimestamp"] {
        assert!(info[field].as_str().unwrap().starts_with("0x"), "{field}");
    }
    for field in ["hardFork", "transactionOrder", "currentBlockHash"] {
        assert!(info[field].is_string(), "{field}");
    }
    for field in ["baseFee", "chainId", "gasLimit", "gasPrice"] {
        let value = info["environment"][field].as_str().unwrap();
        assert!(value.starts_with("0x"), "{field}");
    }
    assert!(info["forkConfig"].is_object());

    let metadata = ask(&node, "anvil_metadata", json!([])).await.unwrap();
    assert_eq!(
        ask(&node, "hardhat_metadata", json!([])).await,
        Ok(metadata.clone())
    );
    assert_eq!(metadata["chainId"], 412_346);
    assert_eq!(metadata["latestBlockNumber"], 1);
    assert_eq!(metadata["latestBlockHash"], info["currentBlockHash"]);
    assert_eq!(metadata["instanceId"].as_str().unwrap().len(), 66);
    let kept = &metadata["snapshots"][snapshot.as_str().unwrap()];
    assert_eq!(kept, &json!([1, info["currentBlockHash"]]));
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

#[tokio::test]
async fn a_transaction_that_was_signed_or_filled_is_whole() {
    let node = node().await;
    let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
    let signed = ask(&node, "eth_signTransaction", tx.clone()).await.unwrap();
    let filled = ask(&node, "eth_fillTransaction", tx).await.unwrap();
    for answer in [&signed, &filled] {
        assert!(answer["raw"].as_str().unwrap().starts_with("0x02"));
        for field in [
            "type",
            "nonce",
            "gas",
            "gasPrice",
            "maxFeePerGas",
            "maxPriorityFeePerGas",
            "value",
            "input",
            "chainId",
            "v",
            "r",
            "s",
            "hash",
            "to",
        ] {
            assert!(answer["tx"][field].is_string(), "{field}: {answer}");
        }
        // The specification's signed transaction has no place in a chain, and its signature says whose it is.
        for field in ["blockHash", "blockNumber", "transactionIndex", "from"] {
            assert_eq!(answer["tx"].get(field), None, "{field}: {answer}");
        }
    }
    let hash = ask(&node, "eth_sendRawTransaction", json!([signed["raw"]])).await;
    assert_eq!(hash, Ok(signed["tx"]["hash"].clone()));
}

#[tokio::test]
async fn a_storage_key_is_hexadecimal_and_32_bytes_at_most() {
    let node = node().await;
    let word = json!(B256::with_last_byte(7));
    let set = json!([STRANGER, "0x10", word]);
    ask(&node, "anvil_setStorageAt", set).await.unwrap();
    let read = async |key: Value| ask(&node, "eth_getStorageAt", json!([STRANGER, key])).await;
    let long = format!("0x{}10", "0".repeat(62));
    for key in ["10", "0x10", "0X10", "010", "0x010", &long, &long[2..]] {
        assert_eq!(read(json!(key)).await, Ok(word.clone()), "{key}");
    }
    for key in ["", "0x", "0", "16", "0xa"] {
        assert_eq!(read(json!(key)).await, Ok(json!(B256::ZERO)), "{key}");
    }
    let longer = format!("0x{}", "0".repeat(65));
    for key in [longer.as_str(), &longer[2..], "0xzz", "+1", "1_0"] {
        let error = read(json!(key)).await.unwrap_err();
        assert_eq!(error["code"], -32_000, "{key}");
    }
    assert_eq!(read(json!(16)).await.unwrap_err()["code"], -32_602);
}

#[tokio::test]
async fn a_mined_transaction_tells_what_it_offered() {
    let node = node().await;
    for (cap, tip, price) in [
        ("0x3b9aca00", "0x7", "0x5f5e107"),
        ("0x5f5e103", "0x7", "0x5f5e103"),
        ("0x5f5e100", "0x0", "0x5f5e100"),
    ] {
        let tx =
            json!([{ "from": ALICE, "to": BOB, "maxFeePerGas": cap, "maxPriorityFeePerGas": tip }]);
        let hash = ask(&node, "eth_sendTransaction", tx).await.unwrap();
        let tx = ask(&node, "eth_getTransactionByHash", json!([hash])).await;
        assert_eq!(tx.unwrap()["gasPrice"], price);
        let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash])).await;
        assert_eq!(receipt.unwrap()["effectiveGasPrice"], "0x5f5e100");
    }
}

#[tokio::test]
async fn a_revert_brings_back_wishes_and_impersonations() {
    let node = node().await;
    let miner = "0x00000000000000000000000000000000000000c0";
    for (method, params) in [
        ("anvil_setNextBlockBaseFeePerGas", json!(["0x9"])),
        ("anvil_setCoinbase", json!([miner])),
        ("anvil_impersonateAccount", json!([STRANGER])),
    ] {
        ask(&node, method, params).await.unwrap();
    }
    let id = ask(&node, "evm_snapshot", json!([])).await.unwrap();
    for (method, params) in [
        ("anvil_setCoinbase", json!([BOB])),
        ("anvil_stopImpersonatingAccount", json!([STRANGER])),
        ("anvil_autoImpersonateAccount", json!([true])),
        ("evm_mine", json!([])),
    ] {
        ask(&node, method, params).await.unwrap();
    }
    let back = ask(&node, "evm_revert", json!([id])).await;
    assert_eq!(back, Ok(json!(true)));
    mine(&node).await;
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(block["baseFeePerGas"], "0x9");
    assert_eq!(block["miner"], miner);
    let from = async |sender| {
        let tx = json!([{ "from": sender, "to": BOB, "gas": "0x5208", "maxFeePerGas": "0x0" }]);
        let error = ask(&node, "eth_sendTransaction", tx).await.unwrap_err();
        message(&error).to_owned()
    };
    assert!(from(STRANGER).await.contains("max fee per gas"));
    let other = alloy::primitives::Address::with_last_byte(0xd0);
    assert!(from(other).await.contains("unknown account"));
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

#[tokio::test]
async fn what_nitro_tells_of_its_sequencer_is_told() {
    let node = start(NodeConfig {
        mining: Mining::Manual,
        ..NodeConfig::default()
    })
    .await;
    mine(&node).await;
    for (method, params, answer) in [
        ("arb_checkPublisherHealth", json!([]), Value::Null),
        (
            "arb_maintenanceStatus",
            json!([]),
            json!({ "isRunning": false }),
        ),
        (
            "arb_getRawBlockMetadata",
            json!(["0x1", "0x1"]),
            json!([{ "blockNumber": 1, "rawMetadata": "0x0000" }]),
        ),
        ("eth_pendingTransactions", json!([]), json!([])),
    ] {
        assert_eq!(ask(&node, method, params).await, Ok(answer), "{method}");
    }
    let tx = json!([{ "from": ALICE, "to": BOB, "gas": "0x5208" }]);
    let hash = ask(&node, "eth_sendTransaction", tx).await.unwrap();
    let pending = ask(&node, "eth_pendingTransactions", json!([])).await;
    assert_eq!(pending.unwrap()[0]["hash"], hash);
    let provider = client(&node, 0);
    assert_eq!(provider.get_transaction_count(ALICE).await.unwrap(), 0);
}
