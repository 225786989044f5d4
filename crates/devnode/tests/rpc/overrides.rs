//! State and block overrides, each field alone and in pairs, as recorded from Nitro.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    providers::Provider,
    sol_types::SolCall,
};
use serde_json::{Map, Value, json};

use crate::support::{BOB, Probe, STRANGER, ask, client, node};

/// Returns NUMBER, TIMESTAMP, COINBASE, PREVRANDAO, GASLIMIT, BASEFEE and ArbSys' block number.
const FIGURES: &str = "0x435f52426020524160405244606052456080524860a05263a3b1b31d610100526020610120600461011c60645afa506101205160c05260e05ff3";
const PLACE: &str = "0x00000000000000000000000000000000000000e1";
const WORD: &str = "0x0000000000000000000000000000000000000000000000000000000000000001";

fn figures(answer: &Value) -> Vec<U256> {
    let bytes = alloy::primitives::hex::decode(answer.as_str().unwrap()).unwrap();
    bytes.chunks(32).map(U256::from_be_slice).collect()
}

#[tokio::test]
async fn block_overrides_change_what_nitro_changes_alone_and_in_pairs() {
    let node = node().await;
    ask(&node, "anvil_mine", json!(["0x3"])).await.unwrap();
    let call = async |block: &Value, price: Option<&str>| {
        let mut request = json!({ "to": PLACE });
        if let Some(price) = price {
            request["gasPrice"] = json!(price);
            request["from"] = json!("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
        }
        let state = json!({ PLACE: { "code": FIGURES } });
        let params = json!([request, "latest", state, block]);
        figures(&ask(&node, "eth_call", params).await.expect("runs"))
    };
    let plain = call(&json!({}), None).await;
    assert_eq!((plain[0], plain[6]), (U256::ZERO, U256::from(3)));
    let number = |text: &str| text.parse::<U256>().unwrap();
    // Field, value, and which figure it changes.
    let fields = [
        ("number", json!("0x1234"), Some(6)),
        ("time", json!("0x77777777"), Some(1)),
        ("gasLimit", json!("0x5555"), Some(4)),
        (
            "feeRecipient",
            json!("0x0000000000000000000000000000000000000fee"),
            Some(2),
        ),
        ("difficulty", json!("0x99"), Some(3)),
        ("prevRandao", json!(B256::repeat_byte(0x12)), None),
        ("random", json!(B256::repeat_byte(0x12)), None),
        (
            "coinbase",
            json!("0x0000000000000000000000000000000000000fee"),
            None,
        ),
        ("baseFee", json!("0x3b9aca00"), None),
        ("blobBaseFee", json!("0x7"), None),
        ("blockHash", json!({ "0x1": B256::repeat_byte(0x13) }), None),
        ("nonsense", json!("0x7"), None),
    ];
    for (first, value, _) in &fields {
        for (second, other, _) in &fields {
            let mut block = Map::new();
            block.insert((*first).to_owned(), value.clone());
            block.insert((*second).to_owned(), other.clone());
            let mut expected = plain.clone();
            for (field, value, figure) in &fields {
                if let (true, Some(figure)) = (block.contains_key(*field), figure) {
                    expected[*figure] = number(value.as_str().unwrap());
                }
            }
            let seen = call(&Value::Object(block), None).await;
            assert_eq!(seen, expected, "{first} {second}");
        }
    }
    // The base fee is seen by who pays it.
    let fee = json!({ "baseFeePerGas": "0x3b9aca00" });
    assert_eq!(call(&fee, None).await[5], U256::ZERO);
    let priced = call(&fee, Some("0x77359400")).await;
    assert_eq!(priced[5], U256::from(1_000_000_000));
    for field in ["beaconRoot", "withdrawals"] {
        let value = if field == "withdrawals" {
            json!([])
        } else {
            json!(B256::ZERO)
        };
        for method in ["eth_call", "eth_estimateGas"] {
            let params = json!([{ "to": PLACE }, "latest", {}, { field: value }]);
            let error = ask(&node, method, params).await.unwrap_err();
            assert_eq!(error["code"], -32_000);
            assert_eq!(
                error["message"],
                format!("block override \"{field}\" is not supported for this RPC method")
            );
        }
    }
}

#[tokio::test]
async fn a_gas_limit_override_does_not_bind_the_call() {
    let node = node().await;
    let block = json!({ "gasLimit": "0x1" });
    let call = json!({ "to": PLACE, "gas": "0x100000" });
    for method in ["eth_call", "eth_estimateGas"] {
        ask(&node, method, json!([call, "latest", {}, block]))
            .await
            .expect(method);
    }
}

#[tokio::test]
async fn hashes_of_blocks_are_overridden_where_a_call_can_see_them() {
    let node = node().await;
    ask(&node, "anvil_mine", json!(["0x3"])).await.unwrap();
    let hash = B256::repeat_byte(0x13);
    let data = format!("0x2b407a82{:064x}", 1); // arbBlockHash(1)
    let call = json!({ "to": "0x0000000000000000000000000000000000000064", "data": data });
    let block = json!({ "blockHash": { "0x1": hash } });
    let seen = ask(&node, "eth_call", json!([call, "latest", {}, block])).await;
    assert_eq!(seen, Ok(json!(hash)));
}

/// What takes a precompile away, and what is there instead.
fn account_overrides() -> Vec<(&'static str, Value)> {
    vec![
        ("balance", json!("0x5")),
        ("nonce", json!("0x9")),
        ("code", json!("0x4660005260206000f3")),
        ("state", json!({ WORD: WORD })),
        ("stateDiff", json!({ WORD: WORD })),
        ("storage", json!({})),
    ]
}

#[tokio::test]
async fn an_override_of_any_field_takes_a_precompile_away() {
    let node = node().await;
    let arbos = "0x0000000000000000000000000000000000000064";
    let ethereum = "0x0000000000000000000000000000000000000004";
    let fields = account_overrides();
    for (first, value) in &fields {
        for (second, other) in &fields {
            let account = json!({ *first: value, *second: other });
            let state_twice = account.get("state").is_some() && account.get("stateDiff").is_some();
            for address in [arbos, ethereum] {
                let call = json!({ "to": address, "data": "0x1234" });
                let answer = ask(
                    &node,
                    "eth_call",
                    json!([call, "latest", { address: account }]),
                )
                .await;
                if state_twice {
                    let error = answer.unwrap_err();
                    assert_eq!(error["code"], -32_000);
                    assert!(error["message"].as_str().unwrap().contains("both"));
                } else if account.get("code").is_some() {
                    let chain_id = B256::from(U256::from(412_346));
                    assert_eq!(answer, Ok(json!(chain_id)), "{first} {second}");
                } else if address == ethereum {
                    assert_eq!(answer, Ok(json!("0x")), "{first} {second}");
                } else {
                    let error = answer.unwrap_err();
                    assert_eq!(error["message"], "invalid opcode: INVALID");
                }
            }
        }
    }
}

#[tokio::test]
async fn ethereums_precompiles_move_and_others_do_not() {
    let node = node().await;
    let target = Address::with_last_byte(0x99);
    let call = async |to: Value, overrides: Value| {
        let call = json!({ "to": to, "data": "0x1234" });
        ask(&node, "eth_call", json!([call, "latest", overrides])).await
    };
    let identity = "0x0000000000000000000000000000000000000004";
    let moved = json!({ identity: { "movePrecompileToAddress": target } });
    assert_eq!(
        call(json!(target), moved.clone()).await,
        Ok(json!("0x1234"))
    );
    assert_eq!(call(json!(identity), moved).await, Ok(json!("0x")));
    let replaced =
        json!({ identity: { "movePrecompileToAddress": target, "code": "0x4660005260206000f3" } });
    let chain_id = json!(B256::from(U256::from(412_346)));
    assert_eq!(call(json!(identity), replaced.clone()).await, Ok(chain_id));
    assert_eq!(call(json!(target), replaced).await, Ok(json!("0x1234")));

    let arbsys = "0x0000000000000000000000000000000000000064";
    let moved = json!({ arbsys: { "movePrecompileToAddress": target } });
    let error = call(json!(target), moved).await.unwrap_err();
    assert_eq!((&error["code"], &error["data"]), (&json!(3), &json!("0x")));

    for (overrides, text) in [
        (
            json!({ PLACE: { "movePrecompileToAddress": target } }),
            "is not a precompile",
        ),
        (
            json!({
                identity: { "movePrecompileToAddress": target },
                target.to_string(): { "balance": "0x1" },
            }),
            "has already been overridden by a precompile",
        ),
    ] {
        let error = call(json!(target), overrides).await.unwrap_err();
        assert_eq!(error["code"], -32_000);
        assert!(error["message"].as_str().unwrap().contains(text));
    }
}

#[tokio::test]
async fn state_overrides_replace_balance_nonce_code_and_storage() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let code = provider.get_code_at(*probe.address()).await.unwrap();
    let data = Bytes::from(Probe::valueCall {}.abi_encode());
    let word = |n: u8| U256::from(n).to_be_bytes::<32>();
    let slot = Bytes::from(word(0));
    for (storage, name) in [("state", 9), ("stateDiff", 8)].map(|(s, n)| (s, n)) {
        let overrides = json!({
            STRANGER.to_string(): { "code": code, storage: { slot.to_string(): Bytes::from(word(name)) } }
        });
        let call = json!([{ "to": STRANGER, "data": data }, "latest", overrides]);
        assert_eq!(
            ask(&node, "eth_call", call).await,
            Ok(json!(Bytes::from(word(name)))),
            "{storage}"
        );
    }
    // A sender without a penny may pretend to be rich.
    let rich = json!({ STRANGER.to_string(): { "balance": format!("{:#x}", U256::MAX) } });
    let call = json!([{ "from": STRANGER, "to": BOB, "value": "0xde0b6b3a7640000" }, "latest"]);
    assert!(ask(&node, "eth_call", call.clone()).await.is_err());
    let mut with = call;
    with.as_array_mut().unwrap().push(rich);
    assert_eq!(ask(&node, "eth_call", with).await, Ok(json!("0x")));
    // Both at once is a contradiction.
    let both = json!({ STRANGER.to_string(): { "state": {}, "stateDiff": {} } });
    let call = json!([{ "to": STRANGER }, "latest", both]);
    assert_eq!(
        ask(&node, "eth_call", call).await.unwrap_err()["code"],
        -32_000
    );
    // Nothing of all this happened.
    assert_eq!(provider.get_code_at(STRANGER).await.unwrap().len(), 0);
}

#[tokio::test]
async fn block_overrides_change_what_a_call_sees() {
    let node = node().await;
    let provider = client(&node, 0);
    let probe = Probe::deploy(&provider).await.unwrap();
    let data = Bytes::from(Probe::clockCall {}.abi_encode());
    let overrides = json!({ "time": "0x1234", "number": "0x99", "feeRecipient": BOB });
    let call = json!([{ "to": probe.address(), "data": data }, "latest", {}, overrides]);
    let output: Bytes =
        serde_json::from_value(ask(&node, "eth_call", call).await.unwrap()).unwrap();
    let seen = Probe::clockCall::abi_decode_returns(&output).unwrap();
    assert_eq!(
        (seen.stamp, seen.number),
        (U256::from(0x1234), U256::ZERO),
        "NUMBER is the parent chain's"
    );
    // A call that names no price sees no base fee.
    assert_eq!(seen.fee, U256::ZERO);
}
