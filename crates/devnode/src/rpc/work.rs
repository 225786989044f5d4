//! Work that may take long, out of the way of everything else.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task,
};

use super::RpcError;

/// For so many pieces of work after two at a time, more of them are to be expected.
const CROWD_MEMORY: usize = 32;

/// Where long work is done.
#[derive(Debug, Default)]
pub(super) struct Workplace {
    /// Pieces of work under way.
    busy: AtomicUsize,
    /// How many more pieces are not taken to be alone.
    crowd: AtomicUsize,
}

impl Workplace {
    /// Does `work` and returns what it returns; its panic, our bug, is an internal error.
    ///
    /// Most calls take less time than waking another thread for them, and waking this one again
    /// for their answer. So work of one client stays on its thread, and another one takes over
    /// what else comes in. Of several clients, the threads would only take the processors from
    /// each other: then it goes to the threads that are there for it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, RpcError> + Send + 'static,
    ) -> Result<T, RpcError> {
        let place = Place::take(self);
        let several_threads = Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
        let done = if place.alone && several_threads {
            task::block_in_place(|| catch_unwind(AssertUnwindSafe(work))).ok()
        } else {
            task::spawn_blocking(work).await.ok()
        };
        done.unwrap_or_else(|| {
            Err(RpcError::Internal(
                "the node failed while working on this request".to_owned(),
            ))
        })
    }
}

/// One of the pieces of work under way, until dropped.
struct Place<'w> {
    workplace: &'w Workplace,
    alone: bool,
}

impl<'w> Place<'w> {
    fn take(workplace: &'w Workplace) -> Self {
        let Workplace { busy, crowd } = workplace;
        let alone = if busy.fetch_add(1, Relaxed) > 0 {
            crowd.store(CROWD_MEMORY, Relaxed);
            false
        } else {
            let less = |crowd: usize| crowd.checked_sub(1);
            crowd.fetch_update(Relaxed, Relaxed, less).is_err()
        };
        Self { workplace, alone }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.workplace.busy.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_counts_as_alone_again_when_there_was_no_other_for_a_while() {
        let workplace = Workplace::default();
        let first = Place::take(&workplace);
        assert!(first.alone);
        assert!(!Place::take(&workplace).alone);
        drop(first);
        for _ in 0..CROWD_MEMORY {
            assert!(!Place::take(&workplace).alone);
        }
        assert!(Place::take(&workplace).alone);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_panic_is_an_internal_error_wherever_it_happens() {
        let workplace = Workplace::default();
        for crowd in [0, 1] {
            workplace.crowd.store(crowd, Relaxed);
            let answer = workplace.run(|| -> Result<(), _> { panic!("a bug") }).await;
            assert!(matches!(answer, Err(RpcError::Internal(_))));
        }
        assert_eq!(workplace.busy.load(Relaxed), 0);
    }
}
