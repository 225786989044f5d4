//! What every statement needs: a connection, its dialect, and rows read into this program's types.

use std::{str::FromStr, time::SystemTime};

use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{LedgerError, LineState, amount::Parts};
use crate::money::Usd;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The type of a column of bytes.
    pub(super) fn bytes(self) -> &'static str {
        match self {
            Self::Sqlite => "BLOB",
            Self::Postgres => "BYTEA",
        }
    }
}

/// A transaction's connection.
pub(super) struct Store<'c> {
    pub(super) connection: &'c mut AnyConnection,
    pub(super) dialect: Dialect,
    /// Whose reservations these are.
    pub(super) instance: i64,
}

/// A read that keeps other processes from its row until the transaction ends. SQLite has one writer, which needs none.
macro_rules! locked {
    ($store:expr, $sql:expr) => {
        match $store.dialect {
            $crate::ledger::store::Dialect::Sqlite => concat!($sql),
            $crate::ledger::store::Dialect::Postgres => concat!($sql, " FOR UPDATE"),
        }
    };
}
pub(super) use locked;

/// Why a write does not happen.
pub(super) enum Fault<R> {
    /// By the rules: nothing is written.
    Refused(R),
    /// The database said no.
    Broken(sqlx::Error),
}

impl<R> From<sqlx::Error> for Fault<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Broken(error)
    }
}

impl<R: From<LedgerError>> From<LedgerError> for Fault<R> {
    fn from(error: LedgerError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.to_string())
    }
}

/// The columns that `line_state` reads.
macro_rules! line_columns {
    () => {
        "line, epoch, allowance_d, allowance_u, held_d, held_u, committed_d, committed_u"
    };
}
pub(super) use line_columns;

/// A line of its columns.
pub(super) fn line_state(row: &AnyRow) -> Result<LineState, LedgerError> {
    let (held, committed) = (
        usd(row, "held_d", "held_u")?,
        usd(row, "committed_d", "committed_u")?,
    );
    Ok(LineState {
        line: parsed(row, "line", "a line")?,
        epoch: number(row, "epoch")?,
        allowance: usd(row, "allowance_d", "allowance_u")?,
        held,
        committed,
        reserved: held.saturating_sub(committed),
    })
}

/// An amount of its two columns.
pub(super) fn usd(row: &AnyRow, dollars: &str, units: &str) -> Result<Usd, LedgerError> {
    Parts {
        dollars: row.try_get(dollars)?,
        units: row.try_get(units)?,
    }
    .amount()
}

/// A text column in a type of this program.
pub(super) fn parsed<T: FromStr>(
    row: &AnyRow,
    column: &str,
    what: &'static str,
) -> Result<T, LedgerError> {
    let value: String = row.try_get(column)?;
    value
        .parse()
        .map_err(|_| LedgerError::Corrupt { what, value })
}

/// An integer column in a type of this program.
pub(super) fn number<T: TryFrom<i64>>(row: &AnyRow, column: &str) -> Result<T, LedgerError> {
    let value: i64 = row.try_get(column)?;
    T::try_from(value).map_err(|_| LedgerError::Corrupt {
        what: "a number",
        value: value.to_string(),
    })
}

/// As `number`, where the column may be empty.
pub(super) fn optional<T: TryFrom<i64>>(
    row: &AnyRow,
    column: &str,
) -> Result<Option<T>, LedgerError> {
    match row.try_get::<Option<i64>, _>(column)? {
        None => Ok(None),
        Some(_) => number(row, column).map(Some),
    }
}

/// A hash column.
pub(super) fn hash(row: &AnyRow, column: &str) -> Result<[u8; 32], LedgerError> {
    let value: Vec<u8> = row.try_get(column)?;
    <[u8; 32]>::try_from(value.as_slice()).map_err(|_| LedgerError::Corrupt {
        what: "a hash of 32 bytes",
        value: format!("{} bytes", value.len()),
    })
}

/// A count as a column holds it; what no column holds becomes its largest.
pub(super) fn column(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970 by this machine: for records, never for a decision about an epoch.
pub(super) fn now_millis() -> i64 {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
