//! Tells the chain what was used: totals of all lines that grew, while their epoch lasts.
//!
//! A total may be told any number of times, so whatever is uncertain is told again: after a silence, a lost
//! transaction, a restart. One transaction is under way at a time; it is journalled before it is sent, and what takes
//! its nonce is either itself, its replacement, or a stranger's, after which the totals are told anew.

mod batch;
mod choice;
mod fees;
mod flight;
mod refused;
mod worker;

use std::{sync::Arc, time::Duration};

use alloy::primitives::Address;
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

pub use batch::{Batch, Stated};
pub use fees::Fees;
pub use worker::{Progress, Settler};

use crate::{
    chain::ChainError,
    ledger::{LedgerError, StatementError},
    line::{Epoch, Line},
    money::Usd,
};

/// How to settle.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Pause between two rounds.
    pub every: Duration,
    /// Pause between two looks at a transaction under way, and at the clock.
    pub look: Duration,
    /// A transaction that no block has after so long is sent again.
    pub resend_after: Duration,
    /// A transaction that no block has after so long is replaced by one with higher fees.
    pub replace_after: Duration,
    /// Likewise, once the cut-off has passed.
    pub hurry_after: Duration,
    /// Pause until a line that was refused is tried again, alone.
    pub refused_for: Duration,
    /// Most lines in a transaction.
    pub most_lines: usize,
    /// Most gas of a transaction.
    pub most_gas: u64,
    /// Fee for who makes the block, wei per gas.
    pub tip: u128,
    /// Longest wait for the last statements when the gateway stops.
    pub stop_within: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(15),
            look: Duration::from_millis(500),
            resend_after: Duration::from_secs(5),
            replace_after: Duration::from_secs(30),
            hurry_after: Duration::from_secs(5),
            refused_for: Duration::from_secs(60),
            most_lines: 300,
            // Half of what an Arbitrum block may hold.
            most_gas: 16_000_000,
            tip: 0,
            stop_within: Duration::from_secs(30),
        }
    }
}

/// Why a round of statements did not come about.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// The node does not answer, or refuses the whole.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The journal cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The journal does not take a statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The gateway could settle nothing.
    #[error(
        "gateway {0} is not registered, or is revoked; the owner of the DIEM contract lets it back"
    )]
    Revoked(Address),
    /// No statement at all can be made.
    #[error(
        "the statement of {line} about epoch {epoch}, {total} dollars in all, needs {gas} gas; at most {most} are allowed"
    )]
    Gas {
        /// The line.
        line: Line,
        /// The epoch.
        epoch: Epoch,
        /// Its total.
        total: Usd,
        /// Gas needed.
        gas: u64,
        /// Gas allowed.
        most: u64,
    },
    /// The transaction cannot be signed.
    #[error("the statement cannot be signed: {0}")]
    Signature(String),
}

/// A settler at work in the background.
#[derive(Debug)]
pub struct Handle {
    kick: Arc<Notify>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Handle {
    /// Settles at once instead of after the pause.
    pub fn kick(&self) {
        self.kick.notify_one();
    }

    /// Settles what is committed and ends. Call it when no request is open any more.
    pub async fn stop(self) {
        // Nobody listens where the task has ended by itself.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the settler did not end in order");
        }
    }
}

/// Starts settling in the background.
#[must_use]
pub fn start(settler: Settler) -> Handle {
    let kick = Arc::new(Notify::new());
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(settler.run(Arc::clone(&kick), stopped));
    Handle { kick, stop, task }
}
