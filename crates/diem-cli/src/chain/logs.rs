//! Long histories of events, in spans that the node is willing to answer.

use super::Chain;
use crate::progress::Progress;
use crate::{Failure, Result};
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::transports::{RpcError, TransportErrorKind};

/// Blocks asked for at once to begin with.
const FIRST_SPAN: u64 = 10_000;
/// Most blocks asked for at once.
const LARGEST_SPAN: u64 = 1 << 20;

impl Chain {
    /// Hands every log of `contracts` in the blocks `from..=to` to `each`, in their order. What a
    /// node refuses at once is asked for in halves.
    ///
    /// # Errors
    /// The node refuses a single block, or `each` fails.
    pub async fn logs(
        &self,
        contracts: &[Address],
        from: u64,
        to: u64,
        each: impl FnMut(&Log) -> Result<()>,
    ) -> Result<()> {
        self.logs_of(None, contracts, from, to, each).await
    }

    /// Likewise only what has `account` in an indexed field, where one is named.
    ///
    /// # Errors
    /// As [`Chain::logs`].
    pub(crate) async fn logs_of(
        &self,
        account: Option<Address>,
        contracts: &[Address],
        from: u64,
        to: u64,
        mut each: impl FnMut(&Log) -> Result<()>,
    ) -> Result<()> {
        let progress = Progress::through(format!("reading blocks {from} to {to}"), from, to);
        let (mut next, mut span) = (from, FIRST_SPAN);
        while next <= to {
            let last = to.min(next.saturating_add(span - 1));
            let filter = Filter::new()
                .address(contracts.to_vec())
                .from_block(next)
                .to_block(last);
            match self.span(account, filter).await {
                Ok(logs) => {
                    logs.iter().try_for_each(&mut each)?;
                    progress.reached(last);
                    next = last + 1;
                    span = (span * 2).min(LARGEST_SPAN);
                }
                Err(error) if span == 1 => {
                    let failure: Failure = self
                        .endpoint
                        .refusal("read the events of a block".to_owned(), &error);
                    return Err(failure
                        .with("block", next)
                        .hint("ask a node that keeps the logs of all blocks, with --rpc"));
                }
                // The limits of nodes are of blocks, of logs, of bytes or of time, and each says so
                // in its own words.
                Err(_) => span = (span / 8).max(1),
            }
        }
        Ok(())
    }

    async fn span(
        &self,
        account: Option<Address>,
        filter: Filter,
    ) -> std::result::Result<Vec<Log>, RpcError<TransportErrorKind>> {
        let Some(account) = account else {
            return self.provider.get_logs(&filter).await;
        };
        let topic = account.into_word();
        let mut logs = Vec::new();
        for filter in [
            filter.clone().topic1(topic),
            filter.clone().topic2(topic),
            filter.topic3(topic),
        ] {
            logs.extend(self.provider.get_logs(&filter).await?);
        }
        let place = |log: &Log| (log.block_number, log.log_index);
        logs.sort_by_key(place);
        // An account that stands in two fields of one event was found twice.
        logs.dedup_by_key(|log| place(log));
        Ok(logs)
    }
}
