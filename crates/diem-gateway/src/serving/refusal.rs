//! Why a request gets no answer. The doors give each its status.

use alloy::primitives::Address;

use super::Facts;
use crate::{
    chain::{ChainError, Gate},
    ledger::{LedgerError, Period, RequestId},
    line::{Epoch, Line},
    money::Usd,
    pricing::{Family, PastRange, Unbounded},
    upstream::Failure,
};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The body lacks something that every request has.
    #[error("{0}")]
    Body(&'static str),
    /// The model is not sold here.
    #[error("the model {0:?} does not exist, or has no price here")]
    Model(String),
    /// The model is sold, for something else.
    #[error("the model {model:?} is not sold on {}", family.path())]
    Family {
        /// The model.
        model: String,
        /// The door.
        family: Family,
    },
    /// Its cost has no bound.
    #[error(transparent)]
    Unbounded(#[from] Unbounded),
    /// Its cost is past every count.
    #[error(transparent)]
    PastRange(#[from] PastRange),
    /// Nothing is admitted now.
    #[error("{}", closed(*gate))]
    Closed {
        /// Why.
        gate: Gate,
        /// Seconds until it is worth asking again.
        retry_after: u64,
        /// 00:00 UTC, in seconds since 1970.
        resets_at: u64,
    },
    /// The line is another gateway's today.
    #[error("{}", elsewhere(*line, *gateway, *ours, *ours_from))]
    Elsewhere {
        /// The line.
        line: Line,
        /// Whose it is.
        gateway: Option<Address>,
        /// This gateway.
        ours: Address,
        /// The epoch from which it would be this gateway's, where the chain says that of tomorrow.
        ours_from: Option<Epoch>,
    },
    /// The lease was transferred, or has ended.
    #[error("lease {id} is no longer held by {account}, for whom the key was made")]
    NotLessee {
        /// The lease.
        id: u64,
        /// The key's account.
        account: Address,
    },
    /// The chain cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The line carries less.
    #[error(
        "the line {line} has {remaining} of its {limit} dollars left today; this request may cost {wanted}"
    )]
    Balance {
        /// The line.
        line: Line,
        /// Its allowance.
        limit: Usd,
        /// What is left.
        remaining: Usd,
        /// What was asked for.
        wanted: Usd,
        /// 00:00 UTC, in seconds since 1970.
        resets_at: u64,
    },
    /// The line has too little for this gateway to serve it.
    #[error(
        "the line {line} has {allowance} dollars a day; this gateway serves lines of {least} or more"
    )]
    TooSmall {
        /// The line.
        line: Line,
        /// Its allowance.
        allowance: Usd,
        /// What it must have.
        least: Usd,
        /// 00:00 UTC, in seconds since 1970.
        resets_at: u64,
    },
    /// The key's own limit leaves less.
    #[error(
        "the key has {remaining} of its limit of {limit} dollars ({period}) left; this request may cost {wanted}"
    )]
    KeyLimit {
        /// The limit.
        limit: Usd,
        /// What is left of it.
        remaining: Usd,
        /// What was asked for.
        wanted: Usd,
        /// What it counts.
        period: Period,
        /// When it counts anew, in seconds since 1970.
        resets_at: Option<u64>,
    },
    /// The key was revoked meanwhile.
    #[error("the API key was revoked")]
    KeyGone,
    /// The Idempotency-Key was used with another body.
    #[error("this Idempotency-Key was used for request {0} with another body")]
    OtherBody(RequestId),
    /// The request of this Idempotency-Key has not ended.
    #[error("request {0} of this Idempotency-Key is still running")]
    Running(RequestId),
    /// The request of this Idempotency-Key ended without an answer that could be kept.
    #[error(
        "request {id} of this Idempotency-Key has ended and cost {charged} dollars; its answer was not kept"
    )]
    Unkept {
        /// The first request.
        id: RequestId,
        /// What it cost.
        charged: Usd,
    },
    /// No upstream answered.
    #[error("{failure}{}", if facts.is_some() { "; what had begun is charged" } else { "; nothing is charged" })]
    Upstream {
        /// What went wrong.
        failure: Failure,
        /// What it cost, where something had begun.
        facts: Option<Box<Facts>>,
    },
    /// The journal cannot be written.
    #[error("the gateway's journal cannot be written")]
    Ledger(#[from] LedgerError),
    /// Something of the gateway's own failed; its log says what.
    #[error("the gateway failed: {0}")]
    Inner(String),
    /// The gateway is being stopped.
    #[error("the gateway is being stopped")]
    Stopping,
    /// The request's task ended without an answer.
    #[error("the request was lost; what it had reserved is charged at the end of the day at most")]
    Lost,
}

const fn closed(gate: Gate) -> &'static str {
    match gate {
        Gate::Open => "the gateway is open",
        Gate::CutOff => "the day is about to end: nothing is admitted until 00:00 UTC",
        Gate::NotBegun => "midnight has passed, and the chain has not begun the new day yet",
        Gate::OutOfReach => "the chain is out of reach: what would be served could not be settled",
        Gate::Revoked => {
            "this gateway is not registered on chain: what would be served could not be settled"
        }
    }
}

fn elsewhere(
    line: Line,
    gateway: Option<Address>,
    ours: Address,
    ours_from: Option<Epoch>,
) -> String {
    let whose = match gateway {
        Some(gateway) => {
            format!("the line {line} belongs to the gateway {gateway} today, not to {ours}")
        }
        None => format!("the line {line} belongs to no gateway today"),
    };
    match ours_from {
        Some(epoch) => format!("{whose}; as things stand it is ours from epoch {epoch} on"),
        None => format!("{whose}; chooseGateway({ours}) makes it ours from the next epoch on"),
    }
}
