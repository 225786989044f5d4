//! The doors: HTTP and WebSocket on one port, and on a second one if asked for.

use std::{io, net::SocketAddr, sync::Arc};

use jsonrpsee::{
    core::traits::IdProvider,
    server::{
        HttpRequest, HttpResponse, RegisterMethodError, RpcModule, Server as JsonRpcServer,
        ServerBuilder, ServerConfig, ServerHandle, stop_channel,
    },
    types::SubscriptionId,
};
use tokio::sync::watch;
use tower::{
    BoxError, Service,
    layer::util::{Identity, Stack},
};
use tower_http::cors::{Any, CorsLayer};

use super::{dispatch::Dispatcher, http::DoorLayer, module};
use crate::node::Node;

/// Largest request body in bytes. A transaction has at most 95,000, a batch may have many.
pub(super) const MAX_REQUEST_BODY: u32 = 10 * 1024 * 1024;

/// Largest response body in bytes: traces and logs can be long.
pub(super) const MAX_RESPONSE_BODY: u32 = 256 * 1024 * 1024;

/// Most requests in one batch.
pub(super) const MAX_BATCH: usize = 1_000;

/// Most clients connected at once.
pub(super) const MAX_CONNECTIONS: u32 = 1_000;

/// Most subscriptions of one client.
pub(super) const MAX_SUBSCRIPTIONS: u32 = 1_024;

/// Why the doors did not open.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The port is taken, or the interface does not exist.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// Two methods of one name: our bug.
    #[error(transparent)]
    Register(#[from] RegisterMethodError),
}

/// Open doors.
#[derive(Debug)]
pub(crate) struct Server {
    doors: Vec<(SocketAddr, ServerHandle)>,
    layer: DoorLayer,
    closing: watch::Sender<bool>,
    methods: RpcModule<Node>,
}

impl Server {
    /// Opens the door at `address`, and a second one at `ws` if given.
    pub(crate) async fn open(
        node: &Arc<Node>,
        address: SocketAddr,
        ws: Option<SocketAddr>,
    ) -> Result<Self, ServerError> {
        let methods = module(Arc::clone(node))?;
        let closing = watch::Sender::new(false);
        let dispatcher = Dispatcher::new((*methods).clone());
        let layer = DoorLayer::new(dispatcher, closing.subscribe());
        let mut doors = Vec::new();
        for address in [Some(address), ws].into_iter().flatten() {
            let failed = |source| ServerError::Listen { address, source };
            let server = builder(layer.clone())
                .build(address)
                .await
                .map_err(failed)?;
            let bound = server.local_addr().map_err(failed)?;
            doors.push((bound, server.start(methods.clone())));
        }
        Ok(Self {
            doors,
            layer,
            closing,
            methods,
        })
    }

    /// Where HTTP and WebSocket answer.
    pub(crate) fn address(&self) -> SocketAddr {
        self.doors[0].0
    }

    /// Where WebSocket is expected to answer: the second door, or the only one.
    pub(crate) fn ws_address(&self) -> SocketAddr {
        self.doors[self.doors.len() - 1].0
    }

    /// What a connection talks to, without the connection: same methods, same limits.
    pub(crate) fn service(
        &self,
    ) -> impl Service<HttpRequest, Response = HttpResponse, Error = BoxError> + use<> {
        let (stop, _) = stop_channel(); // matters to WebSocket sessions only
        builder(self.layer.clone())
            .to_service_builder()
            .build(self.methods.clone(), stop)
    }

    /// Names of all methods, aliases included.
    pub(crate) fn method_names(&self) -> impl Iterator<Item = &'static str> {
        self.methods.method_names()
    }

    /// Closes the doors; requests under way are finished.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
        for (_, door) in &self.doors {
            let _ = door.stop(); // closed already is as good
        }
    }
}

/// What an HTTP request passes first, the outermost last.
type HttpLayers = Stack<DoorLayer, Stack<CorsLayer, Identity>>;

/// How every door is built. What passes the layers is no JSON-RPC, so that the limits of JSON-RPC
/// are not set here.
fn builder(layer: DoorLayer) -> ServerBuilder<HttpLayers, Identity> {
    let config = ServerConfig::builder()
        .max_request_body_size(MAX_REQUEST_BODY)
        .max_connections(MAX_CONNECTIONS)
        .set_tcp_no_delay(true)
        .build();
    JsonRpcServer::builder()
        .set_config(config)
        .set_http_middleware(
            tower::ServiceBuilder::new()
                .layer(any_browser())
                .layer(layer),
        )
}

/// A dev node has no secrets: any page may talk to it.
fn any_browser() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(Any)
}

/// Subscription ids as Ethereum clients expect them: hex strings.
#[derive(Debug)]
pub(super) struct HexIds;

impl IdProvider for HexIds {
    fn next_id(&self) -> SubscriptionId<'static> {
        SubscriptionId::Str(format!("{:#x}", alloy_primitives::B128::random()).into())
    }
}
