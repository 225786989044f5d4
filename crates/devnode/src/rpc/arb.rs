//! The `arb` namespace: what a Nitro node tells about its sequencer.

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::Bytes;
use jsonrpsee::server::RegisterMethodError;
use serde_json::json;

use super::{RpcError, methods::Methods};

/// Most blocks in one answer.
const MAX_BLOCKS: u64 = 10_000;

/// Bits of a metadata byte, one for each transaction.
const BITS: usize = 8;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    // Healthy, which is said by saying nothing.
    methods.quick("arb_checkPublisherHealth", 0, |_, _| Ok(()))?;
    methods.quick("arb_maintenanceStatus", 0, |_, _| {
        Ok(json!({ "isRunning": false }))
    })?;
    methods.quick("arb_getRawBlockMetadata", 2, |node, args| {
        let (from, to): (BlockNumberOrTag, BlockNumberOrTag) =
            (args.required(0)?, args.required(1)?);
        let chain = node.chain();
        let (from, to) = (chain.resolve(from.into())?, chain.resolve(to.into())?);
        if to.saturating_sub(from) >= MAX_BLOCKS {
            return Err(RpcError::params(format!("at most {MAX_BLOCKS} blocks")));
        }
        let blocks = chain.range(from, to).iter().map(|block| {
            // A version byte, then a bit for each transaction of the express lane: there is none.
            let bytes = 1 + block.transactions.len().div_ceil(BITS);
            json!({ "blockNumber": block.number(), "rawMetadata": Bytes::from(vec![0; bytes]) })
        });
        Ok(blocks.collect::<Vec<_>>())
    })
}
