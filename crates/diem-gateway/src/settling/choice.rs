//! The next batch: as much as the gas of a block allows, without what the chain refuses.

use std::time::Instant;

use alloy::primitives::Bytes;

use super::{Batch, SettleError, Settler, Stated, refused::isolate};
use crate::{
    chain::{ChainError, Clock},
    line::Epoch,
};

impl Settler {
    /// The next batch that the chain would take, with its gas.
    pub(super) async fn next(&mut self, clock: Clock) -> Result<Option<(Batch, u64)>, SettleError> {
        let totals = self.ledger.unsettled(clock.epoch, clock.closes()).await?;
        let totals: Vec<Stated> = totals
            .into_iter()
            .map(|total| (total.line, total.total))
            .collect();
        metrics::gauge!("diem_settle_unsettled_lines").set(totals.len() as f64);
        // What is refused from here on is not due again in this call, however short the pause.
        let now = Instant::now();
        loop {
            let open: Vec<Stated> = totals
                .iter()
                .filter(|(line, _)| !self.refused.has(line))
                .copied()
                .collect();
            let batch = match Batch::next(&open, self.settings.most_lines) {
                Some(batch) => batch,
                // Only who was refused is left.
                None => {
                    let due = self.refused.due(&totals, now);
                    let Some(batch) = due.and_then(|stated| Batch::next(&[stated], 1)) else {
                        return Ok(None);
                    };
                    batch
                }
            };
            if let Some(fits) = self.fit(clock.epoch, batch).await? {
                return Ok(Some(fits));
            }
        }
    }

    /// As much of a batch as the gas of a block allows; `None` where lines of it are refused, which are set aside.
    async fn fit(
        &mut self,
        epoch: Epoch,
        mut batch: Batch,
    ) -> Result<Option<(Batch, u64)>, SettleError> {
        let (from, diem) = (self.signer.address(), self.chain.diem());
        loop {
            let call: Bytes = batch.call(epoch);
            let count = batch.stated().len();
            match self.chain.node().estimate(from, diem, call).await {
                Ok(gas) if gas <= self.settings.most_gas => {
                    for (line, _) in batch.stated() {
                        self.refused.remove(line);
                    }
                    return Ok(Some((batch, gas)));
                }
                Ok(gas) => match batch.stated() {
                    [(line, total)] => {
                        let (line, total, most) = (*line, *total, self.settings.most_gas);
                        return Err(SettleError::Gas {
                            line,
                            epoch,
                            total,
                            gas,
                            most,
                        });
                    }
                    _ => {
                        let share =
                            u128::from(self.settings.most_gas) * count as u128 / u128::from(gas);
                        let fewer = usize::try_from(share).unwrap_or(count).min(count - 1);
                        batch = batch.first(fewer);
                    }
                },
                Err(ChainError::Refused {
                    reverted: false, ..
                }) if count > 1 => {
                    // Past the gas that the node lends to an estimate.
                    batch = batch.first(count / 2);
                }
                Err(error @ ChainError::Refused { .. }) => {
                    self.set_aside(epoch, &batch, error).await?;
                    return Ok(None);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn set_aside(
        &mut self,
        epoch: Epoch,
        batch: &Batch,
        error: ChainError,
    ) -> Result<(), SettleError> {
        // What concerns all of them is no line's fault: a revocation, or midnight.
        let head = self.chain.look().await?;
        if !head.allowed {
            return Err(SettleError::Revoked(self.signer.address()));
        }
        if self.clock().epoch != epoch {
            return Err(error.into());
        }
        let refused = isolate(&self.chain, self.signer.address(), epoch, batch).await?;
        if refused.is_empty() {
            return Err(error.into());
        }
        for (line, reason) in refused {
            self.refused.add(line, reason, self.settings.refused_for);
        }
        Ok(())
    }
}
