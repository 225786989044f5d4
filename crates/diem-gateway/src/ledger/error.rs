//! What can go wrong with the journal itself.

use super::Home;
use crate::money::Usd;

/// The journal could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Neither `sqlite:PATH` nor `postgres://…`.
    #[error("the ledger's address must begin with sqlite: or postgres:, not with {0:?}")]
    Address(String),
    /// Another process has the SQLite file.
    #[error("{path} is in use by another process: several gateways need PostgreSQL")]
    InUse {
        /// The lock's file.
        path: String,
    },
    /// The file system refused.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: String,
        /// What it said.
        cause: std::io::Error,
    },
    /// The journal is of another chain, contract or gateway.
    #[error("this ledger belongs to {recorded}, not to {asked}")]
    OtherHome {
        /// Whose it is.
        recorded: Home,
        /// Who asked.
        asked: Home,
    },
    /// Written by a newer program; or, where it is only to be read, by an older one.
    #[error("the ledger's schema is {found}, this program knows {known}")]
    OtherSchema {
        /// Of the file.
        found: i64,
        /// Of the program.
        known: i64,
    },
    /// More than a line can ever have.
    #[error("{0} dollars are more than the ledger counts")]
    Amount(Usd),
    /// A column holds what this program never writes.
    #[error("the ledger holds {value:?} where {what} belongs")]
    Corrupt {
        /// What was expected.
        what: &'static str,
        /// What was found.
        value: String,
    },
    /// The writer has stopped.
    #[error("the ledger is closed")]
    Closed,
    /// The database refused; the text names no secret (the address is not in it).
    #[error("the ledger's database: {0}")]
    Database(String),
}
