//! Everything a program is started with.

use alloy_primitives::{Address, Bytes, U256};

use crate::Room;

/// One call of a program.
#[derive(Clone, Debug)]
pub struct RunInput {
    /// The calldata, whole.
    pub calldata: Bytes,
    /// Ink to run with, after the call cost has been paid.
    pub ink: u64,
    /// Ink per gas; never zero on a chain, a zero is read as one.
    pub ink_price: u32,
    /// Words of stack a frame may use.
    pub max_stack_depth: u32,
    /// Pages that a transaction may open for nothing.
    pub free_pages: u16,
    /// The ArbOS version, for charges that changed between versions.
    pub arbos_version: u64,
    /// Whether an enclosing call is read-only.
    pub is_static: bool,
    /// Whether host calls are recorded.
    pub tracing: bool,
    /// Whether the chain allows debug functions.
    pub debug_chain: bool,
    /// Largest code of an account in bytes, for the price of reading code.
    pub max_code_size: u64,
    /// What the programs of the transaction share.
    pub room: Room,
    /// The constant answers to environment questions.
    pub env: RunEnv,
}

/// What a program can ask about its surroundings without any state access.
#[derive(Clone, Debug, Default)]
pub struct RunEnv {
    /// Base fee of the block, in wei.
    pub block_basefee: U256,
    /// Chain id.
    pub chain_id: u64,
    /// Coinbase of the block.
    pub block_coinbase: Address,
    /// Gas limit of the block.
    pub block_gas_limit: u64,
    /// The L1 block number ArbOS knows, not the height of this chain.
    pub block_number: u64,
    /// Time of the block in Unix seconds.
    pub block_timestamp: u64,
    /// The acting address.
    pub contract_address: Address,
    /// The caller.
    pub msg_sender: Address,
    /// The (apparent) value of the call, in wei.
    pub msg_value: U256,
    /// Whether the acting address is already open in another non-delegate frame.
    pub msg_reentrant: bool,
    /// Gas price of the transaction, in wei.
    pub tx_gas_price: U256,
    /// Sender of the transaction.
    pub tx_origin: Address,
}
