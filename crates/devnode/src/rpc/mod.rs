//! JSON-RPC: decode, call, encode. One file per namespace, no chain logic.

mod anvil;
mod arb;
mod arbdebug;
mod args;
mod debug;
mod dispatch;
mod dump;
mod encode;
mod error;
mod eth;
mod evm;
mod http;
mod methods;
mod net;
mod node_interface;
mod param;
mod quantity;
mod request;
mod server;
mod txpool;
mod unknown;
mod websocket;
mod work;

use std::{collections::BTreeMap, sync::Arc};

use jsonrpsee::{RpcModule, server::RegisterMethodError};

pub(crate) use error::RpcError;
pub(crate) use server::Server;
pub use server::ServerError;

use crate::node::Node;
use methods::Methods;

/// All methods over `node`.
fn module(node: Arc<Node>) -> Result<RpcModule<Node>, RegisterMethodError> {
    let mut methods = Methods::new(node);
    net::register(&mut methods)?;
    eth::register(&mut methods)?;
    evm::register(&mut methods)?;
    anvil::register(&mut methods)?;
    arb::register(&mut methods)?;
    arbdebug::register(&mut methods)?;
    debug::register(&mut methods)?;
    dump::register(&mut methods)?;
    txpool::register(&mut methods)?;
    list_modules(&mut methods)?;
    Ok(methods.into_inner())
}

/// `rpc_modules`: every namespace that has methods.
fn list_modules(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    let modules: BTreeMap<&str, &str> = methods
        .module()
        .method_names()
        .filter_map(|name| name.split_once('_'))
        .map(|(namespace, _)| (namespace, "1.0"))
        .chain([("rpc", "1.0")])
        .collect();
    methods.quick("rpc_modules", 0, move |_, _| Ok(modules.clone()))
}
