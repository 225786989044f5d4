//! The end of a reservation: the cost, its receipt, the commit.

use super::{
    Ask, Refusal, Serving,
    admit::Admitted,
    kept::{self, Kept},
};
use crate::{
    ledger::{Actual, CountedBy, EndError, LedgerError, RequestId, Usage},
    line::{Epoch, Line},
    money::Usd,
    pricing::Counts,
    receipts::Receipt,
    utc,
};

/// What a client is told of a request's money, in units of 1e-18 dollar.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The request.
    pub request: RequestId,
    /// The line that pays.
    pub line: Line,
    /// The epoch that admitted it and pays.
    pub epoch: Epoch,
    /// What was reserved.
    pub reserved: Usd,
    /// What the line has left after it.
    pub balance: Usd,
    /// What the line had in all.
    pub allowance: Usd,
    /// What it cost, once it is known.
    pub cost: Option<Usd>,
    /// Its signed receipt, likewise.
    pub receipt: Option<String>,
}

/// Receipts signed at a time.
const LEFT: u32 = 100;

/// What was used, and who says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Used {
    pub(super) counts: Counts,
    pub(super) by: CountedBy,
}

/// The cost of a request that has been told to nobody yet.
pub(super) struct Due {
    used: Used,
    pub(super) cost: Usd,
}

impl Admitted {
    /// What is known before the end.
    pub(super) fn facts(&self) -> Facts {
        let line = &self.reservation.line;
        Facts {
            request: self.reservation.id,
            line: line.line,
            epoch: line.epoch,
            reserved: self.reservation.amount,
            balance: line.remaining(),
            allowance: line.allowance,
            cost: None,
            receipt: None,
        }
    }

    /// What `used` costs. The gateway's own count, a guess, never costs more than what was reserved; what an upstream
    /// counted does where the line carries it.
    fn price_of(&self, used: Used) -> Usd {
        let reserved = self.reservation.amount;
        match (used.by, self.price.cost_up(used.counts)) {
            (CountedBy::Reservation, _) => reserved,
            (CountedBy::Gateway, Ok(cost)) => cost.min(reserved),
            (CountedBy::Upstream, Ok(cost)) => cost,
            (_, Err(_)) => reserved,
        }
    }
}

impl Serving {
    /// What a request costs in the end. Where that is more than was reserved, the reservation is raised to what the
    /// line still carries, and the rest is the gateway's loss.
    pub(super) async fn due(&self, admitted: &Admitted, used: Used) -> Result<Due, Refusal> {
        let cost = admitted.price_of(used);
        if cost <= admitted.reservation.amount {
            return Ok(Due { used, cost });
        }
        let raised = self
            .parts
            .ledger
            .extend(admitted.reservation.id, cost)
            .await
            .map_err(ended)?;
        if raised.amount < cost {
            let (id, charged) = (admitted.reservation.id, raised.amount);
            tracing::warn!(request = %id, %cost, %charged, "an answer cost more than its line carries");
            metrics::counter!("diem_gateway_unpaid_requests_total").increment(1);
        }
        Ok(Due {
            used,
            cost: raised.amount.min(cost),
        })
    }

    /// Signs the receipt and commits, with the answer where it is to be kept.
    pub(super) async fn commit(
        &self,
        ask: &Ask,
        admitted: &Admitted,
        due: &Due,
        kept: Option<Kept>,
    ) -> Result<Facts, Refusal> {
        let Due {
            used: Used { counts, by },
            cost,
        } = *due;
        let mut facts = admitted.facts();
        let receipt = Receipt {
            chain_id: self.parts.home.chain_id,
            diem: self.parts.home.diem,
            gateway: self.parts.home.gateway,
            line: facts.line,
            epoch: facts.epoch,
            request: facts.request.0,
            body: ask.body_hash,
            model: &admitted.model,
            counts,
            counted_by: counted(by),
            price: &admitted.price,
            cost,
            at: utc::machine_now(),
        };
        let receipt = receipt
            .signed(&self.parts.signer)
            .map_err(|error| Refusal::Inner(error.to_string()))?;
        let kept = kept.filter(|kept| {
            ask.idempotency.is_some() && kept.body.len() <= self.parts.settings.keep_bytes
        });
        let answer = kept
            .map(|kept| kept::close(&ask.seal, &kept, ask.body_hash))
            .transpose();
        let Counts {
            input,
            cached,
            output,
            images,
            ..
        } = counts;
        let actual = Actual {
            cost,
            usage: Usage {
                input,
                cached: cached.min(input),
                output,
                images,
            },
            counted_by: by,
            answer: answer.map_err(|error| Refusal::Inner(error.to_string()))?,
            receipt: Some(receipt.clone()),
        };
        let committed = self
            .parts
            .ledger
            .commit(facts.request, actual)
            .await
            .map_err(ended)?;
        let model = admitted.model.clone();
        metrics::counter!("diem_gateway_requests_total", "model" => model.clone(), "counted_by" => counted(by)).increment(1);
        metrics::counter!("diem_gateway_tokens_total", "model" => model.clone(), "kind" => "input")
            .increment(input);
        metrics::counter!("diem_gateway_tokens_total", "model" => model, "kind" => "output")
            .increment(output);
        // Whole micro-dollars, since a counter holds 64 bits.
        let micro = u64::try_from(committed.charged.0 / 1_000_000_000_000).unwrap_or(u64::MAX);
        metrics::counter!("diem_gateway_charged_microdollars_total").increment(micro);
        facts.balance = committed.line.remaining();
        facts.cost = Some(committed.charged);
        facts.receipt = Some(receipt);
        Ok(facts)
    }

    /// Signs receipts for what a process that died had left open, and the ledger has charged since.
    ///
    /// The prices are today's: the charge is the reservation made then.
    pub async fn sign_what_is_left(&self) -> Result<(), LedgerError> {
        loop {
            let left = self.parts.ledger.without_receipt(LEFT).await?;
            let mut kept = false;
            for entry in &left {
                let price = self
                    .parts
                    .prices
                    .of(&entry.model)
                    .cloned()
                    .unwrap_or_default();
                let Usage {
                    input,
                    cached,
                    output,
                    images,
                } = entry.usage;
                let counts = Counts {
                    input,
                    cached,
                    output,
                    images,
                    pixels: 0,
                };
                let receipt = Receipt {
                    chain_id: self.parts.home.chain_id,
                    diem: self.parts.home.diem,
                    gateway: self.parts.home.gateway,
                    line: entry.line,
                    epoch: entry.epoch,
                    request: entry.id.0,
                    body: entry.body_hash.into(),
                    model: &entry.model,
                    counts,
                    counted_by: counted(entry.counted_by),
                    price: &price,
                    cost: entry.charged,
                    at: entry.ended_at / 1000,
                };
                match receipt.signed(&self.parts.signer) {
                    Ok(receipt) => {
                        kept |= self.parts.ledger.keep_receipt(entry.id, &receipt).await?
                    }
                    Err(error) => tracing::error!(request = %entry.id, %error, "no receipt"),
                }
            }
            // Others may sign the same ones; where nothing was kept, nothing is gained by looking again.
            if !kept {
                return Ok(());
            }
        }
    }

    /// Gives back what was reserved for a request that no upstream began.
    pub(super) async fn release(&self, admitted: &Admitted, why: &str) -> Result<(), Refusal> {
        self.parts
            .ledger
            .release(admitted.reservation.id, why)
            .await
            .map_err(ended)?;
        metrics::counter!("diem_gateway_released_requests_total").increment(1);
        Ok(())
    }
}

const fn counted(by: CountedBy) -> &'static str {
    match by {
        CountedBy::Upstream => "upstream",
        CountedBy::Gateway => "gateway",
        CountedBy::Reservation => "reservation",
    }
}

fn ended(error: EndError) -> Refusal {
    match error {
        EndError::Ledger(error) => Refusal::Ledger(error),
        other => Refusal::Inner(other.to_string()),
    }
}
