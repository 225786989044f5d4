//! What a transaction did, again.

use alloy::{
    primitives::{B256, Bytes, U256, hex},
    sol_types::SolCall,
};
use serde_json::{Value, json};

use crate::support::{ALICE, BOB, Probe, STRANGER, ask, client, message, node};

#[tokio::test]
async fn a_call_tree_is_traced() {
    let node = node().await;
    let provider = client(&node, 0);
    let one = Probe::deploy(&provider).await.unwrap();
    let two = Probe::deploy(&provider).await.unwrap();
    let call = one.callOther(*two.address(), U256::from(6));
    let receipt = call.send().await.unwrap().get_receipt().await.unwrap();
    let hash = receipt.transaction_hash;
    let tracer = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    let trace = ask(&node, "debug_traceTransaction", json!([hash, tracer]))
        .await
        .unwrap();
    assert_eq!(
        (&trace["type"], &trace["from"]),
        (&json!("CALL"), &json!(ALICE))
    );
    let calls = trace["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 2);
    assert_eq!(
        (&calls[0]["type"], &calls[1]["type"]),
        (&json!("CALL"), &json!("STATICCALL"))
    );
    assert_eq!(calls[0]["logs"].as_array().unwrap().len(), 1);

    let prestate =
        json!([hash, { "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } }]);
    let diff = ask(&node, "debug_traceTransaction", prestate)
        .await
        .unwrap();
    let two = two.address().to_string().to_lowercase();
    assert!(diff["post"][&two]["storage"].is_object(), "{diff}");

    let steps = ask(&node, "debug_traceTransaction", json!([hash]))
        .await
        .unwrap();
    assert_eq!(steps["failed"], false);
    assert!(steps["structLogs"].as_array().unwrap().len() > 100);
    let stylus = ask(
        &node,
        "debug_traceTransaction",
        json!([hash, { "tracer": "stylusTracer" }]),
    );
    assert!(stylus.await.unwrap().is_array());
}

#[tokio::test]
async fn a_transaction_is_traced_in_its_place_in_the_block() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    ask(&node, "evm_setAutomine", json!([false])).await.unwrap();
    let mut hashes = Vec::new();
    for value in 1..=3_u64 {
        let call = probe.set(U256::from(value * 11)).gas(100_000).nonce(value);
        hashes.push(*call.send().await.unwrap().tx_hash());
    }
    ask(&node, "evm_mine", json!([])).await.unwrap();
    // Later blocks must not matter.
    ask(
        &node,
        "anvil_setStorageAt",
        json!([probe.address(), "0x0", format!("0x{:064x}", 5)]),
    )
    .await
    .unwrap();
    let tracer = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    let trace = ask(&node, "debug_traceTransaction", json!([hashes[2], tracer]))
        .await
        .unwrap();
    // `Set` has the old value in its third topic: what the second transaction wrote.
    assert_eq!(
        trace["logs"][0]["topics"][2],
        json!(format!("0x{:064x}", 22))
    );
    let block = ask(&node, "debug_traceBlockByNumber", json!(["latest", tracer]))
        .await
        .unwrap();
    let traces = block.as_array().unwrap();
    assert_eq!(traces.len(), 4, "the block's start and three more");
    assert_eq!(traces[3]["result"], trace);
    assert_eq!(traces[3]["txHash"], json!(hashes[2]));
}

#[tokio::test]
async fn a_call_is_traced_with_overrides() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let data = Bytes::from(Probe::valueCall {}.abi_encode());
    let slot = format!("0x{:064x}", 0);
    let word = format!("0x{:064x}", 0x1234);
    let options = json!({
        "tracer": "callTracer",
        "stateOverrides": { probe.address().to_string(): { "stateDiff": { slot: word } } }
    });
    let call = json!([{ "to": probe.address(), "data": data }, "latest", options]);
    let trace = ask(&node, "debug_traceCall", call).await.unwrap();
    assert_eq!(trace["output"], json!(word));
    let revert = Bytes::from(
        Probe::failCall {
            reason: "why".into(),
        }
        .abi_encode(),
    );
    let call =
        json!([{ "to": probe.address(), "data": revert }, "latest", { "tracer": "callTracer" }]);
    let trace = ask(&node, "debug_traceCall", call).await.unwrap();
    assert_eq!(
        (&trace["error"], &trace["revertReason"]),
        (&json!("execution reverted"), &json!("why"))
    );
}

#[tokio::test]
async fn a_traced_call_sees_every_override_of_state_and_block_alone_and_in_pairs() {
    let node = node().await;
    let place = STRANGER.to_string();
    // Returns BALANCE of itself, its slot 1, TIMESTAMP, GASLIMIT, COINBASE, PREVRANDAO, BASEFEE and the
    // number that ArbSys tells.
    let code = "0x475f5260015460205242604052456060524160805244\
                60a0524860c05263a3b1b31d610100526020610120600461011c60645afa5061012051\
                60e0526101005ff3";
    let word = |number: u64| format!("0x{number:064x}");
    let states = [
        ("balance", json!("0x7"), 0),
        ("state", json!({ word(1): word(8) }), 1),
        ("stateDiff", json!({ word(1): word(9) }), 1),
    ];
    let blocks = [
        ("time", json!("0x77777777"), 2),
        ("gasLimit", json!("0x5555"), 3),
        ("feeRecipient", json!(BOB), 4),
        ("difficulty", json!("0x99"), 5),
        ("number", json!("0x1234"), 7),
    ];
    let value = |field: &str, value: &Value| match field {
        "state" => U256::from(8),
        "stateDiff" => U256::from(9),
        _ => value.as_str().unwrap().parse().unwrap(),
    };
    let call = async |state: &Value, block: &Value| {
        let mut account = state.clone();
        account["code"] = json!(code);
        let options = json!({
            "tracer": "callTracer",
            "stateOverrides": { place.clone(): account },
            "blockOverrides": block,
        });
        let trace = ask(
            &node,
            "debug_traceCall",
            json!([{ "to": place }, "latest", options]),
        )
        .await
        .unwrap();
        let output = hex::decode(trace["output"].as_str().unwrap()).unwrap();
        let figures: Vec<_> = output.chunks(32).map(U256::from_be_slice).collect();
        figures
    };
    let plain = call(&json!({}), &json!({})).await;
    for (state, given, figure) in &states {
        let mut expected = plain.clone();
        expected[*figure] = value(state, given);
        assert_eq!(
            call(&json!({ *state: given }), &json!({})).await,
            expected,
            "{state}"
        );
        for (block, chosen, other) in &blocks {
            let mut expected = expected.clone();
            expected[*other] = value(block, chosen);
            let seen = call(&json!({ *state: given }), &json!({ *block: chosen })).await;
            assert_eq!(seen, expected, "{state} {block}");
        }
    }
    for (first, chosen, _) in &blocks {
        for (second, other, _) in &blocks {
            let overrides = json!({ *first: chosen, *second: other });
            let mut expected = plain.clone();
            for (block, chosen, figure) in &blocks {
                if overrides.get(*block).is_some() {
                    expected[*figure] = value(block, chosen);
                }
            }
            assert_eq!(
                call(&json!({}), &overrides).await,
                expected,
                "{first} {second}"
            );
        }
    }
    for (options, why) in [
        (
            json!({ "stateOverrides": { place.clone(): { "state": {}, "stateDiff": {} } } }),
            "has both 'state' and 'stateDiff'",
        ),
        (
            json!({ "blockOverrides": { "beaconRoot": B256::ZERO } }),
            "block override \"beaconRoot\" is not supported",
        ),
        (
            json!({ "stateOverrides": { "0x12": {} } }),
            "hex string has length 2, want 40 for an address",
        ),
        (
            json!({ "blockOverrides": { "time": "0x01" } }),
            "hex number with leading zero digits",
        ),
    ] {
        let error = ask(&node, "debug_traceCall", json!([{}, "latest", options])).await;
        let error = error.unwrap_err();
        assert!(message(&error).contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_traced_call_for_nothing_shows_what_arbos_collects_for_it() {
    let node = node().await;
    let trace = async |call: Value| {
        let options = json!({ "tracer": "callTracer" });
        ask(&node, "debug_traceCall", json!([call, "latest", options]))
            .await
            .unwrap()["afterEVMTransfers"]
            .take()
    };
    let amounts = |transfers: &Value| -> Vec<(String, String)> {
        let field = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
        let transfers = transfers.as_array().unwrap().iter();
        transfers
            .map(|it| (field(it, "purpose"), field(it, "value")))
            .collect()
    };
    let pair = |purpose: &str, value: &str| (purpose.to_owned(), value.to_owned());
    let free = trace(json!({ "from": ALICE, "to": BOB })).await;
    let seen = amounts(&free);
    assert_eq!(seen[0], pair("gasRefund", "0x0"));
    let collected: U256 = seen[1..]
        .iter()
        .map(|(_, value)| value.parse::<U256>().unwrap())
        .sum();
    // 21,000 gas at the base fee, L1 data being free.
    assert_eq!(collected, U256::from(21_000_u64 * 100_000_000), "{free}");
    let paid =
        trace(json!({ "from": ALICE, "to": BOB, "gas": "0x5208", "gasPrice": "0x5f5e100" })).await;
    assert_eq!(amounts(&paid), seen);
}

#[tokio::test]
async fn the_javascript_of_cargo_stylus_gets_the_stylus_trace() {
    let node = node().await;
    let source =
        "{ \"hostio\": function(info) { this.nests.push(info) }, \"result\": function() {} }";
    let call = json!([{ "to": BOB }, "latest", { "tracer": source }]);
    assert!(
        ask(&node, "debug_traceCall", call)
            .await
            .unwrap()
            .is_array()
    );
    let other = json!([{ "to": BOB }, "latest", { "tracer": "{ step: function() {} }" }]);
    assert_eq!(
        ask(&node, "debug_traceCall", other).await.unwrap_err()["code"],
        -32_000
    );
    let genesis = ask(&node, "debug_traceBlockByNumber", json!(["0x0"]))
        .await
        .unwrap_err();
    assert_eq!(genesis["message"], "genesis is not traceable");
    let missing = json!([Value::String(format!("0x{:064x}", 1))]);
    assert!(ask(&node, "debug_traceTransaction", missing).await.is_err());
}

#[tokio::test]
async fn flat_frames_say_where_their_transaction_stands_alone_and_among_other_tracers() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let call = probe.set(U256::from(3));
    let receipt = call.send().await.unwrap().get_receipt().await.unwrap();
    let hash = receipt.transaction_hash;
    let tracers = json!({ "flatCallTracer": {}, "callTracer": {} });
    let mux = json!([hash, { "tracer": "muxTracer", "tracerConfig": tracers }]);
    let all = ask(&node, "debug_traceTransaction", mux).await.unwrap();
    let alone = json!([hash, { "tracer": "flatCallTracer" }]);
    let flat = ask(&node, "debug_traceTransaction", alone).await.unwrap();
    assert_eq!(all["flatCallTracer"], flat);
    assert_eq!(flat[0]["transactionHash"], json!(hash));
    assert_eq!(flat[0]["blockHash"], json!(receipt.block_hash));
    assert_eq!(flat[0]["blockNumber"], json!(receipt.block_number));
    assert_eq!(flat[0]["transactionPosition"], 1, "after the block's start");
    let paid = &all["callTracer"]["beforeEVMTransfers"][0];
    assert_eq!(paid["from"], json!(ALICE.to_string()));
}

#[tokio::test]
async fn a_tracer_that_nobody_knows_is_refused_with_what_geth_says() {
    let node = node().await;
    let trace = |options: Value| {
        let call = json!([{ "to": BOB }, "latest", options]);
        ask(&node, "debug_traceCall", call)
    };
    let error = trace(json!({ "tracer": "gasDimensionLogger" }))
        .await
        .unwrap_err();
    assert_eq!(error["code"], -32_000);
    assert_eq!(
        error["message"],
        "ReferenceError: gasDimensionLogger is not defined at <eval>:1:2(0)"
    );
    let error = trace(json!({ "timeout": "soon" })).await.unwrap_err();
    assert_eq!(error["code"], -32_000);
    assert!(trace(json!({ "timeout": "10s" })).await.is_ok());
}
