//! Lines whose statement the chain refuses: found among the others, reported with its reason, and tried again alone.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use alloy::primitives::{Address, Bytes};

use super::{Batch, batch::Stated};
use crate::{
    chain::{Chain, ChainError},
    line::{Epoch, Line},
};

/// Lines that wait to be tried alone.
#[derive(Debug, Default)]
pub(super) struct Refused {
    epoch: Epoch,
    lines: HashMap<Line, (String, Instant)>,
}

impl Refused {
    /// Forgets what was refused in another epoch.
    pub(super) fn begin(&mut self, epoch: Epoch) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.lines.clear();
        }
    }

    /// Whether a line has been refused and not been stated since.
    pub(super) fn has(&self, line: &Line) -> bool {
        self.lines.contains_key(line)
    }

    /// The first of `totals` that was refused and is due to be tried again.
    pub(super) fn due(&self, totals: &[Stated], now: Instant) -> Option<Stated> {
        let due = |(line, _): &&Stated| self.lines.get(line).is_some_and(|(_, at)| *at < now);
        totals.iter().find(due).copied()
    }

    /// A line was refused; it is tried again after `pause`.
    pub(super) fn add(&mut self, line: Line, reason: String, pause: Duration) {
        let again = Instant::now() + pause;
        let known = self.lines.insert(line, (reason.clone(), again));
        if known.is_none_or(|(known, _)| known != reason) {
            tracing::error!(%line, epoch = self.epoch, reason, "the chain refuses the statement of a line");
            metrics::counter!("diem_settle_refused_total").increment(1);
        }
        self.count();
    }

    /// A line was stated after all.
    pub(super) fn remove(&mut self, line: &Line) {
        if self.lines.remove(line).is_some() {
            tracing::info!(%line, epoch = self.epoch, "the chain takes the statement of the line again");
        }
        self.count();
    }

    /// The lines with their reasons.
    pub(super) fn reasons(&self) -> impl Iterator<Item = (Line, &str)> {
        self.lines
            .iter()
            .map(|(line, (reason, _))| (*line, reason.as_str()))
    }

    fn count(&self) {
        metrics::gauge!("diem_settle_refused_lines").set(self.lines.len() as f64);
    }
}

/// Which lines of a refused batch are refused alone, with the reason: by halves, so that a few bad ones among many cost
/// few questions.
pub(super) async fn isolate(
    chain: &Chain,
    from: Address,
    epoch: Epoch,
    batch: &Batch,
) -> Result<Vec<(Line, String)>, ChainError> {
    let (mut parts, mut refused) = (vec![batch.clone()], Vec::new());
    while let Some(part) = parts.pop() {
        let call: Bytes = part.call(epoch);
        let reason = match chain.node().try_out(from, chain.diem(), call).await {
            Ok(()) => continue,
            Err(ChainError::Refused { cause, .. }) => cause,
            Err(error) => return Err(error),
        };
        match part.stated() {
            [(line, _)] => refused.push((*line, reason)),
            _ => parts.extend(part.halves()),
        }
    }
    Ok(refused)
}
