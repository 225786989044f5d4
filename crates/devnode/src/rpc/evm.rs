//! The `evm` namespace: time, mining and snapshots, as test clients know them.

use std::{sync::Arc, time::Duration};

use alloy_primitives::U64;
use jsonrpsee::server::RegisterMethodError;
use serde::Deserialize;

use super::{
    RpcError,
    methods::Methods,
    param::{Param, plain, plain_params},
    quantity::Quantity,
};
use crate::{
    node::Node,
    sequencer::{Mining, Sequencer},
    store::StoreError,
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.waiting(
        "evm_snapshot",
        0,
        |_| Ok(()),
        |node, ()| async move {
            let own = Arc::clone(&node);
            let snapshot = move |sequencer: &mut Sequencer| {
                let id = sequencer.snapshot()?;
                own.wallet.remember(id);
                Ok::<_, StoreError>(id)
            };
            Ok(U64::from(node.sequencer.run(snapshot).await??))
        },
    )?;
    methods.waiting(
        "evm_revert",
        1,
        |args| args.required(0),
        |node, id: Quantity| async move {
            let id = id.saturating_u64();
            let own = Arc::clone(&node);
            let revert = move |sequencer: &mut Sequencer| {
                let reverted = sequencer.revert(id)?;
                if reverted {
                    own.wallet.go_back(id);
                }
                Ok::<_, StoreError>(reverted)
            };
            Ok(node.sequencer.run(revert).await??)
        },
    )?;
    methods.waiting("evm_mine", 1, |args| args.or_default(0), mine_one)?;
    methods.quick("evm_increaseTime", 1, |node, args| {
        let seconds: Quantity = args.required(0)?;
        // Test clients expect a plain number here.
        Ok(node.clock().increase(seconds.saturating_u64())?)
    })?;
    methods.quick("evm_setTime", 1, |node, args| {
        let stamp: Quantity = args.required(0)?;
        Ok(node.clock().set(stamp.saturating_u64())?)
    })?;
    methods.quick("evm_setNextBlockTimestamp", 1, |node, args| {
        let stamp: Quantity = args.required(0)?;
        let latest = node.chain().head().header.timestamp;
        node.clock().set_next(stamp.saturating_u64(), latest)?;
        Ok(U64::from(stamp.saturating_u64()))
    })?;
    methods.waiting("evm_setAutomine", 1, |args| args.required(0), set_automine)?;
    methods.waiting(
        "evm_setIntervalMining",
        1,
        |args| args.required(0),
        |node, every: Quantity| set_interval(node, Duration::from_secs(every.saturating_u64())),
    )
}

/// What `evm_mine` takes: nothing, a stamp, or an object with both.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum MineOptions {
    Stamp(Quantity),
    Options {
        timestamp: Option<Quantity>,
        blocks: Option<Quantity>,
    },
}

plain_params! { MineOptions, }

impl Default for MineOptions {
    fn default() -> Self {
        Self::Options {
            timestamp: None,
            blocks: None,
        }
    }
}

async fn mine_one(node: Arc<Node>, options: MineOptions) -> Result<&'static str, RpcError> {
    let (stamp, blocks) = match options {
        MineOptions::Stamp(stamp) => (Some(stamp), 1),
        MineOptions::Options { timestamp, blocks } => {
            (timestamp, blocks.map_or(1, Quantity::saturating_u64))
        }
    };
    if let Some(stamp) = stamp {
        let latest = node.chain().head().header.timestamp;
        node.clock().set_next(stamp.saturating_u64(), latest)?;
    }
    node.sequencer
        .run(move |sequencer| sequencer.mine(blocks, None))
        .await??;
    Ok("0x0")
}

async fn set_automine(node: Arc<Node>, on: bool) -> Result<bool, RpcError> {
    node.sequencer
        .run(move |sequencer| match (on, sequencer.mining()) {
            (true, _) => sequencer.set_mining(Mining::Instant),
            (false, Mining::Instant) => sequencer.set_mining(Mining::Manual),
            (false, _) => {}
        })
        .await?;
    Ok(true)
}

/// Zero ends interval mining, and leaves mining to be asked for.
pub(super) async fn set_interval(node: Arc<Node>, every: Duration) -> Result<bool, RpcError> {
    let mining = if every.is_zero() {
        Mining::Manual
    } else {
        Mining::Interval(every)
    };
    node.sequencer
        .run(move |sequencer| sequencer.set_mining(mining))
        .await?;
    Ok(true)
}
