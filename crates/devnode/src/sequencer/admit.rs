//! Which transactions are let in, and what is said of the others.

use std::sync::Arc;

use arbos::{ExecOptions, TxError, TxInput};

use super::{
    Mining, Sequencer, SubmitError, block,
    pool::{Pending, Waiting},
};

impl Sequencer {
    pub(super) fn accept(&mut self, mut waiting: Box<Waiting>) {
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
            return Err(TxError::NonceTooLow { sender, tx, state }.into());
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
}
