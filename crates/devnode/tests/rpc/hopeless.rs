//! Transactions that can never run, where blocks are not made at once: they are refused when they
//! come, not lost with the next block.

use std::time::{Duration, Instant};

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEip4844, TxEip7702, TxEnvelope},
    eips::{eip2718::Encodable2718, eip7702::Authorization},
    primitives::{Address, B256, Bytes, Signature, TxKind, U256},
    signers::SignerSync,
    sol,
    sol_types::SolCall,
};
use serde_json::{Value, json};
use stylus_devnode::{NodeConfig, RunningNode, sequencer::Mining};

use crate::support::{ALICE, BOB, ETHER, ask, node, start};

sol! {
    function setCalldataPriceIncrease(bool enable) external;
    function setL1PricePerUnit(uint256 price) external;
}

const GWEI: u128 = 1_000_000_000;

/// A transfer of Alice's that runs.
fn sound(nonce: u64) -> TxEip1559 {
    TxEip1559 {
        chain_id: 412_346,
        nonce,
        gas_limit: 100_000,
        max_fee_per_gas: GWEI,
        to: TxKind::Call(BOB),
        value: U256::from(1),
        ..TxEip1559::default()
    }
}

fn signed(node: &RunningNode, tx: TxEip1559) -> Bytes {
    let signer = &node.node().wallet.accounts().signers()[1];
    let signature = signer.sign_hash_sync(&tx.signature_hash()).unwrap();
    TxEnvelope::from(tx.into_signed(signature))
        .encoded_2718()
        .into()
}

async fn send(node: &RunningNode, tx: TxEip1559) -> Result<Value, Value> {
    let raw = signed(node, tx);
    ask(node, "eth_sendRawTransaction", json!([raw])).await
}

/// EIP-7623 is in force on Arbitrum where the owner of the chain wants it.
async fn charge_for_calldata(node: &RunningNode) {
    let owner = node.node().wallet.accounts().signers()[0].address();
    let data = Bytes::from(setCalldataPriceIncreaseCall { enable: true }.abi_encode());
    let to = "0x0000000000000000000000000000000000000070";
    let tx = json!([{ "from": owner, "to": to, "data": data }]);
    ask(node, "eth_sendTransaction", tx).await.unwrap();
    ask(node, "evm_mine", json!([])).await.unwrap();
}

async fn without_mining() -> RunningNode {
    start(NodeConfig {
        mining: Mining::Manual,
        ..NodeConfig::default()
    })
    .await
}

#[tokio::test]
async fn a_transaction_that_can_never_run_is_refused_when_it_comes() {
    let waiting = without_mining().await;
    let by_the_clock = start(NodeConfig {
        mining: Mining::Interval(Duration::from_secs(3_600)),
        ..NodeConfig::default()
    })
    .await;
    let at_once = node().await;
    let create = |size: usize| TxEip1559 {
        to: TxKind::Create,
        value: U256::ZERO,
        input: vec![0; size].into(),
        gas_limit: 5_000_000,
        max_fee_per_gas: GWEI / 10,
        ..sound(0)
    };
    let hopeless = [
        (
            "intrinsic gas too low",
            TxEip1559 {
                gas_limit: 20_000,
                ..sound(0)
            },
        ),
        (
            "max fee per gas less than block base fee",
            TxEip1559 {
                max_fee_per_gas: 1,
                ..sound(0)
            },
        ),
        (
            "max priority fee per gas higher than max fee per gas",
            TxEip1559 {
                max_priority_fee_per_gas: 2 * GWEI,
                ..sound(0)
            },
        ),
        ("max initcode size exceeded", create(49_153)),
        (
            "insufficient funds",
            TxEip1559 {
                value: U256::from(20_000 * ETHER),
                ..sound(0)
            },
        ),
        (
            "invalid chain id",
            TxEip1559 {
                chain_id: 1,
                ..sound(0)
            },
        ),
        (
            "gas limit reached",
            TxEip1559 {
                gas_limit: (1 << 50) + 1,
                max_fee_per_gas: 0,
                ..sound(0)
            },
        ),
    ];
    for node in [&waiting, &by_the_clock, &at_once] {
        for (reason, tx) in &hopeless {
            let error = send(node, tx.clone()).await.expect_err(reason);
            assert_eq!(error["code"], -32_000, "{reason}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(reason), "{reason}: {message}");
        }
        let next = ask(node, "eth_getTransactionCount", json!([ALICE, "pending"])).await;
        assert_eq!(next, Ok(json!("0x0")), "the nonce is free");
    }
    // At the limit, and with a nonce that is still to come, it waits.
    let hash = send(&waiting, create(49_152)).await.expect("fits");
    send(&waiting, sound(2)).await.expect("may run later");
    ask(&waiting, "evm_mine", json!([])).await.unwrap();
    let receipt = ask(&waiting, "eth_getTransactionReceipt", json!([hash])).await;
    assert!(receipt.unwrap().is_object());
}

/// Signed transactions, or what passes for them, that no block will ever hold.
fn unsendable(node: &RunningNode) -> Vec<(&'static str, Bytes)> {
    let signer = &node.node().wallet.accounts().signers()[1];
    let sign = |hash| signer.sign_hash_sync(&hash).unwrap();
    let authorize = |to: Address, authorizations: usize| {
        let authorization = Authorization {
            chain_id: U256::from(412_346),
            address: BOB,
            nonce: 1,
        };
        let signature = sign(authorization.signature_hash());
        let tx = TxEip7702 {
            chain_id: 412_346,
            gas_limit: 200_000,
            max_fee_per_gas: GWEI,
            to,
            authorization_list: vec![authorization.into_signed(signature); authorizations],
            ..TxEip7702::default()
        };
        let signature = sign(tx.signature_hash());
        TxEnvelope::from(tx.into_signed(signature))
            .encoded_2718()
            .into()
    };
    let blobs = TxEip4844 {
        chain_id: 412_346,
        gas_limit: 100_000,
        max_fee_per_gas: GWEI,
        max_fee_per_blob_gas: GWEI,
        to: BOB,
        blob_versioned_hashes: vec![B256::with_last_byte(1)],
        ..TxEip4844::default()
    };
    let signature = sign(blobs.signature_hash());
    let blobs: TxEnvelope = blobs.into_signed(signature).into();
    let nobodys = sound(0).into_signed(Signature::new(U256::ZERO, U256::ZERO, false));
    vec![
        (
            "oversized data",
            signed(
                node,
                TxEip1559 {
                    input: vec![0; 95_000].into(),
                    ..sound(0)
                },
            ),
        ),
        (
            "exceeds the configured cap",
            signed(
                node,
                TxEip1559 {
                    max_fee_per_gas: 11_000 * GWEI,
                    ..sound(0)
                },
            ),
        ),
        (
            "transaction type not supported",
            blobs.encoded_2718().into(),
        ),
        ("empty auth list", authorize(BOB, 0)),
        (
            "invalid transaction v, r, s values",
            TxEnvelope::from(nobodys).encoded_2718().into(),
        ),
        ("typed transaction too short", Bytes::from_static(&[2])),
        (
            "transaction type not supported",
            Bytes::from_static(&[0x7f, 0xc0]),
        ),
    ]
}

#[tokio::test]
async fn what_is_no_transaction_here_is_refused_however_blocks_are_made() {
    for node in [node().await, without_mining().await] {
        for (reason, raw) in unsendable(&node) {
            let error = ask(&node, "eth_sendRawTransaction", json!([raw]))
                .await
                .expect_err(reason);
            assert_eq!(error["code"], -32_000, "{reason}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(reason), "{reason}: {message}");
        }
        let pool = ask(&node, "txpool_status", json!([])).await;
        assert_eq!(pool, Ok(json!({ "pending": "0x0", "queued": "0x0" })));
    }
}

#[tokio::test]
async fn a_nonce_that_is_used_up_is_refused_where_blocks_are_not_made_at_once() {
    let node = without_mining().await;
    send(&node, sound(0)).await.unwrap();
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let other = TxEip1559 {
        value: U256::from(2),
        ..sound(0)
    };
    let error = send(&node, other).await.unwrap_err();
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("nonce too low"), "{message}");
    // After the last nonce of all there is none.
    let last = format!("{:#x}", u64::MAX);
    ask(&node, "anvil_setNonce", json!([ALICE, last]))
        .await
        .unwrap();
    let error = send(&node, sound(u64::MAX)).await.unwrap_err();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("nonce has max value"), "{message}");
}

#[tokio::test]
async fn gas_that_does_not_pay_for_l1_data_is_refused_when_it_comes() {
    let node = without_mining().await;
    let owner = node.node().wallet.accounts().signers()[0].address();
    let data = Bytes::from(
        setL1PricePerUnitCall {
            price: U256::from(50 * GWEI),
        }
        .abi_encode(),
    );
    let to = "0x0000000000000000000000000000000000000070";
    let tx = json!([{ "from": owner, "to": to, "data": data }]);
    ask(&node, "eth_sendTransaction", tx).await.unwrap();
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let with = |gas_limit| TxEip1559 {
        gas_limit,
        ..sound(0)
    };
    let error = send(&node, with(21_000)).await.unwrap_err();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("intrinsic gas too low"), "{message}");
    send(&node, with(5_000_000))
        .await
        .expect("pays for its data");
}

#[tokio::test]
async fn gas_under_the_floor_of_calldata_is_refused_when_it_comes() {
    for node in [node().await, without_mining().await] {
        charge_for_calldata(&node).await;
        let data = |gas_limit| TxEip1559 {
            gas_limit,
            input: vec![1; 1_000].into(),
            ..sound(0)
        };
        let error = send(&node, data(37_000)).await.unwrap_err();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("floor data gas cost"), "{message}");
        send(&node, data(61_000)).await.expect("the floor itself");
    }
}

#[tokio::test]
async fn a_sender_with_code_is_refused_when_its_transaction_comes() {
    let node = without_mining().await;
    ask(&node, "anvil_setCode", json!([ALICE, "0x00"]))
        .await
        .unwrap();
    let error = send(&node, sound(0)).await.unwrap_err();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("sender not an eoa"), "{message}");
}

#[tokio::test]
async fn what_a_block_is_too_dear_for_waits_for_a_cheaper_one() {
    let node = without_mining().await;
    let hash = send(&node, sound(0)).await.unwrap();
    let fee = json!([format!("{:#x}", 5 * GWEI)]);
    ask(&node, "anvil_setNextBlockBaseFeePerGas", fee)
        .await
        .unwrap();
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let tx = ask(&node, "eth_getTransactionByHash", json!([hash])).await;
    assert_eq!(tx.unwrap()["blockNumber"], Value::Null, "it waits");
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let tx = ask(&node, "eth_getTransactionByHash", json!([hash])).await;
    assert_eq!(tx.unwrap()["blockNumber"], "0x2");
}

#[tokio::test]
async fn a_mined_transaction_sent_again_has_a_nonce_too_low() {
    for node in [node().await, without_mining().await] {
        send(&node, sound(0)).await.unwrap();
        ask(&node, "evm_mine", json!([])).await.unwrap();
        let error = send(&node, sound(0)).await.unwrap_err();
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("nonce too low"), "{message}");
    }
}

#[tokio::test]
async fn a_waiting_transaction_sent_again_is_already_known() {
    let node = without_mining().await;
    send(&node, sound(0)).await.unwrap();
    let error = send(&node, sound(0)).await.unwrap_err();
    assert_eq!(error["message"], "already known");
}

#[tokio::test]
async fn sending_synchronously_waits_for_the_next_block() {
    let node = start(NodeConfig {
        mining: Mining::Interval(Duration::from_secs(1)),
        ..NodeConfig::default()
    })
    .await;
    let raw = signed(&node, sound(0));
    let receipt = ask(&node, "eth_sendRawTransactionSync", json!([raw])).await;
    assert_eq!(receipt.unwrap()["status"], "0x1");
    let tx = json!({ "from": ALICE, "to": BOB });
    let receipt = ask(&node, "eth_sendTransactionSync", json!([tx, 5_000])).await;
    assert_eq!(receipt.unwrap()["status"], "0x1");
}

#[tokio::test]
async fn waiting_in_vain_ends_with_code_4_and_the_hash() {
    let node = without_mining().await;
    for (nonce, timeout) in [(0, json!("0x64")), (1, json!(100))] {
        let raw = signed(&node, sound(nonce));
        let hash = alloy::primitives::keccak256(&raw);
        let start = Instant::now();
        let error = ask(&node, "eth_sendRawTransactionSync", json!([raw, timeout]))
            .await
            .unwrap_err();
        assert!(start.elapsed() >= Duration::from_millis(100));
        assert_eq!(error["code"], 4);
        assert_eq!(error["data"], json!(hash));
    }
}
