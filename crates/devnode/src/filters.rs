//! Filters that clients poll.
//!
//! A filter remembers how far its client has read and looks at the chain when
//! polled, so an idle filter costs nothing however fast blocks come.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use alloy_primitives::{B128, B256, U128};
use parking_lot::Mutex;
use tokio::sync::broadcast::{Receiver, error::TryRecvError};

use crate::chain::{Block, Chain, LogEntry, LogFilter, LogQueryError, matching_logs};

/// A filter nobody polls is forgotten after this time.
const MAX_IDLE: Duration = Duration::from_secs(5 * 60);

/// Most filters that may exist at once.
const CAPACITY: usize = 10_000;

/// Names a filter. Nobody can guess another client's.
pub type FilterId = U128;

/// All filters by id.
#[derive(Debug, Default)]
pub struct Filters(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    filters: HashMap<FilterId, Entry>,
}

#[derive(Debug)]
struct Entry {
    kind: Kind,
    /// First block not yet read.
    next: u64,
    /// Rewinds of the chain already taken into account.
    rewinds: usize,
    polled: Instant,
}

#[derive(Debug)]
enum Kind {
    Blocks,
    Logs(Box<LogFilter>),
    Transactions { feed: Receiver<B256>, full: bool },
}

/// What is new since the last poll.
#[derive(Clone, Debug)]
pub enum News {
    /// Hashes of blocks or transactions.
    Hashes(Vec<B256>),
    /// Hashes of transactions, for a client that wants all of each.
    Transactions(Vec<B256>),
    /// Logs.
    Logs(Vec<LogEntry>),
}

/// A filter request that was not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Never existed, uninstalled, or idle for too long.
    #[error("filter not found")]
    NotFound,
    /// Too many exist.
    #[error("too many filters")]
    Full,
    /// Nothing could ever be news for it.
    #[error(transparent)]
    Logs(#[from] LogQueryError),
}

impl Filters {
    /// A filter for block hashes.
    pub fn blocks(&self, chain: &Chain) -> Result<FilterId, FilterError> {
        self.install(chain, Kind::Blocks)
    }

    /// A filter for logs.
    pub fn logs(&self, chain: &Chain, filter: LogFilter) -> Result<FilterId, FilterError> {
        chain.check_news(&filter)?;
        self.install(chain, Kind::Logs(Box::new(filter)))
    }

    /// A filter for accepted transactions: hashes, or all of each.
    pub fn transactions(
        &self,
        chain: &Chain,
        feed: Receiver<B256>,
        full: bool,
    ) -> Result<FilterId, FilterError> {
        self.install(chain, Kind::Transactions { feed, full })
    }

    /// Removes a filter; false when there is none.
    pub fn uninstall(&self, id: FilterId) -> bool {
        self.0.lock().filters.remove(&id).is_some()
    }

    /// The log filter behind `id`.
    pub fn log_filter(&self, id: FilterId) -> Result<LogFilter, FilterError> {
        match self.0.lock().filters.get(&id).map(|entry| &entry.kind) {
            Some(Kind::Logs(filter)) => Ok((**filter).clone()),
            _ => Err(FilterError::NotFound),
        }
    }

    /// What is new since the last poll.
    pub fn poll(&self, chain: &Chain, id: FilterId) -> Result<News, FilterError> {
        let mut table = self.0.lock();
        let entry = table.filters.get_mut(&id).ok_or(FilterError::NotFound)?;
        entry.polled = Instant::now();
        let rewinds = chain.rewinds();
        for height in rewinds.iter().skip(entry.rewinds) {
            entry.next = entry.next.min(height + 1);
        }
        entry.rewinds = rewinds.len();
        let from = std::mem::replace(&mut entry.next, chain.height() + 1);
        let fresh = chain.range(from, chain.height());
        Ok(match &mut entry.kind {
            Kind::Blocks => News::Hashes(fresh.iter().map(|block| block.hash).collect()),
            Kind::Logs(filter) => News::Logs(logs_in_range(chain, fresh, filter)),
            Kind::Transactions { feed, full: false } => News::Hashes(drain(feed)),
            Kind::Transactions { feed, full: true } => News::Transactions(drain(feed)),
        })
    }

    fn install(&self, chain: &Chain, kind: Kind) -> Result<FilterId, FilterError> {
        let mut table = self.0.lock();
        let now = Instant::now();
        table
            .filters
            .retain(|_, entry| now.duration_since(entry.polled) < MAX_IDLE);
        if table.filters.len() >= CAPACITY {
            return Err(FilterError::Full);
        }
        let id = FilterId::from_be_bytes(B128::random().0);
        let (next, rewinds) = (chain.height() + 1, chain.rewinds().len());
        table.filters.insert(
            id,
            Entry {
                kind,
                next,
                rewinds,
                polled: now,
            },
        );
        Ok(id)
    }
}

/// Logs of new blocks that also lie in the range that the filter names, if it names one.
fn logs_in_range(chain: &Chain, fresh: &[Arc<Block>], filter: &LogFilter) -> Vec<LogEntry> {
    let (from, to) = filter.range();
    let head = chain.height();
    fresh
        .iter()
        .filter(|block| {
            let number = block.number();
            number >= from.unwrap_or(0) && number <= to.unwrap_or(head)
        })
        .filter(|block| filter.may_be_in(block))
        .flat_map(|block| matching_logs(block, filter))
        .collect()
}

fn drain(feed: &mut Receiver<B256>) -> Vec<B256> {
    let mut hashes = Vec::new();
    loop {
        match feed.try_recv() {
            Ok(hash) => hashes.push(hash),
            // Too slow: the oldest are gone, the rest follows.
            Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => return hashes,
        }
    }
}
