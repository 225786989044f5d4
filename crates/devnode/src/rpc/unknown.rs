//! Methods that are not there, or not over HTTP: the answer names them, and says what to use
//! instead.

use jsonrpsee::types::{ErrorObject, ErrorObjectOwned};

use super::RpcError;

/// No such method.
const METHOD_NOT_FOUND: i32 = -32_601;

/// Methods that other nodes have, and what does the same here. Those that end in `_` are whole
/// namespaces; a method of its own goes first.
const ELSEWHERE: [(&str, &str); 39] = [
    (
        "eth_getProof",
        "this node keeps no Merkle trie; eth_getStorageAt reads single words",
    ),
    ("eth_callMany", ONE_BY_ONE),
    ("eth_callBundle", ONE_BY_ONE),
    (
        "eth_sendRawTransactionConditional",
        "use eth_sendRawTransaction",
    ),
    ("eth_getWork", NO_WORK),
    ("eth_submitWork", NO_WORK),
    ("eth_submitHashrate", NO_WORK),
    ("debug_traceBlock", NAME_THE_BLOCK),
    ("debug_traceBlockFromFile", NAME_THE_BLOCK),
    ("debug_traceBadBlock", NAME_THE_BLOCK),
    (
        "debug_traceCallMany",
        "use debug_traceCall for each of the calls",
    ),
    ("debug_storageRangeAt", DUMP),
    ("debug_accountRange", DUMP),
    ("debug_dumpBlock", DUMP),
    (
        "debug_setHead",
        "use evm_revert to go back to a snapshot, or anvil_reset to go back to the genesis",
    ),
    ("anvil_rollback", SNAPSHOT),
    ("anvil_reorg", SNAPSHOT),
    (
        "anvil_mineDetailed",
        "use evm_mine, then eth_getBlockByNumber",
    ),
    (
        "evm_mine_detailed",
        "use evm_mine, then eth_getBlockByNumber",
    ),
    ("anvil_dealERC20", STORAGE),
    ("anvil_dealErc20", STORAGE),
    ("anvil_setERC20Allowance", STORAGE),
    ("anvil_setErc20Allowance", STORAGE),
    (
        "anvil_setRpcUrl",
        "nothing is forked here; anvil_loadState takes in accounts",
    ),
    ("anvil_setChainId", "start the node with --chain-id"),
    ("anvil_setLoggingEnabled", "start the node with --silent"),
    ("hardhat_setLoggingEnabled", "start the node with --silent"),
    ("anvil_enableTraces", TRACES),
    ("anvil_setMinGasPrice", BASE_FEE),
    ("hardhat_setMinGasPrice", BASE_FEE),
    (
        "evm_setBlockGasLimit",
        "Arbitrum's header says 2^50 in every block; a block holds 32 million gas of computation",
    ),
    (
        "hardhat_setPrevRandao",
        "on Arbitrum PREVRANDAO is 1 in every block",
    ),
    ("trace_", TRACES),
    ("arbtrace_", TRACES),
    (
        "ots_",
        "the node has no index for Otterscan; eth_getLogs and debug_traceTransaction tell the same",
    ),
    (
        "personal_",
        "the accounts of the phrase are always unlocked; anvil_impersonateAccount does it for others",
    ),
    ("admin_", "the node has no peers"),
    ("engine_", "the node makes its blocks itself"),
    (
        "miner_",
        "use evm_setAutomine, evm_setIntervalMining and anvil_setCoinbase",
    ),
];

const ONE_BY_ONE: &str =
    "use eth_call with state overrides, or evm_snapshot, transactions and evm_revert";
const NO_WORK: &str = "blocks need no work here; evm_mine makes one";
const NAME_THE_BLOCK: &str = "use debug_traceBlockByNumber or debug_traceBlockByHash";
const DUMP: &str = "anvil_dumpState has all accounts and their storage";
const SNAPSHOT: &str = "take an evm_snapshot first and evm_revert to it";
const STORAGE: &str = "write the token's word with anvil_setStorageAt";
const TRACES: &str = "use debug_traceTransaction or debug_traceCall, with callTracer for calls";
const BASE_FEE: &str =
    "start the node with --base-fee, or use anvil_setNextBlockBaseFeePerGas for one block";

/// What to say of a subscription asked for where nothing can be announced.
pub(super) fn no_subscription(method: &str) -> ErrorObjectOwned {
    let message = format!("{method} is not available over HTTP: connect by WebSocket");
    ErrorObject::owned(METHOD_NOT_FOUND, message, None::<()>)
}

/// What to say of `method`, which is not there.
pub(super) fn not_there(method: &str) -> ErrorObjectOwned {
    let known = ELSEWHERE.iter().find(|(name, _)| {
        if name.ends_with('_') {
            method.starts_with(name)
        } else {
            method == *name
        }
    });
    match known {
        Some((_, instead)) => {
            RpcError::NotThere(format!("{method} is not available: {instead}")).into()
        }
        None => {
            let message = format!("the method {method:.80} does not exist/is not available");
            ErrorObject::owned(METHOD_NOT_FOUND, message, None::<()>)
        }
    }
}
