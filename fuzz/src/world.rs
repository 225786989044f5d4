//! What the node holds before the first input: programs, contracts, transactions of every kind.

use std::sync::LazyLock;

use alloy_primitives::{Address, address, hex};
use serde_json::{Value, json};
use stylus_devnode::accounts::{DEFAULT_MNEMONIC, DevAccounts};

use crate::words::stylus_code;

/// Funded accounts with keys: the owner of the chain, then two of the usual phrase.
pub(crate) const RICH: [Address; 3] = [
    address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E"),
    address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
    address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
];
/// NodeInterface.
pub(crate) const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");
/// Account of ArbOS's own state.
pub(crate) const ARBOS: Address = address!("A4B05FffffFffFFFFfFFfffFfffFFfffFfFfFFFf");
/// ArbWasm.
pub(crate) const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// Accounts with meanings of their own: NodeInterface, ArbOS's own state, the ready-made
/// contracts, a stranger.
pub(crate) const SPECIAL: [Address; 6] = [
    NODE_INTERFACE,
    ARBOS,
    arbos::genesis::CREATE2_FACTORY,
    arbos::genesis::STYLUS_DEPLOYER,
    arbos::genesis::CACHE_MANAGER,
    address!("00000000000000000000000000000000deadbeef"),
];
/// Account of a contract that loops until its gas is gone.
pub(crate) const LOOP: Address = address!("0000000000000000000000000000000000100b00");
/// Account of a contract that logs its calldata, writes a slot and returns.
const LOGGER: Address = address!("0000000000000000000000000000000000100600");
/// Account that inputs give code and activate.
pub(crate) const BLANK: Address = address!("000000000000000000000000000000000051a1ff");
/// JUMPDEST PUSH0 JUMP.
const LOOP_CODE: &str = "0x5b5f56";
/// Calldata to memory; LOG1 of it with topic 1; caller into slot 1; return it.
const LOGGER_CODE: &str = "0x365f5f376001365fa133600155365ff3";
/// `activateProgram(address)`.
pub(crate) const ACTIVATE: [u8; 4] = [0x58, 0xc7, 0x80, 0xc2];
/// Wei sent along with an activation; what is too much comes back.
const ACTIVATION_VALUE: &str = "0xde0b6b3a7640000";
/// Account of the first deployed program; the others follow.
const FIRST_PROGRAM: u64 = 0x51a1_0000;
/// Programs that are deployed and activated. The first one does what its calldata says, the last
/// one calls itself until its gas is gone.
pub(crate) const PROGRAMS: [&[u8]; 6] = [
    include_bytes!("../../vectors/stylus/script.wasm"),
    include_bytes!("../../vectors/stylus/h_call.wasm"),
    include_bytes!("../../vectors/stylus/h_sstore.wasm"),
    include_bytes!("../../vectors/stylus/op_mem_grow.wasm"),
    include_bytes!("../../vectors/stylus/erc20_small.wasm"),
    include_bytes!("../../vectors/stylus/recurse_forever.wasm"),
];
/// Calldata of the first program: write a slot, flush, log a topic and a byte, return.
const SCRIPT: &str = "0x02\
    0000000000000000000000000000000000000000000000000000000000000001\
    0000000000000000000000000000000000000000000000000000000000000002\
    03\
    0c0100000021000000\
    000000000000000000000000000000000000000000000000000000000000000155\
    1f00";

/// Signs for [`RICH`], in its order.
pub(crate) static KEYS: LazyLock<DevAccounts> = LazyLock::new(|| {
    DevAccounts::derive(DEFAULT_MNEMONIC, RICH.len() - 1).expect("the usual phrase")
});

/// Account of a deployed program.
pub(crate) fn program(index: usize) -> Address {
    Address::left_padding_from(&(FIRST_PROGRAM + index as u64).to_be_bytes())
}

/// A transaction that activates `account`.
pub(crate) fn activation(account: Address) -> Value {
    let data = [&ACTIVATE[..], account.into_word().as_slice()].concat();
    json!({
        "from": RICH[0], "to": ARB_WASM, "value": ACTIVATION_VALUE,
        "data": hex::encode_prefixed(data),
    })
}

/// Requests that make the node ready.
pub(crate) fn furnishing() -> Vec<(&'static str, Value)> {
    let mut requests = vec![
        ("anvil_setCode", json!([LOOP, LOOP_CODE])),
        ("anvil_setCode", json!([LOGGER, LOGGER_CODE])),
    ];
    for (index, wasm) in PROGRAMS.iter().enumerate() {
        let account = program(index);
        let code = hex::encode_prefixed(stylus_code(wasm));
        requests.push(("anvil_setCode", json!([account, code])));
        requests.push(("eth_sendTransaction", json!([activation(account)])));
    }
    let slot = json!([{ "address": LOGGER, "storageKeys": [hex::encode_prefixed([0; 32])] }]);
    for tx in [
        json!({ "to": LOGGER, "data": "0x0102", "gasPrice": "0x3b9aca00" }),
        json!({ "to": LOGGER, "data": "0x03", "gasPrice": "0x3b9aca00", "accessList": slot }),
        json!({ "to": program(0), "data": SCRIPT }),
        // Initcode that returns one byte of zero, and one that is no code at all.
        json!({ "data": "0x60015ff3" }),
        json!({ "data": "0xfe", "gas": "0x20000" }),
        json!({ "to": LOOP, "gas": "0x8000" }),
    ] {
        let mut tx = tx;
        tx["from"] = json!(RICH[0]);
        requests.push(("eth_sendTransaction", json!([tx])));
    }
    requests
}
