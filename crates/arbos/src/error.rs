//! Errors sorted by fault: a transaction that may not run at all, and one that ran and failed.
//! The texts are those that clients of a Nitro node match on.

use alloy_primitives::{Address, U256};
use stylus_vm::Shortage;
use thiserror::Error;

/// Why a transaction was refused before it ran. It leaves no trace on chain.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TxError {
    /// The sender has already used this nonce.
    #[error("nonce too low: address {sender}, tx: {tx} state: {state}")]
    NonceTooLow {
        /// Sender.
        sender: Address,
        /// Nonce of the transaction.
        tx: u64,
        /// Nonce of the account.
        state: u64,
    },
    /// Transactions before this one are missing.
    #[error("nonce too high: address {sender}, tx: {tx} state: {state}")]
    NonceTooHigh {
        /// Sender.
        sender: Address,
        /// Nonce of the transaction.
        tx: u64,
        /// Nonce of the account.
        state: u64,
    },
    /// The nonce cannot be increased any more.
    #[error("nonce has max value: address {sender}")]
    NonceMax {
        /// Sender.
        sender: Address,
    },
    /// The sender cannot pay gas limit times fee cap plus value.
    #[error("insufficient funds for gas * price + value: address {sender} have {have} want {want}")]
    InsufficientFunds {
        /// Sender.
        sender: Address,
        /// Balance in wei.
        have: U256,
        /// Wei needed.
        want: U256,
    },
    /// Fee cap below the block's base fee.
    #[error(
        "max fee per gas less than block base fee: address {sender}, maxFeePerGas: {max_fee} baseFee: {base_fee}"
    )]
    FeeCapTooLow {
        /// Sender.
        sender: Address,
        /// Fee cap, wei per gas.
        max_fee: u128,
        /// Base fee, wei per gas.
        base_fee: U256,
    },
    /// Tip above the fee cap.
    #[error(
        "max priority fee per gas higher than max fee per gas: address {sender}, maxPriorityFeePerGas: {tip}, maxFeePerGas: {max_fee}"
    )]
    TipAboveFeeCap {
        /// Sender.
        sender: Address,
        /// Tip, wei per gas.
        tip: u128,
        /// Fee cap, wei per gas.
        max_fee: u128,
    },
    /// Gas limit below intrinsic gas, or below it plus the L1 share.
    #[error("intrinsic gas too low: have {have}, want {want}")]
    IntrinsicGas {
        /// Gas limit.
        have: u64,
        /// Gas needed.
        want: u64,
    },
    /// Gas limit below EIP-7623's floor.
    #[error("insufficient gas for floor data gas cost: have {have}, want {want}")]
    FloorDataGas {
        /// Gas limit.
        have: u64,
        /// Gas needed.
        want: u64,
    },
    /// The sender has code that is no delegation.
    #[error("sender not an eoa: address {sender}")]
    SenderNotEoa {
        /// Sender.
        sender: Address,
    },
    /// Creation code above twice the code size limit.
    #[error("max initcode size exceeded: code size {size} limit {limit}")]
    InitCodeTooLarge {
        /// Bytes given.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Signed for another chain.
    #[error("invalid chain id for signer: have {have} want {want}")]
    WrongChain {
        /// Chain id of the transaction.
        have: u64,
        /// Chain id of this chain.
        want: u64,
    },
    /// Blob transactions, or a type this ArbOS version does not know yet.
    #[error("transaction type not supported")]
    TypeNotSupported,
    /// EIP-7702 transaction without authorizations.
    #[error("EIP-7702 transaction with empty auth list (sender {sender})")]
    EmptyAuthorizationList {
        /// Sender.
        sender: Address,
    },
    /// EIP-7702 transactions cannot create contracts.
    #[error("EIP-7702 transaction cannot be used to create contract (sender {sender})")]
    AuthorizationWithoutTarget {
        /// Sender.
        sender: Address,
    },
    /// Gas limit above the header's.
    #[error("gas limit reached")]
    GasLimitReached,
    /// Its programs need more memory, or more instances, than the process can give; real Nitro may.
    #[error("no room for the transaction's programs: {0}")]
    Room(Shortage),
    /// A library failed in a way no transaction should be able to cause.
    #[error("internal error: {0}")]
    Internal(String),
}

/// Why an executed transaction failed. The texts go to JSON-RPC clients.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExecError {
    /// `REVERT`, or a program's non-zero status or trap. The data are in the outcome's output.
    #[error("execution reverted")]
    Revert,
    /// Ran out of gas or ink.
    #[error("out of gas")]
    OutOfGas,
    /// An opcode that does not exist, or `INVALID`.
    #[error("invalid opcode: {0}")]
    InvalidOpcode(String),
    /// Too few words on the EVM stack.
    #[error("stack underflow")]
    StackUnderflow,
    /// Too many words on the EVM stack.
    #[error("stack limit reached 1024 (1023)")]
    StackOverflow,
    /// A jump to somewhere else than a `JUMPDEST`.
    #[error("invalid jump destination")]
    InvalidJump,
    /// State change in a static call.
    #[error("write protection")]
    WriteProtection,
    /// `RETURNDATACOPY` beyond the data.
    #[error("return data out of bounds")]
    ReturnDataOutOfBounds,
    /// Depth limit, or a program's stack limit.
    #[error("max call depth exceeded")]
    CallDepth,
    /// Value above the caller's balance.
    #[error("insufficient balance for transfer")]
    InsufficientBalance,
    /// Creation at an address in use.
    #[error("contract address collision")]
    CreateCollision,
    /// Deployed code above the size limit.
    #[error("max code size exceeded")]
    CodeTooLarge,
    /// Creation code above the size limit.
    #[error("max initcode size exceeded")]
    InitCodeTooLarge,
    /// Deployed code starts with `EF` and is no Stylus component.
    #[error("invalid code: must not begin with 0xef")]
    CodeStartsWithEf,
    /// Nonce of a creating account is at its maximum.
    #[error("nonce uint64 overflow")]
    NonceOverflow,
    /// The debug precompile crashed what was to answer the request.
    #[error("method handler crashed")]
    Crashed,
    /// A Stylus program that cannot be called, or an ArbOS precompile's own error.
    #[error("{0}")]
    Other(String),
}
