//! `eth_simulateV1`: calls that fail, simulations that are refused, and under which code.

use alloy::primitives::U256;
use serde_json::{Value, json};
use stylus_devnode::{NodeConfig, RunningNode};

use crate::{
    simulate::{simulate, word},
    support::{ALICE, BOB, Probe, STRANGER, ask, client, message, mine, node, start},
};

async fn code(node: &RunningNode, payload: Value) -> i64 {
    let error = ask(node, "eth_simulateV1", json!([payload, "latest"]))
        .await
        .unwrap_err();
    error["code"].as_i64().unwrap()
}

fn one_block(block: Value) -> Value {
    json!({ "blockStateCalls": [block] })
}

#[tokio::test]
async fn a_call_that_fails_says_why_and_the_next_one_runs() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let fail = probe.fail("too late".into()).calldata().clone();
    let deny = probe.deny(U256::from(9)).calldata().clone();
    let blocks = simulate(
        &node,
        one_block(json!({
            "stateOverrides": { STRANGER.to_string(): { "code": "0xfe" } },
            "calls": [
                { "to": probe.address(), "data": fail },
                { "to": probe.address(), "data": deny },
                { "to": STRANGER, "gas": "0xea60" },
                { "from": ALICE, "to": BOB, "value": "0x1" },
            ],
        })),
    )
    .await;
    let calls = &blocks[0]["calls"];
    for (index, status) in ["0x0", "0x0", "0x0", "0x1"].into_iter().enumerate() {
        assert_eq!(calls[index]["status"], status);
        assert_eq!(calls[index]["returnData"], "0x");
    }
    assert_eq!(calls[0]["error"]["code"], 3);
    assert_eq!(message(&calls[0]["error"]), "execution reverted: too late");
    assert!(
        calls[0]["error"]["data"]
            .as_str()
            .unwrap()
            .starts_with("0x08c379a0")
    );
    assert_eq!(message(&calls[1]["error"]), "execution reverted");
    assert_eq!(calls[2]["error"]["code"], -32_015);
    assert!(message(&calls[2]["error"]).contains("invalid opcode"));
    assert_eq!(calls[2]["gasUsed"], "0xea60");
    assert_eq!(calls[3].get("error"), None);
}

#[tokio::test]
async fn a_simulation_that_cannot_be_is_refused_under_its_code() {
    let node = node().await;
    mine(&node).await;
    let overrides =
        |field: &str, value: &str| one_block(json!({ "blockOverrides": { field: value } }));
    assert_eq!(code(&node, json!({ "blockStateCalls": [] })).await, -32_602);
    assert_eq!(code(&node, json!({})).await, -32_602);
    assert_eq!(code(&node, overrides("number", "0x1")).await, -38_020);
    assert_eq!(code(&node, overrides("number", "0x102")).await, -38_026);
    assert_eq!(code(&node, overrides("time", "0x1")).await, -38_021);
    assert_eq!(
        simulate(&node, overrides("number", "0x101")).await.len(),
        256
    );
    let twice = json!({ "blockStateCalls": [
        { "blockOverrides": { "number": "0x5" } }, { "blockOverrides": { "number": "0x5" } },
    ] });
    assert_eq!(code(&node, twice).await, -38_020);
    // Empty blocks between take 12 seconds each.
    let stamp = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    let stamp = word(&stamp["timestamp"]).to::<u64>();
    let gap = |seconds: u64| {
        one_block(json!({
            "blockOverrides": { "number": "0x4", "time": format!("{:#x}", stamp + seconds) },
        }))
    };
    assert_eq!(code(&node, gap(24)).await, -38_021);
    assert_eq!(simulate(&node, gap(25)).await.len(), 3);
    for field in ["state", "withdrawals"] {
        let block = if field == "state" {
            json!({ "stateOverrides": { STRANGER.to_string(): { "state": {}, "stateDiff": {} } } })
        } else {
            json!({ "blockOverrides": { "withdrawals": [] } })
        };
        assert_eq!(code(&node, one_block(block)).await, -32_000, "{field}");
    }
    let error = ask(
        &node,
        "eth_simulateV1",
        json!([{ "blockStateCalls": [{}] }, "0x99"]),
    )
    .await;
    assert_eq!(message(&error.unwrap_err()), "header not found");
}

#[tokio::test]
async fn validation_checks_what_a_transaction_is_checked_for() {
    let node = node().await;
    let with = |validation: bool, call: Value| {
        json!({
            "validation": validation, "blockStateCalls": [{ "calls": [call] }],
        })
    };
    let initcode = format!("0x{}", "00".repeat(100_000));
    for (call, checked, unchecked) in [
        (json!({ "from": ALICE, "to": BOB }), Some(-32_602), None),
        (
            json!({ "from": ALICE, "to": BOB, "maxFeePerGas": "0x1" }),
            Some(-32_602),
            None,
        ),
        (
            json!({ "from": ALICE, "to": BOB, "gas": "0x5208", "maxFeePerGas": "0x5f5e100", "maxPriorityFeePerGas": "0x5f5e101" }),
            Some(-32_602),
            Some(-32_602),
        ),
        (
            json!({ "from": ALICE, "to": BOB, "gas": "0x5208", "maxFeePerGas": "0x5f5e100", "nonce": "0x1" }),
            Some(-38_011),
            None,
        ),
        (
            json!({ "from": STRANGER, "to": BOB, "gas": "0x5208", "maxFeePerGas": "0x5f5e100" }),
            Some(-38_014),
            Some(-38_014),
        ),
        (
            json!({ "from": STRANGER, "to": BOB, "value": "0x1" }),
            Some(-32_602),
            Some(-38_014),
        ),
        (
            json!({ "from": ALICE, "to": BOB, "gas": "0x5207", "maxFeePerGas": "0x5f5e100" }),
            Some(-38_013),
            Some(-38_013),
        ),
        (
            json!({ "from": ALICE, "data": initcode, "gas": "0x1c9c380", "maxFeePerGas": "0x5f5e100" }),
            Some(-38_025),
            Some(-38_025),
        ),
        (
            json!({ "from": ALICE, "to": BOB, "gas": "0x5208", "maxFeePerGas": "0x5f5e100", "nonce": "0x0" }),
            None,
            None,
        ),
    ] {
        for (validation, expected) in [(true, checked), (false, unchecked)] {
            let payload = json!([with(validation, call.clone())]);
            let answer = ask(&node, "eth_simulateV1", payload).await;
            let said = answer
                .as_ref()
                .err()
                .map(|error| error["code"].as_i64().unwrap());
            let shown = call.to_string();
            assert_eq!(said, expected, "{validation} {shown:.200} {answer:?}");
        }
    }
    let dear = json!({ "from": ALICE, "to": BOB, "gas": "0x5208", "maxFeePerGas": "0x77359400" });
    let mined = simulate(&node, with(true, dear)).await;
    assert_eq!(mined[0]["baseFeePerGas"], "0x5f5e100");
    // A nonce that was used by the call before is too low.
    let call = json!({ "from": ALICE, "to": BOB, "nonce": "0x0", "gas": "0x5208", "maxFeePerGas": "0x5f5e100" });
    let again = json!({ "validation": true, "blockStateCalls": [{ "calls": [call] }, { "calls": [call] }] });
    assert_eq!(code(&node, again).await, -38_010);
}

#[tokio::test]
async fn blocks_have_a_gas_limit_and_all_calls_together_a_cap() {
    let node = start(NodeConfig {
        call_gas_cap: 100_000,
        ..NodeConfig::default()
    })
    .await;
    let pay = json!({ "from": ALICE, "to": BOB, "gas": "0x5208" });
    let limited = |calls: Value| {
        one_block(json!({ "blockOverrides": { "gasLimit": "0xa411" }, "calls": calls }))
    };
    assert_eq!(
        simulate(&node, limited(json!([pay, pay]))).await[0]["gasUsed"],
        "0xa410"
    );
    assert_eq!(code(&node, limited(json!([pay, pay, pay]))).await, -38_015);
    // A call that names no gas gets what is left of its block.
    let open = json!({ "from": ALICE, "to": BOB });
    assert_eq!(
        simulate(&node, limited(json!([pay, open]))).await[0]["gasUsed"],
        "0xa410"
    );
    assert_eq!(code(&node, limited(json!([pay, pay, open]))).await, -38_013);
    // An endless loop uses up the cap, and then there is no gas for anybody.
    let spins = json!({ STRANGER.to_string(): { "code": "0x5b5f56" } });
    let block = json!({ "stateOverrides": spins, "calls": [{ "to": STRANGER }] });
    let spun = simulate(&node, one_block(block.clone())).await;
    assert_eq!(spun[0]["calls"][0]["gasUsed"], "0x186a0");
    let then = json!({ "blockStateCalls": [block, { "calls": [pay] }] });
    assert_eq!(code(&node, then).await, -38_013);
}
