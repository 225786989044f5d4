//! Calls, estimates, the past.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use alloy::{
    eips::BlockNumberOrTag,
    primitives::{Address, Bytes, U256, address},
    providers::Provider,
    sol_types::SolCall,
};
use serde_json::json;
use stylus_devnode::NodeConfig;

use crate::support::{ALICE, BOB, Probe, STRANGER, ask, client, node, start};

/// More calls than the machine has processors.
const LONG_CALLS: usize = 40;

#[tokio::test]
async fn a_revert_carries_its_data_whatever_its_form() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let to = *probe.address();
    let call =
        |data: Vec<u8>| json!([{ "from": ALICE, "to": to, "data": Bytes::from(data) }, "latest"]);

    let reason = Probe::failCall {
        reason: "too late".into(),
    }
    .abi_encode();
    for method in ["eth_call", "eth_estimateGas"] {
        let error = ask(&node, method, call(reason.clone())).await.unwrap_err();
        assert_eq!(error["code"], 3, "{method}");
        assert_eq!(error["message"], "execution reverted: too late");
        assert!(error["data"].as_str().unwrap().starts_with("0x08c379a0"));
    }
    let custom = Probe::denyCall { it: U256::from(5) }.abi_encode();
    let error = ask(&node, "eth_call", call(custom)).await.unwrap_err();
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!(3), &json!("execution reverted"))
    );
    let denied = probe
        .deny(U256::from(5))
        .from(ALICE)
        .call()
        .await
        .unwrap_err();
    let denied = denied
        .as_decoded_error::<Probe::Denied>()
        .expect("a decoded error");
    assert_eq!((denied.who, denied.value), (ALICE, U256::from(5)));

    let unknown = ask(&node, "eth_call", call(vec![1, 2, 3, 4]))
        .await
        .unwrap_err();
    assert_eq!(
        (&unknown["code"], &unknown["data"]),
        (&json!(3), &json!("0x"))
    );
}

#[tokio::test]
async fn a_precompile_error_carries_its_selector() {
    let node = node().await;
    let arb_wasm = address!("0000000000000000000000000000000000000071");
    let data = format!("0xd70c0ca7{}", "00".repeat(32));
    let error = ask(
        &node,
        "eth_call",
        json!([{ "to": arb_wasm, "data": data }, "latest"]),
    )
    .await
    .unwrap_err();
    assert_eq!(error["code"], 3);
    assert_eq!(
        error["message"],
        "execution reverted: error ProgramNotActivated()"
    );
    assert_eq!(error["data"], "0x6f809c4e");
}

#[tokio::test]
async fn an_estimate_is_enough_as_it_is() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    for next in [1_u64, 2, 0, 9] {
        let call = probe.set(U256::from(next));
        let gas = call.estimate_gas().await.unwrap();
        let receipt = call
            .gas(gas)
            .send()
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        assert!(receipt.status(), "{next}: {gas}");
    }
    let plain = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
    assert_eq!(
        ask(&node, "eth_estimateGas", plain).await,
        Ok(json!("0x5208"))
    );
}

/// Estimates are for the next block: the clock's time and the next height, which only ArbSys tells.

#[tokio::test]
async fn an_estimate_sees_the_next_block_unless_it_names_another() {
    let node = node().await;
    // Fails unless the time is what the calldata says; one that asks ArbSys for the height likewise.
    let time_is = "0x42 5f35 14 6008 57 fe 5b 00".replace(' ', "");
    let height_is =
        "0x63a3b1b31d 5f52 6020 6020 6004 601c 5f 6064 5af1 50 6020 51 5f35 14 601f 57 fe 5b 00"
            .replace(' ', "");
    let (clock, arb_sys) = (
        STRANGER,
        address!("00000000000000000000000000000000000c10c4"),
    );
    for (address, code) in [(clock, time_is), (arb_sys, height_is)] {
        ask(&node, "anvil_setCode", json!([address, code]))
            .await
            .unwrap();
    }
    let head = client(&node, 0)
        .get_block(BlockNumberOrTag::Latest.into())
        .await
        .unwrap()
        .unwrap()
        .header;
    let later = head.timestamp + 1_000;
    ask(&node, "evm_setNextBlockTimestamp", json!([later]))
        .await
        .unwrap();
    let holds = async |address: Address, number: u64, block: Option<&str>| {
        let call = json!({ "to": address, "data": format!("0x{number:064x}") });
        let params = match block {
            Some(block) => json!([call, block]),
            None => json!([call]),
        };
        ask(&node, "eth_estimateGas", params).await.is_ok()
    };
    for (address, latest, next) in [
        (clock, head.timestamp, later),
        (arb_sys, head.number, head.number + 1),
    ] {
        for (block, number) in [
            (None, next),
            (Some("pending"), next),
            (Some("latest"), latest),
        ] {
            assert!(holds(address, number, block).await, "{address} {block:?}");
            assert!(
                !holds(address, number + 1, block).await,
                "{address} {block:?}"
            );
        }
    }
}

/// A clock set back never takes estimates before the newest block.

#[tokio::test]
async fn an_estimate_is_never_made_before_the_newest_block() {
    let node = node().await;
    let far = 4_000_000_000_u64;
    ask(&node, "evm_setNextBlockTimestamp", json!([far]))
        .await
        .unwrap();
    ask(&node, "evm_mine", json!([])).await.unwrap();
    ask(&node, "evm_setTime", json!([1_000_000])).await.unwrap();
    ask(
        &node,
        "anvil_setCode",
        json!([STRANGER, "0x425f3514600857fe5b00"]),
    )
    .await
    .unwrap();
    let call = json!([{ "to": STRANGER, "data": format!("0x{far:064x}") }]);
    assert!(ask(&node, "eth_estimateGas", call).await.is_ok());
}

#[tokio::test]
async fn an_endless_loop_ends_when_its_gas_does() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let data = Bytes::from(Probe::spinCall {}.abi_encode());
    let call = json!([{ "to": probe.address(), "data": data }, "latest"]);
    let error = ask(&node, "eth_call", call.clone()).await.unwrap_err();
    assert_eq!(
        (&error["code"], &error["message"]),
        (
            &json!(-32_000),
            &json!(
                "out of gas: calls and estimates may use 50000000 gas here (see --call-gas-cap)"
            )
        )
    );
    let error = ask(&node, "eth_estimateGas", call.clone())
        .await
        .unwrap_err();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("gas required exceeds allowance")
    );
    // One's own limit is not the node's.
    let call = json!([{ "to": probe.address(), "data": call[0]["data"], "gas": "0x186a0" }]);
    let error = ask(&node, "eth_call", call).await.unwrap_err();
    assert_eq!(error["message"], "out of gas");
}

#[tokio::test]
async fn the_gas_of_calls_has_the_cap_that_the_node_was_started_with() {
    let node = start(NodeConfig {
        call_gas_cap: 100_000,
        ..NodeConfig::default()
    })
    .await;
    // The gas left after the transaction's own: GAS, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN.
    let code = json!({ STRANGER.to_string(): { "code": "0x5a5f5260205ff3" } });
    let call = json!([{ "to": STRANGER, "gas": "0xfffffff" }, "latest", code]);
    let left: U256 = serde_json::from_value(ask(&node, "eth_call", call).await.unwrap()).unwrap();
    assert_eq!(left, U256::from(100_000 - 21_000 - 2));
    let spins = json!({ STRANGER.to_string(): { "code": "0x5b5f56" } });
    for method in ["eth_call", "eth_estimateGas"] {
        let call = json!([{ "to": STRANGER }, "latest", spins]);
        let error = ask(&node, method, call).await.unwrap_err();
        let message = error["message"].as_str().unwrap();
        assert!(
            message.ends_with(": calls and estimates may use 100000 gas here (see --call-gas-cap)"),
            "{message}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]

async fn long_calls_hold_up_nobody_else() {
    let node = Arc::new(node().await);
    let spins = json!({ STRANGER.to_string(): { "code": "0x5b5f56" } });
    let ended = Arc::new(AtomicUsize::new(0));
    let calls: Vec<_> = (0..LONG_CALLS)
        .map(|_| {
            let (node, ended) = (Arc::clone(&node), Arc::clone(&ended));
            let call = json!([{ "to": STRANGER }, "latest", spins]);
            tokio::spawn(async move {
                ask(&node, "eth_call", call).await.unwrap_err();
                ended.fetch_add(1, Ordering::Relaxed);
            })
        })
        .collect();
    for _ in 0..10 {
        ask(&node, "eth_chainId", json!([])).await.unwrap();
        ask(&node, "evm_mine", json!([])).await.unwrap();
    }
    assert!(ended.load(Ordering::Relaxed) < LONG_CALLS);
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn the_past_can_be_called() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let mut blocks = Vec::new();
    for value in 1..=3_u64 {
        let receipt = probe
            .set(U256::from(value))
            .send()
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        blocks.push(receipt.block_number.unwrap());
    }
    for (value, block) in (1..=3_u64).zip(blocks) {
        assert_eq!(
            probe.value().block(block.into()).call().await.unwrap(),
            U256::from(value)
        );
        let slot = provider
            .get_storage_at(*probe.address(), U256::ZERO)
            .block_id(block.into());
        assert_eq!(slot.await.unwrap(), U256::from(value));
    }
    assert!(probe.value().block(0.into()).call().await.is_err());
}

#[tokio::test]
async fn node_interface_answers_at_the_top_level_only() {
    let node = node().await;
    let target = address!("00000000000000000000000000000000000000c8");
    let call = |data: &str| json!([{ "to": target, "data": data }, "latest"]);
    assert_eq!(
        ask(&node, "eth_call", call("0x93a2fe21")).await,
        Ok(json!(Bytes::from(U256::ZERO.to_be_bytes::<32>())))
    );
    let components = format!(
        "0xc94e6eeb{:0>64}{:0>64}{:0>64}{:0>64}",
        BOB.to_string().trim_start_matches("0x"),
        "0",
        "60",
        "0"
    );
    let output = ask(&node, "eth_call", call(&components)).await.unwrap();
    let output: Bytes = serde_json::from_value(output).unwrap();
    assert_eq!(U256::from_be_slice(&output[..32]), U256::from(21_000));
    assert_eq!(output.len(), 128);
    let code = ask(&node, "eth_getCode", json!([target, "latest"])).await;
    assert_eq!(code, Ok(json!("0x")));
    let absent = ask(
        &node,
        "eth_call",
        call(&format!("0x81f1adaf{}", "00".repeat(32))),
    )
    .await;
    assert!(
        absent.unwrap_err()["message"]
            .as_str()
            .unwrap()
            .contains("findBatchContainingBlock")
    );
}

#[tokio::test]
async fn contradictory_requests_are_refused() {
    let node = node().await;
    for request in [
        json!({ "to": BOB, "gasPrice": "0x1", "maxFeePerGas": "0x1" }),
        json!({ "to": BOB, "chainId": "0x1" }),
    ] {
        let error = ask(&node, "eth_call", json!([request, "latest"]))
            .await
            .unwrap_err();
        assert_eq!(error["code"], -32_000, "{request}");
    }
    // What is not to be signed may contradict itself in its data: the input counts.
    let both = json!({ "to": BOB, "data": "0x01", "input": "0x02" });
    let answer = ask(&node, "eth_call", json!([both, "latest"])).await;
    assert_eq!(answer, Ok(json!("0x")));
}
