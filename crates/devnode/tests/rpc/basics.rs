//! Identity, accounts, blocks, fees.

use alloy::{
    eips::BlockNumberOrTag,
    primitives::{Address, B256, U256, address, hex},
    providers::{MULTICALL3_ADDRESS as MULTICALL3, Provider},
};
use serde_json::{Value, json};
use stylus_devnode::NodeConfig;

use crate::support::{ALICE, BOB, ETHER, STRANGER, ask, client, node, start};

#[tokio::test]
async fn the_chain_says_who_it_is() {
    let node = node().await;
    assert_eq!(
        ask(&node, "eth_chainId", json!([])).await,
        Ok(json!("0x64aba"))
    );
    assert_eq!(
        ask(&node, "net_version", json!([])).await,
        Ok(json!("412346"))
    );
    assert_eq!(ask(&node, "eth_syncing", json!([])).await, Ok(json!(false)));
    let version = ask(&node, "web3_clientVersion", json!([])).await.unwrap();
    assert!(version.as_str().unwrap().starts_with("nitro/"));
    assert_eq!(
        ask(&node, "web3_sha3", json!(["0x68656c6c6f"])).await,
        Ok(json!(
            "0x1c8aff950685c2ed4bc3174f3472287b56d9517b9c948127319a09a7a36deac8"
        ))
    );
    let modules = ask(&node, "rpc_modules", json!([])).await.unwrap();
    for namespace in [
        "eth", "net", "web3", "evm", "anvil", "hardhat", "debug", "txpool",
    ] {
        assert_eq!(modules[namespace], "1.0", "{namespace}");
    }
}

#[tokio::test]
async fn the_node_calls_itself_what_it_was_told_to_and_starts_when() {
    let name = NodeConfig::HARDHAT_CLIENT_VERSION;
    let node = start(NodeConfig {
        client_version: name.to_owned(),
        genesis_timestamp: 1_750_000_000,
        ..NodeConfig::default()
    })
    .await;
    let genesis = ask(&node, "eth_getBlockByNumber", json!(["latest", false])).await;
    assert_eq!(genesis.unwrap()["timestamp"], "0x684ee180");
    let version = ask(&node, "web3_clientVersion", json!([])).await;
    assert_eq!(version, Ok(json!(name)));
    for method in ["anvil_metadata", "hardhat_metadata"] {
        let metadata = ask(&node, method, json!([])).await.unwrap();
        assert_eq!(metadata["clientVersion"], name, "{method}");
    }
}

#[tokio::test]
async fn nitros_dev_account_and_those_of_the_phrase_are_funded() {
    let node = node().await;
    let accounts = ask(&node, "eth_accounts", json!([])).await.unwrap();
    assert_eq!(accounts.as_array().unwrap().len(), 11);
    let provider = client(&node, 0);
    for account in accounts.as_array().unwrap() {
        let address: Address = account.as_str().unwrap().parse().unwrap();
        let balance = provider.get_balance(address).await.unwrap();
        assert_eq!(balance, U256::from(10_000 * ETHER), "{address}");
    }
    let dev = address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");
    assert_eq!(
        accounts[0].as_str().unwrap().parse::<Address>().unwrap(),
        dev
    );
}

#[tokio::test]
async fn chosen_identity_and_balances_are_kept() {
    let node = start(NodeConfig {
        chain_id: 77,
        accounts: 1,
        balance: U256::from(5),
        base_fee: 7_000,
        ..NodeConfig::default()
    })
    .await;
    assert_eq!(
        ask(&node, "eth_chainId", json!([])).await,
        Ok(json!("0x4d"))
    );
    assert_eq!(
        ask(&node, "eth_getBalance", json!([ALICE, "latest"])).await,
        Ok(json!("0x5"))
    );
    assert_eq!(
        ask(&node, "eth_getBalance", json!([BOB, "latest"])).await,
        Ok(json!("0x0"))
    );
    assert_eq!(
        ask(&node, "eth_gasPrice", json!([])).await,
        Ok(json!("0x1b58"))
    );
}

#[tokio::test]
async fn genesis_has_nitros_header() {
    let node = node().await;
    let genesis = ask(&node, "eth_getBlockByNumber", json!(["earliest", true]))
        .await
        .unwrap();
    for (field, value) in [
        ("number", json!("0x0")),
        ("timestamp", json!("0x0")),
        ("nonce", json!("0x0000000000000001")),
        ("difficulty", json!("0x1")),
        ("gasLimit", json!("0x4000000000000")),
        ("baseFeePerGas", json!("0x5f5e100")),
        ("miner", json!(Address::ZERO)),
        ("l1BlockNumber", json!("0x0")),
        ("sendCount", json!("0x0")),
        ("sendRoot", json!(B256::ZERO)),
        ("extraData", json!(B256::ZERO)),
        ("transactions", json!([])),
        ("uncles", json!([])),
    ] {
        assert_eq!(genesis[field], value, "{field}");
    }
    // The ArbOS version stands in bytes 16 to 24.
    let mix: B256 = serde_json::from_value(genesis["mixHash"].clone()).unwrap();
    assert_eq!(mix[23], 51);
    for absent in [
        "withdrawalsRoot",
        "blobGasUsed",
        "parentBeaconBlockRoot",
        "requestsHash",
    ] {
        assert!(genesis.get(absent).is_none(), "{absent}");
    }
}

#[tokio::test]
async fn every_block_starts_with_the_internal_transaction() {
    let node = node().await;
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", true]))
        .await
        .unwrap();
    let start = &block["transactions"][0];
    let arbos = json!("0x00000000000000000000000000000000000a4b05");
    assert_eq!(
        (&start["type"], &start["from"], &start["to"]),
        (&json!("0x6a"), &arbos, &arbos)
    );
    assert!(start["input"].as_str().unwrap().starts_with("0x6bf6a42d"));
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([start["hash"]]))
        .await
        .unwrap();
    assert_eq!(
        (&receipt["status"], &receipt["gasUsed"]),
        (&json!("0x1"), &json!("0x0"))
    );
    assert_eq!(
        block["miner"],
        json!("0xa4b000000000000000000073657175656e636572")
    );
    let parent = ask(&node, "eth_getBlockByNumber", json!(["0x0", false]))
        .await
        .unwrap();
    assert_eq!(block["parentHash"], parent["hash"]);
}

#[tokio::test]
async fn block_hash_is_the_hash_of_the_header() {
    let node = node().await;
    ask(&node, "evm_mine", json!([])).await.unwrap();
    let provider = client(&node, 0);
    let block = provider
        .get_block_by_number(BlockNumberOrTag::Latest)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(block.header.inner.hash_slow(), block.header.hash);
    let raw = ask(&node, "debug_getRawHeader", json!(["latest"]))
        .await
        .unwrap();
    let raw: alloy::primitives::Bytes = serde_json::from_value(raw).unwrap();
    assert_eq!(alloy::primitives::keccak256(raw), block.header.hash);
}

#[tokio::test]
async fn every_tag_names_a_block_and_unknown_blocks_are_null() {
    let node = node().await;
    ask(&node, "anvil_mine", json!([3])).await.unwrap();
    for tag in ["latest", "pending", "safe", "finalized", "0x3"] {
        let block = ask(&node, "eth_getBlockByNumber", json!([tag, false]))
            .await
            .unwrap();
        assert_eq!(block["number"], "0x3", "{tag}");
    }
    assert_eq!(
        ask(&node, "eth_getBlockByNumber", json!(["0x4", false])).await,
        Ok(Value::Null)
    );
    assert_eq!(
        ask(&node, "eth_getBlockByHash", json!([B256::ZERO, false])).await,
        Ok(Value::Null)
    );
    assert_eq!(
        ask(&node, "eth_getTransactionReceipt", json!([B256::ZERO])).await,
        Ok(Value::Null)
    );
    assert_eq!(
        ask(&node, "eth_getTransactionByHash", json!([B256::ZERO])).await,
        Ok(Value::Null)
    );
    let hash = ask(&node, "eth_getBlockByNumber", json!(["0x2", false]))
        .await
        .unwrap()["hash"]
        .take();
    let block = ask(&node, "eth_getBlockByHash", json!([hash, false]))
        .await
        .unwrap();
    assert_eq!(block["number"], "0x2");
    let state = ask(
        &node,
        "eth_getBalance",
        json!([ALICE, { "blockHash": hash }]),
    )
    .await;
    assert!(state.is_ok());
    assert!(
        ask(&node, "eth_getBalance", json!([ALICE, "0x9"]))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn fee_history_repeats_the_newest_base_fee_and_has_zero_rewards() {
    let node = node().await;
    ask(&node, "anvil_mine", json!([5])).await.unwrap();
    let history = ask(&node, "eth_feeHistory", json!(["0x3", "latest", [20, 50]]))
        .await
        .unwrap();
    assert_eq!(history["oldestBlock"], "0x3");
    assert_eq!(history["baseFeePerGas"].as_array().unwrap().len(), 4);
    assert_eq!(history["gasUsedRatio"].as_array().unwrap().len(), 3);
    assert_eq!(history["reward"][0], json!(["0x0", "0x0"]));
    let bare = ask(&node, "eth_feeHistory", json!([2, "latest", []]))
        .await
        .unwrap();
    assert!(bare.get("reward").is_none_or(Value::is_null));
    // As Nitro, which pays no rewards and therefore does not look at the percentiles.
    let odd = ask(&node, "eth_feeHistory", json!([1, "0xfffff", [90, 101]]))
        .await
        .unwrap();
    assert_eq!(odd["reward"], json!([["0x0", "0x0"]]));
    assert_eq!(odd["oldestBlock"], "0x5");
}

#[tokio::test]
async fn ready_made_contracts_have_their_known_addresses_and_sizes() {
    let node = node().await;
    let provider = client(&node, 0);
    for (address, length) in [
        (address!("4e59b44847b379578588920cA78FbF26c0B4956C"), 69),
        (address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990"), 2_269),
        (address!("2F8Bd4EaB69764c105aDd7dE7CB0402557a44E6f"), 7_452),
        (MULTICALL3, 2_857),
    ] {
        assert_eq!(
            provider.get_code_at(address).await.unwrap().len(),
            length,
            "{address}"
        );
    }
    let bare = start(NodeConfig::bare()).await;
    for address in [
        address!("4e59b44847b379578588920cA78FbF26c0B4956C"),
        MULTICALL3,
    ] {
        let code = ask(&bare, "eth_getCode", json!([address, "latest"])).await;
        assert_eq!(code, Ok(json!("0x")), "{address}");
    }
}

#[tokio::test]
async fn alloys_multicall_finds_multicall3_where_it_expects_it() {
    let node = node().await;
    let provider = client(&node, 0);
    let multicall = provider
        .multicall()
        .get_eth_balance(ALICE)
        .get_eth_balance(STRANGER)
        .get_chain_id();
    let (alice, stranger, chain_id) = multicall.aggregate().await.unwrap();
    assert_eq!(alice, U256::from(10_000 * ETHER));
    assert_eq!(stranger, U256::ZERO);
    assert_eq!(chain_id, U256::from(412_346));
}

#[tokio::test]
async fn a_bare_node_has_the_dev_account_its_thousand_ether_and_its_power_and_nothing_else() {
    let bare = start(NodeConfig::bare()).await;
    let dev = arbos::genesis::DEV_ACCOUNT;
    assert_eq!(
        ask(&bare, "eth_accounts", json!([])).await,
        Ok(json!([dev]))
    );
    for (address, ether) in [(dev, 1_000), (ALICE, 0)] {
        let balance = U256::from(ether) * U256::from(10).pow(U256::from(18));
        assert_eq!(
            ask(&bare, "eth_getBalance", json!([address, "latest"])).await,
            Ok(json!(balance)),
            "{address}"
        );
    }
    // isChainOwner
    let data = format!("0x26ef7f68{:0>64}", hex::encode(dev));
    let call = json!([{ "to": "0x000000000000000000000000000000000000006b", "data": data }]);
    let owner = ask(&bare, "eth_call", call).await.unwrap();
    assert_eq!(owner, json!(B256::with_last_byte(1)));
}

#[tokio::test]
async fn storage_and_code_of_nobody_are_empty() {
    let node = node().await;
    assert_eq!(
        ask(&node, "eth_getCode", json!([STRANGER, "latest"])).await,
        Ok(json!("0x"))
    );
    assert_eq!(
        ask(
            &node,
            "eth_getStorageAt",
            json!([STRANGER, "0x0", "latest"])
        )
        .await,
        Ok(json!(B256::ZERO))
    );
    let error = ask(&node, "eth_getProof", json!([STRANGER, [], "latest"]))
        .await
        .unwrap_err();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("eth_getProof is not available")
    );
}
