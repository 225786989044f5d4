//! Which database, and what keeps two processes apart on it.

use std::{
    fs::{File, TryLockError},
    sync::Arc,
    time::Duration,
};

use sqlx::{AnyConnection, Connection, Row};

use super::{
    LedgerError,
    store::{Dialect, Store},
};

/// First half of every advisory lock of this program on PostgreSQL.
const LOCKS: i32 = 4_474_195;

/// The second half for who settles; instances count from 1.
const SETTLER: i32 = 0;

const LOCK_TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Where connections lead.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) dialect: Dialect,
    /// With the password that may be in it: never shown.
    url: Arc<str>,
    /// This opening's number, under which its reservations stand.
    pub(super) instance: i64,
    /// Held while anything of this process may write the file.
    _alone: Option<Arc<File>>,
}

impl Target {
    /// Reads the address; for SQLite takes the file's lock.
    pub(super) async fn of(url: &str) -> Result<Self, LedgerError> {
        let (dialect, path) = kind(url)?;
        let (url, lock): (Arc<str>, _) = match path {
            Some(path) => {
                let lock = alone(&format!("{path}.lock")).await?;
                (file(path, "rwc").into(), Some(Arc::new(lock)))
            }
            None => (url.into(), None),
        };
        Ok(Self {
            dialect,
            url,
            instance: 0,
            _alone: lock,
        })
    }

    /// Where a connection that only reads leads: to a file that must be there, and whose lock somebody else may have.
    pub(super) fn to_read(url: &str) -> Result<(Dialect, String), LedgerError> {
        let (dialect, path) = kind(url)?;
        // Readers of a file take part in the bookkeeping beside it, so they open it for writing.
        let url = path.map_or_else(|| url.to_owned(), |path| file(path, "rw"));
        Ok((dialect, url))
    }

    /// The address, for a pool.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// What a statement of this process needs, on a transaction's connection.
    pub(super) fn store<'c>(&self, connection: &'c mut AnyConnection) -> Store<'c> {
        Store {
            connection,
            dialect: self.dialect,
            instance: self.instance,
        }
    }

    /// A connection of its own, on which a commit is on disk when it answers.
    pub(super) async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        prepare(&mut connection, self.dialect).await?;
        Ok(connection)
    }

    /// A connection that holds the lock of this instance number, or `None` while another one does.
    pub(super) async fn hold(&self, instance: i64) -> Result<Option<AnyConnection>, LedgerError> {
        let number = i32::try_from(instance).map_err(|_| LedgerError::Corrupt {
            what: "an instance's number",
            value: instance.to_string(),
        })?;
        self.advisory(number).await
    }

    /// A connection that holds the settler's lock, or `None` while another one does.
    pub(super) async fn hold_settling(&self) -> Result<Option<AnyConnection>, LedgerError> {
        self.advisory(SETTLER).await
    }

    async fn advisory(&self, number: i32) -> Result<Option<AnyConnection>, LedgerError> {
        let mut connection = self.connect().await?;
        let row = sqlx::query("SELECT pg_try_advisory_lock($1, $2) AS held")
            .bind(LOCKS)
            .bind(number)
            .fetch_one(&mut connection)
            .await?;
        Ok(row.try_get::<bool, _>("held")?.then_some(connection))
    }
}

/// Settings of every connection.
pub(super) async fn prepare(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<(), sqlx::Error> {
    let settings = match dialect {
        Dialect::Sqlite => "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL",
        Dialect::Postgres => "SET synchronous_commit = on",
    };
    sqlx::raw_sql(settings).execute(connection).await?;
    Ok(())
}

/// Settings of a connection that changes nothing, even by mistake.
pub(super) async fn prepare_to_read(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<(), sqlx::Error> {
    let settings = match dialect {
        Dialect::Sqlite => "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON",
        Dialect::Postgres => "SET default_transaction_read_only = on",
    };
    sqlx::raw_sql(settings).execute(connection).await?;
    Ok(())
}

/// What an address leads to; for SQLite with the file's path.
fn kind(url: &str) -> Result<(Dialect, Option<&str>), LedgerError> {
    sqlx::any::install_default_drivers();
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        return Ok((Dialect::Sqlite, Some(path)));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Ok((Dialect::Postgres, None));
    }
    let scheme = url.split(':').next().unwrap_or_default();
    Err(LedgerError::Address(scheme.into()))
}

fn file(path: &str, mode: &str) -> String {
    let path = path.replace('%', "%25").replace('#', "%23");
    format!("sqlite:{path}?mode={mode}")
}

/// Takes a file's lock. The process before may be about to end, so it is asked for more than once.
async fn alone(path: &str) -> Result<File, LedgerError> {
    let failed = |cause| LedgerError::File {
        path: path.into(),
        cause,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(failed)?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(BETWEEN_TRIES).await,
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
    }
    Err(LedgerError::InUse { path: path.into() })
}
