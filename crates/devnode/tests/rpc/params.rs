//! Parameters: what is taken, and what is refused in geth's words.

use alloy::primitives::B256;
use serde_json::{Value, json};

use crate::support::{STRANGER, ask, ask_everywhere, node, refusal};

#[tokio::test]
async fn a_storage_key_is_hexadecimal_and_32_bytes_at_most() {
    let node = node().await;
    let word = json!(B256::with_last_byte(7));
    let set = json!([STRANGER, "0x10", word]);
    ask(&node, "anvil_setStorageAt", set).await.unwrap();
    let read =
        async |key: Value| ask(&node, "eth_getStorageAt", json!([STRANGER, key, "latest"])).await;
    let long = format!("0x{}10", "0".repeat(62));
    for key in ["10", "0x10", "0X10", "010", "0x010", &long, &long[2..]] {
        assert_eq!(read(json!(key)).await, Ok(word.clone()), "{key}");
    }
    for key in ["", "0x", "0", "16", "0xa"] {
        assert_eq!(read(json!(key)).await, Ok(json!(B256::ZERO)), "{key}");
    }
    let longer = format!("0x{}", "0".repeat(65));
    for key in [longer.as_str(), &longer[2..], "0xzz", "+1", "1_0"] {
        let error = read(json!(key)).await.unwrap_err();
        assert_eq!(error["code"], -32_000, "{key}");
    }
    assert_eq!(read(json!(16)).await.unwrap_err()["code"], -32_602);
}

#[tokio::test]
async fn a_block_is_named_by_a_strict_number_a_tag_a_hash_or_an_object() {
    let node = node().await;
    let genesis = ask(&node, "eth_getBlockByNumber", json!(["0x0", false])).await;
    let hash = genesis.unwrap()["hash"].clone();
    for id in [
        json!("0x0"),
        json!("0X0"),
        json!("latest"),
        json!("earliest"),
        json!("pending"),
        json!("safe"),
        json!("finalized"),
        hash.clone(),
        json!({ "blockHash": hash }),
        json!({ "blockHash": hash, "requireCanonical": true }),
        json!({ "blockNumber": "0x0" }),
        json!({ "blockNumber": "latest", "unknown": 1 }),
    ] {
        let answer = ask_everywhere(&node, "eth_getBalance", &json!([STRANGER, id])).await;
        assert_eq!(answer, Ok(json!("0x0")), "{id}");
    }
    for (id, why) in [
        (json!("0x01"), "hex number with leading zero digits"),
        (json!("0x00"), "hex number with leading zero digits"),
        (json!("0x"), "hex string \"0x\""),
        (json!(""), "empty hex string"),
        (json!("1"), "hex string without 0x prefix"),
        (json!("-0x1"), "hex string without 0x prefix"),
        (json!("Latest"), "hex string without 0x prefix"),
        (json!("0xg"), "invalid hex string"),
        (json!("0x1 "), "invalid hex string"),
        (json!("0x10000000000000000"), "hex number > 64 bits"),
        (
            json!("0x8000000000000000"),
            "block number larger than int64",
        ),
        (json!(1), "cannot unmarshal number into string"),
        (json!(true), "cannot unmarshal bool into string"),
        (json!([]), "cannot unmarshal array into string"),
        (
            json!({ "blockNumber": "0x01" }),
            "hex number with leading zero digits",
        ),
        (
            json!({ "blockHash": "0x12" }),
            "hex string has length 2, want 64 for a hash",
        ),
        (
            json!({ "blockHash": hash, "blockNumber": "0x0" }),
            "cannot specify both BlockHash and BlockNumber, choose one or the other",
        ),
        (
            json!({}),
            "invalid arguments: neither block number nor hash specified",
        ),
    ] {
        let said = refusal(&node, "eth_getBalance", json!([STRANGER, id])).await;
        assert_eq!(said, format!("invalid argument 1: {why}"), "{id}");
    }
}

#[tokio::test]
async fn addresses_hashes_and_bytes_have_a_prefix_and_their_length() {
    let node = node().await;
    for (method, params, why) in [
        (
            "eth_getBalance",
            json!(["0x12", "latest"]),
            "hex string has length 2, want 40 for an address",
        ),
        (
            "eth_getBalance",
            json!(["", "latest"]),
            "hex string has length 0, want 40 for an address",
        ),
        (
            "eth_getBalance",
            json!(["0x", "latest"]),
            "hex string has length 0, want 40 for an address",
        ),
        (
            "eth_getBalance",
            json!(["0x123", "latest"]),
            "hex string of odd length",
        ),
        (
            "eth_getBalance",
            json!([&STRANGER.to_string()[2..], "latest"]),
            "hex string without 0x prefix",
        ),
        (
            "eth_getBalance",
            json!(["vitalik.eth", "latest"]),
            "hex string without 0x prefix",
        ),
        (
            "eth_getBalance",
            json!([STRANGER.to_string().replace("00", "0g"), "latest"]),
            "invalid hex string",
        ),
        (
            "eth_getBalance",
            json!([7, "latest"]),
            "cannot unmarshal non-string",
        ),
        (
            "eth_getCode",
            json!([{}, "latest"]),
            "cannot unmarshal non-string",
        ),
        (
            "eth_getTransactionByHash",
            json!(["0x12"]),
            "hex string has length 2, want 64 for a hash",
        ),
        (
            "eth_getTransactionReceipt",
            json!([1]),
            "cannot unmarshal non-string",
        ),
        (
            "eth_getBlockByHash",
            json!([STRANGER, false]),
            "hex string has length 40, want 64 for a hash",
        ),
        (
            "debug_traceTransaction",
            json!(["0x1"]),
            "hex string of odd length",
        ),
        (
            "eth_sendRawTransaction",
            json!(["02c0"]),
            "hex string without 0x prefix",
        ),
        (
            "eth_sendRawTransaction",
            json!(["0x02c"]),
            "hex string of odd length",
        ),
        (
            "eth_sendRawTransaction",
            json!([[]]),
            "cannot unmarshal non-string",
        ),
        ("web3_sha3", json!(["0xzz"]), "invalid hex string"),
        (
            "anvil_setCode",
            json!(["0x12", "0x"]),
            "hex string has length 2, want 40 for an address",
        ),
    ] {
        let said = refusal(&node, method, params.clone()).await;
        assert_eq!(
            said,
            format!("invalid argument 0: {why}"),
            "{method} {params}"
        );
    }
    let empty = ask_everywhere(&node, "web3_sha3", &json!(["0x"])).await;
    let of_nothing = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    assert_eq!(empty, Ok(json!(of_nothing)));
}

#[tokio::test]
async fn what_is_required_must_be_there_and_nothing_may_follow_what_is_last() {
    let node = node().await;
    let hash = B256::ZERO;
    for (method, params, missing) in [
        ("eth_call", json!([]), 0),
        ("eth_estimateGas", json!([null]), 0),
        ("eth_getBalance", json!([]), 0),
        ("eth_getBalance", json!([STRANGER]), 1),
        ("eth_getBalance", json!([STRANGER, null]), 1),
        ("eth_getCode", json!([STRANGER]), 1),
        ("eth_getTransactionCount", json!([STRANGER]), 1),
        ("eth_getStorageAt", json!([STRANGER]), 1),
        ("eth_getStorageAt", json!([STRANGER, "0x0"]), 2),
        ("eth_getBlockByNumber", json!([]), 0),
        ("eth_getBlockByNumber", json!(["latest"]), 1),
        ("eth_getBlockByHash", json!([hash]), 1),
        ("eth_getTransactionByHash", json!([]), 0),
        ("eth_getTransactionByBlockHashAndIndex", json!([hash]), 1),
        ("eth_feeHistory", json!(["0x1"]), 1),
        ("eth_getLogs", json!([]), 0),
        ("eth_newFilter", json!([]), 0),
        ("eth_sendRawTransaction", json!([]), 0),
        ("eth_simulateV1", json!([]), 0),
        ("debug_traceCall", json!([]), 0),
        ("arb_getRawBlockMetadata", json!(["0x0"]), 1),
        ("arbdebug_pricingModel", json!(["0x0"]), 1),
        ("anvil_setBalance", json!([STRANGER]), 1),
    ] {
        let said = refusal(&node, method, params.clone()).await;
        let expected = format!("missing value for required argument {missing}");
        assert_eq!(said, expected, "{method} {params}");
    }
    for (method, params, most) in [
        ("eth_chainId", json!([1]), 0),
        ("eth_blockNumber", json!([null]), 0),
        ("eth_getBalance", json!([STRANGER, "latest", 1]), 2),
        ("eth_getBlockByNumber", json!(["latest", false, {}]), 2),
        ("eth_getTransactionByHash", json!([hash, 1]), 1),
        ("eth_call", json!([{}, "latest", {}, {}, 1]), 4),
        ("eth_getLogs", json!([{}, {}]), 1),
        ("debug_traceCall", json!([{}, "latest", {}, {}]), 3),
    ] {
        let said = refusal(&node, method, params.clone()).await;
        let expected = format!("too many arguments, want at most {most}");
        assert_eq!(said, expected, "{method} {params}");
    }
    for params in [json!({}), json!({ "0": "latest" })] {
        assert_eq!(refusal(&node, "eth_call", params).await, "non-array args");
    }
    // What may be left out may be null too.
    for params in [
        json!([{}]),
        json!([{}, null]),
        json!([{}, null, null, null]),
    ] {
        assert_eq!(
            ask_everywhere(&node, "eth_call", &params).await,
            Ok(json!("0x"))
        );
    }
}

#[tokio::test]
async fn flags_are_true_or_false() {
    let node = node().await;
    for value in [json!("true"), json!(1), json!("0x1"), json!({})] {
        for (method, first) in [
            ("eth_getBlockByNumber", json!("latest")),
            ("eth_getBlockByHash", json!(B256::ZERO)),
        ] {
            let said = refusal(&node, method, json!([first, value])).await;
            assert!(
                said.starts_with("invalid argument 1: cannot unmarshal"),
                "{said}"
            );
            assert!(said.ends_with("into bool"), "{said}");
        }
    }
}
