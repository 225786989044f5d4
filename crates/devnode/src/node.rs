//! A node in parts: what RPC methods work with.

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{B256, U256};
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

/// A base fee may double before a transaction no longer fits.
const FEE_HEADROOM: u128 = 2;

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
    /// Tells one run of the node from another.
    pub(crate) instance: B256,
}

impl Node {
    pub(crate) fn new(parts: Parts, sequencer: Handle, wallet: Wallet, config: NodeConfig) -> Self {
        Self {
            parts,
            sequencer,
            wallet,
            filters: Filters::default(),
            config,
            instance: B256::random(),
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

    /// Wei per gas in the next block.
    pub fn next_base_fee(&self) -> U256 {
        self.parts.next_base_fee()
    }

    /// Wei per gas that the next block and the one after it will hardly ask more than.
    pub(crate) fn ample_max_fee(&self) -> u128 {
        let fee = self.next_base_fee().max(self.parts.own_base_fee());
        fee.saturating_to::<u128>().saturating_mul(FEE_HEADROOM)
    }

    /// A scene for a call in block `id`, by default the newest.
    pub fn scene(&self, id: Option<BlockId>) -> Result<Scene, UnknownBlock> {
        let id = id.unwrap_or(BlockId::Number(BlockNumberOrTag::Latest));
        let mut scene = Scene::after(&self.chain(), &self.parts.clock, id)?;
        if id == BlockId::Number(BlockNumberOrTag::Pending) {
            scene.env.base_fee = self.next_base_fee();
            let chain = self.chain();
            scene.env.l1_block_number =
                (self.parts.parent_chain).height(&chain, scene.env.timestamp);
        }
        Ok(scene)
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
