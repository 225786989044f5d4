//! EIP-7702: accounts that borrow a contract's code.

use alloy::{
    consensus::{SignableTransaction, TxEip7702, TxEnvelope},
    eips::{
        eip2718::Encodable2718,
        eip7702::{Authorization, SignedAuthorization},
    },
    network::{TransactionBuilder, TransactionBuilder7702},
    primitives::{Address, Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    signers::{SignerSync, local::PrivateKeySigner},
    sol_types::SolCall,
};
use serde_json::{Value, json};
use stylus_devnode::RunningNode;

use crate::support::{ALICE, BOB, Probe, ask, client, node};

const CHAIN_ID: u64 = 412_346;

/// The key of the `index`-th account of the phrase.
fn signer(node: &RunningNode, index: usize) -> PrivateKeySigner {
    node.node().wallet.accounts().signers()[index + 1].clone()
}

/// `who` borrows the code at `address`.
fn authorize(
    who: &PrivateKeySigner,
    address: Address,
    nonce: u64,
    chain_id: u64,
) -> SignedAuthorization {
    let authorization = Authorization {
        chain_id: U256::from(chain_id),
        address,
        nonce,
    };
    let signature = who.sign_hash_sync(&authorization.signature_hash()).unwrap();
    authorization.into_signed(signature)
}

/// A transaction of type 4 as bytes, signed here.
fn raw(
    from: &PrivateKeySigner,
    nonce: u64,
    to: Address,
    input: Bytes,
    list: Vec<SignedAuthorization>,
) -> Bytes {
    let tx = TxEip7702 {
        chain_id: CHAIN_ID,
        nonce,
        gas_limit: 1_000_000,
        max_fee_per_gas: 1_000_000_000,
        max_priority_fee_per_gas: 0,
        to,
        value: U256::ZERO,
        access_list: Default::default(),
        authorization_list: list,
        input,
    };
    let signature = from.sign_hash_sync(&tx.signature_hash()).unwrap();
    TxEnvelope::from(tx.into_signed(signature))
        .encoded_2718()
        .into()
}

/// Sends raw bytes; the receipt, or the error.
async fn send(node: &RunningNode, raw: Bytes) -> Result<Value, Value> {
    let hash = ask(node, "eth_sendRawTransaction", json!([raw])).await?;
    ask(node, "eth_getTransactionReceipt", json!([hash])).await
}

fn set(value: u64) -> Bytes {
    Probe::setCall {
        next: U256::from(value),
    }
    .abi_encode()
    .into()
}

fn designator(address: Address) -> Bytes {
    [&[0xef, 0x01, 0x00], address.as_slice()].concat().into()
}

#[tokio::test]
async fn a_delegation_is_set_and_used() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = *Probe::deploy(&provider).await.unwrap().address();
    let bob = signer(&node, 1);
    let request = TransactionRequest::default()
        .with_to(BOB)
        .with_authorization_list(vec![authorize(&bob, probe, 0, CHAIN_ID)])
        .with_input(set(3));
    let sent = provider.send_transaction(request).await.unwrap();
    assert!(sent.get_receipt().await.unwrap().status());
    let code = provider.get_code_at(BOB).await.unwrap();
    assert_eq!(code, designator(probe));
    let borrowed = Probe::new(BOB, &provider);
    assert_eq!(borrowed.value().call().await.unwrap(), U256::from(3));
}

#[tokio::test]
async fn a_raw_transaction_delegates_runs_the_code_and_counts_nonces() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = *Probe::deploy(&provider).await.unwrap().address();
    let (alice, bob) = (signer(&node, 0), signer(&node, 1));

    let list = vec![authorize(&bob, probe, 0, CHAIN_ID)];
    let bytes = raw(&alice, 1, BOB, set(7), list.clone());
    let receipt = send(&node, bytes.clone()).await.unwrap();
    assert_eq!(
        (&receipt["status"], &receipt["type"]),
        (&json!("0x1"), &json!("0x4"))
    );
    assert_eq!(receipt["logs"][0]["address"], json!(BOB));
    let tx = ask(
        &node,
        "eth_getTransactionByHash",
        json!([receipt["transactionHash"]]),
    )
    .await
    .unwrap();
    assert_eq!(tx["authorizationList"], json!(list));
    let nonce = async |who| provider.get_transaction_count(who).await.unwrap();
    assert_eq!((nonce(ALICE).await, nonce(BOB).await), (2, 1));

    let again = send(&node, bytes).await.unwrap_err();
    let message = again["message"].as_str().unwrap();
    assert!(
        message.contains("already known") || message.contains("nonce too low"),
        "{message}"
    );

    // A delegated account still sends, with the nonce after the one its authorization took.
    let stale = send(&node, raw(&bob, 0, ALICE, Bytes::new(), list.clone())).await;
    assert!(
        stale.unwrap_err()["message"]
            .as_str()
            .unwrap()
            .contains("nonce too low")
    );
    // For itself, it authorizes the nonce after that of the transaction.
    let clear = vec![authorize(&bob, Address::ZERO, 2, CHAIN_ID)];
    let receipt = send(&node, raw(&bob, 1, ALICE, Bytes::new(), clear)).await;
    assert_eq!(receipt.unwrap()["status"], "0x1");
    assert_eq!(nonce(BOB).await, 3);
    assert!(provider.get_code_at(BOB).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_authorization_that_does_not_fit_is_skipped_and_an_empty_list_refused() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = *Probe::deploy(&provider).await.unwrap().address();
    let (alice, bob) = (signer(&node, 0), signer(&node, 1));
    let misfits = [
        authorize(&bob, probe, 5, CHAIN_ID),
        authorize(&bob, probe, 0, 1),
    ];
    for (nonce, misfit) in (1..).zip(misfits) {
        let receipt = send(&node, raw(&alice, nonce, BOB, set(1), vec![misfit])).await;
        assert_eq!(receipt.unwrap()["status"], "0x1");
        assert!(provider.get_code_at(BOB).await.unwrap().is_empty());
        assert_eq!(provider.get_transaction_count(BOB).await.unwrap(), 0);
    }
    // Chain 0 stands for any chain; of two that fit, the later one holds.
    let list = vec![
        authorize(&bob, ALICE, 0, 0),
        authorize(&bob, probe, 1, CHAIN_ID),
    ];
    let receipt = send(&node, raw(&alice, 3, BOB, set(2), list)).await;
    assert_eq!(receipt.unwrap()["status"], "0x1");
    assert_eq!(provider.get_code_at(BOB).await.unwrap(), designator(probe));
    let error = send(&node, raw(&alice, 4, BOB, set(1), Vec::new())).await;
    let error = error.unwrap_err();
    assert_eq!(error["code"], -32_000);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("empty auth list"),
        "{error}"
    );
}
