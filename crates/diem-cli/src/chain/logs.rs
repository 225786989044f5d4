//! Long histories of events, in spans that the node is willing to answer.

use super::Chain;
use crate::{Failure, Result};
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};

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
        mut each: impl FnMut(&Log) -> Result<()>,
    ) -> Result<()> {
        let (mut next, mut span) = (from, FIRST_SPAN);
        while next <= to {
            let last = to.min(next.saturating_add(span - 1));
            let filter = Filter::new()
                .address(contracts.to_vec())
                .from_block(next)
                .to_block(last);
            match self.provider.get_logs(&filter).await {
                Ok(logs) => {
                    logs.iter().try_for_each(&mut each)?;
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
}
