//! What a running program asks of the state transition, and what it is told.
//!
//! A program is a coroutine: [`Execution::run`](crate::Execution::run) returns
//! a [`Request`] whenever it needs the EVM, and is called again with the
//! matching [`Answer`]. Gas figures are whole gas; the program converts them
//! to ink. Charges named here are the dynamic part only: fixed ink has already
//! been paid when the request is made.

use alloy_primitives::{Address, B256, Bytes, U256};

/// The scheme of a call made by a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// An ordinary call, the only one that can carry value.
    Call,
    /// Runs foreign code as the acting address, with the caller and value of this frame.
    Delegate,
    /// An ordinary call in a read-only context.
    Static,
}

/// Something only the state transition can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Read a slot of the acting address. Answered by [`Answer::Storage`].
    StorageLoad {
        /// The slot.
        key: B256,
    },
    /// Write slots of the acting address, in this order.
    ///
    /// Never asked with an empty list nor in a static context. The first
    /// slot that costs more than what is left of `budget`, or an exactly
    /// used up budget, stops the flush with `out_of_gas`.
    /// Answered by [`Answer::Flush`].
    StorageFlush {
        /// Slot and new value.
        writes: Vec<(B256, B256)>,
        /// Gas that may be spent on the slots together: gas left + 1.
        budget: u64,
    },
    /// Read transient storage of the acting address. Answered by [`Answer::Word`].
    TransientLoad {
        /// The slot.
        key: B256,
    },
    /// Write transient storage. Never asked in a static context. Answered by [`Answer::Done`].
    TransientStore {
        /// The slot.
        key: B256,
        /// The value.
        value: B256,
    },
    /// Call another account. The state transition does everything from the
    /// static-value check and the base cost to running the callee.
    /// Answered by [`Answer::Call`].
    Call {
        /// The scheme.
        kind: CallKind,
        /// The account called.
        contract: Address,
        /// Value sent; zero unless `kind` is [`CallKind::Call`].
        value: U256,
        /// Calldata.
        input: Bytes,
        /// Gas of this program, before the base cost of the call.
        gas_left: u64,
        /// Gas the program offers, already limited to `gas_left`.
        gas_requested: u64,
    },
    /// Create a contract. Never asked in a static context.
    ///
    /// The base cost (32,000, plus 6 a word with a salt) has already been set
    /// aside: `gas_left` is what remains. The state transition keeps
    /// `gas_left / 64` from it and gives the rest to the constructor.
    /// Answered by [`Answer::Create`].
    Create {
        /// The salt of `create2`.
        salt: Option<B256>,
        /// Init code.
        code: Bytes,
        /// Value given to the new account.
        endowment: U256,
        /// Gas of this program after the base cost.
        gas_left: u64,
    },
    /// Emit a log of the acting address. Never asked in a static context. Answered by [`Answer::Done`].
    Log {
        /// At most four topics.
        topics: Vec<B256>,
        /// The data after the topics.
        data: Bytes,
    },
    /// Read a balance. Answered by [`Answer::Account`].
    Balance {
        /// The account.
        address: Address,
    },
    /// Read a code hash: zero for an account that does not exist. Answered by [`Answer::Account`].
    CodeHash {
        /// The account.
        address: Address,
    },
    /// Read code. Answered by [`Answer::Code`].
    Code {
        /// The account.
        address: Address,
        /// Gas of this program: when it is below the touch cost, answer with
        /// empty code and that cost, which then runs the program out of ink.
        gas_left: u64,
    },
    /// Open memory pages (never zero of them). The state transition owns the
    /// counts of the transaction and prices them with [`crate::memory`].
    /// Answered by [`Answer::Gas`].
    AddPages {
        /// New pages of 64 KiB.
        pages: u16,
    },
}

/// The reply to a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Request::StorageLoad`].
    Storage {
        /// The value in state.
        value: B256,
        /// SLOAD gas, cold or warm. The program adds its own surcharges.
        gas: u64,
    },
    /// To [`Request::StorageFlush`].
    Flush {
        /// Gas of the slots written.
        gas: u64,
        /// Whether the budget ran out.
        out_of_gas: bool,
    },
    /// To [`Request::TransientLoad`].
    Word(B256),
    /// To requests that only do something.
    Done,
    /// To [`Request::Call`].
    Call {
        /// 0 on success, 2 on any failure.
        status: u8,
        /// Everything to charge: base cost plus gas given minus gas returned.
        gas_cost: u64,
        /// What the callee returned, empty on failures other than a revert.
        return_data: Bytes,
    },
    /// To [`Request::Create`].
    Create {
        /// The new account, zero on failure.
        address: Address,
        /// Gas given to the constructor minus gas it returned; the base cost is not in it.
        gas_cost: u64,
        /// The constructor's output if it reverted, else empty.
        return_data: Bytes,
    },
    /// To [`Request::Balance`] and [`Request::CodeHash`].
    Account {
        /// The balance, big-endian, or the hash.
        word: B256,
        /// Touch gas, 100 or 2,600.
        gas: u64,
    },
    /// To [`Request::Code`].
    Code {
        /// The code as EXTCODECOPY sees it.
        code: Bytes,
        /// Touch gas, including the part for large code.
        gas: u64,
    },
    /// To [`Request::AddPages`].
    Gas(u64),
}
