//! The sequencer: the one thread that changes the chain.
//!
//! Whoever wants a change sends it here; whoever only reads takes a clone of the
//! state and never waits. A block is executed without holding the chain's lock, which
//! is taken only to append the finished block.

mod admit;
mod block;
mod error;
mod handle;
mod pool;
mod rewind;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use alloy_primitives::{Address, B256, U256};
use arbos::{Executor, StateDiff, state::BATCH_POSTER};
use parking_lot::{Mutex, RwLock};

pub(crate) use block::{arbitrum_header, start_again};
pub use error::{MineError, SubmitError};
pub use handle::{Handle, Stopped};
pub use pool::Pending;

use crate::{
    chain::{Block, Chain, Event},
    clock::Clock,
    feed::Feed,
    parent_chain::ParentChain,
    state::{Edit, State, arbos_state},
    store::{Journal, StoreError},
};
use handle::Command;
use pool::Pool;
use rewind::Moment;

/// How long a transaction waits for the ones before it, when blocks are made at once.
const NONCE_PATIENCE: Duration = Duration::from_secs(1);

/// Most blocks that one request may ask for.
pub const MAX_BLOCKS_AT_ONCE: u64 = 100_000;

/// When blocks are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mining {
    /// As soon as there is a transaction.
    #[default]
    Instant,
    /// Only when asked.
    Manual,
    /// At this interval, with or without transactions.
    Interval(Duration),
}

/// What a developer wants the next block, or all following ones, to say.
#[derive(Clone, Copy, Debug)]
pub struct Wishes {
    /// Base fee of the next block only, wei per gas.
    pub base_fee: Option<U256>,
    /// Miner of all following blocks.
    pub coinbase: Address,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            base_fee: None,
            coinbase: BATCH_POSTER,
        }
    }
}

/// What the sequencer works with.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) executor: Arc<Executor>,
    pub(crate) chain: Arc<RwLock<Chain>>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) feed: Arc<Feed>,
    pub(crate) parent_chain: ParentChain,
    pub(crate) wishes: Arc<Mutex<Wishes>>,
}

impl Parts {
    /// Wei per gas in the next block.
    pub(crate) fn next_base_fee(&self) -> U256 {
        let wish = self.wishes.lock().base_fee;
        wish.unwrap_or_else(|| self.own_base_fee())
    }

    /// Wei per gas that the chain itself asks for next.
    pub(crate) fn own_base_fee(&self) -> U256 {
        let chain = self.chain.read();
        arbos_state(chain.view(), |arbos, words| arbos.current_base_fee(words))
    }
}

/// Makes the blocks.
pub struct Sequencer {
    parts: Parts,
    journal: Option<Journal>,
    pool: Pool,
    mining: Mining,
    /// When the next block of [`Mining::Interval`] is due; `None` is past the end of time.
    next_interval: Option<Instant>,
    /// How things were when each snapshot was taken.
    moments: Vec<(u64, Moment)>,
}

impl Sequencer {
    pub(crate) fn new(parts: Parts, journal: Option<Journal>, mining: Mining) -> Self {
        let mut sequencer = Self {
            parts,
            journal,
            pool: Pool::default(),
            mining: Mining::Manual,
            next_interval: None,
            moments: Vec::new(),
        };
        sequencer.set_mining(mining);
        sequencer
    }

    /// Serves until every handle is gone or one says stop.
    pub(crate) fn run(mut self, commands: &Receiver<Command>) {
        loop {
            let command = match self.deadline() {
                None => commands.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => commands.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            let go_on = match command {
                Ok(command) => self.guarded(|it| it.serve(command, commands)),
                Err(RecvTimeoutError::Timeout) => self.guarded(|it| {
                    it.on_time();
                    true
                }),
                Err(RecvTimeoutError::Disconnected) => false,
            };
            if !go_on {
                break;
            }
        }
        self.sync();
    }

    /// When blocks are made.
    pub fn mining(&self) -> Mining {
        self.mining
    }

    /// Changes when blocks are made.
    pub fn set_mining(&mut self, mining: Mining) {
        self.mining = mining;
        if let Mining::Interval(every) = mining {
            self.next_interval = Instant::now().checked_add(every);
        }
        self.settle();
    }

    /// Makes `count` blocks, each `interval` seconds after the one before if that is given, with
    /// whatever transactions wait. Returns the last one.
    pub fn mine(&mut self, count: u64, interval: Option<u64>) -> Result<Arc<Block>, MineError> {
        if count > MAX_BLOCKS_AT_ONCE {
            return Err(MineError::TooMany(MAX_BLOCKS_AT_ONCE));
        }
        for index in 0..count {
            if index > 0
                && let Some(interval) = interval
            {
                let latest = self.parts.chain.read().head().header.timestamp;
                self.parts
                    .clock
                    .set_next(latest.saturating_add(interval), latest)?;
            }
            self.produce()?;
        }
        Ok(Arc::clone(self.parts.chain.read().head()))
    }

    /// Changes the state by hand.
    pub fn edit(&mut self, edit: impl FnOnce(Edit<'_>) -> StateDiff) -> Result<(), StoreError> {
        let state = self.state();
        self.commit(&Event::edit(edit(Edit::of(&state))))?;
        self.settle();
        Ok(())
    }

    /// Changes what the next blocks shall say.
    pub fn wish(&mut self, change: impl FnOnce(&mut Wishes)) {
        change(&mut self.parts.wishes.lock());
    }

    /// Waiting transactions, oldest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Pending> {
        self.pool.iter()
    }

    /// Waiting transaction by hash.
    pub fn find_waiting(&self, hash: &B256) -> Option<&Pending> {
        self.pool.get(hash)
    }

    /// The nonce that `sender` should use next, waiting transactions counted.
    pub fn next_nonce(&self, sender: Address) -> u64 {
        self.pool.next_nonce(sender, self.state().nonce(&sender))
    }

    /// Drops a waiting transaction; false when it does not wait.
    pub fn drop_transaction(&mut self, hash: &B256) -> bool {
        let dropped = self.pool.drop_hash(hash);
        let found = dropped.is_some();
        if let Some(waiting) = dropped {
            waiting.answer(Err(SubmitError::Dropped));
        }
        self.publish_pool();
        found
    }

    /// Drops all waiting transactions.
    pub fn drop_all(&mut self) {
        for waiting in self.pool.clear() {
            waiting.answer(Err(SubmitError::Dropped));
        }
        self.publish_pool();
    }

    fn state(&self) -> State {
        self.parts.chain.read().view().state.clone()
    }

    /// Serves one command and whatever else has arrived, then makes blocks.
    fn serve(&mut self, first: Command, commands: &Receiver<Command>) -> bool {
        let mut next = Some(first);
        while let Some(command) = next {
            match command {
                Command::Submit(waiting) => self.accept(waiting),
                Command::Run(act) => {
                    self.settle();
                    act(self);
                }
                Command::Stop => return false,
            }
            next = commands.try_recv().ok();
        }
        self.settle();
        true
    }

    /// Makes blocks for all that can run now, if blocks are made at once.
    fn settle(&mut self) {
        if self.mining != Mining::Instant {
            return;
        }
        while !self.pool.is_empty() {
            match self.produce_if_ready() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let text = error.to_string();
                    for waiting in self.pool.clear() {
                        waiting.answer(Err(SubmitError::Store(text.clone())));
                    }
                }
            }
        }
        self.publish_pool();
    }

    fn on_time(&mut self) {
        match self.mining {
            Mining::Instant => {
                let state = self.state();
                for waiting in self.pool.expire(NONCE_PATIENCE) {
                    let sender = waiting.pending.tx.from;
                    let (tx, state) = (waiting.pending.nonce(), state.nonce(&sender));
                    let refusal = arbos::TxError::NonceTooHigh { sender, tx, state };
                    waiting.answer(Err(refusal.into()));
                }
                self.publish_pool();
            }
            Mining::Interval(every) => {
                self.next_interval = Instant::now().checked_add(every);
                if let Err(error) = self.produce() {
                    tracing::error!(%error, "block not made");
                }
            }
            Mining::Manual => {}
        }
        self.sync();
    }

    fn deadline(&self) -> Option<Instant> {
        match self.mining {
            Mining::Instant => self.pool.oldest().map(|since| since + NONCE_PATIENCE),
            Mining::Interval(_) => self.next_interval,
            Mining::Manual => None,
        }
    }

    /// Writes an event down and makes it true, in this order.
    fn commit(&mut self, event: &Event) -> Result<(), StoreError> {
        if let Some(journal) = &mut self.journal {
            journal.append(event)?;
        }
        self.parts.chain.write().apply(event);
        Ok(())
    }

    fn publish_pool(&self) {
        self.parts.feed.set_waiting(!self.pool.is_empty());
    }

    fn sync(&mut self) {
        if let Some(journal) = &mut self.journal
            && let Err(error) = journal.sync()
        {
            tracing::error!(%error, "state file not synced");
        }
    }

    /// A panic would be our bug; it must not take the node down. The chain itself changes only
    /// by whole events, so what is left behind is sound.
    fn guarded(&mut self, act: impl FnOnce(&mut Self) -> bool) -> bool {
        catch_unwind(AssertUnwindSafe(|| act(self))).unwrap_or_else(|_| {
            tracing::error!("the sequencer recovered from a panic");
            self.drop_all();
            true
        })
    }
}
