//! Lines: what the chain gave one in an epoch, and what of it is held.

use sqlx::AnyConnection;

use super::{
    LedgerError,
    amount::Parts,
    store::{Fault, Store, column, line_columns, line_state, locked, number, usd},
    writer::Write,
};
use crate::{
    line::{Epoch, Line},
    money::Usd,
    steps::Step,
};

/// What the chain said of a line at one block of `epoch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSeen {
    /// The line that was read.
    pub line: Line,
    /// The epoch that the answer named.
    pub epoch: Epoch,
    /// Dollars of that epoch, units of 1e-18.
    pub allowance: Usd,
    /// Dollars already settled on chain in that epoch, units of 1e-18.
    pub used: Usd,
    /// The block of the read.
    pub block: u64,
}

/// A line in one epoch as the journal has it. Amounts in units of 1e-18 dollar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineState {
    /// Whose dollars.
    pub line: Line,
    /// Of which day.
    pub epoch: Epoch,
    /// The largest allowance that the chain was seen to give.
    pub allowance: Usd,
    /// `committed + reserved`: what no other request can have.
    pub held: Usd,
    /// What ended requests cost, and what the chain had settled before this journal knew the line.
    pub committed: Usd,
    /// What requests that have not ended may still cost.
    pub reserved: Usd,
}

impl LineState {
    /// What the next request may reserve.
    #[must_use]
    pub fn remaining(&self) -> Usd {
        self.allowance.saturating_sub(self.held)
    }
}

/// Records a read of the chain.
pub(super) struct Observe(pub(super) LineSeen);

impl Write for Observe {
    type Answer = LineState;
    type Refusal = LedgerError;
    const STEP: Step = Step::Observe;

    fn place(&self) -> Option<(Line, Epoch)> {
        Some((self.0.line, self.0.epoch))
    }

    async fn run(&self, store: &mut Store<'_>) -> Result<LineState, Fault<LedgerError>> {
        let seen = &self.0;
        // A read that says less than the chain has settled is no read of ours; the larger is what both bear out.
        let allowance = seen.allowance.max(seen.used);
        let (gave, used) = (Parts::of(allowance)?, Parts::of(seen.used)?);
        let first = sqlx::query(concat!(
            "INSERT INTO lines (line, epoch, block, allowance_d, allowance_u, opening_d, opening_u, held_d, held_u, \
             committed_d, committed_u, stated_d, stated_u, confirmed_d, confirmed_u) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $7, $6, $7, $6, $7, $6, $7) \
             ON CONFLICT (line, epoch) DO NOTHING RETURNING ",
            line_columns!()
        ))
        .bind(seen.line.to_string())
        .bind(i64::from(seen.epoch))
        .bind(column(seen.block))
        .bind(gave.dollars)
        .bind(gave.units)
        .bind(used.dollars)
        .bind(used.units)
        .fetch_optional(&mut *store.connection)
        .await?;
        if let Some(row) = first {
            return Ok(line_state(&row)?);
        }

        let row = sqlx::query(locked!(
            store,
            concat!(
                "SELECT block, stated_d, stated_u, ",
                line_columns!(),
                " FROM lines WHERE line = $1 AND epoch = $2"
            )
        ))
        .bind(seen.line.to_string())
        .bind(i64::from(seen.epoch))
        .fetch_one(&mut *store.connection)
        .await?;
        let known = line_state(&row)?;
        // Above all that this journal stated, somebody else settles the line with the gateway's key.
        let strange = if seen.used > usd(&row, "stated_d", "stated_u")? {
            seen.used.saturating_sub(known.held)
        } else {
            Usd::ZERO
        };
        let block: u64 = number(&row, "block")?;
        if allowance <= known.allowance && strange == Usd::ZERO && seen.block <= block {
            return Ok(known);
        }
        let more = Parts::change(known.allowance.max(allowance), known.allowance)?;
        let strange = Parts::of(strange)?;
        let row = sqlx::query(concat!(
            "UPDATE lines SET block = $3, \
             allowance_d = allowance_d + $4 + (allowance_u + $5) / 1000000000000000000, \
             allowance_u = (allowance_u + $5) % 1000000000000000000, \
             opening_d = opening_d + $6 + (opening_u + $7) / 1000000000000000000, \
             opening_u = (opening_u + $7) % 1000000000000000000, \
             held_d = held_d + $6 + (held_u + $7) / 1000000000000000000, \
             held_u = (held_u + $7) % 1000000000000000000, \
             committed_d = committed_d + $6 + (committed_u + $7) / 1000000000000000000, \
             committed_u = (committed_u + $7) % 1000000000000000000 \
             WHERE line = $1 AND epoch = $2 RETURNING ",
            line_columns!()
        ))
        .bind(seen.line.to_string())
        .bind(i64::from(seen.epoch))
        .bind(column(seen.block.max(block)))
        .bind(more.dollars)
        .bind(more.units)
        .bind(strange.dollars)
        .bind(strange.units)
        .fetch_one(&mut *store.connection)
        .await?;
        Ok(line_state(&row)?)
    }
}

/// The line as it stands on this connection.
pub(super) async fn read(
    connection: &mut AnyConnection,
    line: Line,
    epoch: Epoch,
) -> Result<Option<LineState>, LedgerError> {
    let row = sqlx::query(concat!(
        "SELECT ",
        line_columns!(),
        " FROM lines WHERE line = $1 AND epoch = $2"
    ))
    .bind(line.to_string())
    .bind(i64::from(epoch))
    .fetch_optional(connection)
    .await?;
    row.map(|row| line_state(&row)).transpose()
}

/// As `read`, and no other process changes it before the transaction ends.
pub(super) async fn read_locked(
    store: &mut Store<'_>,
    line: Line,
    epoch: Epoch,
) -> Result<Option<LineState>, LedgerError> {
    let sql = locked!(
        store,
        concat!(
            "SELECT ",
            line_columns!(),
            " FROM lines WHERE line = $1 AND epoch = $2"
        )
    );
    let row = sqlx::query(sql)
        .bind(line.to_string())
        .bind(i64::from(epoch))
        .fetch_optional(&mut *store.connection)
        .await?;
    row.map(|row| line_state(&row)).transpose()
}

/// Holds `amount` more of the line, if it carries that: one statement asks and takes. `None` where it does not, or is
/// unknown.
pub(super) async fn hold(
    store: &mut Store<'_>,
    line: Line,
    epoch: Epoch,
    amount: Usd,
) -> Result<Option<LineState>, LedgerError> {
    let Ok(amount) = Parts::of(amount) else {
        return Ok(None);
    };
    let row = sqlx::query(concat!(
        "UPDATE lines SET held_d = held_d + $3 + (held_u + $4) / 1000000000000000000, \
         held_u = (held_u + $4) % 1000000000000000000 \
         WHERE line = $1 AND epoch = $2 AND \
         (held_d + $3 + (held_u + $4) / 1000000000000000000, (held_u + $4) % 1000000000000000000) \
         <= (allowance_d, allowance_u) RETURNING ",
        line_columns!()
    ))
    .bind(line.to_string())
    .bind(i64::from(epoch))
    .bind(amount.dollars)
    .bind(amount.units)
    .fetch_optional(&mut *store.connection)
    .await?;
    row.map(|row| line_state(&row)).transpose()
}

/// Turns a reservation into a charge, which is at most as much.
pub(super) async fn settle<R: From<LedgerError>>(
    store: &mut Store<'_>,
    line: Line,
    epoch: Epoch,
    reserved: Usd,
    charged: Usd,
) -> Result<LineState, Fault<R>> {
    let (held, committed) = (Parts::change(charged, reserved)?, Parts::of(charged)?);
    let row = sqlx::query(concat!(
        "UPDATE lines SET held_d = held_d + $3 + (held_u + $4) / 1000000000000000000, \
         held_u = (held_u + $4) % 1000000000000000000, \
         committed_d = committed_d + $5 + (committed_u + $6) / 1000000000000000000, \
         committed_u = (committed_u + $6) % 1000000000000000000 \
         WHERE line = $1 AND epoch = $2 RETURNING ",
        line_columns!()
    ))
    .bind(line.to_string())
    .bind(i64::from(epoch))
    .bind(held.dollars)
    .bind(held.units)
    .bind(committed.dollars)
    .bind(committed.units)
    .fetch_one(&mut *store.connection)
    .await?;
    Ok(line_state(&row)?)
}
