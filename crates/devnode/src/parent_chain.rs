//! The chain below, which is not there: its height is what the `NUMBER` opcode tells on Arbitrum.

use crate::chain::Chain;

/// Ethereum's slot time.
const SECONDS_PER_BLOCK: u64 = 12;

/// How high the parent chain is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ParentChain {
    start: Option<u64>,
}

impl ParentChain {
    /// A parent chain that is at `start` in block 1 and grows by one block every 12 seconds of
    /// block time; without a start it does not grow.
    pub(crate) fn new(start: Option<u64>) -> Self {
        Self { start }
    }

    /// Height at `timestamp` (Unix seconds) in the block after the newest of `chain`. Never less
    /// than in the block before.
    pub(crate) fn height(&self, chain: &Chain, timestamp: u64) -> u64 {
        let before = chain.head().arbitrum().l1_block_number;
        let Some(start) = self.start else {
            return before;
        };
        let first = chain
            .block(1)
            .map_or(timestamp, |block| block.header.timestamp);
        let passed = timestamp.saturating_sub(first) / SECONDS_PER_BLOCK;
        start.saturating_add(passed).max(before)
    }
}
