//! Tells of a node that takes its time.

use crate::progress::Progress;
use alloy::rpc::json_rpc::{RequestPacket, ResponsePacket};
use alloy::transports::{Transport, TransportError, TransportFut};
use std::task::{Context, Poll};
use tower::{Layer, Service};

/// Puts a [`Progress`] around every request to a node.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    /// The node as it may be shown.
    pub(super) origin: String,
}

/// A transport under [`Awaited`].
#[derive(Clone, Debug)]
pub(super) struct Patient<S> {
    transport: S,
    origin: String,
}

impl<S> Layer<S> for Awaited {
    type Service = Patient<S>;

    fn layer(&self, transport: S) -> Self::Service {
        Patient {
            transport,
            origin: self.origin.clone(),
        }
    }
}

impl<S: Transport + Clone> Service<RequestPacket> for Patient<S> {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.transport.poll_ready(context)
    }

    fn call(&mut self, request: RequestPacket) -> Self::Future {
        let progress = Progress::of(format!("waiting for an answer of {}", self.origin));
        let answer = self.transport.call(request);
        Box::pin(async move {
            let answer = answer.await;
            drop(progress);
            answer
        })
    }
}
