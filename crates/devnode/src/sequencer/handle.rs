//! How the rest of the node reaches the sequencer.

use std::{
    sync::mpsc::{self, Receiver, Sender},
    time::Instant,
};

use alloy_primitives::B256;
use tokio::sync::oneshot;

use super::{Pending, Sequencer, SubmitError, pool::Waiting};

/// Something to do for the sequencer.
pub(crate) enum Command {
    /// Put a transaction into a block.
    Submit(Box<Waiting>),
    /// Anything else, in turn.
    Run(Box<dyn FnOnce(&mut Sequencer) + Send>),
    /// Finish.
    Stop,
}

/// The sequencer has stopped, or failed while working on this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sequencer did not answer")]
pub struct Stopped;

/// Sends requests to the sequencer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle(Sender<Command>);

impl Handle {
    pub(crate) fn new() -> (Self, Receiver<Command>) {
        let (sender, receiver) = mpsc::channel();
        (Self(sender), receiver)
    }

    /// Sends a transaction and waits until it is in a block, or in the pool where blocks are not
    /// made at once, or refused.
    pub async fn submit(&self, pending: Pending) -> Result<B256, SubmitError> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting {
            pending,
            since: Instant::now(),
            reply: Some(reply),
        };
        self.0
            .send(Command::Submit(Box::new(waiting)))
            .map_err(|_| SubmitError::Stopped)?;
        answer.await.unwrap_or(Err(SubmitError::Stopped))
    }

    /// Runs `act` on the sequencer's thread, between blocks, and waits for what it returns.
    pub async fn run<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Sequencer) -> R + Send + 'static,
    ) -> Result<R, Stopped> {
        let (reply, answer) = oneshot::channel();
        let act = Box::new(move |sequencer: &mut Sequencer| {
            // The asker may have hung up; what was asked for is done all the same.
            let _ = reply.send(act(sequencer));
        });
        self.0.send(Command::Run(act)).map_err(|_| Stopped)?;
        answer.await.map_err(|_| Stopped)
    }

    /// Like [`Handle::run`], for callers outside of an async runtime.
    pub fn run_blocking<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Sequencer) -> R + Send + 'static,
    ) -> Result<R, Stopped> {
        let (reply, answer) = mpsc::sync_channel(1);
        let act = Box::new(move |sequencer: &mut Sequencer| {
            let _ = reply.send(act(sequencer)); // as above
        });
        self.0.send(Command::Run(act)).map_err(|_| Stopped)?;
        answer.recv().map_err(|_| Stopped)
    }

    /// Asks the sequencer to finish what it has and stop.
    pub(crate) fn stop(&self) {
        let _ = self.0.send(Command::Stop); // already stopped is as good
    }
}
