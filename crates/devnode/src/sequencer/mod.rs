//! The sequencer: the one thread that changes the chain.
//!
//! Whoever wants a change sends it here; whoever only reads takes a clone of the
//! state and never waits. A block is executed without holding the chain's lock, which
//! is taken only to append the finished block.

mod block;
mod error;
mod handle;
mod pool;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use alloy_primitives::{Address, B256, U256};
use arbos::{ExecOptions, Executor, StateDiff, TxInput, state::BATCH_POSTER};
use parking_lot::{Mutex, RwLock};

pub(crate) use block::{arbitrum_header, start_again};
pub use error::{MineError, SubmitError};
pub use handle::{Handle, Stopped};
pub use pool::Pending;

use crate::{
    chain::{Block, Chain, Event},
    clock::{Clock, Setting},
    feed::Feed,
    parent_chain::ParentChain,
    state::{Edit, State, arbos_state},
    store::{Journal, StoreError},
};
use handle::Command;
use pool::{Pool, Waiting};

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

/// What a snapshot brings back besides the chain.
#[derive(Clone, Copy, Debug)]
struct Moment {
    clock: Setting,
    wishes: Wishes,
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

    /// Takes a snapshot and returns its id.
    pub fn snapshot(&mut self) -> Result<u64, StoreError> {
        let id = self.parts.chain.read().next_snapshot();
        self.commit(&Event::Snapshot)?;
        let moment = Moment {
            clock: self.parts.clock.setting(),
            wishes: *self.parts.wishes.lock(),
        };
        self.moments.push((id, moment));
        Ok(id)
    }

    /// Goes back to a snapshot and uses it up, with all later ones; false when there is none.
    /// Waiting transactions are dropped; clock and wishes go back to how they were.
    pub fn revert(&mut self, id: u64) -> Result<bool, StoreError> {
        if !self.parts.chain.read().has_snapshot(id) {
            return Ok(false);
        }
        self.drop_all();
        self.commit(&Event::Revert { id })?;
        if let Some((_, moment)) = self.moments.iter().find(|(known, _)| *known == id) {
            self.parts.clock.restore(moment.clock);
            *self.parts.wishes.lock() = moment.wishes;
        }
        self.moments.retain(|(known, _)| *known < id);
        Ok(true)
    }

    /// Goes back to the genesis. Snapshots and waiting transactions are gone, the clock goes with
    /// the wall again; how blocks are made stays.
    pub fn reset(&mut self) -> Result<(), StoreError> {
        self.drop_all();
        self.commit(&Event::Reset)?;
        self.moments.clear();
        self.parts.clock.restore(Setting::default());
        *self.parts.wishes.lock() = Wishes::default();
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

    fn accept(&mut self, mut waiting: Box<Waiting>) {
        let hash = waiting.pending.hash();
        if self.parts.chain.read().location(&hash).is_some() {
            let refusal = self
                .refuse_used_nonce(&waiting.pending)
                .err()
                .unwrap_or(SubmitError::AlreadyKnown);
            return waiting.answer(Err(refusal));
        }
        // Where blocks are not made at once, being in the pool is all there is to wait for.
        let early_reply = match self.mining {
            Mining::Instant => None,
            Mining::Manual | Mining::Interval(_) => {
                if let Err(refusal) = self.refuse_early(&waiting.pending) {
                    return waiting.answer(Err(refusal));
                }
                waiting.reply.take()
            }
        };
        let result = match self.pool.add(waiting) {
            Ok(()) => {
                self.parts.feed.transaction(hash);
                Ok(hash)
            }
            Err((waiting, refusal)) => {
                if waiting.reply.is_some() {
                    return waiting.answer(Err(refusal));
                }
                Err(refusal)
            }
        };
        if let Some(reply) = early_reply {
            // The asker may have hung up; the transaction waits all the same.
            let _ = reply.send(result);
        }
        self.publish_pool();
    }

    fn refuse_used_nonce(&self, pending: &Pending) -> Result<(), SubmitError> {
        let sender = pending.tx.from;
        let (tx, state) = (pending.nonce(), self.state().nonce(&sender));
        if tx < state {
            return Err(arbos::TxError::NonceTooLow { sender, tx, state }.into());
        }
        Ok(())
    }

    /// What can be known to be hopeless without running it: all but that transactions before it
    /// are missing.
    fn refuse_early(&self, pending: &Pending) -> Result<(), SubmitError> {
        let (parent, view) = {
            let chain = self.parts.chain.read();
            (Arc::clone(chain.head()), chain.view().clone())
        };
        let nonce = pending.nonce().min(view.state.nonce(&pending.tx.from));
        let input = TxInput {
            nonce: Some(nonce),
            ..pending.input.clone()
        };
        let options = ExecOptions {
            impersonated: pending.impersonated,
            ..ExecOptions::default()
        };
        let executor = &self.parts.executor;
        let stamp = self.parts.clock.preview(parent.header.timestamp);
        let mut env = executor.pending_env(&view, &block::parent_of(&parent), stamp, 0);
        env.base_fee = self.parts.next_base_fee();
        Ok(executor.check(&view, &env, &input, &options)?)
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
