//! The life of one request: line, price, reservation, upstream, commit, last chunk.
//!
//! It runs apart from the client's connection: who leaves early stops nothing, so the upstream is read to its end and
//! the cost is known. A reservation ends once on every way out of here, and the end of an answer leaves only after its
//! cost and receipt are on disk.

mod admit;
mod ending;
mod kept;
mod life;
mod refusal;
mod relay;
mod splice;
mod usage;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use alloy::{
    primitives::{Address, B256},
    signers::local::PrivateKeySigner,
};
use axum::body::Bytes;
use serde_json::{Map, Value};
use tokio::sync::{mpsc, oneshot, watch};

pub use ending::Facts;
pub use refusal::Refusal;

use crate::{
    chain::{Accounts, Lines},
    keys::Seal,
    ledger::{Home, Key, Ledger},
    line::{Epoch, Line},
    money::Usd,
    pricing::{Family, Prices},
    upstream::Upstreams,
};

/// What a gateway decides of serving.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The least allowance with which a line is served, in units of 1e-18 dollar.
    pub least_allowance: Usd,
    /// Seconds for which an answer is kept for its Idempotency-Key.
    pub keep_answers: u64,
    /// The largest answer that is kept, in bytes.
    pub keep_bytes: usize,
    /// The largest answer that is read, in bytes.
    pub answer_bytes: usize,
    /// How long the holder of a lease is remembered: a transfer is noticed within it.
    pub lessee_known: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            least_allowance: Usd::ZERO,
            keep_answers: 24 * 60 * 60,
            keep_bytes: 1024 * 1024,
            answer_bytes: 64 * 1024 * 1024,
            lessee_known: Duration::from_secs(10),
        }
    }
}

/// Everything that serving needs.
#[derive(Clone)]
pub struct Parts {
    /// The journal.
    pub ledger: Ledger,
    /// The lines and the clock.
    pub lines: Arc<dyn Lines>,
    /// The models sold.
    pub prices: Prices,
    /// Who answers.
    pub upstreams: Arc<Upstreams>,
    /// Signs receipts, and is the gateway on chain.
    pub signer: PrivateKeySigner,
    /// Chain, contract, gateway.
    pub home: Home,
    /// Decisions.
    pub settings: Settings,
}

/// Serves requests.
pub struct Serving {
    parts: Parts,
    accounts: Arc<dyn Accounts>,
    /// Who held a lease when it was last asked.
    lessees: Mutex<HashMap<u64, (Instant, Option<Address>)>>,
    /// What of the chain's reads the ledger knows.
    observed: Mutex<HashMap<Line, (Epoch, Usd)>>,
    /// Requests that have not ended, and whether new ones are taken.
    open: watch::Sender<Open>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Open {
    requests: usize,
    stopping: bool,
}

/// A request as a door took it.
pub struct Ask {
    /// Which family.
    pub family: Family,
    /// Its body.
    pub body: Map<String, Value>,
    /// Keccak-256 of its body as it came.
    pub body_hash: B256,
    /// The key that asks, unrevoked and unexpired.
    pub key: Key,
    /// What seals an answer that is kept for the key.
    pub seal: Seal,
    /// The client's Idempotency-Key.
    pub idempotency: Option<String>,
}

/// What a client gets.
#[derive(Debug)]
pub enum Outcome {
    /// An answer at once.
    Whole {
        /// What it cost.
        facts: Facts,
        /// Its form.
        content_type: String,
        /// It.
        body: Bytes,
    },
    /// An answer in pieces.
    Stream {
        /// What is known of its cost: the reservation.
        facts: Facts,
        /// Its pieces, as server-sent events.
        pieces: mpsc::Receiver<Bytes>,
    },
    /// An answer given before to the same Idempotency-Key and body.
    Again {
        /// What it cost then.
        facts: Facts,
        /// Its form.
        content_type: String,
        /// It, in one piece.
        body: Bytes,
    },
}

/// A request that has not ended. Ends when dropped.
struct Running(watch::Sender<Open>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0
            .send_modify(|open| open.requests = open.requests.saturating_sub(1));
    }
}

impl Serving {
    /// Serves with these parts.
    pub fn new(parts: Parts, accounts: Arc<dyn Accounts>) -> Self {
        Self {
            parts,
            accounts,
            lessees: Mutex::default(),
            observed: Mutex::default(),
            open: watch::Sender::new(Open::default()),
        }
    }

    /// The parts.
    pub const fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Takes the request through its life, which goes on when the caller leaves.
    pub async fn serve(self: &Arc<Self>, ask: Ask) -> Result<Outcome, Refusal> {
        let running = self.enter().ok_or(Refusal::Stopping)?;
        let (tell, told) = oneshot::channel();
        let serving = Arc::clone(self);
        tokio::spawn(async move {
            serving.live(ask, tell).await;
            drop(running);
        });
        told.await.unwrap_or(Err(Refusal::Lost))
    }

    /// Takes no more requests.
    pub fn stop(&self) {
        self.open.send_modify(|open| open.stopping = true);
    }

    /// Returns when no request is open any more.
    pub async fn drained(&self) {
        let mut open = self.open.subscribe();
        // The sender is this struct's, so waiting does not fail.
        _ = open.wait_for(|open| open.requests == 0).await;
    }

    /// How many requests have not ended.
    pub fn running(&self) -> usize {
        self.open.borrow().requests
    }

    /// Whether new requests are refused.
    pub fn stopping(&self) -> bool {
        self.open.borrow().stopping
    }

    fn enter(&self) -> Option<Running> {
        let entered = self.open.send_if_modified(|open| {
            open.requests += usize::from(!open.stopping);
            !open.stopping
        });
        entered.then(|| Running(self.open.clone()))
    }
}
