//! Why a transaction did not get into a block, or a wish was not granted.

use arbos::TxError;

use crate::{clock::ClockError, store::StoreError};

/// A transaction that was not accepted. The texts are the ones clients look for.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// It may not run.
    #[error(transparent)]
    Refused(#[from] TxError),
    /// The very same transaction is waiting or in a block already.
    #[error("already known")]
    AlreadyKnown,
    /// One with the same nonce waits, and this one does not pay 10 % more.
    #[error("replacement transaction underpriced")]
    Underpriced,
    /// One with the same nonce took its place.
    #[error("replaced by a transaction with a higher fee")]
    Replaced,
    /// Somebody dropped it.
    #[error("transaction dropped")]
    Dropped,
    /// Too many wait.
    #[error("txpool is full")]
    PoolFull,
    /// The block could not be written down.
    #[error("block not stored: {0}")]
    Store(String),
    /// The node is shutting down, or failed while working on this.
    #[error("the sequencer did not answer")]
    Stopped,
}

/// A block that was not made.
#[derive(Debug, thiserror::Error)]
pub enum MineError {
    /// It could not be written down, so it did not happen.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The clock would not do it.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// More blocks than one request may ask for.
    #[error("at most {0} blocks can be mined at once")]
    TooMany(u64),
}
