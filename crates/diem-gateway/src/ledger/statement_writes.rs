//! Statements in the tables.

use std::collections::BTreeMap;

use alloy::primitives::B256;
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    LedgerError, SentStatement, Statement, StatementError, StatementState, Total,
    amount::Parts,
    store::{Fault, Store, column, locked, number, parsed, usd},
    writer::Write,
};
use crate::{
    line::{Epoch, Line},
    money::Usd,
    steps::Step,
};

pub(super) struct Sent(pub(super) SentStatement);

pub(super) struct Mined {
    pub(super) hash: B256,
    pub(super) block: u64,
}

pub(super) struct Unmined(pub(super) B256);

pub(super) struct Final {
    pub(super) hash: B256,
    pub(super) block: u64,
}

pub(super) struct Failed {
    pub(super) hash: B256,
    pub(super) reason: String,
}

impl Write for Sent {
    type Answer = ();
    type Refusal = StatementError;
    const STEP: Step = Step::StatementSent;

    fn place(&self) -> Option<(Line, Epoch)> {
        self.0
            .totals
            .iter()
            .map(|total| (total.line, total.epoch))
            .min()
    }

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<StatementError>> {
        let sent = &self.0;
        let written = sqlx::query(
            "INSERT INTO statements (hash, epoch, nonce, raw, max_fee, tip, replaces, sent_at, state) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'sent') ON CONFLICT (hash) DO NOTHING",
        )
        .bind(sent.hash.to_string())
        .bind(i64::from(sent.epoch))
        .bind(column(sent.nonce))
        .bind(sent.raw.clone())
        .bind(sent.max_fee.to_string())
        .bind(sent.tip.to_string())
        .bind(sent.replaces.map(|hash| hash.to_string()))
        .bind(column(sent.sent_at))
        .execute(&mut *store.connection)
        .await?;
        if written.rows_affected() != 1 {
            return Err(Fault::Refused(StatementError::Twice(sent.hash)));
        }
        let mut largest: BTreeMap<(Line, Epoch), Usd> = BTreeMap::new();
        for total in &sent.totals {
            let known = largest.entry((total.line, total.epoch)).or_default();
            *known = total.total.max(*known);
        }
        for ((line, epoch), total) in largest {
            state(store, line, epoch, total).await?;
            let parts = Parts::of(total)?;
            sqlx::query(
                "INSERT INTO statement_totals (hash, line, epoch, total_d, total_u) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(sent.hash.to_string())
            .bind(line.to_string())
            .bind(i64::from(epoch))
            .bind(parts.dollars)
            .bind(parts.units)
            .execute(&mut *store.connection)
            .await?;
        }
        Ok(())
    }
}

/// Notes that a total is stated, if the line holds it or it was stated before.
async fn state(
    store: &mut Store<'_>,
    line: Line,
    epoch: Epoch,
    total: Usd,
) -> Result<(), Fault<StatementError>> {
    let row = sqlx::query(locked!(
        store,
        "SELECT held_d, held_u, stated_d, stated_u FROM lines WHERE line = $1 AND epoch = $2"
    ))
    .bind(line.to_string())
    .bind(i64::from(epoch))
    .fetch_optional(&mut *store.connection)
    .await?;
    let (held, stated) = match &row {
        Some(row) => (
            usd(row, "held_d", "held_u")?,
            usd(row, "stated_d", "stated_u")?,
        ),
        None => (Usd::ZERO, Usd::ZERO),
    };
    if row.is_none() || total > held.max(stated) {
        return Err(Fault::Refused(StatementError::AboveHeld {
            line,
            epoch,
            held,
            total,
        }));
    }
    if total > stated {
        let parts = Parts::of(total)?;
        sqlx::query("UPDATE lines SET stated_d = $3, stated_u = $4 WHERE line = $1 AND epoch = $2")
            .bind(line.to_string())
            .bind(i64::from(epoch))
            .bind(parts.dollars)
            .bind(parts.units)
            .execute(&mut *store.connection)
            .await?;
    }
    Ok(())
}

impl Write for Mined {
    type Answer = ();
    type Refusal = StatementError;
    const STEP: Step = Step::StatementMined;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<StatementError>> {
        become_state(store, self.hash, "mined", Some(self.block), None).await?;
        replace_others(store, self.hash).await?;
        Ok(())
    }
}

impl Write for Unmined {
    type Answer = ();
    type Refusal = StatementError;
    const STEP: Step = Step::StatementUnmined;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<StatementError>> {
        become_state(store, self.0, "sent", None, None).await?;
        // What it had replaced may be mined in its stead.
        sqlx::query("UPDATE statements SET state = 'sent', reason = NULL WHERE state = 'replaced' AND reason = $1")
            .bind(self.0.to_string())
            .execute(&mut *store.connection)
            .await?;
        Ok(())
    }
}

impl Write for Final {
    type Answer = ();
    type Refusal = StatementError;
    const STEP: Step = Step::StatementFinal;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<StatementError>> {
        become_state(store, self.hash, "final", Some(self.block), None).await?;
        replace_others(store, self.hash).await?;
        for total in totals(store.connection, self.hash).await? {
            let parts = Parts::of(total.total)?;
            sqlx::query(
                "UPDATE lines SET confirmed_d = $3, confirmed_u = $4 \
                 WHERE line = $1 AND epoch = $2 AND (confirmed_d, confirmed_u) < ($3, $4)",
            )
            .bind(total.line.to_string())
            .bind(i64::from(total.epoch))
            .bind(parts.dollars)
            .bind(parts.units)
            .execute(&mut *store.connection)
            .await?;
        }
        Ok(())
    }
}

impl Write for Failed {
    type Answer = ();
    type Refusal = StatementError;
    const STEP: Step = Step::StatementFailed;

    async fn run(&self, store: &mut Store<'_>) -> Result<(), Fault<StatementError>> {
        become_state(store, self.hash, "failed", None, Some(&self.reason)).await
    }
}

async fn become_state(
    store: &mut Store<'_>,
    hash: B256,
    state: &'static str,
    block: Option<u64>,
    reason: Option<&str>,
) -> Result<(), Fault<StatementError>> {
    // What is final stays so: a late observer with an older view changes nothing.
    let changed = sqlx::query(
        "UPDATE statements SET state = CASE WHEN state = 'final' THEN state ELSE $2 END, \
         block = CASE WHEN state = 'final' THEN block ELSE $3 END, \
         reason = CASE WHEN state = 'final' THEN reason ELSE $4 END WHERE hash = $1",
    )
    .bind(hash.to_string())
    .bind(state)
    .bind(block.map(column))
    .bind(reason)
    .execute(&mut *store.connection)
    .await?;
    if changed.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Fault::Refused(StatementError::Unknown(hash)))
    }
}

async fn replace_others(store: &mut Store<'_>, hash: B256) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE statements SET state = 'replaced', reason = $1, block = NULL WHERE state IN ('sent', 'mined') \
         AND hash <> $1 AND nonce = (SELECT s.nonce FROM statements s WHERE s.hash = $1)",
    )
    .bind(hash.to_string())
    .execute(&mut *store.connection)
    .await?;
    Ok(())
}

/// The lines of an epoch whose total is above what is mined or final, in order.
pub(super) async fn unsettled(
    connection: &mut AnyConnection,
    epoch: Epoch,
    include_open: bool,
) -> Result<Vec<Total>, LedgerError> {
    let rows = sqlx::query(
        "SELECT t.line, t.epoch, t.total_d, t.total_u FROM statement_totals t JOIN statements s ON s.hash = t.hash \
         WHERE s.state = 'mined' AND t.epoch = $1",
    )
    .bind(i64::from(epoch))
    .fetch_all(&mut *connection)
    .await?;
    let mut mined: BTreeMap<Line, Usd> = BTreeMap::new();
    for row in &rows {
        let total = total(row)?;
        let known = mined.entry(total.line).or_default();
        *known = total.total.max(*known);
    }
    let rows = sqlx::query(
        "SELECT line, held_d, held_u, committed_d, committed_u, confirmed_d, confirmed_u FROM lines \
         WHERE epoch = $1 AND (held_d, held_u) > (confirmed_d, confirmed_u) ORDER BY line",
    )
    .bind(i64::from(epoch))
    .fetch_all(connection)
    .await?;
    let mut unsettled = Vec::new();
    for row in &rows {
        let line = parsed(row, "line", "a line")?;
        let total = if include_open {
            usd(row, "held_d", "held_u")?
        } else {
            usd(row, "committed_d", "committed_u")?
        };
        let settled = usd(row, "confirmed_d", "confirmed_u")?
            .max(mined.get(&line).copied().unwrap_or_default());
        if total > settled {
            unsettled.push(Total { line, epoch, total });
        }
    }
    Ok(unsettled)
}

macro_rules! statement_columns {
    () => {
        "SELECT hash, epoch, nonce, raw, max_fee, tip, replaces, sent_at, state, block, reason FROM statements "
    };
}

/// What may still be mined, or reorganised away: in order of nonce, then as sent.
pub(super) async fn pending(connection: &mut AnyConnection) -> Result<Vec<Statement>, LedgerError> {
    let rows = sqlx::query(concat!(
        statement_columns!(),
        "WHERE state IN ('sent', 'mined') ORDER BY nonce, sent_at, hash"
    ))
    .fetch_all(&mut *connection)
    .await?;
    read(connection, &rows).await
}

/// All of an epoch: in order of nonce, then as sent.
pub(super) async fn of_epoch(
    connection: &mut AnyConnection,
    epoch: Epoch,
) -> Result<Vec<Statement>, LedgerError> {
    let rows = sqlx::query(concat!(
        statement_columns!(),
        "WHERE epoch = $1 ORDER BY nonce, sent_at, hash"
    ))
    .bind(i64::from(epoch))
    .fetch_all(&mut *connection)
    .await?;
    read(connection, &rows).await
}

async fn read(
    connection: &mut AnyConnection,
    rows: &[AnyRow],
) -> Result<Vec<Statement>, LedgerError> {
    let mut statements = Vec::with_capacity(rows.len());
    for row in rows {
        let hash = parsed(row, "hash", "a transaction's hash")?;
        let replaces = match row.try_get::<Option<String>, _>("replaces")? {
            None => None,
            Some(_) => Some(parsed(row, "replaces", "a transaction's hash")?),
        };
        let state: String = row.try_get("state")?;
        let state = match state.as_str() {
            "sent" => StatementState::Sent,
            "mined" => StatementState::Mined(number(row, "block")?),
            "final" => StatementState::Final(number(row, "block")?),
            "failed" => StatementState::Failed(row.try_get("reason")?),
            "replaced" => StatementState::Replaced(parsed(row, "reason", "a transaction's hash")?),
            _ => {
                return Err(LedgerError::Corrupt {
                    what: "a statement's state",
                    value: state,
                });
            }
        };
        let sent = SentStatement {
            hash,
            epoch: number(row, "epoch")?,
            nonce: number(row, "nonce")?,
            raw: row.try_get("raw")?,
            max_fee: parsed(row, "max_fee", "a fee")?,
            tip: parsed(row, "tip", "a fee")?,
            totals: totals(connection, hash).await?,
            replaces,
            sent_at: number(row, "sent_at")?,
        };
        statements.push(Statement { sent, state });
    }
    Ok(statements)
}

async fn totals(connection: &mut AnyConnection, hash: B256) -> Result<Vec<Total>, LedgerError> {
    let rows = sqlx::query(
        "SELECT line, epoch, total_d, total_u FROM statement_totals WHERE hash = $1 ORDER BY line",
    )
    .bind(hash.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter().map(total).collect()
}

fn total(row: &AnyRow) -> Result<Total, LedgerError> {
    Ok(Total {
        line: parsed(row, "line", "a line")?,
        epoch: number(row, "epoch")?,
        total: usd(row, "total_d", "total_u")?,
    })
}
