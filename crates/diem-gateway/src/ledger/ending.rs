//! A request ends, once: committed at its cost, released, or after its process died committed in full.

use sqlx::{Row, any::AnyRow};

use super::{
    Actual, Committed, CountedBy, EndError, Ending, KeyId, LedgerError, LineState, RequestId,
    Reservation, Usage,
    amount::Parts,
    limits, lines,
    store::{Fault, Store, column, locked, now_millis, number, optional, parsed, usd},
    writer::Write,
};
use crate::{
    line::{Epoch, Line},
    money::Usd,
    steps::Step,
};

/// Raises a reservation towards an amount.
pub(super) struct Extend {
    pub(super) id: RequestId,
    pub(super) place: Option<(Line, Epoch)>,
    pub(super) to: Usd,
}

/// Ends a request at its cost.
pub(super) struct Commit {
    pub(super) id: RequestId,
    pub(super) place: Option<(Line, Epoch)>,
    pub(super) actual: Actual,
}

/// Ends a request that the upstream never began.
pub(super) struct Release {
    pub(super) id: RequestId,
    pub(super) place: Option<(Line, Epoch)>,
    pub(super) why: String,
}

/// Keeps a receipt for a committed request that has none.
pub(super) struct KeepReceipt {
    pub(super) id: RequestId,
    pub(super) receipt: String,
}

/// Ends in full what the process of a number left open.
pub(super) struct Recover {
    pub(super) instance: i64,
}

impl Write for Extend {
    type Answer = Reservation;
    type Refusal = EndError;
    const STEP: Step = Step::Extend;

    fn place(&self) -> Option<(Line, Epoch)> {
        self.place
    }

    async fn run(&self, store: &mut Store<'_>) -> Result<Reservation, Fault<EndError>> {
        let open = open(store, self.id).await?;
        let (amount, line) = extend(store, &open, self.to).await?;
        Ok(Reservation {
            id: self.id,
            amount,
            line,
        })
    }
}

impl Write for Commit {
    type Answer = Committed;
    type Refusal = EndError;
    const STEP: Step = Step::Commit;

    fn place(&self) -> Option<(Line, Epoch)> {
        self.place
    }

    async fn run(&self, store: &mut Store<'_>) -> Result<Committed, Fault<EndError>> {
        let actual = &self.actual;
        let mut open = open(store, self.id).await?;
        if actual.cost > open.reserved {
            open.reserved = extend(store, &open, actual.cost).await?.0;
        }
        let charged = actual.cost.min(open.reserved);
        let loss = actual.cost.saturating_sub(charged);
        let end = End {
            state: "committed",
            charged,
            loss,
            usage: actual.usage,
            counted_by: Some(actual.counted_by),
            receipt: actual.receipt.as_deref(),
            why: None,
        };
        let line = end.write(store, &open).await?;
        if let (Some(name), Some(answer)) = (&open.name, &actual.answer) {
            sqlx::query("UPDATE idempotency SET answer = $3 WHERE key = $1 AND name = $2")
                .bind(open.key.to_string())
                .bind(name.clone())
                .bind(answer.0.clone())
                .execute(&mut *store.connection)
                .await?;
        }
        Ok(Committed {
            line,
            charged,
            loss,
        })
    }
}

impl Write for Release {
    type Answer = LineState;
    type Refusal = EndError;
    const STEP: Step = Step::Release;

    fn place(&self) -> Option<(Line, Epoch)> {
        self.place
    }

    async fn run(&self, store: &mut Store<'_>) -> Result<LineState, Fault<EndError>> {
        let open = open(store, self.id).await?;
        let end = End {
            state: "released",
            charged: Usd::ZERO,
            loss: Usd::ZERO,
            usage: Usage::default(),
            counted_by: None,
            receipt: None,
            why: Some(&self.why),
        };
        let line = end.write(store, &open).await?;
        if let Some(name) = &open.name {
            // The client may try again under the same name.
            sqlx::query("DELETE FROM idempotency WHERE key = $1 AND name = $2")
                .bind(open.key.to_string())
                .bind(name.clone())
                .execute(&mut *store.connection)
                .await?;
        }
        Ok(line)
    }
}

impl Write for KeepReceipt {
    type Answer = bool;
    type Refusal = LedgerError;
    const STEP: Step = Step::Receipt;

    async fn run(&self, store: &mut Store<'_>) -> Result<bool, Fault<LedgerError>> {
        let kept = sqlx::query(
            "UPDATE requests SET receipt = $2 WHERE id = $1 AND state = 'committed' AND receipt IS NULL",
        )
        .bind(self.id.to_string())
        .bind(self.receipt.as_str())
        .execute(&mut *store.connection)
        .await?;
        Ok(kept.rows_affected() == 1)
    }
}

impl Write for Recover {
    type Answer = u64;
    type Refusal = LedgerError;
    const STEP: Step = Step::Recover;

    async fn run(&self, store: &mut Store<'_>) -> Result<u64, Fault<LedgerError>> {
        let rows = sqlx::query(locked!(
            store,
            "SELECT id, key, line, epoch, name, state, reserved_d, reserved_u, charged_d, charged_u, span \
             FROM requests WHERE instance = $1 AND state = 'open' ORDER BY line, epoch, id"
        ))
        .bind(self.instance)
        .fetch_all(&mut *store.connection)
        .await?;
        let mut ended = 0;
        for row in &rows {
            let open = Open::of(row)?;
            let end = End {
                state: "committed",
                charged: open.reserved,
                loss: Usd::ZERO,
                usage: Usage::default(),
                counted_by: Some(CountedBy::Reservation),
                receipt: None,
                why: Some("its process died before it ended"),
            };
            end.write(store, &open).await?;
            ended += 1;
        }
        Ok(ended)
    }
}

/// A request that has not ended.
struct Open {
    id: RequestId,
    key: KeyId,
    line: Line,
    epoch: Epoch,
    name: Option<Vec<u8>>,
    reserved: Usd,
    span: Option<i64>,
}

impl Open {
    fn of(row: &AnyRow) -> Result<Self, LedgerError> {
        Ok(Self {
            id: RequestId(parsed(row, "id", "a request's id")?),
            key: KeyId(parsed(row, "key", "a key's id")?),
            line: parsed(row, "line", "a line")?,
            epoch: number(row, "epoch")?,
            name: row.try_get("name")?,
            reserved: usd(row, "reserved_d", "reserved_u")?,
            span: optional(row, "span")?,
        })
    }
}

/// How a request of these columns ended; `None` while it is open.
pub(super) fn ending(row: &AnyRow) -> Result<Option<Ending>, LedgerError> {
    let state: String = row.try_get("state")?;
    match state.as_str() {
        "open" => Ok(None),
        "released" => Ok(Some(Ending::Released)),
        "committed" => usd(row, "charged_d", "charged_u")
            .map(Ending::Committed)
            .map(Some),
        _ => Err(LedgerError::Corrupt {
            what: "a request's state",
            value: state,
        }),
    }
}

async fn open(store: &mut Store<'_>, id: RequestId) -> Result<Open, Fault<EndError>> {
    let row = sqlx::query(locked!(
        store,
        "SELECT id, key, line, epoch, name, state, reserved_d, reserved_u, charged_d, charged_u, span \
         FROM requests WHERE id = $1"
    ))
    .bind(id.to_string())
    .fetch_optional(&mut *store.connection)
    .await?;
    let row = row.ok_or(Fault::Refused(EndError::Unknown(id)))?;
    match ending(&row)? {
        Some(ending) => Err(Fault::Refused(EndError::Ended { id, ending })),
        None => Ok(Open::of(&row)?),
    }
}

/// Raises a reservation to `to`, or as far as line and key carry; a key revoked meanwhile still does. Answers what is
/// reserved now.
async fn extend(
    store: &mut Store<'_>,
    open: &Open,
    to: Usd,
) -> Result<(Usd, LineState), Fault<EndError>> {
    let known = lines::read_locked(store, open.line, open.epoch).await?;
    let known = known.ok_or_else(|| LedgerError::Corrupt {
        what: "a line",
        value: open.line.to_string(),
    })?;
    let mut more = to.saturating_sub(open.reserved).min(known.remaining());
    if let Some(span) = open.span {
        more = limits::raise(store, open.key, span, more).await?;
    }
    let line = lines::hold(store, open.line, open.epoch, more).await?;
    let line = line.ok_or_else(|| LedgerError::Corrupt {
        what: "a locked line",
        value: open.line.to_string(),
    })?;
    let amount = open
        .reserved
        .checked_add(more)
        .ok_or(LedgerError::Amount(more))?;
    let parts = Parts::of(amount)?;
    sqlx::query(
        "UPDATE requests SET reserved_d = $2, reserved_u = $3 WHERE id = $1 AND state = 'open'",
    )
    .bind(open.id.to_string())
    .bind(parts.dollars)
    .bind(parts.units)
    .execute(&mut *store.connection)
    .await?;
    Ok((amount, line))
}

struct End<'e> {
    state: &'static str,
    charged: Usd,
    loss: Usd,
    usage: Usage,
    counted_by: Option<CountedBy>,
    receipt: Option<&'e str>,
    why: Option<&'e str>,
}

impl End<'_> {
    async fn write<R: From<LedgerError>>(
        &self,
        store: &mut Store<'_>,
        open: &Open,
    ) -> Result<LineState, Fault<R>> {
        let charged = Parts::of(self.charged)?;
        let ended = sqlx::query(
            "UPDATE requests SET state = $2, charged_d = $3, charged_u = $4, loss = $5, input = $6, cached = $7, \
             output = $8, images = $9, counted_by = $10, receipt = $11, why = $12, ended_at = $13 \
             WHERE id = $1 AND state = 'open'",
        )
        .bind(open.id.to_string())
        .bind(self.state)
        .bind(charged.dollars)
        .bind(charged.units)
        .bind((self.loss > Usd::ZERO).then(|| self.loss.0.to_string()))
        .bind(column(self.usage.input))
        .bind(column(self.usage.cached))
        .bind(column(self.usage.output))
        .bind(column(self.usage.images))
        .bind(self.counted_by.map(CountedBy::name))
        .bind(self.receipt)
        .bind(self.why)
        .bind(now_millis())
        .execute(&mut *store.connection)
        .await?;
        if ended.rows_affected() != 1 {
            return Err(LedgerError::Corrupt {
                what: "an open request",
                value: open.id.to_string(),
            }
            .into());
        }
        if let Some(span) = open.span {
            limits::settle(store, open.key, span, open.reserved, self.charged).await?;
        }
        lines::settle(store, open.line, open.epoch, open.reserved, self.charged).await
    }
}

impl CountedBy {
    const ALL: [Self; 3] = [Self::Upstream, Self::Gateway, Self::Reservation];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Gateway => "gateway",
            Self::Reservation => "reservation",
        }
    }
}

impl std::str::FromStr for CountedBy {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|counted_by| counted_by.name() == text)
            .ok_or(())
    }
}
