//! What the chain says: the lines at one block, the epoch by two clocks, who signs for an account, and whether this
//! gateway is registered. Reads only; statements are [`settling`](crate::settling)'s.

mod accounts;
mod clock;
mod error;
mod head;
mod lines;
mod node;
mod wallet;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use alloy::primitives::Address;
use diem_abi::IDiem;
use futures_util::future::BoxFuture;

pub use clock::{Clock, Gate, Rules};
pub use error::ChainError;
pub use head::Head;
pub use node::Node;

use crate::{
    line::{Epoch, Line},
    money::Usd,
};
use head::Watch;

/// A line as the chain told it at one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub line: Line,
    /// The epoch of the answer, whatever the clocks say.
    pub epoch: Epoch,
    /// Dollars of the epoch.
    pub allowance: Usd,
    /// What was stated of them so far, in all.
    pub used: Usd,
    /// Who may settle it in this epoch; `None` is nobody.
    pub gateway: Option<Address>,
    /// A forecast of the next epoch's dollars; not firm.
    pub next_allowance: Usd,
    /// A forecast of who may settle it in the next epoch; not firm.
    pub next_gateway: Option<Address>,
    /// The latest block when it was read.
    pub block: u64,
}

/// The lines and the clock, as the doors need them.
pub trait Lines: Send + Sync {
    /// What the clocks say now.
    fn clock(&self) -> Clock;

    /// The line in the epoch of [`Lines::clock`], remembered for the epoch once it has an allowance that this gateway
    /// may settle.
    ///
    /// # Errors
    /// The node does not answer, or no block and no pending read stands in the epoch yet.
    fn standing(&self, line: Line) -> BoxFuture<'_, Result<Standing, ChainError>>;

    /// As [`Lines::standing`], read again: for what does not fit, because an allowance may rise within its epoch.
    ///
    /// # Errors
    /// As [`Lines::standing`].
    fn fresh(&self, line: Line) -> BoxFuture<'_, Result<Standing, ChainError>>;
}

/// Who may act for an account, as the doors need it.
pub trait Accounts: Send + Sync {
    /// Whether `signature` is the account's on `text`, signed as EIP-191 has it: by its key (EIP-7702 accounts too), or
    /// by the answer of its contract (ERC-1271).
    ///
    /// # Errors
    /// The node does not answer; a malformed signature is no error but `false`.
    fn signed_by<'a>(
        &'a self,
        account: Address,
        text: &'a str,
        signature: &'a [u8],
    ) -> BoxFuture<'a, Result<bool, ChainError>>;

    /// The lessee of a lease; `None` when there is no such open lease.
    ///
    /// # Errors
    /// The node does not answer.
    fn lessee(&self, id: u64) -> BoxFuture<'_, Result<Option<Address>, ChainError>>;
}

/// Where and as whom to read.
#[derive(Clone, Debug)]
pub struct Place {
    /// The node's JSON-RPC address; may carry secrets, and is never shown beyond scheme, host and port.
    pub rpc: String,
    /// Longest wait for one answer.
    pub timeout: Duration,
    /// The chain that the node must be of.
    pub chain_id: u64,
    /// The DIEM contract.
    pub diem: Address,
    /// This gateway.
    pub gateway: Address,
    /// The rules of midnight.
    pub rules: Rules,
    /// Pause between two looks at the chain's head.
    pub poll: Duration,
}

/// This gateway on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Registered and not revoked.
    pub allowed: bool,
    /// The default gateway today; `None` is nobody.
    pub default_today: Option<Address>,
    /// The default gateway that waits, or today's again.
    pub default_next: Option<Address>,
    /// The epoch from which `default_next` counts.
    pub default_from: Epoch,
}

/// A connection that follows the chain's head. Clones share it.
#[derive(Clone, Debug)]
pub struct Chain(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    node: Node,
    diem: Address,
    gateway: Address,
    rules: Rules,
    watch: Watch,
    /// Lines of ours in one epoch, which are firm there.
    known: Mutex<HashMap<Line, Standing>>,
}

impl Chain {
    /// Connects, holds the node's chain id against the one expected, reads the head and the gateway's registration once,
    /// and follows both from then on.
    ///
    /// # Errors
    /// The address is none, the node does not answer, is of another chain, or has no DIEM contract there.
    pub async fn connect(place: Place) -> Result<Self, ChainError> {
        let node = Node::connect(&place.rpc, place.timeout, place.chain_id).await?;
        let watch = Watch::begin(&node, place.diem, place.gateway).await?;
        let inner = Arc::new(Inner {
            node,
            diem: place.diem,
            gateway: place.gateway,
            rules: place.rules,
            watch,
            known: Mutex::default(),
        });
        head::follow(Arc::downgrade(&inner), place.poll);
        Ok(Self(inner))
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// The DIEM contract.
    #[must_use]
    pub fn diem(&self) -> Address {
        self.0.diem
    }

    /// This gateway.
    #[must_use]
    pub fn gateway(&self) -> Address {
        self.0.gateway
    }

    /// The head as last read, and how long ago.
    #[must_use]
    pub fn head(&self) -> Head {
        self.0.watch.head()
    }

    /// Looks at the head and at the registration now.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn look(&self) -> Result<Head, ChainError> {
        let inner = &self.0;
        inner
            .watch
            .look(&inner.node, inner.diem, inner.gateway)
            .await
    }

    /// This gateway's registration, read now.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn registration(&self) -> Result<Registration, ChainError> {
        let inner = &self.0;
        let call = IDiem::isGatewayCall {
            account: inner.gateway,
        };
        let allowed = inner.node.call(inner.diem, &call, false).await?;
        let default = inner
            .node
            .call(inner.diem, &IDiem::defaultGatewayCall {}, false)
            .await?;
        Ok(Registration {
            allowed,
            default_today: lines::somebody(default.today),
            default_next: lines::somebody(default.next),
            default_from: lines::epoch(&inner.node, default.fromEpoch)?,
        })
    }

    fn forget_other_epochs(&self, epoch: Epoch) {
        self.known().retain(|_, standing| standing.epoch == epoch);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<Line, Standing>> {
        // A map of copies is whole even where its holder panicked.
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
