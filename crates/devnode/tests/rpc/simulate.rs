//! `eth_simulateV1`: what blocks of calls do.

use alloy::{
    primitives::{Address, B256, U256, hex, keccak256},
    providers::Provider,
    rpc::types::{
        TransactionRequest,
        simulate::{SimBlock, SimulatePayload},
        state::{AccountOverride, StateOverridesBuilder},
    },
};
use serde_json::{Value, json};
use stylus_devnode::RunningNode;

use crate::support::{ALICE, BOB, Probe, STRANGER, ask, client, mine, node};

/// Emits LOG0 with nothing in it, sends 1 wei to BOB, and emits LOG0 again.
fn logs_and_pays() -> String {
    let bob = hex::encode(BOB);
    format!("0x5f5fa05f5f5f5f600173{bob}5af15f5fa000")
}

pub(crate) async fn simulate(node: &RunningNode, payload: Value) -> Vec<Value> {
    let blocks = ask(node, "eth_simulateV1", json!([payload, "latest"])).await;
    blocks.unwrap().as_array().unwrap().clone()
}

pub(crate) fn word(value: &Value) -> U256 {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn blocks_follow_each_other_and_nothing_stays() {
    let node = node().await;
    mine(&node).await;
    let latest = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    let pay = json!({ "from": STRANGER, "to": BOB, "value": "0x1" });
    let rich = json!({ STRANGER.to_string(): { "balance": "0x3" } });
    let blocks = simulate(
        &node,
        json!({
            "blockStateCalls": [
                { "stateOverrides": rich, "calls": [pay, pay] },
                { "blockOverrides": { "number": "0x5" }, "calls": [pay] },
                {},
            ],
        }),
    )
    .await;
    let numbers: Vec<_> = blocks.iter().map(|it| word(&it["number"])).collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6].map(U256::from));
    let mut parent = latest.clone();
    for (block, calls) in blocks.iter().zip([2, 0, 0, 1, 0]) {
        assert_eq!(block["parentHash"], parent["hash"]);
        let later = word(&block["timestamp"]) - word(&parent["timestamp"]);
        assert_eq!(later, U256::from(12));
        assert_eq!(block["calls"].as_array().map(Vec::len), Some(calls));
        assert_eq!(block["transactions"].as_array().map(Vec::len), Some(calls));
        assert_eq!(word(&block["gasUsed"]), U256::from(21_000 * calls));
        assert_eq!(block["baseFeePerGas"], "0x0");
        parent = block.clone();
    }
    let paid = json!({ "returnData": "0x", "logs": [], "gasUsed": "0x5208", "status": "0x1" });
    assert_eq!(blocks[3]["calls"], json!([paid]));
    let now = ask(&node, "eth_getBlockByNumber", json!(["latest", false])).await;
    assert_eq!(now, Ok(latest));
    let balance = ask(&node, "eth_getBalance", json!([STRANGER, "latest"])).await;
    assert_eq!(balance, Ok(json!("0x0")));
}

#[tokio::test]
async fn calls_of_a_block_see_each_other_and_blocks_see_their_overrides() {
    let node = node().await;
    // Returns NUMBER of ArbSys, TIMESTAMP, BASEFEE, GASLIMIT, COINBASE, PREVRANDAO.
    let figures = "0x63a3b1b31d5f5260205f6004601c60645afa504260205248604052456060524160805244\
                   60a05260c05ff3";
    // Adds 1 to its slot 7 and returns it.
    let count = "0x600754600101806007555f5260205ff3";
    let counter = Address::with_last_byte(0xc1);
    let blocks = simulate(
        &node,
        json!({
            "blockStateCalls": [
                {
                    "blockOverrides": {
                        "number": "0x7", "time": "0x77777777", "gasLimit": "0x989680",
                        "feeRecipient": BOB, "difficulty": "0x99", "baseFeePerGas": "0x9",
                    },
                    "stateOverrides": {
                        STRANGER.to_string(): { "code": figures },
                        counter.to_string(): {
                            "code": count,
                            "stateDiff": { B256::with_last_byte(7).to_string(): B256::with_last_byte(5) },
                        },
                    },
                    "calls": [{ "to": STRANGER }, { "to": counter }, { "to": counter }],
                },
                { "calls": [{ "to": counter }, { "to": STRANGER }] },
                {
                    "stateOverrides": { counter.to_string(): { "state": {} } },
                    "calls": [{ "to": counter }],
                },
            ],
        }),
    )
    .await;
    let returned = |block: &Value, call: usize| -> Vec<U256> {
        let data = hex::decode(block["calls"][call]["returnData"].as_str().unwrap()).unwrap();
        data.chunks(32).map(U256::from_be_slice).collect()
    };
    let number = |number: u64| U256::from(number);
    let bob = U256::from_be_slice(BOB.as_slice());
    let (first, second, third) = (&blocks[6], &blocks[7], &blocks[8]);
    assert_eq!(
        returned(first, 0),
        [
            number(7),
            number(0x7777_7777),
            number(9),
            number(10_000_000),
            bob,
            number(0x99)
        ]
    );
    for (field, value) in [
        ("number", "0x7"),
        ("timestamp", "0x77777777"),
        ("gasLimit", "0x989680"),
        ("difficulty", "0x99"),
        ("baseFeePerGas", "0x9"),
    ] {
        assert_eq!(first[field], value, "{field}");
    }
    assert_eq!(first["miner"], json!(BOB));
    assert_eq!(returned(first, 1), [number(6)]);
    assert_eq!(returned(first, 2), [number(7)]);
    assert_eq!(returned(second, 0), [number(8)]);
    // Gas limit, miner and difficulty are those of the block before.
    assert_eq!(
        returned(second, 1),
        [
            number(8),
            number(0x7777_7783),
            number(0),
            number(10_000_000),
            bob,
            number(0x99)
        ]
    );
    assert_eq!(returned(third, 0), [number(1)]);
}

#[tokio::test]
async fn logs_say_where_they_would_stand() {
    let node = node().await;
    let probe = Probe::deploy(client(&node, 0)).await.unwrap();
    let set = |value: u64| {
        let data = probe.set(U256::from(value)).calldata().clone();
        json!({ "from": ALICE, "to": probe.address(), "data": data })
    };
    let blocks = simulate(
        &node,
        json!({ "blockStateCalls": [{ "calls": [set(3), set(4)] }, { "calls": [set(5)] }] }),
    )
    .await;
    for (block, call, index) in [(0, 0, 0), (0, 1, 1), (1, 0, 0)] {
        let block = &blocks[block];
        let logs = block["calls"][call]["logs"].as_array().unwrap();
        let [log] = logs.as_slice() else {
            panic!("{logs:?}");
        };
        assert_eq!(
            log["address"],
            json!(probe.address()).as_str().unwrap().to_lowercase()
        );
        assert_eq!(log["blockHash"], block["hash"]);
        assert_eq!(log["blockNumber"], block["number"]);
        assert_eq!(log["transactionHash"], block["transactions"][call]);
        assert_eq!(log["transactionIndex"], format!("{call:#x}"));
        assert_eq!(log["logIndex"], format!("{index:#x}"));
        assert_eq!(
            log["topics"][0],
            json!(keccak256("Set(address,uint256,uint256)"))
        );
        assert_ne!(
            block["logsBloom"]
                .as_str()
                .unwrap()
                .trim_matches(['0', 'x']),
            ""
        );
    }
    assert_eq!(
        blocks[1]["calls"][0]["logs"][0]["topics"][2],
        json!(B256::with_last_byte(4)),
        "the value set by the block before"
    );
}

#[tokio::test]
async fn transfers_of_ether_are_logs_where_that_is_asked_for() {
    let node = node().await;
    let calls = json!([
        { "from": STRANGER, "to": STRANGER, "value": "0x2" },
        { "from": ALICE, "to": BOB, "value": "0x7" },
        { "from": ALICE, "to": BOB },
    ]);
    let overrides = json!({
        STRANGER.to_string(): { "code": logs_and_pays(), "balance": "0x64" },
    });
    let block = json!({ "stateOverrides": overrides, "calls": calls });
    let run = async |traced: bool| {
        let payload = json!({ "blockStateCalls": [block], "traceTransfers": traced });
        simulate(&node, payload).await.remove(0)
    };
    let (plain, traced) = (run(false).await, run(true).await);
    let counts = |block: &Value| -> Vec<usize> {
        let calls = block["calls"].as_array().unwrap();
        calls
            .iter()
            .map(|it| it["logs"].as_array().unwrap().len())
            .collect()
    };
    assert_eq!(counts(&plain), [2, 0, 0]);
    assert_eq!(counts(&traced), [4, 1, 0]);
    let ether = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    let stranger = format!("{STRANGER:?}");
    let logs = traced["calls"][0]["logs"].as_array().unwrap();
    let emitters: Vec<_> = logs
        .iter()
        .map(|log| log["address"].as_str().unwrap())
        .collect();
    assert_eq!(emitters, [ether, &stranger, ether, &stranger]);
    let transfer = |from: Address, to: Address, value: u8| {
        let topics = [
            keccak256("Transfer(address,address,uint256)"),
            from.into_word(),
            to.into_word(),
        ];
        (json!(topics), json!(B256::with_last_byte(value)))
    };
    let told = |log: &Value| (log["topics"].clone(), log["data"].clone());
    assert_eq!(told(&logs[0]), transfer(STRANGER, STRANGER, 2));
    assert_eq!(told(&logs[2]), transfer(STRANGER, BOB, 1));
    assert_eq!(
        told(&traced["calls"][1]["logs"][0]),
        transfer(ALICE, BOB, 7)
    );
    let indices: Vec<_> = logs
        .iter()
        .map(|log| log["logIndex"].as_str().unwrap())
        .collect();
    assert_eq!(indices, ["0x0", "0x1", "0x2", "0x3"]);
    assert_eq!(traced["calls"][1]["logs"][0]["logIndex"], "0x4");
    // They are told, not emitted.
    for field in ["logsBloom", "receiptsRoot", "hash"] {
        assert_eq!(plain[field], traced[field], "{field}");
    }
    // What is undone was not transferred: 2 wei in, then a revert.
    let reverts = json!({ STRANGER.to_string(): { "code": "0x5f5ffd" } });
    let call = json!({ "from": ALICE, "to": STRANGER, "value": "0x2" });
    let payload = json!({
        "blockStateCalls": [{ "stateOverrides": reverts, "calls": [call] }],
        "traceTransfers": true,
    });
    let undone = simulate(&node, payload).await;
    assert_eq!(undone[0]["calls"][0]["status"], "0x0");
    assert_eq!(undone[0]["calls"][0]["logs"], json!([]));
}

#[tokio::test]
async fn alloy_reads_a_simulation_with_whole_transactions() {
    let node = node().await;
    let provider = client(&node, 0);
    let pay = TransactionRequest::default()
        .from(STRANGER)
        .to(BOB)
        .value(U256::from(3));
    let rich = AccountOverride::default().with_balance(U256::from(10));
    let block = SimBlock::default().call(pay.clone()).with_state_overrides(
        StateOverridesBuilder::default()
            .append(STRANGER, rich)
            .build(),
    );
    let payload = SimulatePayload::default()
        .extend(block)
        .extend(SimBlock::default().call(pay))
        .with_full_transactions();
    let blocks = provider.simulate(&payload).await.unwrap();
    assert_eq!(blocks.len(), 2);
    for (index, block) in blocks.iter().enumerate() {
        assert!(block.calls[0].status);
        assert_eq!(block.calls[0].gas_used, 21_000);
        let transactions = block.inner.transactions.as_transactions().unwrap();
        assert_eq!(transactions[0].inner.signer(), STRANGER);
        assert_eq!(block.inner.header.number, 1 + index as u64);
    }
}
