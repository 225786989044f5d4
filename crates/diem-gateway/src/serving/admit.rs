//! Whether a request is admitted, and with how much.

use std::{sync::PoisonError, time::Instant};

use alloy::primitives::Address;
use serde_json::{Value, json};

use super::{Ask, Facts, Refusal, Serving, kept};
use crate::{
    chain::{Clock, Standing},
    ledger::{
        Idempotency, LineSeen, LineState, Repeat, RequestId, Reservation, Reserve, ReserveError,
        Want,
    },
    line::Line,
    money::Usd,
    pricing::{Bound, Counts, Family, ModelPrice, input_bound, output_bound, sold_with},
    utc,
};

/// What a model writes at most where neither the request nor the table says it.
const OUTPUT: u64 = 8192;
/// No line's allowance has more bits.
const MOST: Usd = Usd((1 << 91) - 1);

/// A request that may be sent.
pub(super) struct Admitted {
    pub(super) model: String,
    pub(super) price: ModelPrice,
    pub(super) input: u64,
    pub(super) bound: Bound,
    /// Written into the body where the client set no limit.
    pub(super) limit: Option<u64>,
    pub(super) reservation: Reservation,
    /// Whether the client asked for a stream, and for its usage.
    pub(super) stream: bool,
    pub(super) tells_usage: bool,
}

/// An earlier request's answer, or leave to begin.
pub(super) enum Admission {
    Begin(Box<Admitted>),
    Again(Box<(Facts, kept::Kept)>),
}

impl Serving {
    /// Holds the request against the clock, the line and the price, and reserves. The body is changed so that the
    /// upstream tells its usage.
    pub(super) async fn admit(&self, ask: &mut Ask) -> Result<Admission, Refusal> {
        let Some(model) = ask
            .body
            .get("model")
            .and_then(Value::as_str)
            .map(str::to_owned)
        else {
            return Err(Refusal::Body("the body names no model"));
        };
        let price = self
            .parts
            .prices
            .of(&model)
            .filter(|_| self.parts.upstreams.serves(&model));
        let price = price
            .cloned()
            .ok_or_else(|| Refusal::Model(model.clone()))?;
        let family = ask.family;
        if !sold_with(family, &price) {
            return Err(Refusal::Family { model, family });
        }
        if family == Family::Images && ask.body.get("stream").and_then(Value::as_bool) == Some(true)
        {
            return Err(Refusal::Body("images are not streamed here"));
        }
        let input = input_bound(family, &ask.body, &price)?;
        let bound = output_bound(family, &ask.body)?;
        let (want, free) = want(&price, input, bound)?;

        let clock = self.parts.lines.clock();
        if let Some(retry_after) = clock.retry_after() {
            return Err(Refusal::Closed {
                gate: clock.gate,
                retry_after,
                resets_at: clock.resets_at,
            });
        }
        let line = ask.key.key.line;
        self.held_still(line, ask.key.key.account).await?;
        let standing = self.parts.lines.standing(line).await?;
        self.belongs(&standing, &clock)?;
        self.observe(&standing, false).await?;
        let reserve = Reserve {
            id: RequestId::new(),
            key: ask.key.key.id,
            line,
            epoch: standing.epoch,
            model: model.clone(),
            want,
            idempotency: ask.idempotency.as_ref().map(|name| Idempotency {
                name: blake3::hash(name.as_bytes()).into(),
                keep_until: utc::machine_now().saturating_add(self.parts.settings.keep_answers),
            }),
            body_hash: ask.body_hash.0,
        };
        let reservation = match self.reserve(reserve, &standing, &clock).await? {
            Ok(reservation) => reservation,
            Err(repeat) => return self.again(ask, &standing, repeat).await,
        };
        let limit = match (free, want) {
            (true, Want::UpTo { .. }) => {
                let fits =
                    price.affordable_output_down(reservation.amount, input, bound.choices)?;
                Some(
                    fits.unwrap_or(u64::MAX)
                        .min(price.max_output.unwrap_or(OUTPUT)),
                )
            }
            _ => None,
        };
        let stream = ask.body.get("stream").and_then(Value::as_bool) == Some(true)
            && !matches!(family, Family::Embeddings);
        let tells_usage = force_usage(ask, stream);
        Ok(Admission::Begin(Box::new(Admitted {
            model,
            price,
            input,
            bound,
            limit,
            reservation,
            stream,
            tells_usage,
        })))
    }

    /// A lease's key works for as long as the account that made it holds the lease.
    async fn held_still(&self, line: Line, account: Address) -> Result<(), Refusal> {
        let Line::Lease(id) = line else { return Ok(()) };
        let lessee_known = self.parts.settings.lessee_known;
        let known = self
            .lessees
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .copied();
        let lessee = match known.filter(|(at, _)| at.elapsed() < lessee_known) {
            Some((_, lessee)) => lessee,
            None => {
                let lessee = self.accounts.lessee(id).await?;
                let mut lessees = self.lessees.lock().unwrap_or_else(PoisonError::into_inner);
                lessees.retain(|_, (at, _)| at.elapsed() < lessee_known);
                lessees.insert(id, (Instant::now(), lessee));
                lessee
            }
        };
        if lessee == Some(account) {
            Ok(())
        } else {
            Err(Refusal::NotLessee { id, account })
        }
    }

    /// The line as the ledger knows it, told what the chain said.
    pub(crate) async fn known(&self, standing: &Standing) -> Result<LineState, Refusal> {
        self.observe(standing, false).await?;
        let (line, epoch) = (standing.line, standing.epoch);
        let known = self.parts.ledger.line(line, epoch).await?;
        known.ok_or_else(|| {
            Refusal::Inner(format!(
                "the ledger has forgotten the line {line} in epoch {epoch}"
            ))
        })
    }

    fn belongs(&self, standing: &Standing, clock: &Clock) -> Result<(), Refusal> {
        let ours = self.parts.home.gateway;
        let Standing {
            line, allowance, ..
        } = *standing;
        if standing.gateway != Some(ours) {
            let ours_from =
                (standing.next_gateway == Some(ours)).then(|| standing.epoch.saturating_add(1));
            return Err(Refusal::Elsewhere {
                line,
                gateway: standing.gateway,
                ours,
                ours_from,
            });
        }
        let least = self.parts.settings.least_allowance;
        if allowance < least {
            return Err(Refusal::TooSmall {
                line,
                allowance,
                least,
                resets_at: clock.resets_at,
            });
        }
        Ok(())
    }

    /// Tells the ledger what the chain said, once for each epoch and allowance.
    pub(super) async fn observe(&self, standing: &Standing, again: bool) -> Result<(), Refusal> {
        let seen = (standing.epoch, standing.allowance);
        let known = |line: &Line| {
            self.observed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(line)
                .copied()
        };
        if !again && known(&standing.line) == Some(seen) {
            return Ok(());
        }
        let Standing {
            line,
            epoch,
            allowance,
            used,
            block,
            ..
        } = *standing;
        self.parts
            .ledger
            .observe(LineSeen {
                line,
                epoch,
                allowance,
                used,
                block,
            })
            .await?;
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        observed.retain(|_, (of, _)| *of == epoch);
        observed.insert(line, seen);
        Ok(())
    }

    /// Reserves; where it does not fit, reads the line again, because an allowance may rise within its epoch.
    async fn reserve(
        &self,
        reserve: Reserve,
        standing: &Standing,
        clock: &Clock,
    ) -> Result<Result<Reservation, Repeat>, Refusal> {
        let mut allowance = standing.allowance;
        let mut tried = false;
        loop {
            let error = match self.parts.ledger.reserve(reserve.clone()).await {
                Ok(reservation) => return Ok(Ok(reservation)),
                Err(error) => error,
            };
            match error {
                ReserveError::Repeat(repeat) => return Ok(Err(repeat)),
                ReserveError::UnknownLine { .. } if !tried => self.observe(standing, true).await?,
                ReserveError::InsufficientBalance { .. } if !tried => {
                    let fresh = self.parts.lines.fresh(reserve.line).await?;
                    if fresh.epoch == standing.epoch && fresh.allowance > allowance {
                        allowance = fresh.allowance;
                        self.observe(&fresh, false).await?;
                    } else {
                        return Err(refused(error, reserve.line, allowance, clock));
                    }
                }
                error => {
                    if let ReserveError::Ledger(_) = error {
                        // Whether it was written is not known; released, it binds nobody.
                        _ = self
                            .parts
                            .ledger
                            .release(reserve.id, "the reservation's writing failed")
                            .await;
                    }
                    return Err(refused(error, reserve.line, allowance, clock));
                }
            }
            tried = true;
        }
    }

    async fn again(
        &self,
        ask: &Ask,
        standing: &Standing,
        repeat: Repeat,
    ) -> Result<Admission, Refusal> {
        let (id, charged, answer, receipt) = match repeat {
            Repeat::OtherBody { id } => return Err(Refusal::OtherBody(id)),
            Repeat::Running { id } => return Err(Refusal::Running(id)),
            Repeat::Unkept { id, charged } => return Err(Refusal::Unkept { id, charged }),
            Repeat::Answered {
                id,
                charged,
                answer,
                receipt,
            } => (id, charged, answer, receipt),
        };
        let answer = kept::open(&ask.seal, &answer, ask.body_hash)
            .map_err(|error| Refusal::Inner(error.to_string()))?;
        let state = self
            .parts
            .ledger
            .line(standing.line, standing.epoch)
            .await?;
        let facts = Facts {
            request: id,
            line: standing.line,
            epoch: answer.epoch,
            reserved: Usd::ZERO,
            balance: state.map_or(Usd::ZERO, |state| state.remaining()),
            allowance: standing.allowance,
            cost: Some(charged),
            receipt,
        };
        Ok(Admission::Again(Box::new((facts, answer))))
    }
}

/// How much to reserve, and whether the answer's length is the gateway's to choose.
fn want(price: &ModelPrice, input: u64, bound: Bound) -> Result<(Want, bool), Refusal> {
    let most = |output: u64| {
        let counts = Counts {
            input,
            cached: if price.cached > price.input { input } else { 0 },
            output: output.saturating_mul(bound.choices),
            images: if bound.pixels > 0 { bound.choices } else { 0 },
            pixels: bound.pixels,
        };
        price.cost_up(counts)
    };
    Ok(match bound.output {
        Some(output) => (Want::Exactly(most(output)?), false),
        None if price.output.0 == 0 => (Want::Exactly(most(0)?), false),
        None => {
            let most_written = price.max_output.unwrap_or(OUTPUT);
            let want = Want::UpTo {
                least: most(1)?,
                most: most(most_written.max(1))?.min(MOST),
            };
            (want, true)
        }
    })
}

/// Has the upstream tell the usage of a stream; says whether the client asked for that itself.
fn force_usage(ask: &mut Ask, stream: bool) -> bool {
    if !stream || !matches!(ask.family, Family::Chat | Family::Completions) {
        return true;
    }
    let options = ask
        .body
        .entry("stream_options")
        .or_insert_with(|| json!({}));
    if !options.is_object() {
        *options = json!({});
    }
    let asked = options.get("include_usage").and_then(Value::as_bool) == Some(true);
    options["include_usage"] = true.into();
    asked
}

fn refused(error: ReserveError, line: Line, limit: Usd, clock: &Clock) -> Refusal {
    match error {
        ReserveError::InsufficientBalance { remaining, wanted } => Refusal::Balance {
            line,
            limit,
            remaining,
            wanted,
            resets_at: clock.resets_at,
        },
        ReserveError::KeyLimit {
            limit,
            remaining,
            wanted,
            period,
            resets,
        } => {
            let resets_at = resets.map(|epoch| u64::from(epoch) * utc::DAY);
            Refusal::KeyLimit {
                limit,
                remaining,
                wanted,
                period,
                resets_at,
            }
        }
        ReserveError::KeyGone(_) => Refusal::KeyGone,
        ReserveError::Ledger(error) => Refusal::Ledger(error),
        ReserveError::UnknownLine { .. } | ReserveError::Repeat(_) => {
            Refusal::Inner(error.to_string())
        }
    }
}
