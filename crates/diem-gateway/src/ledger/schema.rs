//! The tables, and how an older file becomes this one.
//!
//! Amounts are two columns: `_d` whole dollars, `_u` units of 1e-18 below a dollar. What must hold of a row stands as a
//! CHECK, so that a mistake in this program is refused by the database.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};

use super::{Home, LedgerError, store::Dialect};
use crate::steps::{Side, Step, pass};

/// One text per version; the n-th takes a file from version n to n + 1. Never changed once released.
const MIGRATIONS: [&str; 1] = [include_str!("schema/1.sql")];

/// A lock of PostgreSQL for who migrates: any number that nothing else here takes.
const MIGRATING: &str = "SELECT pg_advisory_xact_lock(4474195, -1)";

/// Brings the schema up to date, and writes down or compares whose journal it is. Returns a number that no other
/// opening of this journal had.
pub(super) async fn open(
    connection: &mut AnyConnection,
    dialect: Dialect,
    home: &Home,
) -> Result<i64, LedgerError> {
    pass(Step::Migrate, Side::Before);
    if dialect == Dialect::Sqlite {
        // Kept in the file. Readers then see the last commit while one is being written.
        let mode: String = sqlx::query("PRAGMA journal_mode")
            .fetch_one(&mut *connection)
            .await?
            .try_get(0)?;
        if mode != "wal" {
            sqlx::raw_sql("PRAGMA journal_mode = WAL")
                .execute(&mut *connection)
                .await?;
        }
    }
    let mut work = connection.begin().await?;
    if dialect == Dialect::Postgres {
        sqlx::query(MIGRATING).execute(&mut *work).await?;
    }
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS about (only_row BIGINT PRIMARY KEY CHECK (only_row = 1), version BIGINT NOT NULL, \
         instances BIGINT NOT NULL, chain_id TEXT NOT NULL, diem TEXT NOT NULL, gateway TEXT NOT NULL)",
    )
    .execute(&mut *work)
    .await?;
    sqlx::query(
        "INSERT INTO about (only_row, version, instances, chain_id, diem, gateway) VALUES (1, 0, 0, $1, $2, $3) \
         ON CONFLICT (only_row) DO NOTHING",
    )
    .bind(home.chain_id.to_string())
    .bind(format!("{:#x}", home.diem))
    .bind(format!("{:#x}", home.gateway))
    .execute(&mut *work)
    .await?;

    let version = recorded(&mut work, home).await?;
    let known = MIGRATIONS.len() as i64;
    if version > known {
        return Err(LedgerError::OtherSchema {
            found: version,
            known,
        });
    }
    for migration in MIGRATIONS
        .iter()
        .skip(usize::try_from(version).unwrap_or(0))
    {
        let text = migration.replace("BYTES", dialect.bytes());
        sqlx::raw_sql(AssertSqlSafe(text))
            .execute(&mut *work)
            .await?;
    }
    let instance = sqlx::query(
        "UPDATE about SET version = $1, instances = instances + 1 RETURNING instances AS instance",
    )
    .bind(known)
    .fetch_one(&mut *work)
    .await?
    .try_get("instance")?;
    work.commit().await?;
    pass(Step::Migrate, Side::After);
    Ok(instance)
}

/// Refuses another journal than `home`'s, and one that is not as this program writes it; changes nothing.
pub(super) async fn compare(
    connection: &mut AnyConnection,
    home: &Home,
) -> Result<(), LedgerError> {
    let found = recorded(connection, home).await?;
    let known = MIGRATIONS.len() as i64;
    if found != known {
        return Err(LedgerError::OtherSchema { found, known });
    }
    Ok(())
}

/// The version of a journal that is `home`'s.
async fn recorded(connection: &mut AnyConnection, home: &Home) -> Result<i64, LedgerError> {
    let row = sqlx::query("SELECT version, chain_id, diem, gateway FROM about")
        .fetch_one(connection)
        .await?;
    let recorded = Home {
        chain_id: read(&row, "chain_id", "a chain's id")?,
        diem: read(&row, "diem", "DIEM's address")?,
        gateway: read(&row, "gateway", "the gateway's address")?,
    };
    if recorded != *home {
        return Err(LedgerError::OtherHome {
            recorded,
            asked: *home,
        });
    }
    Ok(row.try_get("version")?)
}

fn read<T: std::str::FromStr>(
    row: &sqlx::any::AnyRow,
    column: &str,
    what: &'static str,
) -> Result<T, LedgerError> {
    let value: String = row.try_get(column)?;
    value
        .parse()
        .map_err(|_| LedgerError::Corrupt { what, value })
}
