//! Which processes live, and which one settles.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{AnyConnection, Connection, Row};
use tokio::task::JoinHandle;

use super::{LedgerError, RequestId, connect::Target, store::Dialect};
use crate::line::{Epoch, Line};

/// How often a process makes sure that its lock still stands.
const LOOK: Duration = Duration::from_secs(5);

/// This opening of the journal. On PostgreSQL a connection holds a lock for as long as it lives, by which others see
/// that its reservations are not for them to end.
pub(super) struct Instance {
    keeper: Option<JoinHandle<()>>,
    leading: Arc<AtomicBool>,
}

impl Instance {
    pub(super) async fn begin(target: &Target) -> Result<Self, LedgerError> {
        let keeper = match target.dialect {
            Dialect::Sqlite => None,
            Dialect::Postgres => {
                let held = target.hold(target.instance).await?;
                Some(tokio::spawn(keep(target.clone(), held)))
            }
        };
        Ok(Self {
            keeper,
            leading: Arc::default(),
        })
    }

    /// The settler's place, if it is free.
    pub(super) async fn lead(&self, target: &Target) -> Result<Option<Leadership>, LedgerError> {
        if self.leading.swap(true, Ordering::AcqRel) {
            return Ok(None);
        }
        let mut leadership = Leadership {
            leading: Arc::clone(&self.leading),
            lock: None,
        };
        if target.dialect == Dialect::Postgres {
            leadership.lock = target.hold_settling().await?;
            if leadership.lock.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(leadership))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.abort();
        }
    }
}

/// Holds the instance's lock; takes it again when its connection breaks. Meanwhile another process may commit this
/// one's open reservations in full: against the holder, never beyond what was reserved.
async fn keep(target: Target, mut held: Option<AnyConnection>) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Some(connection) = &mut held {
            if connection.ping().await.is_ok() {
                continue;
            }
            tracing::warn!("the connection that holds this process's lock on the ledger broke");
        }
        held = match target.hold(target.instance).await {
            Ok(held) => held,
            Err(error) => {
                tracing::warn!(%error, "this process's lock on the ledger is not held");
                None
            }
        };
    }
}

/// Held by the one process that settles.
pub struct Leadership {
    leading: Arc<AtomicBool>,
    lock: Option<AnyConnection>,
}

impl Leadership {
    /// Whether it still is: on PostgreSQL the connection that holds the lock may have broken.
    pub async fn stands(&mut self) -> bool {
        match &mut self.lock {
            None => true,
            Some(connection) => connection.ping().await.is_ok(),
        }
    }
}

impl Drop for Leadership {
    fn drop(&mut self) {
        self.leading.store(false, Ordering::Release);
    }
}

/// Instances with open requests, other than this one.
pub(super) async fn with_open(
    connection: &mut AnyConnection,
    own: i64,
) -> Result<Vec<i64>, LedgerError> {
    let rows = sqlx::query(
        "SELECT DISTINCT instance FROM requests WHERE state = 'open' AND instance <> $1 ORDER BY instance",
    )
    .bind(own)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok(row.try_get("instance")?))
        .collect()
}

/// Where this process's open requests stand in the order of writing.
#[derive(Default)]
pub(super) struct Places(Mutex<HashMap<RequestId, (Line, Epoch)>>);

impl Places {
    pub(super) fn put(&self, id: RequestId, place: (Line, Epoch)) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, place);
    }

    pub(super) fn get(&self, id: RequestId) -> Option<(Line, Epoch)> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .copied()
    }

    pub(super) fn take(&self, id: RequestId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }
}
