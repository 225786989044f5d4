//! The chain's head: looked at in pauses, so that asking the clock asks no node.

use std::{
    sync::{PoisonError, RwLock, Weak},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use alloy::primitives::Address;
use diem_abi::IDiem;

use super::{Chain, ChainError, Inner, Node, Rules, clock};

/// The head as last read.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Number of the latest block.
    pub number: u64,
    /// Its time, in seconds since 1970.
    pub latest: u64,
    /// Time of the block to come, in seconds since 1970.
    pub pending: u64,
    /// Whether the gateway was registered and not revoked.
    pub allowed: bool,
    read: Instant,
}

impl Head {
    /// How long ago it was read.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.read.elapsed()
    }

    /// How much the machine's clock is ahead of the chain's, in seconds; negative where it is behind.
    #[must_use]
    pub fn machine_ahead(&self) -> i64 {
        let chain = self.latest.max(self.pending) + self.age().as_secs();
        i64::try_from(i128::from(machine()) - i128::from(chain)).unwrap_or(i64::MAX)
    }
}

/// The last head, and its replacement.
#[derive(Debug)]
pub(super) struct Watch(RwLock<Head>);

impl Watch {
    pub(super) async fn begin(
        node: &Node,
        diem: Address,
        gateway: Address,
    ) -> Result<Self, ChainError> {
        read(node, diem, gateway)
            .await
            .map(|head| Self(RwLock::new(head)))
    }

    pub(super) fn head(&self) -> Head {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn look(
        &self,
        node: &Node,
        diem: Address,
        gateway: Address,
    ) -> Result<Head, ChainError> {
        let head = read(node, diem, gateway).await?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = head;
        Ok(head)
    }

    pub(super) fn clock(&self, rules: Rules) -> clock::Clock {
        let head = self.head();
        let read = clock::Readings {
            latest: head.latest,
            pending: head.pending,
            age: head.age().as_secs(),
            machine: machine(),
            allowed: head.allowed,
        };
        clock::tell(rules, read)
    }
}

async fn read(node: &Node, diem: Address, gateway: Address) -> Result<Head, ChainError> {
    // Before the questions: an answer that takes long is no younger than its question.
    let read = Instant::now();
    let (number, latest) = node.head().await?;
    let pending = node.pending_time().await?;
    let allowed = node
        .call(diem, &IDiem::isGatewayCall { account: gateway }, false)
        .await?;
    Ok(Head {
        number,
        latest,
        pending,
        allowed,
        read,
    })
}

/// Looks until nobody holds the chain any more.
pub(super) fn follow(chain: Weak<Inner>, pause: Duration) {
    tokio::spawn(async move {
        let mut failing = false;
        loop {
            tokio::time::sleep(pause).await;
            let Some(inner) = chain.upgrade() else { return };
            let chain = Chain(inner);
            match chain.look().await {
                Ok(head) => {
                    if failing {
                        tracing::info!(block = head.number, "the node answers again");
                    }
                    failing = false;
                }
                Err(error) => {
                    if !failing {
                        tracing::warn!(%error, "the chain's head cannot be read");
                    }
                    failing = true;
                }
            }
            metrics::gauge!("diem_chain_head_block").set(chain.head().number as f64);
            metrics::gauge!("diem_chain_head_age_seconds").set(chain.head().age().as_secs_f64());
        }
    });
}

/// The machine's clock, in seconds since 1970.
fn machine() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
