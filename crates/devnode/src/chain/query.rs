//! Questions about the chain: which block, which state, which logs.

use std::sync::Arc;

use alloy_eips::{BlockId as EthBlockId, BlockNumberOrTag};
use alloy_primitives::{B256, Log};
use alloy_rpc_types_eth::{Filter, FilterBlockOption};
use serde::{Deserialize, Deserializer, de::Error};

use super::{Block, Chain};
use crate::state::View;

/// A block as callers name it.
pub type BlockId = EthBlockId;

/// There is no such block, or its state is gone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownBlock {
    /// No block of this height.
    #[error("header not found")]
    Number(u64),
    /// No block with this hash.
    #[error("header not found")]
    Hash(B256),
    /// Too far back.
    #[error("missing trie node: state of block {0} is no longer kept (see --history)")]
    StateGone(u64),
}

/// A log query that cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogQueryError {
    /// Names a block that does not exist.
    #[error("unknown block")]
    UnknownBlock,
    /// Ends before it starts, or beyond the chain.
    #[error("invalid block range params: {from} to {to}, the newest block is {newest}")]
    InvalidRange {
        /// First block asked for.
        from: BlockNumberOrTag,
        /// Last block asked for.
        to: BlockNumberOrTag,
        /// Height of the chain.
        newest: u64,
    },
    /// There are no logs before there is a block.
    #[error("pending logs are not supported")]
    Pending,
}

/// What logs a client asks for.
///
/// A list of topics matches only logs with at least as many topics, `null` or not: that is more
/// than [`Filter`] remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    filter: Filter,
    min_topics: usize,
}

impl LogFilter {
    /// The range of blocks named, as far as it is named by numbers.
    pub fn range(&self) -> (Option<u64>, Option<u64>) {
        self.filter.extract_block_range()
    }

    /// Whether a block with this bloom may hold such logs.
    pub fn may_be_in(&self, block: &Block) -> bool {
        self.filter.matches_bloom(block.header.logs_bloom)
    }

    fn matches(&self, log: &Log) -> bool {
        log.topics().len() >= self.min_topics && self.filter.matches(log)
    }
}

/// Most addresses of a filter, and most alternatives for one topic: filters are kept.
const MAX_ALTERNATIVES: usize = 1_000;

impl<'de> Deserialize<'de> for LogFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let min_topics = value["topics"].as_array().map_or(0, Vec::len);
        let filter: Filter = serde_json::from_value(value).map_err(D::Error::custom)?;
        let most = filter.topics.iter().map(|topic| topic.len()).max();
        if most.unwrap_or(0).max(filter.address.len()) > MAX_ALTERNATIVES {
            return Err(D::Error::custom(format_args!(
                "a filter may name {MAX_ALTERNATIVES} addresses and {MAX_ALTERNATIVES} values of each topic"
            )));
        }
        Ok(Self { filter, min_topics })
    }
}

/// A log with its place.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// The block it is in.
    pub block: Arc<Block>,
    /// Which transaction of the block.
    pub transaction: usize,
    /// Position among the block's logs.
    pub index: usize,
    /// The log.
    pub log: Log,
}

impl Chain {
    /// Height that `id` names. `pending`, `safe` and `finalized` are the newest block.
    pub fn resolve(&self, id: BlockId) -> Result<u64, UnknownBlock> {
        match id {
            BlockId::Hash(hash) => self
                .number_of(&hash.block_hash)
                .ok_or(UnknownBlock::Hash(hash.block_hash)),
            BlockId::Number(BlockNumberOrTag::Number(number)) if number > self.height() => {
                Err(UnknownBlock::Number(number))
            }
            BlockId::Number(tag) => Ok(self.clamp(tag)),
        }
    }

    /// Block that `id` names.
    pub fn find(&self, id: BlockId) -> Result<&Arc<Block>, UnknownBlock> {
        let number = self.resolve(id)?;
        self.block(number).ok_or(UnknownBlock::Number(number))
    }

    /// Block that `id` names, with the state after it.
    pub fn find_view(&self, id: BlockId) -> Result<(Arc<Block>, View), UnknownBlock> {
        let number = self.resolve(id)?;
        let block = self.block(number).ok_or(UnknownBlock::Number(number))?;
        let view = self
            .view_at(number)
            .ok_or(UnknownBlock::StateGone(number))?;
        Ok((Arc::clone(block), view.clone()))
    }

    /// Blocks that may hold logs for `filter`, oldest first.
    pub fn candidates(&self, filter: &LogFilter) -> Result<Vec<Arc<Block>>, LogQueryError> {
        let may_match = |block: &&Arc<Block>| filter.may_be_in(block);
        let (from, to) = match filter.filter.block_option {
            FilterBlockOption::AtBlockHash(hash) => {
                let number = self.number_of(&hash).ok_or(LogQueryError::UnknownBlock)?;
                (number, number)
            }
            FilterBlockOption::Range {
                from_block,
                to_block,
            } => {
                let range = [from_block, to_block].map(Option::unwrap_or_default);
                if range.contains(&BlockNumberOrTag::Pending) {
                    return Err(LogQueryError::Pending);
                }
                let [from, to] = range.map(|tag| match tag {
                    BlockNumberOrTag::Number(number) => number,
                    tag => self.clamp(tag),
                });
                if from > to || to > self.height() {
                    return Err(self.invalid_range(range));
                }
                (from, to)
            }
        };
        Ok(self
            .range(from, to)
            .iter()
            .filter(may_match)
            .cloned()
            .collect())
    }

    /// Refuses what no block from now on can be in.
    pub fn check_news(&self, filter: &LogFilter) -> Result<(), LogQueryError> {
        use BlockNumberOrTag::{Number, Pending};
        let FilterBlockOption::Range {
            from_block,
            to_block,
        } = filter.filter.block_option
        else {
            return Ok(());
        };
        let range = [from_block, to_block].map(Option::unwrap_or_default);
        let empty = match range {
            [Pending, _] | [_, Pending] => return Err(LogQueryError::Pending),
            [Number(from), Number(to)] => from > to,
            // From the newest block on, but only up to one that is there already.
            [from, Number(to)] => self.clamp(from) > to,
            _ => false,
        };
        if empty {
            return Err(self.invalid_range(range));
        }
        Ok(())
    }

    fn invalid_range(&self, [from, to]: [BlockNumberOrTag; 2]) -> LogQueryError {
        LogQueryError::InvalidRange {
            from,
            to,
            newest: self.height(),
        }
    }

    /// Blocks `from` to `to`, both included, as far as they exist.
    pub fn range(&self, from: u64, to: u64) -> &[Arc<Block>] {
        let end = usize::try_from(to)
            .unwrap_or(usize::MAX)
            .saturating_add(1)
            .min(self.blocks.len());
        let start = usize::try_from(from).unwrap_or(usize::MAX).min(end);
        &self.blocks[start..end]
    }

    fn clamp(&self, tag: BlockNumberOrTag) -> u64 {
        match tag {
            BlockNumberOrTag::Number(number) => number.min(self.height()),
            BlockNumberOrTag::Earliest => 0,
            BlockNumberOrTag::Latest
            | BlockNumberOrTag::Pending
            | BlockNumberOrTag::Safe
            | BlockNumberOrTag::Finalized => self.height(),
        }
    }
}

/// The logs of `block` that `filter` asks for.
pub fn matching_logs(block: &Arc<Block>, filter: &LogFilter) -> Vec<LogEntry> {
    let mut entries = Vec::new();
    let mut index = 0;
    for (transaction, receipt) in block.receipts.iter().enumerate() {
        for log in &receipt.logs {
            if filter.matches(log) {
                let (block, log) = (Arc::clone(block), log.clone());
                entries.push(LogEntry {
                    block,
                    transaction,
                    index,
                    log,
                });
            }
            index += 1;
        }
    }
    entries
}
