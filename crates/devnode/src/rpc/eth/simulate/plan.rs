//! Which blocks a simulation makes: all of that is known before anything runs.

use serde::Deserialize;

use crate::{
    overrides::{BlockOverrides, StateOverrides},
    rpc::{RpcError, request::CallRequest},
};

/// Most blocks of one simulation, those between included.
const MAX_BLOCKS: u64 = 256;

/// Seconds from one block to the next where nobody says otherwise.
const SECONDS: u64 = 12;

/// A block is not higher than the one before.
const NUMBER_NOT_HIGHER: i32 = -38_020;
/// A block is not later than the one before.
const NOT_LATER: i32 = -38_021;
/// More than [`MAX_BLOCKS`].
const TOO_MANY_BLOCKS: i32 = -38_026;

/// One block as it is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Wanted {
    block_overrides: Option<BlockOverrides>,
    state_overrides: Option<StateOverrides>,
    calls: Option<Vec<CallRequest>>,
}

/// One block as it will be made.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) number: u64,
    /// Unix seconds.
    pub(super) timestamp: u64,
    pub(super) overrides: BlockOverrides,
    pub(super) state: Option<StateOverrides>,
    pub(super) calls: Vec<CallRequest>,
}

/// Gives every block its height and its time, and fills gaps between heights with empty blocks.
pub(super) fn plan(base: u64, latest: u64, wanted: Vec<Wanted>) -> Result<Vec<Planned>, RpcError> {
    let mut planned = Vec::new();
    let (mut height, mut latest) = (base, latest);
    for block in wanted {
        let overrides = block.block_overrides.unwrap_or_default();
        let number = overrides.height().unwrap_or(height.saturating_add(1));
        if number <= height {
            return Err(RpcError::Coded {
                code: NUMBER_NOT_HIGHER,
                message: format!("block numbers must be in order: {number} <= {height}"),
            });
        }
        if number.saturating_sub(base) > MAX_BLOCKS {
            return Err(RpcError::Coded {
                code: TOO_MANY_BLOCKS,
                message: format!(
                    "too many blocks: up to {number}, {MAX_BLOCKS} after {base} at most"
                ),
            });
        }
        for number in height.saturating_add(1)..number {
            latest = latest.saturating_add(SECONDS);
            planned.push(Planned {
                number,
                timestamp: latest,
                overrides: BlockOverrides::default(),
                state: None,
                calls: Vec::new(),
            });
        }
        let timestamp = overrides.stamp().unwrap_or(latest.saturating_add(SECONDS));
        if timestamp <= latest {
            return Err(RpcError::Coded {
                code: NOT_LATER,
                message: format!("block timestamps must be in order: {timestamp} <= {latest}"),
            });
        }
        (height, latest) = (number, timestamp);
        planned.push(Planned {
            number,
            timestamp,
            overrides,
            state: block.state_overrides,
            calls: block.calls.unwrap_or_default(),
        });
    }
    Ok(planned)
}
