//! Transactions of every kind, and those that are refused.

use alloy::{
    consensus::{SignableTransaction, TxEnvelope, TxLegacy},
    eips::{eip2718::Encodable2718, eip2930::AccessList},
    network::TransactionBuilder,
    primitives::{Address, Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    signers::{SignerSync, local::PrivateKeySigner},
};
use serde_json::json;

use crate::support::{ALICE, BOB, ETHER, Probe, STRANGER, ask, client, client_of, node};

#[tokio::test]
async fn a_contract_is_deployed_called_and_read() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let receipt = probe
        .set(U256::from(7))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    assert!(receipt.status());
    assert_eq!(receipt.from, ALICE);
    assert_eq!(receipt.effective_gas_price, 100_000_000);
    assert_eq!(probe.value().call().await.unwrap(), U256::from(7));
    let event = receipt.decoded_log::<Probe::Set>().expect("the event");
    assert_eq!(
        (event.who, event.old, event.value),
        (ALICE, U256::ZERO, U256::from(7))
    );
}

#[tokio::test]
async fn the_receipt_is_there_as_soon_as_sending_returns() {
    let node = node().await;
    let provider = client(&node, 0);
    for nonce in 0..5 {
        let pending = provider.send_transaction(transfer(BOB)).await.unwrap();
        let hash = *pending.tx_hash();
        let receipt = provider
            .get_transaction_receipt(hash)
            .await
            .unwrap()
            .expect("mined");
        assert_eq!(receipt.transaction_index, Some(1));
        assert_eq!(receipt.block_number, Some(nonce + 1));
    }
    assert_eq!(provider.get_transaction_count(ALICE).await.unwrap(), 5);
    assert_eq!(
        provider.get_balance(BOB).await.unwrap(),
        U256::from(10_000 * ETHER + 5)
    );
}

#[tokio::test]
async fn legacy_access_list_and_dynamic_fee_transactions_are_accepted() {
    let node = node().await;
    let provider = client(&node, 0);
    let price = 200_000_000;
    for (request, kind) in [
        (transfer(BOB).with_gas_price(price), "0x0"),
        (
            transfer(BOB)
                .with_gas_price(price)
                .with_access_list(AccessList::default()),
            "0x1",
        ),
        (
            transfer(BOB)
                .with_max_fee_per_gas(price)
                .with_max_priority_fee_per_gas(9),
            "0x2",
        ),
    ] {
        let hash = *provider.send_transaction(request).await.unwrap().tx_hash();
        let tx = ask(&node, "eth_getTransactionByHash", json!([hash]))
            .await
            .unwrap();
        assert_eq!(tx["type"], kind);
        let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]))
            .await
            .unwrap();
        assert_eq!(
            (&receipt["type"], &receipt["status"]),
            (&json!(kind), &json!("0x1"))
        );
        // Tips are dropped: everybody pays the base fee.
        assert_eq!(receipt["effectiveGasPrice"], "0x5f5e100");
        assert_eq!(receipt["gasUsedForL1"], "0x0");
        let raw = ask(&node, "eth_getRawTransactionByHash", json!([hash]))
            .await
            .unwrap();
        let raw: Bytes = serde_json::from_value(raw).unwrap();
        assert_eq!(alloy::primitives::keccak256(raw), hash);
    }
}

#[tokio::test]
async fn an_unprotected_transaction_is_accepted() {
    let node = node().await;
    let signer = PrivateKeySigner::random();
    ask(
        &node,
        "anvil_setBalance",
        json!([signer.address(), "0xde0b6b3a7640000"]),
    )
    .await
    .unwrap();
    let tx = TxLegacy {
        chain_id: None,
        gas_price: 100_000_000,
        gas_limit: 21_000,
        to: BOB.into(),
        ..TxLegacy::default()
    };
    let signature = signer.sign_hash_sync(&tx.signature_hash()).unwrap();
    let raw = Bytes::from(TxEnvelope::from(tx.into_signed(signature)).encoded_2718());
    let hash = ask(&node, "eth_sendRawTransaction", json!([raw]))
        .await
        .unwrap();
    let tx = ask(&node, "eth_getTransactionByHash", json!([hash]))
        .await
        .unwrap();
    assert!(tx.get("chainId").is_none());
    assert!(["0x1b", "0x1c"].contains(&tx["v"].as_str().unwrap()));
}

#[tokio::test]
async fn a_reverting_transaction_is_in_a_block_with_status_zero() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let call = probe.fail("no".to_owned()).gas(100_000);
    let receipt = call.send().await.unwrap().get_receipt().await.unwrap();
    assert!(!receipt.status());
    assert!(receipt.gas_used < 100_000);
    assert!(receipt.logs().is_empty());
}

#[tokio::test]
async fn refusals_have_the_texts_that_clients_look_for() {
    let node = node().await;
    let provider = client(&node, 0);
    let _ = provider.send_transaction(transfer(BOB)).await.unwrap();
    let poor = client_of(&node, PrivateKeySigner::random());
    let full = || {
        transfer(BOB)
            .with_gas_limit(21_000)
            .with_max_fee_per_gas(200_000_000)
            .with_max_priority_fee_per_gas(0)
    };
    let cases = [
        (&provider, full().with_nonce(0), "nonce too low"),
        (&provider, full().with_nonce(9), "nonce too high"),
        (
            &poor,
            full().with_nonce(0),
            "insufficient funds for gas * price + value",
        ),
        (
            &provider,
            full().with_max_fee_per_gas(5),
            "max fee per gas less than block base fee",
        ),
        (
            &provider,
            full().with_gas_limit(20_000),
            "intrinsic gas too low",
        ),
        (
            &provider,
            full().with_max_fee_per_gas(10 * ETHER),
            "exceeds the configured cap",
        ),
    ];
    for (client, request, text) in cases {
        let error = client
            .send_transaction(request)
            .await
            .expect_err(text)
            .to_string();
        assert!(error.contains(text), "{error}");
    }
    // None of them left a trace.
    assert_eq!(provider.get_block_number().await.unwrap(), 1);
    assert_eq!(provider.get_transaction_count(ALICE).await.unwrap(), 1);
}

#[tokio::test]
async fn the_same_transaction_twice_is_refused() {
    let node = node().await;
    let provider = client(&node, 0);
    let hash = *provider
        .send_transaction(transfer(BOB))
        .await
        .unwrap()
        .tx_hash();
    let raw = ask(&node, "eth_getRawTransactionByHash", json!([hash]))
        .await
        .unwrap();
    let error = ask(&node, "eth_sendRawTransaction", json!([raw]))
        .await
        .unwrap_err();
    assert_eq!(error["code"], -32_000);
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("nonce too low"), "{message}");
}

#[tokio::test]
async fn a_transaction_of_another_chain_is_refused() {
    let node = node().await;
    let signer = node.node().wallet.accounts().signers()[1].clone();
    let tx = TxLegacy {
        chain_id: Some(1),
        gas_limit: 21_000,
        gas_price: 100_000_000,
        ..TxLegacy::default()
    };
    let signature = signer.sign_hash_sync(&tx.signature_hash()).unwrap();
    let raw = Bytes::from(TxEnvelope::from(tx.into_signed(signature)).encoded_2718());
    let error = ask(&node, "eth_sendRawTransaction", json!([raw]))
        .await
        .unwrap_err();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("invalid chain id"),
        "{error}"
    );
}

#[tokio::test]
async fn an_early_nonce_waits_for_the_one_before_it() {
    let node = node().await;
    let provider = client(&node, 0);
    let second = provider.send_transaction(transfer(BOB).with_nonce(1).with_gas_limit(21_000));
    let first = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        provider
            .send_transaction(transfer(BOB).with_nonce(0).with_gas_limit(21_000))
            .await
    };
    let (second, first) = tokio::join!(second, first);
    let (second, first) = (*second.unwrap().tx_hash(), *first.unwrap().tx_hash());
    assert!(
        provider
            .get_transaction_receipt(first)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        provider
            .get_transaction_receipt(second)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn dev_accounts_send_without_a_client_side_key() {
    let node = node().await;
    let request = json!({ "from": ALICE, "to": BOB, "value": "0x5" });
    let hash = ask(&node, "eth_sendTransaction", json!([request]))
        .await
        .unwrap();
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]))
        .await
        .unwrap();
    assert_eq!(
        (&receipt["status"], &receipt["gasUsed"]),
        (&json!("0x1"), &json!("0x5208"))
    );
    let error = ask(
        &node,
        "eth_sendTransaction",
        json!([{ "from": STRANGER, "to": BOB }]),
    )
    .await;
    assert!(
        error.unwrap_err()["message"]
            .as_str()
            .unwrap()
            .contains("unknown account")
    );
}

#[tokio::test]
async fn requests_from_one_dev_account_at_once_get_a_nonce_each() {
    let node = node().await;
    let request = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
    let sent = futures_util::future::join_all(
        (0..20).map(|_| ask(&node, "eth_sendTransaction", request.clone())),
    )
    .await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    let count = ask(&node, "eth_getTransactionCount", json!([ALICE, "latest"])).await;
    assert_eq!(count, Ok(json!("0x14")));
}

#[tokio::test]
async fn sending_can_return_the_receipt_at_once() {
    let node = node().await;
    let signer = node.node().wallet.accounts().signers()[1].clone();
    let tx = TxLegacy {
        chain_id: Some(412_346),
        gas_limit: 21_000,
        gas_price: 100_000_000,
        to: BOB.into(),
        ..TxLegacy::default()
    };
    let signature = signer.sign_hash_sync(&tx.signature_hash()).unwrap();
    let raw = Bytes::from(TxEnvelope::from(tx.into_signed(signature)).encoded_2718());
    let receipt = ask(&node, "eth_sendRawTransactionSync", json!([raw, 2_000]))
        .await
        .unwrap();
    assert_eq!(
        (&receipt["status"], &receipt["to"]),
        (&json!("0x1"), &json!(BOB))
    );
}

fn transfer(to: Address) -> TransactionRequest {
    TransactionRequest::default()
        .with_to(to)
        .with_value(U256::from(1))
}
