//! API keys: hashes of secrets, whose line they spend, and how much of it.

use std::fmt;

use alloy::primitives::Address;
use uuid::Uuid;

use super::LedgerError;
use crate::{
    line::{Epoch, Line},
    money::Usd,
};

/// A key's public number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub Uuid);

impl KeyId {
    /// A number that no other key has.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for KeyId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Spend.
    Inference,
    /// Spend, and manage its account's keys.
    Admin,
}

/// What a key's limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One UTC day.
    Epoch,
    /// The calendar month of the epoch, UTC.
    Month,
    /// All of the key's requests.
    Lifetime,
}

/// As the doors write it.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Epoch => "EPOCH",
            Self::Month => "MONTH",
            Self::Lifetime => "LIFETIME",
        })
    }
}

/// A key to be remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Its number.
    pub id: KeyId,
    /// Hash of its secret; the secret itself is never here.
    pub hash: [u8; 32],
    /// The last characters of the secret, by which its holder tells it from others.
    pub tail: String,
    /// The account that signed for it.
    pub account: Address,
    /// The line that it spends: the account's own, or a lease of the account's.
    pub line: Line,
    /// What it may do.
    pub kind: KeyKind,
    /// The holder's words.
    pub description: String,
    /// Most dollars in one period; `None` leaves the line's allowance as the only limit.
    pub limit: Option<Usd>,
    /// What the limit counts.
    pub period: Period,
    /// Seconds since 1970 from which it is refused; the caller compares.
    pub expires_at: Option<u64>,
    /// Seconds since 1970.
    pub created_at: u64,
}

/// A key as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// What it was made with, and changed to since.
    pub key: NewKey,
    /// Seconds since 1970 at which it was revoked.
    pub revoked_at: Option<u64>,
    /// Seconds since 1970 of the last request that it reserved for.
    pub last_used_at: Option<u64>,
}

/// What to change of a key; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyChange {
    /// The holder's words.
    pub description: Option<String>,
    /// `Some(None)` takes the limit away.
    pub limit: Option<Option<Usd>>,
    /// What the limit counts.
    pub period: Option<Period>,
    /// `Some(None)` lets it live on.
    pub expires_at: Option<Option<u64>>,
}

/// What a key has spent and may spend in the period of an epoch. Amounts in units of 1e-18 dollar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// Its limit.
    pub limit: Option<Usd>,
    /// What the limit counts.
    pub period: Period,
    /// Committed and reserved in the period.
    pub held: Usd,
    /// The first epoch of the next period; none for a lifetime.
    pub resets: Option<Epoch>,
}

/// Why a key is not written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No such key, or it was revoked.
    #[error("key {0} is unknown or revoked")]
    Gone(KeyId),
    /// The journal could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Why a sign-in text's nonce is refused.
#[derive(Debug, thiserror::Error)]
pub enum NonceError {
    /// Never given out, or forgotten since it expired.
    #[error("the sign-in text was not given out by this gateway, or has expired")]
    Unknown,
    /// Its time has passed.
    #[error("the sign-in text expired at {0} seconds since 1970")]
    Expired(u64),
    /// A key was made with it before.
    #[error("the sign-in text has been used")]
    Used,
    /// The journal could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
