//! Programs that take all the room there is, one inside the other and many at a time: each gets what
//! it would get alone or is refused with an error, and the node goes on.

use std::sync::Arc;

use alloy::{
    primitives::{Address, Bytes, U256},
    sol,
    sol_types::SolCall,
};
use serde_json::{Value, json};
use stylus_devnode::RunningNode;

use crate::support::{ALICE, ETHER, ask, node};

sol! {
    function activateProgram(address program) external payable;
}

const ARB_WASM: &str = "0x0000000000000000000000000000000000000071";

/// More calls at a time than there is room for all their programs.
const AT_ONCE: usize = 300;
/// Calls of each in itself: a page for each costs more and more.
const DEPTH: u32 = 110;
/// Rounds for which a program is busy, so that many calls are under way together.
const BUSY: &str = "2000000";

/// Calls itself with one byte of calldata less each time, is busy for a while at the bottom, and
/// returns how deep it got.
const DEEPER: &str = r#"(module
    (import "vm_hooks" "contract_address" (func $me (param i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "read_return_data" (func $read (param i32 i32 i32) (result i32)))
    (import "vm_hooks" "write_result" (func $write (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32) (local $left i32)
        (if (local.get $len)
            (then
                (call $me (i32.const 0))
                (if (i32.eqz (call $call (i32.const 0) (i32.const 256)
                        (i32.sub (local.get $len) (i32.const 1))
                        (i32.const 32) (i64.const -1) (i32.const 96)))
                    (then (drop (call $read (i32.const 64) (i32.const 0) (i32.const 4))))))
            (else
                (local.set $left (i32.const BUSY))
                (loop (br_if 0 (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
        (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
        (call $write (i32.const 64) (i32.const 4))
        (i32.const 0)))"#;

/// Takes all the memory that 32 bits can address, which costs nothing, calls itself while there is
/// calldata, one byte less each time, is busy for a while, and returns how many pages it has.
const GREEDY: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (import "vm_hooks" "contract_address" (func $me (param i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "write_result" (func $write (param i32 i32)))
    (memory (export "memory") 0)
    (func (export "user_entrypoint") (param $len i32) (result i32) (local $left i32)
        (drop (memory.grow (i32.const 65536)))
        (local.set $left (i32.const BUSY))
        (loop (br_if 0 (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (if (local.get $len) (then
            (call $me (i32.const 0))
            (drop (call $call (i32.const 0) (i32.const 32) (i32.sub (local.get $len) (i32.const 1))
                (i32.const 64) (i64.const -1) (i32.const 96)))))
        (i32.store (i32.const -4) (memory.size))
        (call $write (i32.const -4) (i32.const 4))
        (i32.const 0)))"#;

async fn mined(node: &RunningNode, tx: Value) -> Value {
    let hash = ask(node, "eth_sendTransaction", json!([tx])).await.unwrap();
    let receipt = ask(node, "eth_getTransactionReceipt", json!([hash])).await;
    let receipt = receipt.unwrap();
    assert_eq!(receipt["status"], "0x1", "{receipt}");
    receipt
}

/// Deploys and activates a program.
async fn activated(node: &RunningNode, text: &str) -> Address {
    let mut code = vec![0xef, 0xf0, 0x00, 0x00];
    let wasm = wat::parse_str(text.replace("BUSY", BUSY)).unwrap();
    let params = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &wasm[..], &mut code, &params).unwrap();
    // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
    let len = u16::try_from(code.len()).unwrap().to_be_bytes();
    let mut init = vec![0x61, len[0], len[1], 0x80, 0x60, 10, 0x5f, 0x39, 0x5f, 0xf3];
    init.extend(code);
    let receipt = mined(node, json!({ "from": ALICE, "data": Bytes::from(init) })).await;
    let program: Address = serde_json::from_value(receipt["contractAddress"].clone()).unwrap();
    let data = Bytes::from(activateProgramCall { program }.abi_encode());
    let value = U256::from(ETHER);
    mined(
        node,
        json!({ "from": ALICE, "to": ARB_WASM, "data": data, "value": value }),
    )
    .await;
    program
}

/// The same call many times at once.
async fn at_once(node: &Arc<RunningNode>, count: usize, call: &Value) -> Vec<Result<Value, Value>> {
    let calls: Vec<_> = (0..count)
        .map(|_| {
            let (node, call) = (Arc::clone(node), call.clone());
            tokio::spawn(async move { ask(&node, "eth_call", call).await })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_call_themselves_in_many_calls_at_once_get_as_deep_as_one_alone() {
    let node = Arc::new(node().await);
    let program = activated(&node, DEEPER).await;
    let data = Bytes::from(vec![0; DEPTH as usize]);
    let call = json!([{ "to": program, "data": data }, "latest"]);
    let depth = Bytes::from((DEPTH + 1).to_le_bytes().to_vec());
    for answer in at_once(&node, AT_ONCE, &call).await {
        assert_eq!(answer, Ok(json!(depth)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_take_all_memory_in_many_calls_at_once_each_get_it() {
    let node = Arc::new(node().await);
    let program = activated(&node, GREEDY).await;
    let all = json!("0x00000100");
    let call = json!([{ "to": program }, "latest"]);
    for answer in at_once(&node, 40, &call).await {
        assert_eq!(answer, Ok(all.clone()));
    }
}

#[tokio::test]
async fn programs_of_one_call_that_take_all_memory_twice_are_refused_and_not_answered_wrongly() {
    let node = node().await;
    let program = activated(&node, GREEDY).await;
    let call = json!({ "from": ALICE, "to": program, "data": "0x01", "gas": "0x989680" });
    for method in ["eth_call", "eth_estimateGas", "eth_sendTransaction"] {
        let error = ask(&node, method, json!([call])).await.expect_err(method);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("4294967296 bytes"), "{method}: {message}");
        assert_eq!(error["code"], -32_000, "{method}");
    }
    // One is enough for everybody else.
    mined(&node, json!({ "from": ALICE, "to": program })).await;
}
