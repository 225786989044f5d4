//! What a request pays from: a line of the chain's ledger in one epoch.

use std::{fmt, str::FromStr};

use alloy::primitives::Address;

/// A claim on daily dollars: an account's own, or a lease's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Line {
    /// The line of an account that stakes DIEM.
    Account(Address),
    /// The line of a lease, by its id.
    Lease(u64),
}

/// Days since 1970-01-01 UTC, as the contracts count them.
pub type Epoch = u32;

/// Written as in the ledger and in receipts: the address in lower case, or `lease:` and the id.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => write!(f, "{account:#x}"),
            Self::Lease(id) => write!(f, "lease:{id}"),
        }
    }
}

/// A text that names no line.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} names no line: neither an address nor lease:N")]
pub struct NoLine(String);

impl FromStr for Line {
    type Err = NoLine;

    fn from_str(text: &str) -> Result<Self, NoLine> {
        let line = match text.strip_prefix("lease:") {
            Some(id) => id.parse().map(Self::Lease).ok(),
            None => text.parse().map(Self::Account).ok(),
        };
        line.ok_or_else(|| NoLine(text.into()))
    }
}
