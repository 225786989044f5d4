//! What was used: request by request, and summed.

use sqlx::{
    Any, AnyConnection, Row,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::{
    CountedBy, KeyId, LedgerError, RequestId, Usage,
    amount::{sum_of, summed},
    store::{hash, number, parsed, usd},
};
use crate::{
    line::{Epoch, Line},
    money::Usd,
};

/// Which requests to tell of. All conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageFilter {
    /// Of this line.
    pub line: Option<Line>,
    /// Of this key.
    pub key: Option<KeyId>,
    /// From this epoch on.
    pub from: Option<Epoch>,
    /// Up to this epoch, it included.
    pub to: Option<Epoch>,
    /// Of this model.
    pub model: Option<String>,
}

/// A committed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageEntry {
    /// The request, and the cursor after which the next page begins.
    pub id: RequestId,
    /// Who asked.
    pub key: KeyId,
    /// Who paid.
    pub line: Line,
    /// Of which day.
    pub epoch: Epoch,
    /// The model's name.
    pub model: String,
    /// Hash of what the client sent.
    pub body_hash: [u8; 32],
    /// What it consumed.
    pub usage: Usage,
    /// Whose count that is.
    pub counted_by: CountedBy,
    /// What the line paid, units of 1e-18 dollar.
    pub charged: Usd,
    /// Milliseconds since 1970 of its end.
    pub ended_at: u64,
}

/// Sums of the requests of one epoch, model and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageSum {
    /// The day.
    pub epoch: Epoch,
    /// The model's name.
    pub model: String,
    /// Who asked.
    pub key: KeyId,
    /// How many requests.
    pub requests: u64,
    /// What they consumed.
    pub usage: Usage,
    /// What the line paid, units of 1e-18 dollar.
    pub charged: Usd,
}

/// The first five parameters, as `bound` binds them.
macro_rules! filtered {
    () => {
        "WHERE state = 'committed' AND ($1 IS NULL OR line = $1) AND ($2 IS NULL OR key = $2) \
         AND epoch >= $3 AND epoch <= $4 AND ($5 IS NULL OR model = $5)"
    };
}

/// The columns of `entry`.
macro_rules! entry_columns {
    () => {
        "SELECT id, key, line, epoch, model, body_hash, input, cached, output, images, counted_by, charged_d, \
         charged_u, ended_at FROM requests "
    };
}

/// Committed requests, newest first, after the cursor.
pub(super) async fn entries(
    connection: &mut AnyConnection,
    filter: &UsageFilter,
    after: Option<RequestId>,
    limit: u32,
) -> Result<Vec<UsageEntry>, LedgerError> {
    let rows = bound(
        sqlx::query(concat!(
            entry_columns!(),
            filtered!(),
            " AND ($6 IS NULL OR id < $6) ORDER BY id DESC LIMIT $7"
        )),
        filter,
    )
    .bind(after.map(|id| id.to_string()))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(entry).collect()
}

/// Committed requests without a receipt, oldest first.
pub(super) async fn without_receipt(
    connection: &mut AnyConnection,
    limit: u32,
) -> Result<Vec<UsageEntry>, LedgerError> {
    let rows = sqlx::query(concat!(
        entry_columns!(),
        "WHERE state = 'committed' AND receipt IS NULL ORDER BY id LIMIT $1"
    ))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &AnyRow) -> Result<UsageEntry, LedgerError> {
    Ok(UsageEntry {
        id: RequestId(parsed(row, "id", "a request's id")?),
        key: KeyId(parsed(row, "key", "a key's id")?),
        line: parsed(row, "line", "a line")?,
        epoch: number(row, "epoch")?,
        model: row.try_get("model")?,
        body_hash: hash(row, "body_hash")?,
        usage: usage_of(row)?,
        counted_by: parsed(row, "counted_by", "whose count it is")?,
        charged: usd(row, "charged_d", "charged_u")?,
        ended_at: number(row, "ended_at")?,
    })
}

/// Sums by epoch, model and key, newest epoch first.
pub(super) async fn sums(
    connection: &mut AnyConnection,
    filter: &UsageFilter,
) -> Result<Vec<UsageSum>, LedgerError> {
    let rows = bound(
        sqlx::query(concat!(
            "SELECT epoch, model, key, COUNT(*) AS requests, CAST(SUM(input) AS BIGINT) AS input, \
             CAST(SUM(cached) AS BIGINT) AS cached, CAST(SUM(output) AS BIGINT) AS output, \
             CAST(SUM(images) AS BIGINT) AS images, ",
            sum_of!("charged_d", "charged_u", "charged"),
            " FROM requests ",
            filtered!(),
            " GROUP BY epoch, model, key ORDER BY epoch DESC, model, key"
        )),
        filter,
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(UsageSum {
                epoch: number(row, "epoch")?,
                model: row.try_get("model")?,
                key: KeyId(parsed(row, "key", "a key's id")?),
                requests: number(row, "requests")?,
                usage: usage_of(row)?,
                charged: summed(
                    row.try_get("charged_d")?,
                    row.try_get("charged_h")?,
                    row.try_get("charged_l")?,
                )?,
            })
        })
        .collect()
}

fn bound<'q>(
    query: Query<'q, Any, AnyArguments>,
    filter: &UsageFilter,
) -> Query<'q, Any, AnyArguments> {
    query
        .bind(filter.line.map(|line| line.to_string()))
        .bind(filter.key.map(|key| key.to_string()))
        .bind(filter.from.map_or(0, i64::from))
        .bind(filter.to.map_or(i64::MAX, i64::from))
        .bind(filter.model.clone())
}

fn usage_of(row: &AnyRow) -> Result<Usage, LedgerError> {
    Ok(Usage {
        input: number(row, "input")?,
        cached: number(row, "cached")?,
        output: number(row, "output")?,
        images: number(row, "images")?,
    })
}

/// The signed receipt of a request.
pub(super) async fn receipt(
    connection: &mut AnyConnection,
    id: RequestId,
) -> Result<Option<String>, LedgerError> {
    let row = sqlx::query("SELECT receipt FROM requests WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get("receipt")).transpose()?.flatten())
}
