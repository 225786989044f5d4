//! The gateway's journal: lines, reservations, commits, keys, statements. SQL is written here alone.
//!
//! One process on SQLite, or several on one PostgreSQL. What a call answers is on disk before it answers.

use std::{fmt, sync::Arc};

use alloy::primitives::{Address, B256};
use sqlx::{AnyPool, Connection, any::AnyPoolOptions};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::{
    line::{Epoch, Line},
    money::Usd,
};

mod amount;
mod audit;
mod connect;
mod ending;
mod error;
mod instance;
mod key_writes;
mod keys;
mod limits;
mod lines;
mod requests;
mod reserving;
mod schema;
mod statement_writes;
mod statements;
mod store;
mod usage;
mod view;
mod writer;

pub use audit::{Audit, Disagreement, LineAudit};
pub use error::LedgerError;
pub use instance::Leadership;
pub use keys::{Key, KeyChange, KeyError, KeyId, KeyKind, KeyUse, NewKey, NonceError, Period};
pub use lines::{LineSeen, LineState};
pub use requests::{
    Actual, Committed, CountedBy, EndError, Ending, Idempotency, Repeat, RequestId, Reservation,
    Reserve, ReserveError, SealedAnswer, Usage, Want,
};
pub use statements::{SentStatement, Statement, StatementError, StatementState, Total};
pub use usage::{UsageEntry, UsageFilter, UsageSum};
pub use view::LedgerView;

use connect::Target;
use instance::{Instance, Places};
use store::Dialect;
use writer::{Mail, Waiting, Write};

/// Requests that may wait for the writer before a sender has to.
const INBOX: usize = 4096;

/// Connections for reads, beside the writer's.
const READERS: u32 = 4;

/// Whose journal it is. Opening it for another one is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The chain's id.
    pub chain_id: u64,
    /// The DIEM contract.
    pub diem: Address,
    /// The gateway's own address.
    pub gateway: Address,
}

impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "gateway {:#x} of DIEM {:#x} on chain {}",
            self.gateway, self.diem, self.chain_id
        )
    }
}

/// The journal. Copies share it; when the last one goes, what was answered is on disk and the rest never happened.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    target: Target,
    reads: AnyPool,
    inbox: mpsc::Sender<Mail>,
    /// Ends with the writer.
    writer: Mutex<Option<oneshot::Receiver<()>>>,
    instance: Instance,
    /// Where this process's open requests stand in the order of writing.
    places: Places,
}

impl Ledger {
    /// Opens `sqlite:PATH` or `postgres://…`, makes or renews its tables, and commits in full what processes that are
    /// gone left open. Refuses another `home` than the recorded one, and on SQLite a second process.
    pub async fn open(url: &str, home: &Home) -> Result<Self, LedgerError> {
        let mut target = Target::of(url).await?;
        let mut connection = target.connect().await?;
        let opened = schema::open(&mut connection, target.dialect, home).await;
        connection.close().await?;
        target.instance = opened?;
        let instance = Instance::begin(&target).await?;
        let dialect = target.dialect;
        let reads = AnyPoolOptions::new()
            .max_connections(READERS)
            // A file does not go away; a server may, and is asked before it is relied on.
            .test_before_acquire(dialect == Dialect::Postgres)
            .after_connect(move |connection, _| Box::pin(connect::prepare(connection, dialect)))
            .connect(target.url())
            .await?;
        let (inbox, mail) = mpsc::channel(INBOX);
        let writer = writer::start(target.clone(), mail);
        let places = Places::default();
        let ledger = Self(Arc::new(Inner {
            target,
            reads,
            inbox,
            writer: Mutex::new(Some(writer)),
            instance,
            places,
        }));
        ledger.recover().await?;
        Ok(ledger)
    }

    /// Writes what waits, and stops. Later calls are refused as `Closed`.
    pub async fn close(&self) {
        let writer = self.0.writer.lock().await.take();
        if let Some(writer) = writer {
            // Both fail only where the writer has stopped already.
            let _ = self.0.inbox.send(Mail::Stop).await;
            let _ = writer.await;
        }
        self.0.reads.close().await;
    }

    async fn write<W: Write>(&self, write: W) -> Result<W::Answer, W::Refusal> {
        let (waiting, answer) = Waiting::new(write);
        self.0
            .inbox
            .send(Mail::Write(Box::new(waiting)))
            .await
            .map_err(|_| LedgerError::Closed)?;
        answer
            .await
            .unwrap_or_else(|_| Err(LedgerError::Closed.into()))
    }

    /// Records what the chain said of a line. Within an epoch the recorded allowance only rises; what the chain had
    /// settled before this journal stated anything counts as committed.
    pub async fn observe(&self, seen: LineSeen) -> Result<LineState, LedgerError> {
        self.write(lines::Observe(seen)).await
    }

    /// The line in an epoch; `None` where it was not observed.
    pub async fn line(&self, line: Line, epoch: Epoch) -> Result<Option<LineState>, LedgerError> {
        lines::read(&mut *self.0.reads.acquire().await?, line, epoch).await
    }

    /// Reserves what a request may cost, of its line and of its key's limit, or refuses it and writes nothing. Where
    /// whoever asked is gone by the time it is on disk, it is released.
    pub async fn reserve(&self, ask: Reserve) -> Result<Reservation, ReserveError> {
        let (id, place) = (ask.id, (ask.line, ask.epoch));
        let reservation = self.write(ask).await?;
        self.0.places.put(id, place);
        Ok(reservation)
    }

    /// Raises a reservation to `to`, or as far as line and key carry: `commit` charges what this answers, so that a
    /// receipt can be signed before. A reservation that is larger already stays as it is.
    pub async fn extend(&self, id: RequestId, to: Usd) -> Result<Reservation, EndError> {
        self.write(ending::Extend {
            id,
            place: self.0.places.get(id),
            to,
        })
        .await
    }

    /// Ends a request at its cost, once. A cost above the reservation is charged as far as line and key carry; the rest
    /// is the gateway's loss.
    pub async fn commit(&self, id: RequestId, actual: Actual) -> Result<Committed, EndError> {
        let committed = self
            .write(ending::Commit {
                id,
                place: self.0.places.get(id),
                actual,
            })
            .await?;
        self.0.places.take(id);
        Ok(committed)
    }

    /// Ends a request that the upstream is known not to have begun, once; its idempotency key is free again.
    pub async fn release(&self, id: RequestId, why: &str) -> Result<LineState, EndError> {
        let state = self
            .write(ending::Release {
                id,
                place: self.0.places.get(id),
                why: why.into(),
            })
            .await?;
        self.0.places.take(id);
        Ok(state)
    }

    /// Commits in full what processes that are gone left open; answers how many requests. Also done by `open`; with
    /// several processes, to be called from time to time.
    pub async fn recover(&self) -> Result<u64, LedgerError> {
        let mut ended = 0;
        for instance in
            instance::with_open(&mut *self.0.reads.acquire().await?, self.0.target.instance).await?
        {
            let held = match self.0.target.dialect {
                Dialect::Sqlite => None,
                Dialect::Postgres => match self.0.target.hold(instance).await? {
                    Some(held) => Some(held),
                    None => continue,
                },
            };
            ended += self.write(ending::Recover { instance }).await?;
            if let Some(held) = held {
                held.close().await?;
            }
        }
        Ok(ended)
    }

    /// The receipt that was kept with a request.
    pub async fn receipt(&self, id: RequestId) -> Result<Option<String>, LedgerError> {
        usage::receipt(&mut *self.0.reads.acquire().await?, id).await
    }

    /// Committed requests that have no receipt, oldest first: those that dead processes left.
    pub async fn without_receipt(&self, limit: u32) -> Result<Vec<UsageEntry>, LedgerError> {
        usage::without_receipt(&mut *self.0.reads.acquire().await?, limit).await
    }

    /// Keeps a receipt for one of them; false where the request has one already, or was not committed.
    pub async fn keep_receipt(&self, id: RequestId, receipt: &str) -> Result<bool, LedgerError> {
        self.write(ending::KeepReceipt {
            id,
            receipt: receipt.into(),
        })
        .await
    }

    /// The lines of an epoch whose total is above what is mined or final: committed, or with the open reservations.
    pub async fn unsettled(
        &self,
        epoch: Epoch,
        include_open: bool,
    ) -> Result<Vec<Total>, LedgerError> {
        statement_writes::unsettled(&mut *self.0.reads.acquire().await?, epoch, include_open).await
    }

    /// Writes a transaction down, before it is sent. Refuses a total above what its line holds and above all that was
    /// stated before.
    pub async fn statement_sent(&self, sent: SentStatement) -> Result<(), StatementError> {
        self.write(statement_writes::Sent(sent)).await
    }

    /// It stands in a block; others of its nonce never will, unless that block goes.
    pub async fn statement_mined(&self, hash: B256, block: u64) -> Result<(), StatementError> {
        self.write(statement_writes::Mined { hash, block }).await
    }

    /// Its block was reorganised away: it, and others of its nonce, may be mined again.
    pub async fn statement_unmined(&self, hash: B256) -> Result<(), StatementError> {
        self.write(statement_writes::Unmined(hash)).await
    }

    /// It stands for good, and its totals are confirmed. Nothing changes it any more.
    pub async fn statement_final(&self, hash: B256, block: u64) -> Result<(), StatementError> {
        self.write(statement_writes::Final { hash, block }).await
    }

    /// It changed nothing and never will.
    pub async fn statement_failed(&self, hash: B256, reason: &str) -> Result<(), StatementError> {
        self.write(statement_writes::Failed {
            hash,
            reason: reason.into(),
        })
        .await
    }

    /// Transactions that may still be mined or reorganised away, in order of their nonces.
    pub async fn pending_statements(&self) -> Result<Vec<Statement>, LedgerError> {
        statement_writes::pending(&mut *self.0.reads.acquire().await?).await
    }

    /// All transactions of an epoch, in order of their nonces.
    pub async fn statements(&self, epoch: Epoch) -> Result<Vec<Statement>, LedgerError> {
        statement_writes::of_epoch(&mut *self.0.reads.acquire().await?, epoch).await
    }

    /// Makes this process the one that settles, or `None` while another one is. Dropped, it is given up.
    pub async fn lead(&self) -> Result<Option<Leadership>, LedgerError> {
        self.0.instance.lead(&self.0.target).await
    }

    /// Remembers a key.
    pub async fn add_key(&self, key: NewKey) -> Result<(), KeyError> {
        self.write(key_writes::Add(key)).await
    }

    /// A key of a number, revoked or not.
    pub async fn key(&self, id: KeyId) -> Result<Option<Key>, LedgerError> {
        key_writes::read(&mut *self.0.reads.acquire().await?, id).await
    }

    /// A key of a secret's hash, revoked or not.
    pub async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<Key>, LedgerError> {
        key_writes::by_hash(&mut *self.0.reads.acquire().await?, hash).await
    }

    /// An account's keys, oldest first, the revoked among them.
    pub async fn list_keys(&self, account: Address) -> Result<Vec<Key>, LedgerError> {
        key_writes::of_account(&mut *self.0.reads.acquire().await?, account).await
    }

    /// Changes a key. A new limit or period counts what the key has spent in the period of `epoch` already.
    pub async fn change_key(
        &self,
        id: KeyId,
        change: KeyChange,
        epoch: Epoch,
    ) -> Result<Key, KeyError> {
        self.write(key_writes::Change { id, change, epoch }).await
    }

    /// Ends a key. What it reserved before ends as ever.
    pub async fn revoke_key(&self, id: KeyId, now: u64) -> Result<Key, KeyError> {
        self.write(key_writes::Revoke { id, now }).await
    }

    /// What a key has spent in its limit's period.
    pub async fn key_use(&self, id: KeyId, epoch: Epoch) -> Result<Option<KeyUse>, LedgerError> {
        limits::used(&mut *self.0.reads.acquire().await?, id, epoch).await
    }

    /// Remembers a sign-in text's nonce until it expires.
    pub async fn give_nonce(&self, nonce: &str, expires_at: u64) -> Result<(), NonceError> {
        self.write(key_writes::GiveNonce {
            nonce: nonce.into(),
            expires_at,
        })
        .await
    }

    /// Uses a nonce up, once.
    pub async fn take_nonce(&self, nonce: &str, now: u64) -> Result<(), NonceError> {
        self.write(key_writes::TakeNonce {
            nonce: nonce.into(),
            now,
        })
        .await
    }

    /// Forgets nonces, idempotency keys and kept answers whose time is over.
    pub async fn forget(&self, now: u64) -> Result<(), LedgerError> {
        self.write(key_writes::Forget { now }).await
    }

    /// Committed requests, newest first: at most `limit`, older than the one given.
    pub async fn usage(
        &self,
        filter: &UsageFilter,
        after: Option<RequestId>,
        limit: u32,
    ) -> Result<Vec<UsageEntry>, LedgerError> {
        usage::entries(&mut *self.0.reads.acquire().await?, filter, after, limit).await
    }

    /// Sums of committed requests by epoch, model and key, newest epoch first.
    pub async fn usage_sums(&self, filter: &UsageFilter) -> Result<Vec<UsageSum>, LedgerError> {
        usage::sums(&mut *self.0.reads.acquire().await?, filter).await
    }

    /// Makes every sum again from its parts, as of one moment, and names what does not agree.
    pub async fn audit(&self) -> Result<Audit, LedgerError> {
        audit::at_one_moment(&self.0.reads, self.0.target.dialect).await
    }
}
