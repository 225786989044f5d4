//! News for subscribers.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use alloy_primitives::B256;
use tokio::sync::broadcast;

use crate::chain::Block;

/// News that a slow subscriber may fall behind before missing some.
const BACKLOG: usize = 4_096;

/// Tells whoever listens what has just happened.
#[derive(Debug)]
pub struct Feed {
    blocks: broadcast::Sender<Arc<Block>>,
    transactions: broadcast::Sender<B256>,
    waiting: AtomicBool,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            blocks: broadcast::Sender::new(BACKLOG),
            transactions: broadcast::Sender::new(BACKLOG),
            waiting: AtomicBool::new(false),
        }
    }
}

impl Feed {
    /// New blocks from now on.
    pub fn blocks(&self) -> broadcast::Receiver<Arc<Block>> {
        self.blocks.subscribe()
    }

    /// Hashes of accepted transactions from now on.
    pub fn transactions(&self) -> broadcast::Receiver<B256> {
        self.transactions.subscribe()
    }

    /// Whether any transaction waits for its block.
    pub fn has_waiting(&self) -> bool {
        self.waiting.load(Ordering::Acquire)
    }

    pub(crate) fn block(&self, block: &Arc<Block>) {
        let _ = self.blocks.send(Arc::clone(block)); // nobody listening is fine
    }

    pub(crate) fn transaction(&self, hash: B256) {
        let _ = self.transactions.send(hash); // nobody listening is fine
    }

    pub(crate) fn set_waiting(&self, waiting: bool) {
        self.waiting.store(waiting, Ordering::Release);
    }
}
