//! One task writes: all that waits goes into one transaction, and one flush to disk serves them all. Nobody is answered
//! before that flush. Where one of them is refused, what it wrote must go and what the others wrote must not: the
//! transaction is begun anew then, with each in a savepoint of its own, which most transactions are spared.

use std::{future::Future, pin::Pin, thread, time::Duration};

use sqlx::{AnyConnection, Connection};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use super::{
    LedgerError,
    connect::Target,
    store::{Dialect, Fault, Store},
};
use crate::{
    line::{Epoch, Line},
    steps::{Side, Step, pass},
};

/// Writes of one transaction at most: enough to fill the time of a flush, few enough to answer soon.
const BATCH: usize = 256;

/// Tries of a batch that another process or a broken connection stood in the way of.
const TRIES: u32 = 5;

/// Something to write.
pub(super) trait Write: Send + Sync + 'static {
    /// What it answers.
    type Answer: Send + Sync + 'static;
    /// Why it is refused.
    type Refusal: From<LedgerError> + Send + Sync + 'static;

    /// Its name.
    const STEP: Step;

    /// The row that it holds longest. Writes of a batch are taken in order of it, as in every other process.
    fn place(&self) -> Option<(Line, Epoch)> {
        None
    }

    /// Writes. May run again from the start after a failure; a refusal undoes what it wrote.
    fn run(
        &self,
        store: &mut Store<'_>,
    ) -> impl Future<Output = Result<Self::Answer, Fault<Self::Refusal>>> + Send;

    /// What to write when it is on disk and whoever asked has gone.
    fn undo(&self, _answer: &Self::Answer) -> Option<Box<dyn Queued>> {
        None
    }
}

type Later<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// What a write answers or refuses.
type Outcome<W> = Result<<W as Write>::Answer, <W as Write>::Refusal>;

/// A write and who waits for it.
pub(super) trait Queued: Send {
    /// Its step.
    fn step(&self) -> Step;
    /// Its place in the order.
    fn place(&self) -> Option<(Line, Epoch)>;
    /// Writes; false where it is refused, and what it may have written is to be undone with the transaction. An error
    /// means that the whole batch is to be tried again, or is lost.
    fn run<'f>(
        &'f mut self,
        connection: &'f mut AnyConnection,
        target: &'f Target,
    ) -> Later<'f, Result<bool, sqlx::Error>>;
    /// Writes in a savepoint, so that a refusal undoes what it wrote and nothing else. Errors as `run`.
    fn run_apart<'f>(
        &'f mut self,
        connection: &'f mut AnyConnection,
        target: &'f Target,
    ) -> Later<'f, Result<(), sqlx::Error>>;
    /// Tells who waits; gives what to write if nobody does.
    fn answer(self: Box<Self>) -> Option<Box<dyn Queued>>;
    /// Tells who waits that the batch was lost.
    fn lost(self: Box<Self>, why: &str);
}

pub(super) struct Waiting<W: Write> {
    write: W,
    outcome: Option<Outcome<W>>,
    asker: oneshot::Sender<Outcome<W>>,
}

impl<W: Write> Waiting<W> {
    pub(super) fn new(write: W) -> (Self, oneshot::Receiver<Outcome<W>>) {
        let (asker, answer) = oneshot::channel();
        (
            Self {
                write,
                outcome: None,
                asker,
            },
            answer,
        )
    }
}

impl<W: Write> Queued for Waiting<W> {
    fn step(&self) -> Step {
        W::STEP
    }

    fn place(&self) -> Option<(Line, Epoch)> {
        self.write.place()
    }

    fn run<'f>(
        &'f mut self,
        connection: &'f mut AnyConnection,
        target: &'f Target,
    ) -> Later<'f, Result<bool, sqlx::Error>> {
        Box::pin(async move {
            match self.write.run(&mut target.store(connection)).await {
                Ok(answer) => {
                    self.outcome = Some(Ok(answer));
                    Ok(true)
                }
                Err(Fault::Broken(error)) if worth_another_try(&error) => Err(error),
                Err(_) => Ok(false),
            }
        })
    }

    fn run_apart<'f>(
        &'f mut self,
        connection: &'f mut AnyConnection,
        target: &'f Target,
    ) -> Later<'f, Result<(), sqlx::Error>> {
        Box::pin(async move {
            let mut savepoint = connection.begin().await?;
            let outcome = match self.write.run(&mut target.store(&mut savepoint)).await {
                Ok(answer) => {
                    savepoint.commit().await?;
                    Ok(answer)
                }
                Err(Fault::Broken(error)) if worth_another_try(&error) => return Err(error),
                Err(Fault::Broken(error)) => {
                    savepoint.rollback().await?;
                    Err(LedgerError::from(error).into())
                }
                Err(Fault::Refused(refusal)) => {
                    savepoint.rollback().await?;
                    Err(refusal)
                }
            };
            self.outcome = Some(outcome);
            Ok(())
        })
    }

    fn answer(self: Box<Self>) -> Option<Box<dyn Queued>> {
        let Self {
            write,
            outcome,
            asker,
        } = *self;
        let outcome = outcome.unwrap_or_else(|| Err(LedgerError::Closed.into()));
        match asker.send(outcome) {
            Err(Ok(answer)) => write.undo(&answer),
            _ => None,
        }
    }

    fn lost(self: Box<Self>, why: &str) {
        // Who has gone needs no telling: what a lost batch did of its request, `recover` of the next process ends.
        drop(
            self.asker
                .send(Err(LedgerError::Database(why.into()).into())),
        );
    }
}

/// Two processes in each other's way, or a connection that is gone: the database kept nothing of the transaction.
fn worth_another_try(error: &sqlx::Error) -> bool {
    match error {
        // 40001 serialization, 40P01 deadlock, 55P03 lock not available, 57P01 and 57P02 the server stops.
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| matches!(&*code, "40001" | "40P01" | "55P03" | "57P01" | "57P02")),
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// What reaches the writer.
pub(super) enum Mail {
    /// Something to write.
    Write(Box<dyn Queued>),
    /// Nothing follows.
    Stop,
}

/// Starts the writer, and answers what is told when it has ended.
///
/// Each statement of SQLite's is a message to its thread and one back. A thread that waits for nothing else is woken for
/// far less than a runtime's, so there the writer has one of its own.
pub(super) fn start(target: Target, inbox: mpsc::Receiver<Mail>) -> oneshot::Receiver<()> {
    let (ends, ended) = oneshot::channel();
    let dialect = target.dialect;
    let writing = async move {
        write_all(target, inbox).await;
        // Nobody waits where the ledger was dropped and not closed.
        let _ = ends.send(());
    };
    let runtime = Handle::current();
    match dialect {
        // Not one of the runtime's own threads, for whose end a runtime waits that goes before its ledger.
        Dialect::Sqlite => drop(thread::spawn(move || runtime.block_on(writing))),
        Dialect::Postgres => drop(runtime.spawn(writing)),
    }
    ended
}

/// Takes mail until told to stop, or until nobody can send any.
async fn write_all(target: Target, mut inbox: mpsc::Receiver<Mail>) {
    let mut connection = None;
    let mut undoing: Vec<Box<dyn Queued>> = Vec::new();
    let mut open = true;
    while open || !undoing.is_empty() {
        let mut batch = std::mem::take(&mut undoing);
        if batch.is_empty() {
            match inbox.recv().await {
                Some(Mail::Write(write)) => batch.push(write),
                Some(Mail::Stop) | None => open = false,
            }
        }
        while open && batch.len() < BATCH {
            match inbox.try_recv() {
                Ok(Mail::Write(write)) => batch.push(write),
                Ok(Mail::Stop) => open = false,
                Err(_) => break,
            }
        }
        batch.sort_by_key(|write| write.place());
        undoing = write_batch(&target, &mut connection, batch).await;
    }
}

async fn write_batch(
    target: &Target,
    connection: &mut Option<AnyConnection>,
    mut batch: Vec<Box<dyn Queued>>,
) -> Vec<Box<dyn Queued>> {
    for write in &batch {
        pass(write.step(), Side::Before);
    }
    let mut tries = 0;
    let done = loop {
        tries += 1;
        match attempt(target, connection, &mut batch).await {
            Ok(()) => break Ok(()),
            Err(Attempt::Nothing(error)) if tries < TRIES => {
                tracing::warn!(%error, tries, "the ledger's batch is tried again");
                tokio::time::sleep(Duration::from_millis(20 << tries)).await;
            }
            Err(Attempt::Nothing(error) | Attempt::Unknown(error)) => break Err(error),
        }
    };
    match done {
        Ok(()) => {
            for write in &batch {
                pass(write.step(), Side::After);
            }
            batch.into_iter().filter_map(Queued::answer).collect()
        }
        Err(error) => {
            tracing::error!(%error, writes = batch.len(), "the ledger's batch is lost");
            let why = error.to_string();
            batch.into_iter().for_each(|write| write.lost(&why));
            Vec::new()
        }
    }
}

enum Attempt {
    /// The database kept nothing.
    Nothing(sqlx::Error),
    /// The flush failed or its answer is missing.
    Unknown(sqlx::Error),
}

async fn attempt(
    target: &Target,
    connection: &mut Option<AnyConnection>,
    batch: &mut [Box<dyn Queued>],
) -> Result<(), Attempt> {
    // A connection that failed is not used again: it may stand in the middle of a transaction.
    let mut own = match connection.take() {
        Some(own) => own,
        None => target.connect().await.map_err(Attempt::Nothing)?,
    };
    let mut work = own.begin().await.map_err(Attempt::Nothing)?;
    if together(&mut work, target, batch)
        .await
        .map_err(Attempt::Nothing)?
    {
        work.commit().await.map_err(Attempt::Unknown)?;
    } else {
        work.rollback().await.map_err(Attempt::Nothing)?;
        let mut work = own.begin().await.map_err(Attempt::Nothing)?;
        for write in batch {
            write
                .run_apart(&mut work, target)
                .await
                .map_err(Attempt::Nothing)?;
        }
        work.commit().await.map_err(Attempt::Unknown)?;
    }
    *connection = Some(own);
    Ok(())
}

/// Whether all of the batch is written. Ends with the first that is refused.
async fn together(
    work: &mut AnyConnection,
    target: &Target,
    batch: &mut [Box<dyn Queued>],
) -> Result<bool, sqlx::Error> {
    for write in batch {
        if !write.run(work, target).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
