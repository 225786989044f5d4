//! A chain that outlives its process.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use alloy::{
    primitives::U256,
    providers::{Provider, ProviderBuilder},
};
use serde_json::json;
use stylus_devnode::{NodeConfig, StartError};

use crate::support::{ALICE, BOB, Probe, ask, client, start};

struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("devnode-rpc-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    fn config(&self) -> NodeConfig {
        NodeConfig {
            state: Some(self.0.clone()),
            ..NodeConfig::default()
        }
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn a_chain_goes_on_where_it_stopped() {
    let file = TempFile::new("restart");
    let node = start(file.config()).await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let receipt = probe
        .set(U256::from(5))
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    ask(&node, "anvil_setBalance", json!([BOB, "0x7"]))
        .await
        .unwrap();
    ask(&node, "evm_increaseTime", json!([1_000_000]))
        .await
        .unwrap();
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", true]))
        .await
        .unwrap();
    node.stop().await;

    let node = start(file.config()).await;
    let again = ask(&node, "eth_getBlockByNumber", json!(["latest", true]))
        .await
        .unwrap();
    assert_eq!(again, head);
    let provider = client(&node, 0);
    assert_eq!(
        Probe::new(*probe.address(), &provider)
            .value()
            .call()
            .await
            .unwrap(),
        U256::from(5)
    );
    assert_eq!(provider.get_balance(BOB).await.unwrap(), U256::from(7));
    let found = provider
        .get_transaction_receipt(receipt.transaction_hash)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.logs(), receipt.logs());
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let next = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(next["parentHash"], head["hash"]);
    assert!(
        next["timestamp"].as_str() >= head["timestamp"].as_str(),
        "time does not go back"
    );
}

#[tokio::test]
async fn a_file_of_another_chain_is_refused() {
    let file = TempFile::new("other");
    start(file.config()).await.stop().await;
    let error = stylus_devnode::Node::start(NodeConfig {
        chain_id: 5,
        ..file.config()
    })
    .await;
    assert!(matches!(
        error,
        Err(StartError::OtherChain {
            found: 412_346,
            wanted: 5
        })
    ));
}

/// Runs the binary and returns it with its address.
fn spawn(file: &TempFile) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stylus-devnode"))
        .args(["--port", "0", "--state"])
        .arg(&file.0)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines
        .map_while(Result::ok)
        .find(|line| line.starts_with("Listening on "))
        .unwrap();
    let url = line.split_whitespace().nth(2).unwrap().to_owned();
    (child, url)
}

#[tokio::test]
async fn killing_the_process_under_load_loses_no_block() {
    let file = TempFile::new("kill");
    let mut mined = 0;
    for round in 0..3_u64 {
        let (mut child, url) = spawn(&file);
        let provider = ProviderBuilder::new().connect_http(url.parse().unwrap());
        assert!(
            provider.get_block_number().await.unwrap() >= mined,
            "round {round}"
        );
        let killer = tokio::task::spawn_blocking(move || {
            std::thread::sleep(std::time::Duration::from_millis(300));
            child.kill().unwrap(); // SIGKILL
            child.wait().unwrap();
        });
        // What the node has answered for must be there afterwards.
        loop {
            let request = json!([{ "from": ALICE, "to": BOB, "value": "0x1", "gas": "0x5208" }]);
            let sent: Result<String, _> = provider
                .raw_request("eth_sendTransaction".into(), request)
                .await;
            if sent.is_err() {
                break;
            }
            mined += 1;
        }
        killer.await.unwrap();
    }
    assert!(mined > 10, "only {mined} blocks: no load");
    let node = start(file.config()).await;
    let provider = client(&node, 0);
    assert!(provider.get_block_number().await.unwrap() >= mined);
    assert!(provider.get_transaction_count(ALICE).await.unwrap() >= mined);
}
