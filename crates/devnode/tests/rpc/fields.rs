//! Fields of the objects among parameters: calls, overrides, filters.

use alloy::primitives::B256;
use serde_json::{Value, json};

use crate::support::{ALICE, BOB, STRANGER, ask, ask_everywhere, message, node, refusal};

#[tokio::test]
async fn fields_of_calls_are_as_strict_as_parameters() {
    let node = node().await;
    let quantities = [
        "gas",
        "gasPrice",
        "maxFeePerGas",
        "maxPriorityFeePerGas",
        "value",
        "nonce",
        "chainId",
    ];
    let wrong = [
        (json!("0x01"), "hex number with leading zero digits"),
        (json!("0x"), "hex string \"0x\""),
        (json!("21000"), "hex string without 0x prefix"),
        (json!("0xzz"), "invalid hex string"),
        (json!(21_000), "non-string"),
        (json!(1.5), "non-string"),
        (json!(true), "non-string"),
    ];
    for method in [
        "eth_call",
        "eth_estimateGas",
        "eth_createAccessList",
        "debug_traceCall",
        "eth_fillTransaction",
        "eth_sendTransaction",
    ] {
        for field in quantities {
            for (value, why) in &wrong {
                let call = json!([{ "from": ALICE, "to": BOB, field: value }]);
                let said = refusal(&node, method, call).await;
                let expected =
                    format!("invalid argument 0: cannot unmarshal {why} into field {field}");
                assert_eq!(said, expected, "{method}");
            }
        }
    }
    for (field, value, why) in [
        ("gas", json!("0x10000000000000000"), "hex number > 64 bits"),
        (
            "nonce",
            json!("0x10000000000000000"),
            "hex number > 64 bits",
        ),
        (
            "value",
            json!(format!("0x1{}", "0".repeat(64))),
            "hex number > 256 bits",
        ),
        ("to", json!("0x1"), "hex string of odd length"),
        (
            "to",
            json!("0x"),
            "hex string has length 0, want 40 for an address",
        ),
        (
            "from",
            json!("0x12"),
            "hex string has length 2, want 40 for an address",
        ),
        ("data", json!("0x1"), "hex string of odd length"),
        ("data", json!("zz"), "hex string without 0x prefix"),
        ("input", json!("0xzz"), "invalid hex string"),
        ("input", json!([]), "non-string"),
        ("accessList", json!({}), "object"),
        ("authorizationList", json!("0x"), "string"),
    ] {
        let said = refusal(&node, "eth_call", json!([{ field: value }])).await;
        let expected = format!("invalid argument 0: cannot unmarshal {why} into field {field}");
        assert_eq!(said, expected);
    }
    for list in [
        json!([{ "address": "0x12", "storageKeys": [] }]),
        json!([{ "address": BOB, "storageKeys": ["0x1"] }]),
        json!([{ "address": BOB, "storageKeys": [1] }]),
    ] {
        refusal(&node, "eth_call", json!([{ "accessList": list }])).await;
    }
    for call in [json!("0x"), json!([]), json!(1), json!(false)] {
        let said = refusal(&node, "eth_call", json!([call])).await;
        assert!(said.ends_with("into an object"), "{said}");
    }
    // Null is nothing, and fields that nobody knows are passed over.
    let call = json!([{ "to": BOB, "gas": null, "value": "0x0", "unknown": 1, "type": "0x2" }]);
    assert_eq!(
        ask_everywhere(&node, "eth_call", &call).await,
        Ok(json!("0x"))
    );
}

#[tokio::test]
async fn overrides_are_as_strict_as_parameters() {
    let node = node().await;
    let state = |account: Value| json!([{}, "latest", { STRANGER.to_string(): account }]);
    for (account, why) in [
        (
            json!({ "balance": "0x01" }),
            "hex number with leading zero digits into field balance",
        ),
        (json!({ "balance": 1 }), "non-string into field balance"),
        (
            json!({ "nonce": "1" }),
            "hex string without 0x prefix into field nonce",
        ),
        (
            json!({ "code": "0x1" }),
            "hex string of odd length into field code",
        ),
        (
            json!({ "state": { "0x1": "0x7" } }),
            "hex string of odd length into field state",
        ),
        (
            json!({ "stateDiff": { "0x01": "0x07" } }),
            "hex string has length 2, want 64 for a hash into field stateDiff",
        ),
        (json!({ "stateDiff": [] }), "array into an object"),
        (
            json!({ "movePrecompileToAddress": "0x1" }),
            "hex string of odd length into field movePrecompileToAddress",
        ),
        (json!(7), "number into an object"),
    ] {
        let said = refusal(&node, "eth_call", state(account)).await;
        assert_eq!(said, format!("invalid argument 2: cannot unmarshal {why}"));
    }
    let said = refusal(&node, "eth_call", json!([{}, "latest", { "0x12": {} }])).await;
    assert_eq!(
        said,
        "invalid argument 2: hex string has length 2, want 40 for an address"
    );
    for (field, value, why) in [
        (
            "number",
            json!("0x01"),
            "hex number with leading zero digits",
        ),
        ("time", json!(7), "non-string"),
        ("gasLimit", json!("7"), "hex string without 0x prefix"),
        ("feeRecipient", json!("0x1"), "hex string of odd length"),
        ("difficulty", json!("0x"), "hex string \"0x\""),
        (
            "baseFeePerGas",
            json!("0x00"),
            "hex number with leading zero digits",
        ),
    ] {
        let said = refusal(
            &node,
            "eth_call",
            json!([{}, "latest", {}, { field: value }]),
        )
        .await;
        let expected = format!("invalid argument 3: cannot unmarshal {why} into field {field}");
        assert_eq!(said, expected);
        // The same among the blocks of a simulation.
        let payload = json!([{ "blockStateCalls": [{ "blockOverrides": { field: value } }] }]);
        let said = refusal(&node, "eth_simulateV1", payload).await;
        assert_eq!(
            said,
            format!("invalid argument 0: cannot unmarshal {why} into field {field}")
        );
    }
}

#[tokio::test]
async fn filters_are_refused_for_what_is_wrong_with_them() {
    let node = node().await;
    for (filter, why) in [
        (
            json!({ "fromBlock": "0x01" }),
            "hex number with leading zero digits",
        ),
        (json!({ "toBlock": "nope" }), "hex string without 0x prefix"),
        (
            json!({ "fromBlock": 1 }),
            "cannot unmarshal number into a block number",
        ),
        (
            json!({ "blockHash": B256::ZERO, "fromBlock": "0x1" }),
            "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other",
        ),
        (
            json!({ "blockHash": "0x12" }),
            "hex string has length 2, want 64 for a hash",
        ),
        (
            json!({ "address": "0x12" }),
            "invalid address: hex has invalid length 1 after decoding; expected 20 for address",
        ),
        (
            json!({ "address": [STRANGER, "0x"] }),
            "invalid address: hex has invalid length 0 after decoding; expected 20 for address",
        ),
        (json!({ "address": 7 }), "invalid addresses in query"),
        (
            json!({ "topics": ["0x01"] }),
            "hex has invalid length 1 after decoding; expected 32 for topic",
        ),
        (
            json!({ "topics": [[B256::ZERO, "0x01"]] }),
            "hex has invalid length 1 after decoding; expected 32 for topic",
        ),
        (json!({ "topics": [7] }), "invalid topic(s)"),
        (
            json!({ "topics": [null, null, null, null, null] }),
            "exceed max topics",
        ),
        (json!([]), "cannot unmarshal array into a filter"),
    ] {
        for method in ["eth_getLogs", "eth_newFilter"] {
            let said = refusal(&node, method, json!([filter])).await;
            assert_eq!(said, format!("invalid argument 0: {why}"), "{method}");
        }
    }
    let good =
        json!([{ "fromBlock": null, "address": [STRANGER], "topics": [null, [B256::ZERO, null]] }]);
    assert_eq!(
        ask_everywhere(&node, "eth_getLogs", &good).await,
        Ok(json!([]))
    );
    // Any text is an id of a filter.
    for id in ["0x1", "", "nope", "0x123456789012345678901234567890123456"] {
        let error = ask(&node, "eth_getFilterChanges", json!([id]))
            .await
            .unwrap_err();
        assert_eq!(
            (&error["code"], message(&error)),
            (&json!(-32_000), "filter not found")
        );
        let gone = ask(&node, "eth_uninstallFilter", json!([id])).await;
        assert_eq!(gone, Ok(json!(false)), "{id}");
    }
    refusal(&node, "eth_uninstallFilter", json!([1])).await;
}
