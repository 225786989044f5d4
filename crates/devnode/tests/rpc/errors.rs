//! How calls that fail are worded and coded.

use alloy::primitives::{B256, U256};
use serde_json::json;

use crate::support::{STRANGER, ask, message, node};

#[tokio::test]
async fn solidity_panics_are_said_in_nitros_words() {
    let node = node().await;
    // Reverts with Panic(calldata).
    let code = "0x634e487b7160e01b5f525f3560045260245ffd";
    for (number, text) in [
        (0x00_u64, "generic panic"),
        (0x01, "assert(false)"),
        (0x11, "arithmetic underflow or overflow"),
        (0x12, "division or modulo by zero"),
        (0x21, "enum overflow"),
        (0x22, "invalid encoded storage byte array accessed"),
        (
            0x31,
            "out-of-bounds array access; popping on an empty array",
        ),
        (0x32, "out-of-bounds access of an array or bytesN"),
        (0x41, "out of memory"),
        (0x51, "uninitialized function"),
        (0x99, "unknown panic code: 0x99"),
    ] {
        let call = json!({ "to": STRANGER, "data": B256::from(U256::from(number)) });
        let overrides = json!({ STRANGER.to_string(): { "code": code } });
        let error = ask(&node, "eth_call", json!([call, "latest", overrides]))
            .await
            .unwrap_err();
        assert_eq!(error["code"], 3);
        assert_eq!(message(&error), format!("execution reverted: {text}"));
    }
}

#[tokio::test]
async fn a_panic_of_arb_debug_is_the_nodes_own_failure() {
    let node = node().await;
    let call =
        json!([{ "to": "0x00000000000000000000000000000000000000ff", "data": "0x4700d305" }]);
    for method in ["eth_call", "eth_estimateGas"] {
        let error = ask(&node, method, call.clone()).await.unwrap_err();
        assert_eq!(error["code"], -32_603, "{method}");
        assert_eq!(message(&error), "method handler crashed");
    }
}
