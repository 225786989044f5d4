//! News over WebSocket.

use std::time::Duration;

use alloy::{
    primitives::{B256, U256},
    providers::{Provider, ProviderBuilder, WsConnect},
    rpc::types::Filter,
    sol_types::SolEvent,
};
use futures_util::StreamExt;
use serde_json::json;
use stylus_devnode::{NodeConfig, RunningNode};
use tokio::time::timeout;

use crate::support::{ALICE, BOB, Probe, ask, client, node, start};

const PATIENCE: Duration = Duration::from_secs(5);

async fn websocket(node: &RunningNode) -> impl Provider + use<> {
    ProviderBuilder::new()
        .connect_ws(WsConnect::new(node.ws_url()))
        .await
        .expect("connects")
}

#[tokio::test]
async fn heads_logs_and_transactions_are_announced() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let ws = websocket(&node).await;
    let mut heads = ws.subscribe_blocks().await.unwrap().into_stream();
    let filter = Filter::new()
        .address(*probe.address())
        .event_signature(Probe::Set::SIGNATURE_HASH);
    let mut logs = ws.subscribe_logs(&filter).await.unwrap().into_stream();
    let mut pending = ws
        .subscribe_pending_transactions()
        .await
        .unwrap()
        .into_stream();

    let receipt = probe
        .set(U256::from(4))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    let head = timeout(PATIENCE, heads.next()).await.unwrap().unwrap();
    assert_eq!(Some(head.hash), receipt.block_hash);
    let log = timeout(PATIENCE, logs.next()).await.unwrap().unwrap();
    assert_eq!(log.transaction_hash, Some(receipt.transaction_hash));
    let hash: B256 = timeout(PATIENCE, pending.next()).await.unwrap().unwrap();
    assert_eq!(hash, receipt.transaction_hash);

    // What is not asked for is not announced.
    probe
        .note("quiet".into())
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    assert!(
        timeout(Duration::from_millis(100), logs.next())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn every_method_works_over_websocket_too() {
    let node = node().await;
    let ws = websocket(&node).await;
    assert_eq!(ws.get_chain_id().await.unwrap(), 412_346);
    let request = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
    let hash: B256 = ws
        .raw_request("eth_sendTransaction".into(), request)
        .await
        .unwrap();
    assert!(ws.get_transaction_receipt(hash).await.unwrap().is_some());
}

#[tokio::test]
async fn a_second_port_serves_the_same() {
    let node = start(NodeConfig {
        ws_port: Some(0),
        ..NodeConfig::default()
    })
    .await;
    assert_ne!(node.http_url().replace("http", "ws"), node.ws_url());
    assert_eq!(
        websocket(&node).await.get_chain_id().await.unwrap(),
        412_346
    );
}

#[tokio::test]
async fn an_unknown_subscription_is_refused() {
    let node = node().await;
    let ws = websocket(&node).await;
    let refused: Result<String, _> = ws
        .raw_request("eth_subscribe".into(), json!(["weather"]))
        .await;
    assert!(refused.is_err());
    // Over HTTP there is nowhere to send news to.
    assert!(
        ask(&node, "eth_subscribe", json!(["newHeads"]))
            .await
            .is_err()
    );
}
