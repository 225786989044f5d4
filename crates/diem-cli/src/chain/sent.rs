//! A transaction that went through.

use crate::{Failure, Result};
use alloy::primitives::{Address, B256};
use alloy::rpc::types::{Log, TransactionReceipt};
use alloy::sol_types::SolEvent;

/// A transaction that went through.
#[derive(Clone, Debug)]
pub struct Sent {
    pub(super) receipt: TransactionReceipt,
    pub(super) timestamp: u64,
}

impl Sent {
    /// The first event of this kind that `contract` emitted.
    ///
    /// # Errors
    /// There is none.
    pub fn event<E: SolEvent>(&self, contract: Address) -> Result<E> {
        self.event_if_any(contract).ok_or_else(|| {
            Failure::refused("read an event", format!("{} is missing", E::SIGNATURE))
                .with("transaction", self.hash())
        })
    }

    /// The first event of this kind that `contract` emitted, if it did.
    #[must_use]
    pub fn event_if_any<E: SolEvent>(&self, contract: Address) -> Option<E> {
        let from = |log: &&Log| log.address() == contract;
        let mut logs = self.receipt.inner.logs().iter().filter(from);
        logs.find_map(|log| log.log_decode::<E>().ok())
            .map(|log| log.inner.data)
    }

    /// Whether it emitted nothing at all.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.receipt.inner.logs().is_empty()
    }

    /// Gas used.
    #[must_use]
    pub fn gas(&self) -> u64 {
        self.receipt.gas_used
    }

    /// Transaction hash.
    #[must_use]
    pub fn hash(&self) -> B256 {
        self.receipt.transaction_hash
    }

    /// Block number.
    #[must_use]
    pub fn block(&self) -> Option<u64> {
        self.receipt.block_number
    }

    /// Time of its block, in seconds since 1970.
    #[must_use]
    pub fn timestamp(&self) -> u64 {
        self.timestamp
    }
}
