//! What a key's limit leaves. Only keys with a limit are counted as they spend; any other's sum is made from its requests.

use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    KeyError, KeyId, KeyUse, LedgerError, Period,
    amount::{Parts, sum_of, summed},
    store::{Fault, Store, locked, optional, parsed, usd},
};
use crate::{
    line::{Epoch, Line},
    money::Usd,
};

impl Period {
    const ALL: [Self; 3] = [Self::Epoch, Self::Month, Self::Lifetime];

    /// The number of the period that holds an epoch; it grows with time and differs from those of other kinds.
    pub(super) fn span(self, epoch: Epoch) -> i64 {
        let (kind, number) = match self {
            Self::Epoch => (0, i64::from(epoch)),
            Self::Month => {
                let (year, month, _) = civil(epoch);
                (1, year * 12 + month)
            }
            Self::Lifetime => (2, 0),
        };
        number * 3 + kind
    }

    /// The first epoch of the period and the first after it.
    pub(super) fn bounds(self, epoch: Epoch) -> (Epoch, Option<Epoch>) {
        match self {
            Self::Epoch => (epoch, epoch.checked_add(1)),
            Self::Month => {
                let (year, month, day) = civil(epoch);
                let first = epoch.saturating_sub(u32::try_from(day).unwrap_or(1) - 1);
                let length = match month {
                    2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
                    2 => 28,
                    4 | 6 | 9 | 11 => 30,
                    _ => 31,
                };
                (first, first.checked_add(length))
            }
            Self::Lifetime => (0, None),
        }
    }
}

impl std::str::FromStr for Period {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|period| period.to_string() == text)
            .ok_or(())
    }
}

/// Year, month and day of an epoch, from 1. Counted from a March, so that the odd day is a year's last.
fn civil(epoch: Epoch) -> (i64, i64, i64) {
    let days = i64::from(epoch) + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let march = (5 * day + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (
        era * 400 + year + i64::from(month <= 2),
        month,
        day - (153 * march + 2) / 5 + 1,
    )
}

/// A key as a request needs it.
pub(super) struct Limited {
    pub(super) line: Line,
    pub(super) limit: Option<Usd>,
    pub(super) period: Period,
    span: i64,
    held: Usd,
}

impl Limited {
    /// What the limit leaves in the period of `epoch`; `None` without a limit.
    pub(super) fn remaining(&self, epoch: Epoch) -> Option<Usd> {
        let limit = self.limit?;
        let held = if self.span < self.period.span(epoch) {
            Usd::ZERO
        } else {
            self.held
        };
        Some(limit.saturating_sub(held))
    }
}

/// A key that is neither unknown nor revoked.
pub(super) async fn read(
    store: &mut Store<'_>,
    key: KeyId,
) -> Result<Option<Limited>, LedgerError> {
    let row = sqlx::query(
        "SELECT line, limit_d, limit_u, period, span, held_d, held_u FROM keys WHERE id = $1 AND revoked_at IS NULL",
    )
    .bind(key.to_string())
    .fetch_optional(&mut *store.connection)
    .await?;
    row.map(|row| limited(&row)).transpose()
}

fn limited(row: &AnyRow) -> Result<Limited, LedgerError> {
    Ok(Limited {
        line: parsed(row, "line", "a line")?,
        limit: limit(row)?,
        period: parsed(row, "period", "a period")?,
        span: row.try_get("span")?,
        held: usd(row, "held_d", "held_u")?,
    })
}

/// The limit's columns, both of which may be empty.
pub(super) fn limit(row: &AnyRow) -> Result<Option<Usd>, LedgerError> {
    match optional::<i64>(row, "limit_d")? {
        None => Ok(None),
        Some(_) => usd(row, "limit_d", "limit_u").map(Some),
    }
}

/// Counts `amount` against the key's limit, if it leaves that: one statement asks and takes. Answers the span that
/// counts it, or `None` where the limit does not leave it.
///
/// A request of yesterday that comes after one of today counts in today's span: late, but never uncounted.
pub(super) async fn hold(
    store: &mut Store<'_>,
    key: KeyId,
    period: Period,
    epoch: Epoch,
    amount: Usd,
) -> Result<Option<i64>, LedgerError> {
    let Ok(amount) = Parts::of(amount) else {
        return Ok(None);
    };
    let span = period.span(epoch);
    let row = sqlx::query(
        "UPDATE keys SET span = CASE WHEN span < $2 THEN $2 ELSE span END, \
         held_d = CASE WHEN span < $2 THEN $3 ELSE held_d + $3 + (held_u + $4) / 1000000000000000000 END, \
         held_u = CASE WHEN span < $2 THEN $4 ELSE (held_u + $4) % 1000000000000000000 END \
         WHERE id = $1 AND (CASE WHEN span < $2 THEN $3 ELSE held_d + $3 + (held_u + $4) / 1000000000000000000 END, \
         CASE WHEN span < $2 THEN $4 ELSE (held_u + $4) % 1000000000000000000 END) <= (limit_d, limit_u) \
         RETURNING span",
    )
    .bind(key.to_string())
    .bind(span)
    .bind(amount.dollars)
    .bind(amount.units)
    .fetch_optional(&mut *store.connection)
    .await?;
    Ok(row.map(|row| row.try_get("span")).transpose()?)
}

/// Counts as much of `amount` as the limit leaves, where `span` is the one that the key counts now; all of it is free
/// to go where it is not. Answers how much.
pub(super) async fn raise(
    store: &mut Store<'_>,
    key: KeyId,
    span: i64,
    amount: Usd,
) -> Result<Usd, LedgerError> {
    let row = sqlx::query(locked!(
        store,
        "SELECT limit_d, limit_u, held_d, held_u FROM keys WHERE id = $1 AND span = $2 AND limit_d IS NOT NULL"
    ))
    .bind(key.to_string())
    .bind(span)
    .fetch_optional(&mut *store.connection)
    .await?;
    let Some(row) = row else { return Ok(amount) };
    let left = usd(&row, "limit_d", "limit_u")?.saturating_sub(usd(&row, "held_d", "held_u")?);
    let amount = amount.min(left);
    count(store, key, span, Parts::of(amount)?).await?;
    Ok(amount)
}

/// Takes a reservation's place in the key's count by its charge, where the span that counted it is still the key's.
pub(super) async fn settle<R: From<LedgerError>>(
    store: &mut Store<'_>,
    key: KeyId,
    span: i64,
    reserved: Usd,
    charged: Usd,
) -> Result<(), Fault<R>> {
    Ok(count(store, key, span, Parts::change(charged, reserved)?).await?)
}

async fn count(store: &mut Store<'_>, key: KeyId, span: i64, by: Parts) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE keys SET held_d = held_d + $3 + (held_u + $4) / 1000000000000000000, \
         held_u = (held_u + $4) % 1000000000000000000 WHERE id = $1 AND span = $2 AND limit_d IS NOT NULL",
    )
    .bind(key.to_string())
    .bind(span)
    .bind(by.dollars)
    .bind(by.units)
    .execute(&mut *store.connection)
    .await?;
    Ok(())
}

/// Begins the count of a limit: what the key's requests hold in the period of `epoch`, open ones included. They count
/// there from now on.
pub(super) async fn begin(
    store: &mut Store<'_>,
    key: KeyId,
    line: Line,
    period: Period,
    epoch: Epoch,
) -> Result<(), Fault<KeyError>> {
    // Whoever reserves holds its line's row, and looks at the key after that.
    let rows = sqlx::query(locked!(
        store,
        "SELECT epoch FROM lines WHERE line = $1 ORDER BY epoch"
    ))
    .bind(line.to_string())
    .fetch_all(&mut *store.connection)
    .await?;
    drop(rows);
    let (first, next) = period.bounds(epoch);
    let held = spent(&mut *store.connection, key, first, next).await?;
    let (span, parts) = (period.span(epoch), Parts::of(held)?);
    sqlx::query("UPDATE keys SET span = $2, held_d = $3, held_u = $4 WHERE id = $1")
        .bind(key.to_string())
        .bind(span)
        .bind(parts.dollars)
        .bind(parts.units)
        .execute(&mut *store.connection)
        .await?;
    sqlx::query(
        "UPDATE requests SET span = CASE WHEN epoch >= $3 AND epoch < $4 THEN $2 ELSE NULL END WHERE key = $1",
    )
    .bind(key.to_string())
    .bind(span)
    .bind(i64::from(first))
    .bind(next.map_or(i64::MAX, i64::from))
    .execute(&mut *store.connection)
    .await?;
    Ok(())
}

/// The query for what those requests of a key ($1) were charged, and reserve while open, of which `$which` holds.
macro_rules! spent_where {
    ($which:literal) => {
        concat!(
            "SELECT ",
            sum_of!(
                "CASE WHEN state = 'open' THEN reserved_d ELSE charged_d END",
                "CASE WHEN state = 'open' THEN reserved_u ELSE charged_u END",
                "spent"
            ),
            " FROM requests WHERE key = $1 AND ",
            $which
        )
    };
}

/// What [`spent_where`] found.
fn spent_in(row: &AnyRow) -> Result<Usd, LedgerError> {
    summed(
        row.try_get("spent_d")?,
        row.try_get("spent_h")?,
        row.try_get("spent_l")?,
    )
}

/// What the key's requests of `first <= epoch < next` were charged, and reserve while open.
async fn spent(
    connection: &mut AnyConnection,
    key: KeyId,
    first: Epoch,
    next: Option<Epoch>,
) -> Result<Usd, LedgerError> {
    let row = sqlx::query(spent_where!("epoch >= $2 AND epoch < $3"))
        .bind(key.to_string())
        .bind(i64::from(first))
        .bind(next.map_or(i64::MAX, i64::from))
        .fetch_one(connection)
        .await?;
    spent_in(&row)
}

/// What the requests that a span counts were charged, and reserve while open.
pub(super) async fn counted(
    connection: &mut AnyConnection,
    key: KeyId,
    span: i64,
) -> Result<Usd, LedgerError> {
    let row = sqlx::query(spent_where!("span = $2"))
        .bind(key.to_string())
        .bind(span)
        .fetch_one(connection)
        .await?;
    spent_in(&row)
}

/// What a key has spent in the period of `epoch`.
pub(super) async fn used(
    connection: &mut AnyConnection,
    key: KeyId,
    epoch: Epoch,
) -> Result<Option<KeyUse>, LedgerError> {
    let row = sqlx::query(
        "SELECT line, limit_d, limit_u, period, span, held_d, held_u FROM keys WHERE id = $1",
    )
    .bind(key.to_string())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let known = limited(&row)?;
    let (first, next) = known.period.bounds(epoch);
    let held = if known.limit.is_some() && known.span == known.period.span(epoch) {
        known.held
    } else {
        spent(connection, key, first, next).await?
    };
    Ok(Some(KeyUse {
        limit: known.limit,
        period: known.period,
        held,
        resets: next,
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed expectation is the test's failure

    use super::*;

    #[test]
    fn a_month_begins_and_ends_where_the_calendar_says() {
        // `date -u -d 2028-02-01 +%s` / 86400, and so on.
        for (epoch, date) in [
            (0, (1970, 1, 1)),
            (11_016, (2000, 2, 29)),
            (20_783, (2026, 11, 26)),
            (21_215, (2028, 2, 1)),
        ] {
            assert_eq!(civil(epoch), date);
        }
        assert_eq!(Period::Month.bounds(20_783), (20_758, Some(20_788)));
        assert_eq!(Period::Month.bounds(21_243), (21_215, Some(21_244)));
        assert_eq!(Period::Month.bounds(21_244), (21_244, Some(21_275)));
    }

    #[test]
    fn the_spans_of_all_days_and_months_follow_each_other_without_a_gap() {
        for period in [Period::Epoch, Period::Month] {
            let mut epoch = 0;
            while epoch < 80_000 {
                let (first, next) = period.bounds(epoch);
                let next = next.unwrap();
                assert_eq!(first, epoch);
                assert_eq!(period.bounds(next - 1), (first, Some(next)));
                assert_eq!(period.span(next - 1), period.span(first));
                assert_eq!(period.span(next), period.span(first) + 3);
                epoch = next;
            }
        }
    }
}
