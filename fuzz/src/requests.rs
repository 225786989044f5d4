//! From bytes to request bodies.

use arbitrary::{Result, Unstructured};
use serde_json::{Value, json};

use crate::{
    door::Door,
    words::Word::{self, *},
};

/// Most requests drawn from one input.
const MAX_REQUESTS: usize = 6;
/// First byte of an input whose other bytes are drawn from; all other inputs are bodies as they are.
const STRUCTURED: u8 = b'!';

/// Methods and what their parameters mean. Those not listed get anything.
const PARAMETERS: &[(&str, &[Word])] = &[
    ("anvil_addBalance", &[Account, Number]),
    ("anvil_autoImpersonateAccount", &[Flag]),
    ("anvil_dropTransaction", &[Hash]),
    ("anvil_impersonateAccount", &[Account]),
    ("anvil_mine", &[Number, Number]),
    ("anvil_setBalance", &[Account, Number]),
    ("anvil_setBlockTime", &[Number]),
    ("anvil_setBlockTimestampInterval", &[Number]),
    ("anvil_setCode", &[Account, Code]),
    ("anvil_setCoinbase", &[Account]),
    ("anvil_setNextBlockBaseFeePerGas", &[Number]),
    ("anvil_setNonce", &[Account, Number]),
    ("anvil_setStorageAt", &[Account, Hash, Hash]),
    ("debug_codeByHash", &[Hash]),
    ("debug_getRawHeader", &[Block]),
    ("debug_getRawReceipts", &[Block]),
    ("debug_traceBlockByNumber", &[Block, Tracer]),
    ("debug_traceCall", &[Call, Block, Tracer]),
    ("eth_call", &[Call, Block, StateOverride, BlockOverride]),
    ("eth_createAccessList", &[Call, Block]),
    (
        "eth_estimateGas",
        &[Call, Block, StateOverride, BlockOverride],
    ),
    ("eth_feeHistory", &[Number, Block, Percentiles]),
    ("eth_fillTransaction", &[Call]),
    ("eth_getAccountInfo", &[Account, Block]),
    ("eth_getBalance", &[Account, Block]),
    ("eth_getBlockByHash", &[Hash, Flag]),
    ("eth_getBlockByNumber", &[Block, Flag]),
    ("eth_getBlockReceipts", &[Block]),
    ("eth_getCode", &[Account, Block]),
    ("eth_getFilterChanges", &[Number]),
    ("eth_getFilterLogs", &[Number]),
    ("eth_getHeaderByNumber", &[Block]),
    ("eth_getLogs", &[Filter]),
    ("eth_getProof", &[Account, Keys, Block]),
    ("eth_getStorageAt", &[Account, Hash, Block]),
    ("eth_getTransactionByBlockNumberAndIndex", &[Block, Number]),
    ("eth_getTransactionCount", &[Account, Block]),
    ("eth_newFilter", &[Filter]),
    ("eth_sendRawTransaction", &[RawTransaction]),
    ("eth_sendTransaction", &[Call]),
    ("eth_sendTransactionSync", &[Call]),
    ("eth_sendUnsignedTransaction", &[Call]),
    ("eth_sign", &[Account, Bytes]),
    ("eth_signTransaction", &[Call]),
    ("eth_signTypedData_v4", &[Account, TypedData]),
    ("evm_increaseTime", &[Number]),
    ("evm_mine", &[Number]),
    ("evm_revert", &[Number]),
    ("evm_setAutomine", &[Flag]),
    ("evm_setIntervalMining", &[Number]),
    ("evm_setNextBlockTimestamp", &[Number]),
    ("evm_setTime", &[Number]),
    ("web3_sha3", &[Bytes]),
];

/// Posts what `input` stands for, and puts the node back.
pub fn serve(input: &[u8]) {
    let mut door = Door::get();
    match input.split_first() {
        Some((&STRUCTURED, choices)) => {
            let mut u = Unstructured::new(choices);
            let methods = door.methods();
            for _ in 0..MAX_REQUESTS {
                // Choices that run out end the row of requests.
                let Ok(body) = body(&mut u, &methods) else {
                    break;
                };
                door.post(body.to_string().into_bytes());
            }
        }
        _ => {
            door.post(input.to_vec());
        }
    }
    door.restore();
}

/// One request, or a batch.
fn body(u: &mut Unstructured<'_>, methods: &[&str]) -> Result<Value> {
    if !u.ratio(1u8, 8)? {
        return request(u, methods);
    }
    let count = u.int_in_range(1..=MAX_REQUESTS)?;
    (0..count).map(|_| request(u, methods)).collect()
}

fn request(u: &mut Unstructured<'_>, methods: &[&str]) -> Result<Value> {
    if u.is_empty() {
        return Err(arbitrary::Error::NotEnoughData);
    }
    let (method, mut params) = if u.ratio(1u8, 8)? {
        (*u.choose(methods)?, Vec::new())
    } else {
        let (method, words) = u.choose(PARAMETERS)?;
        let params: Result<_> = words.iter().map(|word| word.draw(u)).collect();
        (*method, params?)
    };
    if u.ratio(1u8, 8)? {
        params.truncate(u.int_in_range(0..=params.len())?);
    } else if u.ratio(1u8, 8)? {
        params.push(Anything.draw(u)?);
    }
    Ok(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }))
}
