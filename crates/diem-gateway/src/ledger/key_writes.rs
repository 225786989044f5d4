//! Keys and sign-in nonces in the tables.

use alloy::primitives::Address;
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    Key, KeyChange, KeyError, KeyId, KeyKind, LedgerError, NewKey, NonceError,
    amount::Parts,
    limits,
    store::{Fault, Store, column, hash, number, optional, parsed},
    writer::Write,
};
use crate::{line::Epoch, steps::Step};

const NO_SPAN: i64 = i64::MIN;

pub(super) struct Add(pub(super) NewKey);

pub(super) struct Change {
    pub(super) id: KeyId,
    pub(super) change: KeyChange,
    pub(super) epoch: Epoch,
}

pub(super) struct Revoke {
    pub(super) id: KeyId,
    pub(super) now: u64,
}

pub(super) struct GiveNonce {
    pub(super) nonce: String,
    pub(super) expires_at: u64,
}

pub(super) struct TakeNonce {
    pub(super) nonce: String,
    pub(super) now: u64,
}

/// Forgets what has expired.
pub(super) struct Forget {
    pub(super) now: u64,
}

impl Write for Add {
    type Answer = ();
    type Refusal = KeyError;
    const STEP: Step = Step::KeyAdd;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<KeyError>> {
        let key = &self.0;
        let limit = key.limit.map(Parts::of).transpose()?;
        sqlx::query(
            "INSERT INTO keys (id, hash, tail, account, line, kind, description, period, limit_d, limit_u, span, \
             held_d, held_u, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, $13)",
        )
        .bind(key.id.to_string())
        .bind(key.hash.to_vec())
        .bind(key.tail.as_str())
        .bind(format!("{:#x}", key.account))
        .bind(key.line.to_string())
        .bind(key.kind.name())
        .bind(key.description.as_str())
        .bind(key.period.to_string())
        .bind(limit.map(|limit| limit.dollars))
        .bind(limit.map(|limit| limit.units))
        .bind(NO_SPAN)
        .bind(key.expires_at.map(column))
        .bind(column(key.created_at))
        .execute(&mut *store.connection)
        .await?;
        Ok(())
    }
}

impl Write for Change {
    type Answer = Key;
    type Refusal = KeyError;
    const STEP: Step = Step::KeyChange;

    async fn run(&self, store: &mut Store<'_>) -> Result<Key, Fault<KeyError>> {
        let gone = || Fault::Refused(KeyError::Gone(self.id));
        let known = read(store.connection, self.id)
            .await?
            .filter(|key| key.revoked_at.is_none())
            .ok_or_else(gone)?
            .key;
        let limit = self.change.limit.unwrap_or(known.limit);
        let period = self.change.period.unwrap_or(known.period);
        let parts = limit.map(Parts::of).transpose()?;
        if limit.is_some() && (known.limit.is_none() || period != known.period) {
            limits::begin(store, self.id, known.line, period, self.epoch).await?;
        }
        let changed = sqlx::query(
            "UPDATE keys SET description = $2, limit_d = $3, limit_u = $4, period = $5, expires_at = $6 \
             WHERE id = $1 AND revoked_at IS NULL",
        )
        .bind(self.id.to_string())
        .bind(self.change.description.clone().unwrap_or(known.description))
        .bind(parts.map(|limit| limit.dollars))
        .bind(parts.map(|limit| limit.units))
        .bind(period.to_string())
        .bind(self.change.expires_at.unwrap_or(known.expires_at).map(column))
        .execute(&mut *store.connection)
        .await?;
        if changed.rows_affected() != 1 {
            return Err(gone());
        }
        read(store.connection, self.id).await?.ok_or_else(gone)
    }
}

impl Write for Revoke {
    type Answer = Key;
    type Refusal = KeyError;
    const STEP: Step = Step::KeyRevoke;

    async fn run(&self, store: &mut Store<'_>) -> Result<Key, Fault<KeyError>> {
        let revoked =
            sqlx::query("UPDATE keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
                .bind(self.id.to_string())
                .bind(column(self.now))
                .execute(&mut *store.connection)
                .await?;
        let gone = || Fault::Refused(KeyError::Gone(self.id));
        if revoked.rows_affected() != 1 {
            return Err(gone());
        }
        read(store.connection, self.id).await?.ok_or_else(gone)
    }
}

impl Write for GiveNonce {
    type Answer = ();
    type Refusal = NonceError;
    const STEP: Step = Step::NonceGive;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<NonceError>> {
        sqlx::query("INSERT INTO nonces (nonce, expires_at) VALUES ($1, $2)")
            .bind(self.nonce.as_str())
            .bind(column(self.expires_at))
            .execute(&mut *store.connection)
            .await?;
        Ok(())
    }
}

impl Write for TakeNonce {
    type Answer = ();
    type Refusal = NonceError;
    const STEP: Step = Step::NonceTake;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<NonceError>> {
        let taken = sqlx::query(
            "UPDATE nonces SET used_at = $2 WHERE nonce = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(self.nonce.as_str())
        .bind(column(self.now))
        .execute(&mut *store.connection)
        .await?;
        if taken.rows_affected() == 1 {
            return Ok(());
        }
        let row = sqlx::query("SELECT expires_at, used_at FROM nonces WHERE nonce = $1")
            .bind(self.nonce.as_str())
            .fetch_optional(&mut *store.connection)
            .await?;
        let row = row.ok_or(Fault::Refused(NonceError::Unknown))?;
        Err(Fault::Refused(match optional::<u64>(&row, "used_at")? {
            Some(_) => NonceError::Used,
            None => NonceError::Expired(number(&row, "expires_at")?),
        }))
    }
}

impl Write for Forget {
    type Answer = ();
    type Refusal = LedgerError;
    const STEP: Step = Step::Forget;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<LedgerError>> {
        sqlx::query("DELETE FROM nonces WHERE expires_at <= $1")
            .bind(column(self.now))
            .execute(&mut *store.connection)
            .await?;
        sqlx::query(
            "DELETE FROM idempotency WHERE keep_until <= $1 AND NOT EXISTS \
             (SELECT 1 FROM requests WHERE requests.id = idempotency.request AND requests.state = 'open')",
        )
        .bind(column(self.now))
        .execute(&mut *store.connection)
        .await?;
        Ok(())
    }
}

/// The columns of `key_of`.
macro_rules! key_columns {
    () => {
        "SELECT id, hash, tail, account, line, kind, description, period, limit_d, limit_u, expires_at, created_at, \
         revoked_at, (SELECT MAX(opened_at) FROM requests WHERE requests.key = keys.id) AS last_used FROM keys "
    };
}

/// A key of a number.
pub(super) async fn read(
    connection: &mut AnyConnection,
    id: KeyId,
) -> Result<Option<Key>, LedgerError> {
    let row = sqlx::query(concat!(key_columns!(), "WHERE id = $1"))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| key_of(&row)).transpose()
}

/// A key of a secret's hash.
pub(super) async fn by_hash(
    connection: &mut AnyConnection,
    hash: &[u8; 32],
) -> Result<Option<Key>, LedgerError> {
    let row = sqlx::query(concat!(key_columns!(), "WHERE hash = $1"))
        .bind(hash.to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| key_of(&row)).transpose()
}

/// An account's keys, oldest first, the revoked among them.
pub(super) async fn of_account(
    connection: &mut AnyConnection,
    account: Address,
) -> Result<Vec<Key>, LedgerError> {
    let rows = sqlx::query(concat!(key_columns!(), "WHERE account = $1 ORDER BY id"))
        .bind(format!("{account:#x}"))
        .fetch_all(connection)
        .await?;
    rows.iter().map(key_of).collect()
}

fn key_of(row: &AnyRow) -> Result<Key, LedgerError> {
    let last_used: Option<u64> = optional(row, "last_used")?;
    Ok(Key {
        key: NewKey {
            id: KeyId(parsed(row, "id", "a key's id")?),
            hash: hash(row, "hash")?,
            tail: row.try_get("tail")?,
            account: parsed(row, "account", "an account")?,
            line: parsed(row, "line", "a line")?,
            kind: parsed(row, "kind", "a key's kind")?,
            description: row.try_get("description")?,
            limit: limits::limit(row)?,
            period: parsed(row, "period", "a period")?,
            expires_at: optional(row, "expires_at")?,
            created_at: number(row, "created_at")?,
        },
        revoked_at: optional(row, "revoked_at")?,
        last_used_at: last_used.map(|millis| millis / 1000),
    })
}

impl KeyKind {
    fn name(self) -> &'static str {
        match self {
            Self::Inference => "INFERENCE",
            Self::Admin => "ADMIN",
        }
    }
}

impl std::str::FromStr for KeyKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Inference, Self::Admin]
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or(())
    }
}
