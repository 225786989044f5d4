//! Making a block.

use std::sync::Arc;

use alloy_primitives::{B256, U256};
use arbos::{ExecOptions, Executor, Outcome, ParentBlock, StartedBlock, StateDiff, TxError};

use super::{MineError, Mining, Sequencer, Wishes, pool::Waiting};
use crate::{
    chain::{ArbitrumHeader, Block, Draft, Event, InternalTx, Receipt, Transaction},
    state::{View, arbos_state, commit, encode_diff},
};

/// Compute gas of one block.
const COMPUTE_BUDGET: u64 = 32_000_000;

/// A block is full when less compute gas than a transfer needs is left.
const SMALLEST_TX_GAS: u64 = 21_000;

/// A block in the making.
struct Build {
    started: StartedBlock,
    view: View,
    diff: StateDiff,
    transactions: Vec<Transaction>,
    receipts: Vec<Receipt>,
    gas_used: u64,
    compute_gas: u64,
}

impl Sequencer {
    /// Makes one block of what can run now, even if that is nothing.
    pub(super) fn produce(&mut self) -> Result<Arc<Block>, MineError> {
        let build = self.build();
        let (block, waiting) = self.finish(build)?;
        self.announce(&block, waiting);
        Ok(block)
    }

    /// Makes one block if any transaction can run now; false otherwise.
    pub(super) fn produce_if_ready(&mut self) -> Result<bool, MineError> {
        if self.pool.ready(&self.state()).is_empty() {
            return Ok(false);
        }
        let (build, waiting) = self.build();
        if waiting.is_empty() {
            // All of them were refused: no block, but others may be ready in their place.
            return Ok(true);
        }
        let (block, waiting) = self.finish((build, waiting))?;
        self.announce(&block, waiting);
        Ok(true)
    }

    fn build(&mut self) -> (Build, Vec<Waiting>) {
        let mut build = self.start();
        let mut ready = self.pool.ready(&build.view.state);
        let mut included = Vec::new();
        while COMPUTE_BUDGET.saturating_sub(build.compute_gas) >= SMALLEST_TX_GAS
            && let Some(ticket) = ready.pop_first()
        {
            let Some(waiting) = self.pool.take(ticket) else {
                continue;
            };
            let sender = waiting.pending.tx.from;
            match build.run(&self.parts.executor, &waiting) {
                Ok(outcome) => {
                    build.include(&waiting, outcome);
                    included.push(waiting);
                }
                Err(refusal) if self.may_run_later(&refusal) => {
                    self.pool.put_back(ticket, waiting);
                    continue;
                }
                Err(refusal) => {
                    if waiting.reply.is_none() {
                        let hash = waiting.pending.hash();
                        tracing::warn!(%hash, %refusal, "transaction dropped");
                    }
                    waiting.answer(Err(refusal.into()));
                }
            }
            ready.extend(self.pool.ticket(sender, build.view.state.nonce(&sender)));
        }
        (build, included)
    }

    fn start(&self) -> Build {
        let (parent, view, stamp, l1_block_number) = {
            let chain = self.parts.chain.read();
            let parent = Arc::clone(chain.head());
            let stamp = self.parts.clock.preview(parent.header.timestamp);
            let l1_block_number = self.parts.parent_chain.height(&chain, stamp);
            (parent, chain.view().clone(), stamp, l1_block_number)
        };
        let parent = parent_of(&parent);
        let executor = &self.parts.executor;
        let started = executor.start_block(&view, &parent, stamp, l1_block_number);
        let chain_id = executor.chain().chain_id;
        Build::new(started, view, chain_id, *self.parts.wishes.lock())
    }

    /// Whether a block with another base fee, or after somebody has paid the sender, may take what
    /// this one refuses. Where blocks are made at once nobody waits for that.
    fn may_run_later(&self, refusal: &TxError) -> bool {
        self.mining != Mining::Instant
            && matches!(
                refusal,
                TxError::FeeCapTooLow { .. } | TxError::InsufficientFunds { .. }
            )
    }

    /// Seals the block, writes it down and makes it true. If it cannot be written, those whose
    /// transactions are in it are told so, and it never was.
    fn finish(
        &mut self,
        (build, waiting): (Build, Vec<Waiting>),
    ) -> Result<(Arc<Block>, Vec<Waiting>), MineError> {
        let (parent, commitment) = {
            let chain = self.parts.chain.read();
            (Arc::clone(chain.head()), chain.state_commitment())
        };
        let encoded = encode_diff(&build.diff);
        let root = commit(commitment, &encoded);
        let diff = build.diff.clone();
        let block = Arc::new(build.seal(&parent, root));
        let event = Event::Block {
            block: Arc::clone(&block),
            diff,
            encoded,
        };
        if let Err(error) = self.commit(&event) {
            for waiting in waiting {
                waiting.answer(Err(super::SubmitError::Store(error.to_string())));
            }
            return Err(error.into());
        }
        self.parts.clock.stamp(parent.header.timestamp);
        self.parts.wishes.lock().base_fee = None;
        Ok((block, waiting))
    }

    fn announce(&self, block: &Arc<Block>, waiting: Vec<Waiting>) {
        self.parts.feed.block(block);
        for waiting in waiting {
            let hash = waiting.pending.hash();
            waiting.answer(Ok(hash));
        }
    }
}

impl Build {
    fn new(mut started: StartedBlock, mut view: View, chain_id: u64, wishes: Wishes) -> Self {
        if let Some(base_fee) = wishes.base_fee {
            started.env.base_fee = base_fee;
        }
        started.env.coinbase = wishes.coinbase;
        view.state.apply(&started.diff);
        let internal = InternalTx {
            chain_id,
            data: started.internal_data.clone(),
        };
        Self {
            diff: std::mem::take(&mut started.diff),
            view,
            started,
            transactions: vec![Transaction::Internal(internal)],
            receipts: vec![Receipt {
                success: true,
                gas_used: 0,
                cumulative_gas_used: 0,
                gas_used_for_l1: 0,
                effective_gas_price: 0,
                logs: Vec::new(),
                contract_address: None,
            }],
            gas_used: 0,
            compute_gas: 0,
        }
    }

    fn run(&mut self, executor: &Executor, waiting: &Waiting) -> Result<Outcome, TxError> {
        let options = ExecOptions {
            impersonated: waiting.pending.impersonated,
            ..ExecOptions::default()
        };
        let StartedBlock { env, context, .. } = &mut self.started;
        executor.transact(&self.view, env, context, &waiting.pending.input, &options)
    }

    fn include(&mut self, waiting: &Waiting, outcome: Outcome) {
        for line in &outcome.console {
            tracing::info!(target: "console", "{line}");
        }
        let success = outcome.is_success();
        self.gas_used = self.gas_used.saturating_add(outcome.gas_used);
        self.compute_gas = self.compute_gas.saturating_add(outcome.compute_gas());
        self.view.state.apply(&outcome.diff);
        self.transactions
            .push(Transaction::User(waiting.pending.tx.clone()));
        self.receipts.push(Receipt {
            success,
            gas_used: outcome.gas_used,
            cumulative_gas_used: self.gas_used,
            gas_used_for_l1: outcome.gas_used_for_l1,
            effective_gas_price: outcome.effective_gas_price,
            logs: outcome.logs,
            contract_address: outcome.created,
        });
        self.diff.extend(outcome.diff);
    }

    fn seal(self, parent: &Block, state_root: B256) -> Block {
        let env = &self.started.env;
        let draft = Draft {
            parent_hash: parent.hash,
            number: env.number,
            timestamp: env.timestamp,
            base_fee: env.base_fee.saturating_to(),
            coinbase: env.coinbase,
            state_root,
            arbitrum: arbitrum_header(&self.view, env.l1_block_number),
        };
        Block::seal(draft, self.transactions, self.receipts)
    }
}

/// What Nitro writes into a header, read from the state after the block.
pub(crate) fn arbitrum_header(view: &View, l1_block_number: u64) -> ArbitrumHeader {
    arbos_state(view, |arbos, words| {
        let (send_count, send_root) = arbos.sends(words);
        ArbitrumHeader {
            send_root,
            send_count,
            l1_block_number,
            arbos_version: arbos.arbos_version(),
            collects_tips: arbos.collects_tips(words),
        }
    })
}

/// Starts a block of the past again, exactly as it was.
pub(crate) fn start_again(
    executor: &Executor,
    view: &View,
    parent: &Block,
    block: &Block,
) -> StartedBlock {
    let mut started = executor.start_block(
        view,
        &parent_of(parent),
        block.header.timestamp,
        block.arbitrum().l1_block_number,
    );
    started.env.base_fee = U256::from(block.base_fee());
    started.env.coinbase = block.header.beneficiary;
    started
}

pub(super) fn parent_of(block: &Block) -> ParentBlock {
    ParentBlock {
        number: block.number(),
        timestamp: block.header.timestamp,
        hash: block.hash,
    }
}
