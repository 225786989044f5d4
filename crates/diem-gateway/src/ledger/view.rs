//! The journal, read and never written: beside the gateway whose it is, or without one.

use sqlx::{AnyPool, any::AnyPoolOptions};

use super::{
    Audit, Home, LedgerError, audit,
    connect::{Target, prepare_to_read},
    schema,
    store::Dialect,
};

/// A journal that somebody else may be writing meanwhile.
pub struct LedgerView {
    dialect: Dialect,
    reads: AnyPool,
}

impl LedgerView {
    /// Opens `sqlite:PATH` or `postgres://…` that is there already. Neither makes nor changes anything: what dead
    /// processes left open stays open. Refuses another `home` than the recorded one, and another program's tables.
    pub async fn open(url: &str, home: &Home) -> Result<Self, LedgerError> {
        let (dialect, url) = Target::to_read(url)?;
        let reads = AnyPoolOptions::new()
            .max_connections(1)
            .after_connect(move |connection, _| Box::pin(prepare_to_read(connection, dialect)))
            .connect(&url)
            .await?;
        schema::compare(&mut *reads.acquire().await?, home).await?;
        Ok(Self { dialect, reads })
    }

    /// As [`Ledger::audit`](super::Ledger::audit).
    pub async fn audit(&self) -> Result<Audit, LedgerError> {
        audit::at_one_moment(&self.reads, self.dialect).await
    }

    /// Ends its connections.
    pub async fn close(self) {
        self.reads.close().await;
    }
}
