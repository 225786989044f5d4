//! The chain: blocks, receipts, states, snapshots. One value owns all of it.
//!
//! The chain moves by [`Event`]s only, and applying an event is a pure function of
//! chain and event. So the journal on disk is a list of events, and loading it is
//! the same code as living through it.

mod block;
mod event;
mod history;
mod query;
mod receipt;
mod transaction;

use std::sync::Arc;

use alloy_primitives::{B256, map::B256HashMap};
use arbos::state::Free;

pub use block::{ArbitrumHeader, Block, Draft};
pub use event::{Event, Genesis};
pub use history::History;
pub use query::{BlockId, LogEntry, LogFilter, LogQueryError, UnknownBlock, matching_logs};
pub use receipt::Receipt;
pub use transaction::{INTERNAL_TX_TYPE, InternalTx, Transaction, UserTx};

use crate::state::{BlockHashes, State, View, arbos_state};

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Height of its block.
    pub block: u64,
    /// Position in its block.
    pub index: u32,
}

/// Id of the genesis among the snapshots; those that are taken count up from 1.
const GENESIS_SNAPSHOT: u64 = 0;

/// A moment to come back to.
#[derive(Clone, Debug)]
struct Snapshot {
    id: u64,
    height: u64,
    history: History,
    state_commitment: B256,
}

/// Everything that has happened since genesis.
#[derive(Clone, Debug)]
pub struct Chain {
    blocks: Vec<Arc<Block>>,
    numbers: B256HashMap<u64>,
    locations: B256HashMap<Location>,
    history: History,
    genesis: Snapshot,
    snapshots: Vec<Snapshot>,
    next_snapshot: u64,
    state_commitment: B256,
    rewinds: Vec<u64>,
}

impl Chain {
    /// A chain that consists of its genesis block. Keeps the states of `history` blocks.
    pub fn new(genesis: Genesis, history: usize) -> Self {
        let mut state = State::default();
        state.apply(&genesis.diff);
        let mut hashes = BlockHashes::default();
        hashes.push(0, genesis.block.hash);
        let state_commitment = genesis.block.header.state_root;
        let history = History::new(View { state, hashes }, history);
        let start = Snapshot {
            id: GENESIS_SNAPSHOT,
            height: 0,
            history: history.clone(),
            state_commitment,
        };
        Self {
            numbers: B256HashMap::from_iter([(genesis.block.hash, 0)]),
            blocks: vec![genesis.block],
            locations: B256HashMap::default(),
            history,
            genesis: start,
            snapshots: Vec::new(),
            next_snapshot: 1,
            state_commitment,
            rewinds: Vec::new(),
        }
    }

    /// The newest block.
    pub fn head(&self) -> &Arc<Block> {
        self.blocks
            .last()
            .unwrap_or_else(|| unreachable!("a chain has its genesis"))
    }

    /// Height of the newest block.
    pub fn height(&self) -> u64 {
        self.head().number()
    }

    /// What a transaction in the next block would see.
    pub fn view(&self) -> &View {
        self.history.head()
    }

    /// Chain id, as ArbOS has it.
    pub fn chain_id(&self) -> u64 {
        arbos_state(self.view(), |arbos, words| {
            let Ok(id) = arbos.chain_id().get(&mut Free(words));
            id.saturating_to()
        })
    }

    /// Commitment to the state as of now, edits included.
    pub fn state_commitment(&self) -> B256 {
        self.state_commitment
    }

    /// Block by height.
    pub fn block(&self, number: u64) -> Option<&Arc<Block>> {
        self.blocks.get(usize::try_from(number).ok()?)
    }

    /// Height of the block with this hash.
    pub fn number_of(&self, hash: &B256) -> Option<u64> {
        self.numbers.get(hash).copied()
    }

    /// Where a transaction stands.
    pub fn location(&self, hash: &B256) -> Option<Location> {
        self.locations.get(hash).copied()
    }

    /// State after block `number`, while it is remembered.
    pub fn view_at(&self, number: u64) -> Option<&View> {
        self.history.at(number)
    }

    /// The id the next snapshot will get.
    pub fn next_snapshot(&self) -> u64 {
        self.next_snapshot
    }

    /// Whether there is a snapshot with this id.
    pub fn has_snapshot(&self, id: u64) -> bool {
        self.snapshots.iter().any(|snapshot| snapshot.id == id)
    }

    /// Snapshots by id, and the block that each goes back to.
    pub fn snapshots(&self) -> impl Iterator<Item = (u64, &Arc<Block>)> {
        self.snapshots
            .iter()
            .filter_map(|snapshot| Some((snapshot.id, self.block(snapshot.height)?)))
    }

    /// Heights the chain was taken back to, in the order in which that happened.
    pub fn rewinds(&self) -> &[u64] {
        &self.rewinds
    }

    /// Moves the chain by one event. Events that do not fit (a revert to a snapshot that
    /// does not exist) change nothing.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Block { block, diff, .. } => self.append(Arc::clone(block), diff),
            Event::Edit { diff, encoded } => {
                self.history.head_mut().state.apply(diff);
                self.state_commitment = crate::state::commit(self.state_commitment, encoded);
            }
            Event::Snapshot => self.snapshot(),
            Event::Revert { id } => self.revert(*id),
            Event::Reset => {
                self.snapshots.clear();
                self.rewind(self.genesis.clone());
            }
        }
    }

    fn append(&mut self, block: Arc<Block>, diff: &arbos::StateDiff) {
        let number = block.number();
        for (index, transaction) in (0..).zip(&block.transactions) {
            self.locations.insert(
                transaction.hash(),
                Location {
                    block: number,
                    index,
                },
            );
        }
        self.numbers.insert(block.hash, number);
        let mut view = self.history.head().clone();
        view.state.apply(diff);
        view.hashes.push(number, block.hash);
        self.history.push(view);
        self.state_commitment = block.header.state_root;
        self.blocks.push(block);
    }

    fn snapshot(&mut self) {
        self.snapshots.push(Snapshot {
            id: self.next_snapshot,
            height: self.height(),
            history: self.history.clone(),
            state_commitment: self.state_commitment,
        });
        self.next_snapshot += 1;
    }

    fn revert(&mut self, id: u64) {
        let Some(index) = self.snapshots.iter().position(|snapshot| snapshot.id == id) else {
            return;
        };
        let snapshot = self.snapshots.swap_remove(index);
        self.snapshots.truncate(index);
        self.rewind(snapshot);
    }

    /// Makes everything after `snapshot` undone.
    fn rewind(&mut self, snapshot: Snapshot) {
        while self.height() > snapshot.height {
            let Some(block) = self.blocks.pop() else {
                break;
            };
            self.numbers.remove(&block.hash);
            for transaction in &block.transactions {
                self.locations.remove(&transaction.hash());
            }
        }
        self.rewinds.push(snapshot.height);
        self.history = snapshot.history;
        self.state_commitment = snapshot.state_commitment;
    }
}
