//! A request begins: its dollars are held by guarded statements, all of them or none.

use sqlx::Row;

use super::{
    Ending, Idempotency, KeyId, LineState, Repeat, RequestId, Reservation, Reserve, ReserveError,
    SealedAnswer, Want,
    amount::Parts,
    ending::{Release, ending},
    limits, lines,
    store::{Fault, Store, column, hash, now_millis, parsed, usd},
    writer::{Queued, Waiting, Write},
};
use crate::{
    line::{Epoch, Line},
    money::Usd,
    steps::Step,
};

impl Write for Reserve {
    type Answer = Reservation;
    type Refusal = ReserveError;
    const STEP: Step = Step::Reserve;

    fn place(&self) -> Option<(Line, Epoch)> {
        Some((self.line, self.epoch))
    }

    async fn run(&self, store: &mut Store<'_>) -> Result<Reservation, Fault<ReserveError>> {
        let now = now_millis();
        if let Some(idempotency) = &self.idempotency {
            name_once(store, self, idempotency, now).await?;
        }
        let held = hold(store, self.key, self.line, self.epoch, self.want).await?;
        let amount = Parts::of(held.amount)?;
        sqlx::query(
            "INSERT INTO requests (id, key, line, epoch, instance, model, body_hash, name, state, reserved_d, \
             reserved_u, span, charged_d, charged_u, input, cached, output, images, opened_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, 0, 0, 0, 0, 0, 0, $12)",
        )
        .bind(self.id.to_string())
        .bind(self.key.to_string())
        .bind(self.line.to_string())
        .bind(i64::from(self.epoch))
        .bind(store.instance)
        .bind(self.model.as_str())
        .bind(self.body_hash.to_vec())
        .bind(self.idempotency.map(|idempotency| idempotency.name.to_vec()))
        .bind(amount.dollars)
        .bind(amount.units)
        .bind(held.span)
        .bind(now)
        .execute(&mut *store.connection)
        .await?;
        Ok(Reservation {
            id: self.id,
            amount: held.amount,
            line: held.line,
        })
    }

    /// Nobody will send it: nothing of it has begun.
    fn undo(&self, _: &Reservation) -> Option<Box<dyn Queued>> {
        let release = Release {
            id: self.id,
            place: Some((self.line, self.epoch)),
            why: "whoever asked had gone before it was reserved".into(),
        };
        Some(Box::new(Waiting::new(release).0))
    }
}

/// What a request holds.
pub(super) struct Held {
    pub(super) amount: Usd,
    pub(super) line: LineState,
    /// The span of the key's limit that counts it.
    pub(super) span: Option<i64>,
}

/// Holds of the line and of the key's limit what is wanted, or refuses.
pub(super) async fn hold(
    store: &mut Store<'_>,
    key: KeyId,
    line: Line,
    epoch: Epoch,
    want: Want,
) -> Result<Held, Fault<ReserveError>> {
    // The line's row first, whoever changes a limit does so too: what is read of the key then stays true.
    let (held, wanted) = match want {
        Want::Exactly(amount) => (lines::hold(store, line, epoch, amount).await?, amount),
        Want::UpTo { least, .. } => (None, least),
    };
    let known = match held {
        Some(state) => state,
        None => lines::read_locked(store, line, epoch)
            .await?
            .ok_or(Fault::Refused(ReserveError::UnknownLine { line, epoch }))?,
    };
    let limited = limits::read(store, key)
        .await?
        .filter(|limited| limited.line == line);
    let limited = limited.ok_or(Fault::Refused(ReserveError::KeyGone(key)))?;
    let left = limited.remaining(epoch);

    let amount = match want {
        Want::Exactly(amount) => amount,
        Want::UpTo { most, .. } => most.min(known.remaining()).min(left.unwrap_or(most)),
    };
    let poor = || {
        Fault::Refused(ReserveError::InsufficientBalance {
            remaining: known.remaining(),
            wanted,
        })
    };
    let line = match want {
        Want::Exactly(_) => held.ok_or_else(poor)?,
        Want::UpTo { least, .. } if known.remaining() < least => return Err(poor()),
        Want::UpTo { .. } => known,
    };
    let span = match limited.limit {
        None => None,
        Some(limit) => {
            let fits = amount >= wanted;
            let span = if fits {
                limits::hold(store, key, limited.period, epoch, amount).await?
            } else {
                None
            };
            let refusal = ReserveError::KeyLimit {
                limit,
                remaining: left.unwrap_or_default(),
                wanted,
                period: limited.period,
                resets: limited.period.bounds(epoch).1,
            };
            Some(span.ok_or(Fault::Refused(refusal))?)
        }
    };
    let line = match want {
        Want::Exactly(_) => line,
        Want::UpTo { .. } => lines::hold(store, line.line, epoch, amount)
            .await?
            .ok_or_else(poor)?,
    };
    Ok(Held { amount, line, span })
}

/// Writes the client's name for the request down, or tells what stands under it.
async fn name_once(
    store: &mut Store<'_>,
    ask: &Reserve,
    idempotency: &Idempotency,
    now: i64,
) -> Result<(), Fault<ReserveError>> {
    // A name whose time is over is free, unless its request has not ended.
    let taken = sqlx::query(
        "INSERT INTO idempotency (key, name, request, body_hash, keep_until) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (key, name) DO UPDATE SET request = excluded.request, body_hash = excluded.body_hash, \
         keep_until = excluded.keep_until, answer = NULL \
         WHERE idempotency.keep_until <= $6 AND NOT EXISTS \
         (SELECT 1 FROM requests WHERE requests.id = idempotency.request AND requests.state = 'open')",
    )
    .bind(ask.key.to_string())
    .bind(idempotency.name.to_vec())
    .bind(ask.id.to_string())
    .bind(ask.body_hash.to_vec())
    .bind(column(idempotency.keep_until))
    .bind(now / 1000)
    .execute(&mut *store.connection)
    .await?;
    if taken.rows_affected() > 0 {
        return Ok(());
    }
    let row = sqlx::query(
        "SELECT r.id, r.state, r.charged_d, r.charged_u, r.receipt, i.body_hash, i.answer \
         FROM idempotency i JOIN requests r ON r.id = i.request WHERE i.key = $1 AND i.name = $2",
    )
    .bind(ask.key.to_string())
    .bind(idempotency.name.to_vec())
    .fetch_one(&mut *store.connection)
    .await?;
    let id = RequestId(parsed(&row, "id", "a request's id")?);
    if hash(&row, "body_hash")? != ask.body_hash {
        return Err(Fault::Refused(ReserveError::Repeat(Repeat::OtherBody {
            id,
        })));
    }
    let repeat = match ending(&row)? {
        None => Repeat::Running { id },
        Some(Ending::Released) => Repeat::Unkept {
            id,
            charged: Usd::ZERO,
        },
        Some(Ending::Committed(charged)) => match row.try_get::<Option<Vec<u8>>, _>("answer")? {
            Some(answer) => Repeat::Answered {
                id,
                charged,
                answer: SealedAnswer(answer),
                receipt: row.try_get("receipt")?,
            },
            None => Repeat::Unkept {
                id,
                charged: usd(&row, "charged_d", "charged_u")?,
            },
        },
    };
    Err(Fault::Refused(ReserveError::Repeat(repeat)))
}
