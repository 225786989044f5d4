//! Where a program that runs on its own native stack meets the one who runs it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use crate::console::Console;
use crate::trace::TraceBuffer;
use crate::{Answer, HostioRecord, Request};

/// A question and its answer, and what the program leaves to be looked at meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Desk(Mutex<Papers>);

#[derive(Debug, Default)]
struct Papers {
    request: Option<Request>,
    answer: Option<Answer>,
    trace: TraceBuffer,
    console: Console,
}

impl Desk {
    /// Never contended: either the program runs or the one who runs it does.
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the request has been answered.
    pub(crate) fn ask(&self, request: Request) -> impl Future<Output = Answer> + Send + '_ {
        self.papers().request = Some(request);
        Reply(self)
    }

    /// The question the program waits with.
    pub(crate) fn asked(&self) -> Option<Request> {
        self.papers().request.take()
    }

    pub(crate) fn reply(&self, answer: Answer) {
        self.papers().answer = Some(answer);
    }

    pub(crate) fn record(&self, record: HostioRecord) {
        self.papers().trace.push(record);
    }

    pub(crate) fn take_trace(&self) -> Option<Vec<HostioRecord>> {
        self.papers().trace.take()
    }

    /// Whether another printed line would be kept.
    pub(crate) fn has_room(&self) -> bool {
        self.papers().console.has_room()
    }

    pub(crate) fn print(&self, text: &[u8]) {
        self.papers().console.print(text);
    }

    pub(crate) fn take_console(&self) -> Vec<String> {
        self.papers().console.take()
    }
}

/// An answer to come. Nobody is woken: whoever answers runs the program on.
struct Reply<'a>(&'a Desk);

impl Future for Reply<'_> {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Answer> {
        match self.0.papers().answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        }
    }
}
