//! Transactions that wait for their block.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use alloy_primitives::{Address, B256, map::B256HashMap};
use arbos::TxInput;
use tokio::sync::oneshot;

use super::SubmitError;
use crate::{chain::UserTx, state::State};

/// Most transactions that may wait at once.
const CAPACITY: usize = 100_000;

/// A transaction with the same nonce must offer this much more, in percent of the old fee cap.
const REPLACEMENT_PERCENT: u128 = 110;

/// Who asked for a transaction, and wants to hear what became of it.
pub(super) type Reply = oneshot::Sender<Result<B256, SubmitError>>;

/// A transaction on its way into a block.
#[derive(Debug)]
pub struct Pending {
    /// The transaction and its sender.
    pub tx: Box<UserTx>,
    /// The same, as the executor takes it.
    pub input: TxInput,
    /// The sender did not sign.
    pub impersonated: bool,
}

impl Pending {
    /// Transaction hash.
    pub fn hash(&self) -> B256 {
        *self.tx.envelope.tx_hash()
    }

    fn key(&self) -> (Address, u64) {
        (self.tx.from, self.nonce())
    }

    pub(super) fn nonce(&self) -> u64 {
        self.input.nonce.unwrap_or_default()
    }
}

/// A waiting transaction.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(super) pending: Pending,
    pub(super) since: Instant,
    pub(super) reply: Option<Reply>,
}

/// All waiting transactions, oldest first; those of one sender also by nonce.
#[derive(Debug, Default)]
pub(super) struct Pool {
    queue: BTreeMap<u64, Waiting>,
    by_nonce: BTreeMap<(Address, u64), u64>,
    by_hash: B256HashMap<u64>,
    next_ticket: u64,
}

impl Pool {
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes a transaction in. One of the same sender and nonce is replaced if the new one pays more.
    pub(super) fn add(&mut self, waiting: Box<Waiting>) -> Result<(), (Box<Waiting>, SubmitError)> {
        let (hash, key) = (waiting.pending.hash(), waiting.pending.key());
        if self.by_hash.contains_key(&hash) {
            return Err((waiting, SubmitError::AlreadyKnown));
        }
        if self.queue.len() >= CAPACITY {
            return Err((waiting, SubmitError::PoolFull));
        }
        if let Some(ticket) = self.by_nonce.get(&key).copied() {
            let offered = waiting.pending.input.fees.cap();
            let known = self
                .queue
                .get(&ticket)
                .map_or(0, |old| old.pending.input.fees.cap());
            if offered < known.saturating_mul(REPLACEMENT_PERCENT) / 100 {
                return Err((waiting, SubmitError::Underpriced));
            }
            if let Some(old) = self.take(ticket) {
                old.answer(Err(SubmitError::Replaced));
            }
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.by_hash.insert(hash, ticket);
        self.by_nonce.insert(key, ticket);
        self.queue.insert(ticket, *waiting);
        Ok(())
    }

    /// Takes out what `ticket` stands for.
    pub(super) fn take(&mut self, ticket: u64) -> Option<Waiting> {
        let waiting = self.queue.remove(&ticket)?;
        self.by_hash.remove(&waiting.pending.hash());
        self.by_nonce.remove(&waiting.pending.key());
        Some(waiting)
    }

    /// Puts back what [`Pool::take`] has taken out.
    pub(super) fn put_back(&mut self, ticket: u64, waiting: Waiting) {
        self.by_hash.insert(waiting.pending.hash(), ticket);
        self.by_nonce.insert(waiting.pending.key(), ticket);
        self.queue.insert(ticket, waiting);
    }

    /// Takes out a transaction by its hash.
    pub(super) fn drop_hash(&mut self, hash: &B256) -> Option<Waiting> {
        let ticket = self.by_hash.get(hash).copied()?;
        self.take(ticket)
    }

    /// Takes out everything.
    pub(super) fn clear(&mut self) -> Vec<Waiting> {
        let all = std::mem::take(&mut self.queue).into_values().collect();
        self.by_hash.clear();
        self.by_nonce.clear();
        all
    }

    /// Tickets that could run now, oldest first: each sender's next transaction, and stale ones.
    pub(super) fn ready(&self, state: &State) -> BTreeSet<u64> {
        let mut ready = BTreeSet::new();
        for ((sender, nonce), ticket) in &self.by_nonce {
            if *nonce <= state.nonce(sender) {
                ready.insert(*ticket);
            }
        }
        ready
    }

    /// The sender's transaction with this nonce.
    pub(super) fn ticket(&self, sender: Address, nonce: u64) -> Option<u64> {
        self.by_nonce.get(&(sender, nonce)).copied()
    }

    /// Takes out what has waited longer than `patience`.
    pub(super) fn expire(&mut self, patience: Duration) -> Vec<Waiting> {
        let now = Instant::now();
        let late: Vec<u64> = self
            .queue
            .iter()
            .take_while(|(_, waiting)| now.duration_since(waiting.since) >= patience)
            .map(|(ticket, _)| *ticket)
            .collect();
        late.into_iter()
            .filter_map(|ticket| self.take(ticket))
            .collect()
    }

    /// When the oldest transaction started to wait.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.queue
            .first_key_value()
            .map(|(_, waiting)| waiting.since)
    }

    /// First nonce of `sender` that neither the chain nor an unbroken row in the pool has used.
    pub(super) fn next_nonce(&self, sender: Address, mined: u64) -> u64 {
        let mut nonce = mined;
        while self.by_nonce.contains_key(&(sender, nonce)) {
            nonce += 1;
        }
        nonce
    }

    /// Waiting transactions, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.queue.values().map(|waiting| &waiting.pending)
    }

    /// Waiting transaction by hash.
    pub(super) fn get(&self, hash: &B256) -> Option<&Pending> {
        let ticket = self.by_hash.get(hash)?;
        self.queue.get(ticket).map(|waiting| &waiting.pending)
    }
}

impl Waiting {
    /// Tells whoever asked, if they still listen.
    pub(super) fn answer(mut self, result: Result<B256, SubmitError>) {
        if let Some(reply) = self.reply.take() {
            // The asker may have hung up; the transaction's fate does not depend on it.
            let _ = reply.send(result);
        }
    }
}
