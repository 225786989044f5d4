//! A Nitro-compatible Stylus dev node in one process: chain, clock, store and JSON-RPC around
//! the state transition of the `arbos` crate.
//!
//! ```no_run
//! # async fn example() -> Result<(), stylus_devnode::StartError> {
//! use stylus_devnode::{Node, NodeConfig};
//!
//! let node = Node::start(NodeConfig::default()).await?; // a free port, everything deployed
//! println!("{}", node.http_url());
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a failing test may panic"
    )
)]

pub mod accounts;
pub mod chain;
pub mod clock;
mod config;
mod feed;
pub mod filters;
mod genesis;
mod intake;
mod node;
mod overrides;
mod parent_chain;
mod replay;
mod rpc;
mod running;
pub mod sequencer;
mod simulate;
pub mod state;
mod store;
mod wallet;

pub use config::NodeConfig;
pub use feed::Feed;
pub use node::Node;
pub use rpc::ServerError;
pub use running::{RunningNode, StartError};
pub use simulate::Scene;
pub use store::StoreError;
pub use wallet::{Signed, UnknownAccount, Wallet};
