//! What the node tells of itself.

use alloy::{
    primitives::{B256, U256, address},
    providers::{Provider, ext::AnvilApi},
    rpc::types::anvil::Metadata,
};
use serde_json::{Value, json};
use stylus_devnode::{NodeConfig, sequencer::Mining};

use crate::support::{ALICE, BOB, ask, client, mine, node, start};

#[tokio::test]
async fn alloy_reads_what_anvil_would_tell_of_itself() {
    let node = node().await;
    let provider = client(&node, 0);
    mine(&node).await;
    let snapshot = provider.anvil_snapshot().await.unwrap();
    let head = provider
        .get_block_by_number(Default::default())
        .await
        .unwrap()
        .unwrap();

    let info = provider.anvil_node_info().await.unwrap();
    assert_eq!(info.current_block_number, 1);
    assert_eq!(info.current_block_timestamp, head.header.timestamp);
    assert_eq!(info.current_block_hash, head.header.hash);
    assert_eq!(info.environment.chain_id, 412_346);
    assert_eq!(info.environment.gas_limit, head.header.gas_limit);
    assert_eq!(info.environment.base_fee, 100_000_000);
    assert_eq!(info.environment.gas_price, 100_000_000);
    assert_eq!(info.fork_config, Default::default());
    assert_eq!(info.hard_fork, "ArbOS 51");
    assert_eq!(info.transaction_order, "fifo");

    let metadata = provider.anvil_metadata().await.unwrap();
    let by_hardhats_name = ask(&node, "hardhat_metadata", json!([])).await.unwrap();
    let by_hardhats_name: Metadata = serde_json::from_value(by_hardhats_name).unwrap();
    assert_eq!(metadata, by_hardhats_name);
    assert_eq!(metadata.chain_id, 412_346);
    assert_eq!(metadata.latest_block_number, 1);
    assert_eq!(metadata.latest_block_hash, head.header.hash);
    assert_ne!(metadata.instance_id, B256::ZERO);
    assert_eq!(metadata.forked_network, None);
    let kept = (U256::from(snapshot), (1, head.header.hash));
    assert_eq!(metadata.snapshots, [kept].into());
    assert_eq!(
        metadata.client_version,
        provider.get_client_version().await.unwrap()
    );
}

#[tokio::test]
async fn the_configuration_names_precompiles_and_system_contracts() {
    for version in [51, 60] {
        let node = start(NodeConfig {
            arbos_version: version,
            ..NodeConfig::default()
        })
        .await;
        let mut config = ask(&node, "eth_config", json!([])).await.unwrap();
        assert_eq!(
            (&config["next"], &config["last"]),
            (&Value::Null, &Value::Null)
        );
        let current = config["current"].take();
        assert_eq!(current["chainId"], "0x64aba");
        assert_eq!(current["activationTime"], 0);
        assert_eq!(current["forkId"].as_str().map(str::len), Some(10));
        let precompiles = current["precompiles"].as_object().unwrap();
        assert_eq!(precompiles["ECREC"], format!("0x{:040x}", 1));
        assert_eq!(precompiles["P256VERIFY"], format!("0x{:040x}", 0x100));
        assert!(precompiles.contains_key("BLS12_G1ADD"));
        // Each of them answers where it is said to be: none of them has code.
        for (name, at) in precompiles {
            let code = ask(&node, "eth_getCode", json!([at, "latest"])).await;
            assert_eq!(code, Ok(json!("0x")), "{name}");
        }
        let history = address!("0000F90827F1C53a10cb7A02335B175320002935");
        assert_eq!(
            current["systemContracts"],
            json!({ "HISTORY_STORAGE_ADDRESS": history })
        );
        let code = ask(&node, "eth_getCode", json!([history, "latest"])).await;
        assert_ne!(code, Ok(json!("0x")));
    }
}

#[tokio::test]
async fn the_pricing_model_tells_each_block_and_what_owners_set() {
    let node = start(NodeConfig {
        history: 1_000,
        ..NodeConfig::default()
    })
    .await;
    for _ in 0..3 {
        let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
        ask(&node, "eth_sendTransaction", tx).await.unwrap();
    }
    let model = async |start: &str, end: &str| {
        ask(&node, "arbdebug_pricingModel", json!([start, end])).await
    };
    let all = model("earliest", "latest").await.unwrap();
    assert_eq!(
        (&all["start"], &all["end"], &all["step"]),
        (&json!(0), &json!(3), &json!(1))
    );
    for (index, number) in ["0x0", "0x1", "0x2", "0x3"].into_iter().enumerate() {
        let block = ask(&node, "eth_getBlockByNumber", json!([number, false]))
            .await
            .unwrap();
        for (column, field) in [
            ("timestamp", "timestamp"),
            ("baseFee", "baseFeePerGas"),
            ("gasUsed", "gasUsed"),
        ] {
            let told = all[column][index].as_u64().unwrap();
            assert_eq!(block[field], format!("{told:#x}"), "{column} of {number}");
        }
    }
    assert_eq!(all["speedLimit"], 7_000_000);
    assert_eq!(all["minBaseFee"], 100_000_000);
    let part = model("0x2", "0x3").await.unwrap();
    assert_eq!(
        part["gasUsed"],
        json!(&all["gasUsed"].as_array().unwrap()[2..])
    );
    assert_eq!(model("0x3", "0x2").await.unwrap_err()["code"], -32_000);
    assert_eq!(
        model("0x0", "0x9").await.unwrap_err()["message"],
        "header not found"
    );
    // A long range is told in steps.
    ask(&node, "anvil_mine", json!(["0x200"])).await.unwrap();
    let long = model("0x0", "latest").await.unwrap();
    assert_eq!(long["step"], 3);
    assert_eq!(long["gasUsed"].as_array().map(Vec::len), Some(172));
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
