//! The audit: every sum of the journal made again from its parts.

use std::{collections::BTreeMap, fmt};

use sqlx::{AnyConnection, AnyPool, Connection, Row};

use super::{
    KeyId, LedgerError, LineState, RequestId,
    amount::{sum_of, summed},
    limits,
    store::{Dialect, line_columns, line_state, number, parsed, usd},
};
use crate::{
    line::{Epoch, Line},
    money::Usd,
};

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Every line in every epoch, in order.
    pub lines: Vec<LineAudit>,
    /// Everything that does not agree; empty when all does.
    pub disagreements: Vec<Disagreement>,
}

/// Sums of a line in one epoch. Amounts in units of 1e-18 dollar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineAudit {
    /// The line.
    pub line: Line,
    /// The epoch.
    pub epoch: Epoch,
    /// What the chain gave.
    pub allowance: Usd,
    /// What the chain had settled that this journal did not state.
    pub opening: Usd,
    /// Sum of what requests were charged.
    pub charged: Usd,
    /// Sum of what open requests reserve.
    pub open: Usd,
    /// The largest total that was sent.
    pub stated: Usd,
    /// The largest total that is final on chain.
    pub confirmed: Usd,
    /// Cost above what the line carried: the gateway's loss.
    pub loss: Usd,
}

/// Two figures that must agree and do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The line, where one is concerned.
    pub line: Option<(Line, Epoch)>,
    /// The request, where one is concerned.
    pub request: Option<RequestId>,
    /// What disagrees, with the figures.
    pub what: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, epoch)) = self.line {
            write!(f, "line {line} in epoch {epoch}: ")?;
        }
        if let Some(request) = self.request {
            write!(f, "request {request}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// The audit as of one moment, whoever writes meanwhile.
pub(super) async fn at_one_moment(reads: &AnyPool, dialect: Dialect) -> Result<Audit, LedgerError> {
    let mut reader = reads.acquire().await?;
    let mut moment = reader.begin().await?;
    if dialect == Dialect::Postgres {
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .execute(&mut *moment)
            .await?;
    }
    let audit = audit(&mut moment).await?;
    moment.rollback().await?;
    Ok(audit)
}

/// Makes every sum again. Reads all requests: for a check, not for a door.
///
/// All of it must come from one moment: the connection is in a transaction that sees one.
async fn audit(connection: &mut AnyConnection) -> Result<Audit, LedgerError> {
    let mut found = Audit {
        lines: Vec::new(),
        disagreements: Vec::new(),
    };
    let mut parts = parts(connection).await?;
    let losses = losses(connection).await?;
    let rows = sqlx::query(concat!(
        "SELECT opening_d, opening_u, stated_d, stated_u, confirmed_d, confirmed_u, ",
        line_columns!(),
        " FROM lines ORDER BY line, epoch"
    ))
    .fetch_all(&mut *connection)
    .await?;
    for row in &rows {
        let state = line_state(row)?;
        let (charged, open) = parts.remove(&(state.line, state.epoch)).unwrap_or_default();
        let line = LineAudit {
            line: state.line,
            epoch: state.epoch,
            allowance: state.allowance,
            opening: usd(row, "opening_d", "opening_u")?,
            charged,
            open,
            stated: usd(row, "stated_d", "stated_u")?,
            confirmed: usd(row, "confirmed_d", "confirmed_u")?,
            loss: losses
                .get(&(state.line, state.epoch))
                .copied()
                .unwrap_or_default(),
        };
        found.disagreements.extend(of_line(&line, &state));
        found.lines.push(line);
    }
    for ((line, epoch), (charged, open)) in parts {
        found.disagreements.push(Disagreement {
            line: Some((line, epoch)),
            request: None,
            what: format!("requests were charged {charged} and reserve {open}, but the line is not in the journal"),
        });
    }
    found.disagreements.extend(of_requests(connection).await?);
    found
        .disagreements
        .extend(of_statements(connection, &found.lines).await?);
    found.disagreements.extend(of_keys(connection).await?);
    Ok(found)
}

type Place = (Line, Epoch);

async fn parts(connection: &mut AnyConnection) -> Result<BTreeMap<Place, (Usd, Usd)>, LedgerError> {
    let rows = sqlx::query(concat!(
        "SELECT line, epoch, ",
        sum_of!("charged_d", "charged_u", "charged"),
        ", ",
        sum_of!(
            "CASE WHEN state = 'open' THEN reserved_d ELSE 0 END",
            "CASE WHEN state = 'open' THEN reserved_u ELSE 0 END",
            "open"
        ),
        " FROM requests GROUP BY line, epoch"
    ))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let charged = summed(
                row.try_get("charged_d")?,
                row.try_get("charged_h")?,
                row.try_get("charged_l")?,
            )?;
            let open = summed(
                row.try_get("open_d")?,
                row.try_get("open_h")?,
                row.try_get("open_l")?,
            )?;
            Ok((
                (parsed(row, "line", "a line")?, number(row, "epoch")?),
                (charged, open),
            ))
        })
        .collect()
}

async fn losses(connection: &mut AnyConnection) -> Result<BTreeMap<Place, Usd>, LedgerError> {
    let rows = sqlx::query("SELECT line, epoch, loss FROM requests WHERE loss IS NOT NULL")
        .fetch_all(connection)
        .await?;
    let mut losses: BTreeMap<Place, Usd> = BTreeMap::new();
    for row in &rows {
        let sum = losses
            .entry((parsed(row, "line", "a line")?, number(row, "epoch")?))
            .or_default();
        sum.0 = sum.0.saturating_add(parsed(row, "loss", "a loss")?);
    }
    Ok(losses)
}

/// What of a line does not agree with its parts.
fn of_line(line: &LineAudit, state: &LineState) -> Vec<Disagreement> {
    let committed = Usd(line.opening.0 + line.charged.0);
    let held = Usd(committed.0 + line.open.0);
    let mut found = Vec::new();
    let mut tell = |what: String| {
        found.push(Disagreement {
            line: Some((line.line, line.epoch)),
            request: None,
            what,
        });
    };
    if state.committed != committed {
        tell(format!(
            "{} committed, but {} at first sight and {} charged make {committed}",
            state.committed, line.opening, line.charged
        ));
    }
    if state.held != held {
        tell(format!(
            "{} held, but {committed} committed and {} open make {held}",
            state.held, line.open
        ));
    }
    if held > line.allowance {
        tell(format!("{held} held of an allowance of {}", line.allowance));
    }
    if line.stated > line.allowance {
        tell(format!(
            "{} stated of an allowance of {}",
            line.stated, line.allowance
        ));
    }
    if line.confirmed > line.stated {
        tell(format!(
            "{} confirmed, but only {} stated",
            line.confirmed, line.stated
        ));
    }
    found
}

/// What of a request contradicts itself. The tables' CHECKs refuse most of it; a file changed by hand knows none.
async fn of_requests(connection: &mut AnyConnection) -> Result<Vec<Disagreement>, LedgerError> {
    let rows = sqlx::query(
        "SELECT id, line, epoch, state, reserved_d, reserved_u, charged_d, charged_u, ended_at FROM requests \
         WHERE (charged_d, charged_u) > (reserved_d, reserved_u) \
         OR (state <> 'committed' AND (charged_d, charged_u) <> (0, 0)) OR (state = 'open') <> (ended_at IS NULL)",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let (state, ended_at): (String, Option<i64>) =
                (row.try_get("state")?, row.try_get("ended_at")?);
            let (reserved, charged) = (
                usd(row, "reserved_d", "reserved_u")?,
                usd(row, "charged_d", "charged_u")?,
            );
            let ended = if ended_at.is_some() {
                "with"
            } else {
                "without"
            };
            Ok(Disagreement {
                line: Some((parsed(row, "line", "a line")?, number(row, "epoch")?)),
                request: Some(RequestId(parsed(row, "id", "a request's id")?)),
                what: format!("{state}, reserved {reserved}, charged {charged}, {ended} an end"),
            })
        })
        .collect()
}

/// Lines whose stated or confirmed total is not the largest of their transactions.
async fn of_statements(
    connection: &mut AnyConnection,
    lines: &[LineAudit],
) -> Result<Vec<Disagreement>, LedgerError> {
    let rows = sqlx::query(
        "SELECT t.line, t.epoch, t.total_d, t.total_u, s.state FROM statement_totals t \
         JOIN statements s ON s.hash = t.hash",
    )
    .fetch_all(connection)
    .await?;
    let mut totals: BTreeMap<Place, (Usd, Usd)> = BTreeMap::new();
    for row in &rows {
        let (total, state): (Usd, String) =
            (usd(row, "total_d", "total_u")?, row.try_get("state")?);
        let known = totals
            .entry((parsed(row, "line", "a line")?, number(row, "epoch")?))
            .or_default();
        known.0 = known.0.max(total);
        if state == "final" {
            known.1 = known.1.max(total);
        }
    }
    let mut found = Vec::new();
    for line in lines {
        let (sent, confirmed) = totals.remove(&(line.line, line.epoch)).unwrap_or_default();
        for (what, recorded, made) in [
            ("stated", line.stated, sent),
            ("confirmed", line.confirmed, confirmed),
        ] {
            // What stood on chain at first sight counts as stated and confirmed.
            if recorded != made && !(made < recorded && recorded <= line.opening) {
                found.push(Disagreement {
                    line: Some((line.line, line.epoch)),
                    request: None,
                    what: format!("{recorded} {what}, but its transactions make {made}"),
                });
            }
        }
    }
    for ((line, epoch), (sent, _)) in totals {
        let what = format!("{sent} stated, but the line is not in the journal");
        found.push(Disagreement {
            line: Some((line, epoch)),
            request: None,
            what,
        });
    }
    Ok(found)
}

/// Keys whose count is not the sum of the requests that it counts.
async fn of_keys(connection: &mut AnyConnection) -> Result<Vec<Disagreement>, LedgerError> {
    let rows = sqlx::query(
        "SELECT id, period, span, held_d, held_u FROM keys WHERE limit_d IS NOT NULL ORDER BY id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::new();
    for row in &rows {
        let key = KeyId(parsed(row, "id", "a key's id")?);
        let (span, held): (i64, Usd) = (row.try_get("span")?, usd(row, "held_d", "held_u")?);
        let spent = limits::counted(connection, key, span).await?;
        if spent != held {
            let what =
                format!("key {key} counts {held} against its limit, its requests make {spent}");
            found.push(Disagreement {
                line: None,
                request: None,
                what,
            });
        }
    }
    Ok(found)
}
