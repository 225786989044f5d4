//! The settler: one act at a time, each of which may be the last.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use alloy::{eips::BlockId, primitives::TxHash, signers::local::PrivateKeySigner};
use tokio::{
    sync::{Notify, watch},
    time::{sleep, timeout},
};

use super::{
    Fees, Settings, SettleError,
    flight::{Flight, Sent, machine},
    refused::Refused,
};
use crate::{
    chain::{Chain, Clock, Gate, Lines},
    ledger::{Leadership, Ledger, SentStatement, Statement, StatementState},
    line::{Epoch, Line},
};

/// How many times a fresh offer a replacement may be raised to before it is only sent again.
const PLENTY: u128 = 10;

/// What came of one act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is nothing to tell.
    Idle,
    /// A transaction is under way.
    Waiting,
    /// Something changed; the next act may follow at once.
    Moved,
    /// What is left has to wait: the node refuses it.
    Blocked,
}

/// Settles one ledger as one account.
pub struct Settler {
    pub(super) chain: Chain,
    pub(super) ledger: Ledger,
    pub(super) signer: PrivateKeySigner,
    pub(super) settings: Settings,
    pub(super) refused: Refused,
    /// The transaction that the node found too cheap: replaced without waiting.
    too_cheap: Option<TxHash>,
    /// The last epoch seen, to tell when one ends.
    epoch: Epoch,
}

impl Settler {
    /// A settler that has done nothing yet. `signer` is the gateway.
    #[must_use]
    pub fn new(chain: Chain, ledger: Ledger, signer: PrivateKeySigner, settings: Settings) -> Self {
        // Yesterday may have ended while nobody looked.
        let epoch = Lines::clock(&chain).epoch.saturating_sub(1);
        Self {
            chain,
            ledger,
            signer,
            settings,
            refused: Refused::default(),
            too_cheap: None,
            epoch,
        }
    }

    pub(super) fn clock(&self) -> Clock {
        Lines::clock(&self.chain)
    }

    /// Lines whose statement the chain refuses, with its reasons.
    pub fn refused(&self) -> impl Iterator<Item = (Line, &str)> {
        self.refused.reasons()
    }

    /// Settles until told to stop, while no other process does.
    pub(super) async fn run(mut self, kick: Arc<Notify>, mut stop: watch::Receiver<bool>) {
        let mut lead: Option<Leadership> = None;
        let (mut due, mut closing) = (Instant::now(), None);
        loop {
            let stopping = *stop.borrow();
            let clock = self.clock();
            // The cut-off is a round of its own.
            if clock.closes() && closing != Some(clock.epoch) {
                closing = Some(clock.epoch);
                due = Instant::now();
            }
            if stopping || Instant::now() >= due {
                let outcome = self.turn(&mut lead, stopping).await;
                due = Instant::now() + self.pause(outcome.as_ref().ok());
                if let Err(error) = outcome {
                    metrics::counter!("diem_settle_failures_total").increment(1);
                    tracing::error!(%error, stopping, "cannot settle now; it is tried again");
                }
            }
            if stopping {
                return;
            }
            tokio::select! {
                () = sleep(self.settings.look) => {}
                () = kick.notified() => due = Instant::now(),
                _ = stop.changed() => {}
            }
        }
    }

    /// A round, if this process leads.
    async fn turn(
        &mut self,
        lead: &mut Option<Leadership>,
        stopping: bool,
    ) -> Result<Progress, SettleError> {
        if !self.lead(lead).await? {
            return Ok(Progress::Idle);
        }
        if stopping {
            return self.last_round().await;
        }
        self.round().await
    }

    /// Rounds until nothing is left to tell, or the time for stopping is over. A node that fails is asked again: whoever
    /// stops the gateway counts on the day's dollars being settled.
    async fn last_round(&mut self) -> Result<Progress, SettleError> {
        let until = Instant::now() + self.settings.stop_within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let outcome = timeout(left, self.round())
                .await
                .unwrap_or(Ok(Progress::Waiting));
            let again = match &outcome {
                Ok(Progress::Idle) => return outcome,
                Ok(Progress::Blocked) | Err(SettleError::Revoked(_)) => false,
                Ok(_) => true,
                // What is only to be looked at again is no reason to stay.
                Err(_) => self.owes().await?,
            };
            if !again || Instant::now() + self.settings.look >= until {
                tracing::error!(
                    ?outcome,
                    "stops with statements that no block has; the next start goes on with them"
                );
                return outcome;
            }
            sleep(self.settings.look).await;
        }
    }

    /// Whether a total of today is not on chain yet.
    async fn owes(&self) -> Result<bool, SettleError> {
        let left = self.ledger.unsettled(self.clock().epoch, false).await?;
        Ok(!left.is_empty())
    }

    fn pause(&self, outcome: Option<&Progress>) -> Duration {
        match outcome {
            _ if !self.clock().closes() => self.settings.every,
            Some(Progress::Idle | Progress::Moved) => self.settings.look,
            // What failed is no better for being asked at once.
            _ => self.settings.hurry_after.min(self.settings.every),
        }
    }

    /// Whether this process leads, and takes the lead where nobody does.
    async fn lead(&self, lead: &mut Option<Leadership>) -> Result<bool, SettleError> {
        if let Some(held) = lead
            && held.stands().await
        {
            return Ok(true);
        }
        *lead = self.ledger.lead().await?;
        metrics::gauge!("diem_settle_leads").set(if lead.is_some() { 1.0 } else { 0.0 });
        Ok(lead.is_some())
    }

    /// Acts until there is nothing to tell or what is left must wait.
    ///
    /// # Errors
    /// The node does not answer, or the journal fails: whatever is uncertain is told again later.
    pub async fn round(&mut self) -> Result<Progress, SettleError> {
        let begun = Instant::now();
        loop {
            match self.step().await? {
                Progress::Moved => {}
                Progress::Waiting => {
                    // A new round looks at the lead again.
                    if begun.elapsed() > self.settings.every {
                        return Ok(Progress::Waiting);
                    }
                    sleep(self.settings.look.min(Duration::from_millis(250))).await;
                }
                done => return Ok(done),
            }
        }
    }

    /// One act: looks for what is under way, replaces it, or states the next batch.
    ///
    /// # Errors
    /// As [`Settler::round`].
    pub async fn step(&mut self) -> Result<Progress, SettleError> {
        let clock = self.clock();
        self.refused.begin(clock.epoch);
        let pending = self.ledger.pending_statements().await?;
        let (sent, mined): (Vec<_>, Vec<_>) = pending
            .into_iter()
            .partition(|statement| statement.state == StatementState::Sent);
        let pending: Vec<SentStatement> =
            sent.into_iter().map(|statement| statement.sent).collect();
        let nonce = pending.iter().map(|flight| flight.nonce).min();
        if let Some(nonce) = nonce {
            let flights: Vec<_> = pending
                .into_iter()
                .filter(|flight| flight.nonce == nonce)
                .collect();
            return match self.look_for(&flights).await? {
                Flight::Landed => Ok(Progress::Moved),
                Flight::Reverted => Ok(Progress::Blocked),
                Flight::Under => self.push(clock, &flights).await,
            };
        }
        if self.finish(&mined).await? {
            return Ok(Progress::Moved);
        }
        if clock.gate == Gate::Revoked {
            return self.unregistered().await;
        }
        let Some((batch, gas)) = self.next(clock).await? else {
            self.report_ended(clock.epoch).await?;
            return Ok(Progress::Idle);
        };
        let base = self.chain.node().base_fee().await?;
        let nonce = self.chain.node().nonce(self.signer.address()).await?;
        let fees = Fees::fresh(base, self.settings.tip);
        let (hash, sent) = self
            .state(clock.epoch, &batch, nonce, gas, fees, None)
            .await?;
        self.handed(hash, sent).await
    }

    /// A transaction is in no block yet: sends it again, or replaces it with higher fees and today's totals.
    async fn push(
        &mut self,
        clock: Clock,
        flights: &[SentStatement],
    ) -> Result<Progress, SettleError> {
        let Some(last) = flights.iter().max_by_key(|flight| flight.max_fee) else {
            return Ok(Progress::Moved);
        };
        let age = Duration::from_secs(machine().saturating_sub(last.sent_at));
        let base = self.chain.node().base_fee().await?;
        let fresh = Fees::fresh(base, self.settings.tip);
        // What offers plenty and is in no block does not lack fees.
        let ample = last.max_fee >= fresh.max.saturating_mul(PLENTY);
        let waits = age < self.replace_after() || ample;
        if waits && self.too_cheap != Some(last.hash) && last.epoch == clock.epoch {
            if age >= self.settings.resend_after {
                let sent = self.hand_over(&last.raw).await?;
                return self.handed(last.hash, sent).await;
            }
            return Ok(Progress::Waiting);
        }
        // A statement about yesterday can only fail; today's takes its place.
        let Some((batch, gas)) = self.next(clock).await? else {
            self.report_ended(clock.epoch).await?;
            return Ok(Progress::Waiting);
        };
        let old = Fees {
            max: last.max_fee,
            tip: last.tip,
        };
        let fees = old.raised(base, self.settings.tip);
        metrics::counter!("diem_settle_replaced_total").increment(1);
        let replaces = Some(last.hash);
        let (hash, sent) = self
            .state(clock.epoch, &batch, last.nonce, gas, fees, replaces)
            .await?;
        self.handed(hash, sent).await
    }

    async fn handed(&mut self, hash: TxHash, sent: Sent) -> Result<Progress, SettleError> {
        self.too_cheap = None;
        match sent {
            Sent::Under => Ok(Progress::Waiting),
            Sent::TooCheap => {
                self.too_cheap = Some(hash);
                Ok(Progress::Waiting)
            }
            Sent::Refused(error) => {
                self.ledger
                    .statement_failed(hash, &error.to_string())
                    .await?;
                Err(error.into())
            }
        }
    }

    async fn unregistered(&self) -> Result<Progress, SettleError> {
        if self.owes().await? {
            return Err(SettleError::Revoked(self.signer.address()));
        }
        Ok(Progress::Idle)
    }

    /// Statements whose block is final are done with; one that has fallen out of the chain is under way again. Answers
    /// whether there is such a one.
    async fn finish(&self, mined: &[Statement]) -> Result<bool, SettleError> {
        let mut fallen = false;
        if mined.is_empty() {
            return Ok(fallen);
        }
        let node = self.chain.node();
        let last = node.settled_block(BlockId::finalized()).await?;
        for statement in mined {
            let StatementState::Mined(block) = statement.state else {
                continue;
            };
            let hash = statement.sent.hash;
            match node.receipt(hash).await? {
                Some(_) if last.is_some_and(|last| block <= last) => {
                    self.ledger.statement_final(hash, block).await?;
                }
                Some(_) => {}
                None => {
                    tracing::warn!(%hash, block, "the block of a statement has fallen out of the chain");
                    self.ledger.statement_unmined(hash).await?;
                    fallen = true;
                }
            }
        }
        Ok(fallen)
    }

    /// Tells, once, what an epoch that has ended leaves unsettled: it is the gateway's loss.
    async fn report_ended(&mut self, epoch: Epoch) -> Result<(), SettleError> {
        let ended = std::mem::replace(&mut self.epoch, epoch);
        if ended == epoch {
            return Ok(());
        }
        for lost in self.ledger.unsettled(ended, false).await? {
            metrics::counter!("diem_settle_lost_lines_total").increment(1);
            tracing::error!(line = %lost.line, epoch = ended, total = %lost.total, "an epoch ended before the line's total was settled; the rest is the gateway's loss");
        }
        Ok(())
    }
}
