//! The journal of transactions that state totals to the chain.

use alloy::primitives::B256;

use super::LedgerError;
use crate::{
    line::{Epoch, Line},
    money::Usd,
};

/// What a line has used in an epoch in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The line.
    pub line: Line,
    /// The epoch.
    pub epoch: Epoch,
    /// Dollars, units of 1e-18.
    pub total: Usd,
}

/// A signed transaction, written down before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentStatement {
    /// Its hash.
    pub hash: B256,
    /// The epoch that it states.
    pub epoch: Epoch,
    /// The sender's nonce: of all with one nonce at most one is ever mined.
    pub nonce: u64,
    /// The signed bytes, to be sent again.
    pub raw: Vec<u8>,
    /// Ceiling of the fee, wei per gas.
    pub max_fee: u128,
    /// Tip, wei per gas.
    pub tip: u128,
    /// What it states.
    pub totals: Vec<Total>,
    /// The transaction that it takes the place of (same nonce, higher fee).
    pub replaces: Option<B256>,
    /// Seconds since 1970.
    pub sent_at: u64,
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementState {
    /// Sent, or about to be: not seen in a block.
    Sent,
    /// In this block, which may still be reorganised away.
    Mined(u64),
    /// In this block for good: its totals are confirmed.
    Final(u64),
    /// It changed nothing and never will; the reason.
    Failed(String),
    /// Another one of the same nonce was mined.
    Replaced(B256),
}

/// A transaction of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// As it was sent.
    pub sent: SentStatement,
    /// What became of it.
    pub state: StatementState,
}

/// Why a statement is not written.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// It would state more than the line has committed and reserved, and more than was stated before.
    #[error("line {line} holds {held} dollars in epoch {epoch}, the statement says {total}")]
    AboveHeld {
        /// The line.
        line: Line,
        /// The epoch.
        epoch: Epoch,
        /// What it holds.
        held: Usd,
        /// What was to be stated.
        total: Usd,
    },
    /// No transaction of that hash was written down.
    #[error("no transaction {0} was written down")]
    Unknown(B256),
    /// Written down already, with the same or other content.
    #[error("transaction {0} was written down before")]
    Twice(B256),
    /// The journal could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
