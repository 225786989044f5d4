//! The life of a request in the journal: reserved, then committed or released, once.

use std::fmt;

use super::{KeyId, LedgerError, LineState, Period};
use crate::{
    line::{Epoch, Line},
    money::Usd,
};
use uuid::Uuid;

/// One request, numbered in order of time (UUID, version 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// A number that no other request has.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How much a request needs before it may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Its worst case, or it is refused.
    Exactly(Usd),
    /// What the line and the key still carry, up to `most`; less than `least` is refused.
    UpTo {
        /// The smallest amount with which the request makes sense.
        least: Usd,
        /// The largest amount that it could cost.
        most: Usd,
    },
}

/// The client's name for a request that it may repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Hash of the header's text; the same text under another key is another name.
    pub name: [u8; 32],
    /// Seconds since 1970 until which the name, and an answer kept for it, is remembered.
    pub keep_until: u64,
}

/// A request that asks for dollars.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// Its number; one that the journal has already is refused as a database error.
    pub id: RequestId,
    /// The key that asks.
    pub key: KeyId,
    /// The key's line.
    pub line: Line,
    /// The epoch that admits it and pays for it, however late it ends.
    pub epoch: Epoch,
    /// The model's name, for the record of usage.
    pub model: String,
    /// How much.
    pub want: Want,
    /// Given where the client may repeat the request.
    pub idempotency: Option<Idempotency>,
    /// Hash of what the client sent: the same name with another body is a conflict.
    pub body_hash: [u8; 32],
}

/// Dollars that are now this request's alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// The request.
    pub id: RequestId,
    /// How much is reserved, units of 1e-18 dollar.
    pub amount: Usd,
    /// The line after it.
    pub line: LineState,
}

/// Why a request may not begin. Nothing is reserved then.
#[derive(Debug, thiserror::Error)]
pub enum ReserveError {
    /// The line carries less.
    #[error("the line has {remaining} dollars left in this epoch, the request may cost {wanted}")]
    InsufficientBalance {
        /// What the line still carries.
        remaining: Usd,
        /// What was asked for, at least.
        wanted: Usd,
    },
    /// The key's own limit leaves less.
    #[error(
        "the key has {remaining} of its {limit} dollars per {period} left, the request may cost {wanted}"
    )]
    KeyLimit {
        /// The key's limit in one period.
        limit: Usd,
        /// What of it is left.
        remaining: Usd,
        /// What was asked for, at least.
        wanted: Usd,
        /// What the limit counts.
        period: Period,
        /// The first epoch of the next period; none for a lifetime.
        resets: Option<Epoch>,
    },
    /// The key is unknown, revoked, or of another line.
    #[error("key {0} is unknown, revoked, or of another line")]
    KeyGone(KeyId),
    /// The request was made before under this name.
    #[error("the idempotency key was used before: {0}")]
    Repeat(Repeat),
    /// No read of the chain was recorded for the line in that epoch: `observe` first.
    #[error("line {line} has not been read in epoch {epoch}")]
    UnknownLine {
        /// The line.
        line: Line,
        /// The epoch.
        epoch: Epoch,
    },
    /// The journal could not be written. Whether it was is unknown: `release` of the request is safe.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What became of an earlier request of the same name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Repeat {
    /// Same body, ended: the answer as it was kept.
    #[error("request {id} was answered")]
    Answered {
        /// The first request.
        id: RequestId,
        /// What it was charged.
        charged: Usd,
        /// Its answer, as the doors sealed it.
        answer: SealedAnswer,
        /// Its receipt.
        receipt: Option<String>,
    },
    /// Same body, has not ended.
    #[error("request {id} is still running")]
    Running {
        /// The first request.
        id: RequestId,
    },
    /// Same body, ended and charged, but no answer was kept (none was given, or the process died).
    #[error("request {id} ended and its answer was not kept")]
    Unkept {
        /// The first request.
        id: RequestId,
        /// What it was charged.
        charged: Usd,
    },
    /// Another body.
    #[error("request {id} had another body")]
    OtherBody {
        /// The first request.
        id: RequestId,
    },
}

/// An answer that only the holder of the key's secret can open. The journal never sees the text.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedAnswer(pub Vec<u8>);

impl fmt::Debug for SealedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedAnswer({} bytes)", self.0.len())
    }
}

/// What a request consumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of input, the cached ones among them.
    pub input: u64,
    /// Tokens of input that the upstream had cached.
    pub cached: u64,
    /// Tokens of output.
    pub output: u64,
    /// Images made.
    pub images: u64,
}

/// Whose count a cost rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedBy {
    /// The upstream told its usage.
    Upstream,
    /// The upstream told none: the gateway's own count.
    Gateway,
    /// Nothing could be counted: the whole reservation.
    Reservation,
}

/// How a request ended.
#[derive(Clone, Debug)]
pub struct Actual {
    /// What it cost, units of 1e-18 dollar, rounded up.
    pub cost: Usd,
    /// What it consumed.
    pub usage: Usage,
    /// Whose count that is.
    pub counted_by: CountedBy,
    /// Kept for the request's idempotency key; ignored where it has none.
    pub answer: Option<SealedAnswer>,
    /// The signed receipt's text.
    pub receipt: Option<String>,
}

/// What `commit` wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The line after it.
    pub line: LineState,
    /// What the line pays: the cost, or what the line and the key still carried where that was less.
    pub charged: Usd,
    /// The rest of the cost, which is the gateway's loss.
    pub loss: Usd,
}

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Committed at this charge.
    Committed(Usd),
    /// Released: nothing charged.
    Released,
}

/// Why a request does not end now.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// It ended before; nothing changed now.
    #[error("request {id} has ended already: {ending:?}")]
    Ended {
        /// The request.
        id: RequestId,
        /// How.
        ending: Ending,
    },
    /// The journal has no such request.
    #[error("no request {0} was reserved")]
    Unknown(RequestId),
    /// The journal could not be written. Whether it was is unknown: repeating is safe.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
