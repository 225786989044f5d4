//! What fuzzing and reviews found, one test for each bug.

use serde_json::{Value, json};
use stylus_devnode::RunningNode;

use crate::support::{ask, node};

/// An account that gets its code from overrides.
const LOOP: &str = "0x0000000000000000000000000000000000100b00";

#[tokio::test]
async fn an_interval_past_the_end_of_time_does_not_stop_the_sequencer() {
    let node = node().await;
    let forever = json!([u64::MAX]);
    assert_eq!(
        ask(&node, "evm_setIntervalMining", forever).await,
        Ok(json!(true))
    );
    assert_eq!(ask(&node, "evm_mine", json!([])).await, Ok(json!("0x0")));
    assert_eq!(
        ask(&node, "anvil_getIntervalMining", json!([])).await,
        Ok(json!(u64::MAX))
    );
}

/// Found by review: one request took 15 GB and over a minute.
#[tokio::test]
async fn a_trace_of_millions_of_steps_is_refused_before_it_takes_the_memory() {
    let node = node().await;
    let endless = json!({ LOOP: { "code": "0x5b5f56" } }); // JUMPDEST PUSH0 JUMP
    let trace = |gas: u64, options: Value| {
        let call = json!({ "to": LOOP, "gas": format!("{gas:#x}") });
        ask(&node, "debug_traceCall", json!([call, "latest", options]))
    };
    let refusal = trace(50_000_000, json!({ "stateOverrides": endless })).await;
    assert_eq!(refusal.expect_err("too large")["code"], -32_000);
    let limited = json!({ "stateOverrides": endless, "limit": 10 });
    let traced = trace(50_000_000, limited).await.expect("a short trace");
    assert_eq!(traced["structLogs"].as_array().map(Vec::len), Some(10));
}

/// A call hands over memory for nothing: a tracer that keeps it must count it.
#[tokio::test]
async fn a_trace_of_many_large_calls_is_refused_before_it_takes_the_memory() {
    let node = node().await;
    // JUMPDEST; STATICCALL(gas 0, to 4096, in 0..0x80000, out 0..0); POP; PUSH0; JUMP
    let calls = json!({ LOOP: { "code": "0x5b5f5f62080000" .to_owned() + "5f6110005ffa505f56" } });
    for tracer in ["callTracer", "4byteTracer"] {
        let call = json!({ "to": LOOP });
        let options = json!({ "tracer": tracer, "stateOverrides": calls });
        let refusal = ask(&node, "debug_traceCall", json!([call, "latest", options])).await;
        assert_eq!(refusal.expect_err("too large")["code"], -32_000, "{tracer}");
    }
}

/// Found while fuzzing: whoever hashes typed data follows their types, and the stack ended.
#[tokio::test]
async fn typed_data_that_nest_without_end_do_not_end_the_stack() {
    let node = node().await;
    let deep = [
        ("uint256".to_owned() + &"[]".repeat(60_000)),
        ("(".repeat(60_000) + &")".repeat(60_000)),
    ];
    for ty in deep {
        let refusal = sign(&node, json!({ "A": [{ "name": "a", "type": ty }] })).await;
        assert_eq!(refusal["code"], -32_602);
    }
    let mut chain = serde_json::Map::new();
    for index in 0..20_000 {
        let next = format!("T{}", index + 1);
        chain.insert(format!("T{index}"), json!([{ "name": "a", "type": next }]));
    }
    chain.insert("A".into(), json!([{ "name": "a", "type": "T0" }]));
    assert_eq!(sign(&node, chain.into()).await["code"], -32_602);
    assert!(ask(&node, "eth_chainId", json!([])).await.is_ok());
}

/// Found by the same search: forty types of two members each are a million million members.
#[tokio::test]
async fn typed_data_that_double_at_each_level_do_not_take_the_memory() {
    let node = node().await;
    let mut types = serde_json::Map::new();
    for index in 0..40 {
        let inner = format!("T{}", index + 1);
        let members = json!([{ "name": "a", "type": inner }, { "name": "b", "type": inner }]);
        types.insert(format!("T{index}"), members);
    }
    types.insert("A".into(), json!([{ "name": "a", "type": "T0" }]));
    assert_eq!(sign(&node, types.into()).await["code"], -32_602);
}

/// Asks for a signature under a struct `A` of these types, and returns the refusal.
async fn sign(node: &RunningNode, mut types: Value) -> Value {
    types["EIP712Domain"] = json!([]);
    let data = json!({
        "types": types, "primaryType": "A", "domain": {}, "message": { "a": [] },
    });
    let signer = arbos::genesis::DEV_ACCOUNT;
    let refused = ask(node, "eth_signTypedData_v4", json!([signer, data])).await;
    refused.expect_err("nobody signs that")
}
