//! The door between ArbOS precompiles and the world they run in.
//!
//! The executor implements [`PrecompileHost`] over its journal; the tests of the
//! precompiles implement it over plain maps. Nothing behind this door charges
//! gas: precompiles count their own, to the unit.

use alloy_primitives::{Address, B256, Bytes, Log, U256};

/// What is fixed for a chain from its first block on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainConfig {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Debug precompiles (`ArbDebug`), `console.*` and `debug.*` imports, and ArbOS 60 are allowed.
    pub allow_debug_precompiles: bool,
    /// Largest deployed code in bytes, container prefix included; initcode may have twice as much.
    pub max_code_size: usize,
}

impl ChainConfig {
    /// EIP-170's limit, which Nitro keeps unless a chain is created with another.
    pub const DEFAULT_MAX_CODE_SIZE: usize = 24_576;
    /// Chain id of Nitro's dev chain.
    pub const DEV_CHAIN_ID: u64 = 412_346;

    /// A dev chain: debug precompiles on, code size limit of EIP-170.
    pub fn dev(chain_id: u64) -> Self {
        Self {
            chain_id,
            allow_debug_precompiles: true,
            max_code_size: Self::DEFAULT_MAX_CODE_SIZE,
        }
    }
}

impl Default for ChainConfig {
    fn default() -> Self {
        Self::dev(Self::DEV_CHAIN_ID)
    }
}

/// The block a transaction runs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEnv {
    /// L2 height.
    pub number: u64,
    /// Unix seconds.
    pub timestamp: u64,
    /// L2 base fee in wei.
    pub base_fee: U256,
    /// L1 height known to ArbOS, which is what the `NUMBER` opcode returns.
    pub l1_block_number: u64,
    /// ArbOS version in force after the block's start.
    pub arbos_version: u64,
    /// Batch poster, or whatever a test makes the node say.
    pub coinbase: Address,
    /// Gas limit of the header, 2^50 on Nitro.
    pub gas_limit: u64,
}

/// The transaction a precompile runs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TxInfo {
    /// Account that signed the transaction.
    pub origin: Address,
    /// Wei per gas that the sender really pays.
    pub gas_price: U256,
    /// Wei paid for the transaction's share of L1 data.
    pub poster_fee: U256,
    /// Whether the outermost sender is an L1 contract's alias. Never on a chain without a parent.
    pub sender_is_aliased: bool,
}

/// What a precompile may touch. Free of gas; everything is journaled unless said otherwise.
pub trait PrecompileHost {
    /// Storage word of `address`.
    fn sload(&mut self, address: Address, slot: U256) -> U256;
    /// Writes a storage word and marks the account touched, so that it survives.
    fn sstore(&mut self, address: Address, slot: U256, value: U256);

    /// Wei held by `address`.
    fn balance(&mut self, address: Address) -> U256;
    /// Moves wei without running code; false, and nothing moved, when `from` has too little.
    /// Traced as an `evm_call_contract` entry with empty steps.
    fn transfer(&mut self, from: Address, to: Address, amount: U256) -> bool;
    /// Creates wei out of nothing.
    fn mint(&mut self, to: Address, amount: U256);
    /// Destroys wei; false, and nothing destroyed, when `from` has too little.
    fn burn(&mut self, from: Address, amount: U256) -> bool;

    /// Code of `address` as stored, without following a delegation.
    fn code(&mut self, address: Address) -> Bytes;
    /// Hash of [`PrecompileHost::code`]; zero when the account does not exist.
    fn code_hash(&mut self, address: Address) -> B256;
    /// Replaces the code of `address`.
    fn set_code(&mut self, address: Address, code: Bytes);
    /// Nonce of `address`.
    fn nonce(&mut self, address: Address) -> u64;
    /// Whether `address` has self-destructed in this transaction.
    fn is_self_destructed(&mut self, address: Address) -> bool;
    /// Marks `address` warm in the EIP-2929 sense; true when it was cold.
    fn warm(&mut self, address: Address) -> bool;

    /// Emits a log. The precompile has checked that the frame may write.
    fn log(&mut self, log: Log);

    /// Open frames including the precompile's own: 1 when a transaction calls it directly.
    fn call_depth(&self) -> usize;
    /// Caller of the frame that called the precompile, if there is one.
    fn callers_caller(&self) -> Option<Address>;
    /// WASM pages open in this transaction.
    fn pages_open(&self) -> u16;
    /// The current block.
    fn block(&self) -> &BlockEnv;
    /// The current transaction.
    fn tx(&self) -> &TxInfo;
    /// The chain.
    fn chain(&self) -> &ChainConfig;
    /// Hash of an L2 block among the previous 256; `None` outside of them.
    fn block_hash(&mut self, number: u64) -> Option<B256>;

    /// Offers a freshly activated program for the compiled-program cache. Not journaled;
    /// purely an optimisation, so doing nothing is right as well.
    fn remember_program(&mut self, code_hash: B256, program: &stylus_vm::Program);
}
