//! A node in parts: what RPC methods work with.

use alloy_eips::BlockNumberOrTag;
use arbos::Executor;
use parking_lot::RwLockReadGuard;

use crate::{
    chain::{BlockId, Chain, UnknownBlock},
    clock::Clock,
    config::NodeConfig,
    feed::Feed,
    filters::Filters,
    sequencer::{Handle, Parts},
    simulate::Scene,
    wallet::Wallet,
};

/// The running node, without its doors.
pub struct Node {
    parts: Parts,
    /// The way to change the chain.
    pub sequencer: Handle,
    /// Accounts the node sends for.
    pub wallet: Wallet,
    /// Filters that clients poll.
    pub filters: Filters,
    /// What the node was started with.
    pub config: NodeConfig,
}

impl Node {
    pub(crate) fn new(parts: Parts, sequencer: Handle, wallet: Wallet, config: NodeConfig) -> Self {
        Self {
            parts,
            sequencer,
            wallet,
            filters: Filters::default(),
            config,
        }
    }

    /// The chain, for a short look: blocks cannot be appended meanwhile.
    pub fn chain(&self) -> RwLockReadGuard<'_, Chain> {
        self.parts.chain.read()
    }

    /// The state transition.
    pub fn executor(&self) -> &Executor {
        &self.parts.executor
    }

    /// The node's time.
    pub fn clock(&self) -> &Clock {
        &self.parts.clock
    }

    /// News.
    pub fn feed(&self) -> &Feed {
        &self.parts.feed
    }

    /// The chain's id.
    pub fn chain_id(&self) -> u64 {
        self.config.chain_id
    }

    /// A scene for a call in block `id`, by default the newest.
    pub fn scene(&self, id: Option<BlockId>) -> Result<Scene, UnknownBlock> {
        let id = id.unwrap_or(BlockId::Number(BlockNumberOrTag::Latest));
        Scene::after(&self.chain(), &self.parts.clock, id)
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
