//! The chain bent to a developer's will.

use alloy::{
    primitives::{Bytes, U256},
    providers::Provider,
};
use serde_json::json;

use crate::support::{ALICE, BOB, Probe, STRANGER, ask, client, message, mine, node};

#[tokio::test]
async fn accounts_can_be_set_piece_by_piece() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let code = provider.get_code_at(*probe.address()).await.unwrap();
    for prefix in ["anvil", "hardhat"] {
        let set =
            async |what: &str, params| ask(&node, &format!("{prefix}_set{what}"), params).await;
        assert_eq!(
            set("Balance", json!([STRANGER, "0x64"])).await,
            Ok(json!(true))
        );
        assert_eq!(
            set("Nonce", json!([STRANGER, "0x9"])).await,
            Ok(json!(true))
        );
        assert_eq!(set("Code", json!([STRANGER, code])).await, Ok(json!(true)));
        let word = Bytes::from(U256::from(77).to_be_bytes::<32>());
        assert_eq!(
            set("StorageAt", json!([STRANGER, "0x0", word])).await,
            Ok(json!(true))
        );
    }
    assert_eq!(
        provider.get_balance(STRANGER).await.unwrap(),
        U256::from(100)
    );
    assert_eq!(provider.get_transaction_count(STRANGER).await.unwrap(), 9);
    assert_eq!(
        Probe::new(STRANGER, &provider)
            .value()
            .call()
            .await
            .unwrap(),
        U256::from(77)
    );
    ask(&node, "anvil_addBalance", json!([STRANGER, 5]))
        .await
        .unwrap();
    assert_eq!(
        provider.get_balance(STRANGER).await.unwrap(),
        U256::from(105)
    );
}

#[tokio::test]
async fn anybody_can_be_impersonated_and_no_longer() {
    let node = node().await;
    let request = json!([{ "from": STRANGER, "to": BOB, "value": "0x1" }]);
    assert!(
        ask(&node, "eth_sendTransaction", request.clone())
            .await
            .is_err()
    );
    ask(
        &node,
        "anvil_setBalance",
        json!([STRANGER, "0xde0b6b3a7640000"]),
    )
    .await
    .unwrap();
    ask(&node, "anvil_impersonateAccount", json!([STRANGER]))
        .await
        .unwrap();
    let hash = ask(&node, "eth_sendTransaction", request.clone())
        .await
        .unwrap();
    let tx = ask(&node, "eth_getTransactionByHash", json!([hash]))
        .await
        .unwrap();
    assert_eq!(tx["from"], json!(STRANGER));
    ask(&node, "anvil_stopImpersonatingAccount", json!([STRANGER]))
        .await
        .unwrap();
    assert!(
        ask(&node, "eth_sendTransaction", request.clone())
            .await
            .is_err()
    );
    ask(&node, "anvil_autoImpersonateAccount", json!([true]))
        .await
        .unwrap();
    assert!(ask(&node, "eth_sendTransaction", request).await.is_ok());
    let trace = ask(
        &node,
        "debug_traceTransaction",
        json!([hash, { "tracer": "callTracer" }]),
    )
    .await;
    assert_eq!(trace.unwrap()["from"], json!(STRANGER));
}

#[tokio::test]
async fn a_contract_can_be_impersonated() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let contract = *probe.address();
    ask(
        &node,
        "hardhat_setBalance",
        json!([contract, "0xde0b6b3a7640000"]),
    )
    .await
    .unwrap();
    ask(&node, "hardhat_impersonateAccount", json!([contract]))
        .await
        .unwrap();
    let request = json!([{ "from": contract, "to": BOB, "value": "0x1" }]);
    let hash = ask(&node, "eth_sendTransaction", request).await.unwrap();
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]))
        .await
        .unwrap();
    assert_eq!(receipt["status"], "0x1");
}

#[tokio::test]
async fn a_snapshot_brings_everything_back_once() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    let outer = ask(&node, "evm_snapshot", json!([])).await.unwrap();
    let receipt = probe
        .set(U256::from(1))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    let inner = ask(&node, "evm_snapshot", json!([])).await.unwrap();
    ask(&node, "anvil_setBalance", json!([STRANGER, "0x1"]))
        .await
        .unwrap();
    ask(&node, "evm_increaseTime", json!([1_000_000]))
        .await
        .unwrap();
    ask(&node, "evm_mine", json!([])).await.unwrap();

    assert_eq!(
        ask(&node, "evm_revert", json!([outer])).await,
        Ok(json!(true))
    );
    let after = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(after, head);
    assert_eq!(probe.value().call().await.unwrap(), U256::ZERO);
    assert_eq!(provider.get_balance(STRANGER).await.unwrap(), U256::ZERO);
    assert_eq!(provider.get_transaction_count(ALICE).await.unwrap(), 1);
    let gone = provider
        .get_transaction_receipt(receipt.transaction_hash)
        .await
        .unwrap();
    assert!(gone.is_none());
    // Used up, and so are those taken after it.
    for id in [outer, inner, json!("0x99")] {
        assert_eq!(
            ask(&node, "evm_revert", json!([id])).await,
            Ok(json!(false))
        );
    }
    // The clock is back as well, and the chain goes on.
    let receipt = probe
        .set(U256::from(2))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    let block = provider
        .get_block(receipt.block_hash.unwrap().into())
        .await
        .unwrap()
        .unwrap();
    let genuine = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert!(block.header.timestamp <= genuine + 1);
}

#[tokio::test]
async fn the_next_base_fee_and_the_miner_can_be_chosen() {
    let node = node().await;
    ask(
        &node,
        "hardhat_setNextBlockBaseFeePerGas",
        json!(["0x3b9aca00"]),
    )
    .await
    .unwrap();
    ask(&node, "anvil_setCoinbase", json!([BOB])).await.unwrap();
    ask(&node, "anvil_mine", json!([2])).await.unwrap();
    let one = ask(&node, "eth_getBlockByNumber", json!(["0x1", false]))
        .await
        .unwrap();
    let two = ask(&node, "eth_getBlockByNumber", json!(["0x2", false]))
        .await
        .unwrap();
    assert_eq!(
        (&one["baseFeePerGas"], &one["miner"]),
        (&json!("0x3b9aca00"), &json!(BOB))
    );
    assert_eq!(
        (&two["baseFeePerGas"], &two["miner"]),
        (&json!("0x5f5e100"), &json!(BOB))
    );
}

#[tokio::test]
async fn a_state_can_be_dumped_and_loaded_into_another_node() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let set = probe.set(U256::from(5)).send().await.unwrap();
    set.get_receipt().await.unwrap();
    let dump = ask(&node, "anvil_dumpState", json!([])).await.unwrap();
    assert!(dump.as_str().unwrap().starts_with("0x"));

    let other = crate::support::node().await;
    ask(&other, "anvil_setBalance", json!([STRANGER, "0x7"]))
        .await
        .unwrap();
    assert_eq!(
        ask(&other, "anvil_loadState", json!([dump])).await,
        Ok(json!(true))
    );
    let provider = client(&other, 0);
    let there = Probe::new(*probe.address(), &provider);
    assert_eq!(there.value().call().await.unwrap(), U256::from(5));
    assert_eq!(provider.get_transaction_count(ALICE).await.unwrap(), 2);
    assert_eq!(provider.get_balance(STRANGER).await.unwrap(), U256::from(7));
    assert_eq!(ask(&other, "anvil_dumpState", json!([])).await.unwrap(), {
        ask(&node, "anvil_setBalance", json!([STRANGER, "0x7"]))
            .await
            .unwrap();
        ask(&node, "anvil_dumpState", json!([])).await.unwrap()
    });
}

#[tokio::test]
async fn accounts_can_be_loaded_as_plain_json_and_foreign_dumps_are_refused() {
    let node = node().await;
    let accounts =
        json!({ STRANGER.to_string(): { "balance": "0x9", "storage": { "0x1": "0x2" } } });
    let load = async |dump| ask(&node, "anvil_loadState", json!([dump])).await;
    assert_eq!(load(json!({ "accounts": accounts })).await, Ok(json!(true)));
    let word = ask(
        &node,
        "eth_getStorageAt",
        json!([STRANGER, "0x1", "latest"]),
    )
    .await;
    assert_eq!(word, Ok(json!(format!("0x{:064x}", 2))));
    let refusal = async |dump| load(dump).await.unwrap_err()["message"].to_string();
    assert!(
        refusal(json!({ "chainId": 1, "accounts": accounts }))
            .await
            .contains("a dump of chain 1")
    );
    assert!(refusal(json!("0x1f8b0800")).await.contains("made by anvil"));
    for nonsense in [json!("0x"), json!("0x7b7d"), json!("0x22307822"), json!(5)] {
        assert_eq!(load(nonsense).await.unwrap_err()["code"], -32_602);
    }
}

#[tokio::test]
async fn a_reset_goes_back_to_the_genesis() {
    let node = node().await;
    let provider = client(&node, 0);
    let genesis = ask(&node, "eth_getBlockByNumber", json!(["latest", true])).await;
    let fresh = ask(&node, "anvil_dumpState", json!([])).await;
    for reset in ["anvil_reset", "hardhat_reset"] {
        let probe = Probe::deploy(&provider).await.unwrap();
        let snapshot = ask(&node, "evm_snapshot", json!([])).await.unwrap();
        ask(&node, "evm_increaseTime", json!([1_000_000]))
            .await
            .unwrap();
        ask(&node, "evm_mine", json!([])).await.unwrap();

        assert_eq!(ask(&node, reset, json!([])).await, Ok(json!(true)));
        let head = ask(&node, "eth_getBlockByNumber", json!(["latest", true])).await;
        assert_eq!(head, genesis);
        assert_eq!(ask(&node, "anvil_dumpState", json!([])).await, fresh);
        let gone = ask(&node, "evm_revert", json!([snapshot])).await;
        assert_eq!(gone, Ok(json!(false)));
        let code = provider.get_code_at(*probe.address()).await.unwrap();
        assert!(code.is_empty());
    }
    let fork = json!([{ "forking": { "jsonRpcUrl": "https://example.org" } }]);
    let error = ask(&node, "anvil_reset", fork).await.unwrap_err();
    assert_eq!(error["code"], -32_602);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("forks no other chain")
    );
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", true])).await;
    assert_eq!(head.unwrap()["number"], "0x1");
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
