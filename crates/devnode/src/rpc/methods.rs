//! How methods are registered: name, number of parameters, and what they do.

use std::{future::Future, sync::Arc};

use jsonrpsee::{RpcModule, server::RegisterMethodError};
use serde::Serialize;

use super::{RpcError, args::Args, work::Workplace};
use crate::node::Node;

/// A result ready to be written out.
pub(super) trait Answer: Serialize + Clone + Send + 'static {}
impl<T: Serialize + Clone + Send + 'static> Answer for T {}

/// The methods of the node, by name.
pub(super) struct Methods {
    module: RpcModule<Node>,
    workplace: Arc<Workplace>,
}

impl Methods {
    pub(super) fn new(node: Arc<Node>) -> Self {
        Self {
            module: RpcModule::from_arc(node),
            workplace: Arc::default(),
        }
    }

    pub(super) fn into_inner(self) -> RpcModule<Node> {
        self.module
    }

    pub(super) fn module(&mut self) -> &mut RpcModule<Node> {
        &mut self.module
    }

    /// A method that answers at once.
    pub(super) fn quick<T: Answer>(
        &mut self,
        name: &'static str,
        limit: usize,
        act: impl Fn(&Node, &Args<'_>) -> Result<T, RpcError> + Send + Sync + 'static,
    ) -> Result<(), RegisterMethodError> {
        self.module.register_method(name, move |params, node, _| {
            act(node, &Args::parse(&params, limit)?)
        })?;
        Ok(())
    }

    /// A method that may compute for long, and does not hold up others meanwhile.
    pub(super) fn heavy<T: Answer>(
        &mut self,
        name: &'static str,
        limit: usize,
        act: impl Fn(&Node, &Args<'_>) -> Result<T, RpcError> + Send + Sync + 'static,
    ) -> Result<(), RegisterMethodError> {
        let (act, workplace) = (Arc::new(act), Arc::clone(&self.workplace));
        self.module
            .register_async_method(name, move |params, node, _| {
                let (act, workplace) = (Arc::clone(&act), Arc::clone(&workplace));
                async move {
                    workplace
                        .run(move || act(&node, &Args::parse(&params, limit)?))
                        .await
                }
            })?;
        Ok(())
    }

    /// A method that waits for the sequencer. `read` takes the parameters apart before the wait.
    pub(super) fn waiting<P, T, Fut>(
        &mut self,
        name: &'static str,
        limit: usize,
        read: impl Fn(&Args<'_>) -> Result<P, RpcError> + Send + Sync + 'static,
        act: impl Fn(Arc<Node>, P) -> Fut + Clone + Send + Sync + 'static,
    ) -> Result<(), RegisterMethodError>
    where
        P: Send,
        T: Answer,
        Fut: Future<Output = Result<T, RpcError>> + Send,
    {
        let read = Arc::new(read);
        self.module
            .register_async_method(name, move |params, node, _| {
                let parsed = Args::parse(&params, limit).and_then(|args| read(&args));
                let act = act.clone();
                async move { act(node, parsed?).await }
            })?;
        Ok(())
    }

    /// Another name for a method.
    pub(super) fn alias(
        &mut self,
        alias: &'static str,
        name: &'static str,
    ) -> Result<(), RegisterMethodError> {
        self.module.register_alias(alias, name)
    }
}
