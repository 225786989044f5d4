//! Blocks, and what is known about the chain as a whole.

use std::sync::Arc;

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{B256, U64, U256};
use jsonrpsee::server::RegisterMethodError;

use crate::{
    chain::{Block, BlockId},
    node::Node,
    rpc::{encode, methods::Methods},
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("eth_chainId", 0, |node, _| Ok(U64::from(node.chain_id())))?;
    methods.quick("eth_blockNumber", 0, |node, _| {
        Ok(U64::from(node.chain().height()))
    })?;
    methods.quick("eth_protocolVersion", 0, |_, _| Ok(U64::from(68)))?;
    methods.quick("eth_syncing", 0, |_, _| Ok(false))?;
    methods.quick("eth_mining", 0, |_, _| Ok(false))?;
    methods.quick("eth_hashrate", 0, |_, _| Ok(U64::ZERO))?;
    methods.quick("eth_coinbase", 0, |node, _| {
        Ok(node.chain().head().header.beneficiary)
    })?;

    methods.quick("eth_getBlockByNumber", 2, |node, args| {
        let tag: BlockNumberOrTag = args.required(0)?;
        let full = args.required(1)?;
        Ok(find(node, tag.into()).map(|block| {
            let json = encode::block(&block, full);
            if tag.is_pending() {
                json.pending()
            } else {
                json
            }
        }))
    })?;
    methods.quick("eth_getBlockByHash", 2, |node, args| {
        let hash: B256 = args.required(0)?;
        let full = args.required(1)?;
        Ok(find(node, hash.into()).map(|block| encode::block(&block, full)))
    })?;
    methods.quick("eth_getHeaderByNumber", 1, |node, args| {
        let tag: BlockNumberOrTag = args.required(0)?;
        Ok(find(node, tag.into()).map(|block| {
            let json = encode::full_header(&block);
            if tag.is_pending() {
                json.pending()
            } else {
                json
            }
        }))
    })?;
    methods.quick("eth_getHeaderByHash", 1, |node, args| {
        let hash: B256 = args.required(0)?;
        Ok(find(node, hash.into()).map(|block| encode::full_header(&block)))
    })?;
    methods.quick("eth_getBlockTransactionCountByNumber", 1, |node, args| {
        let tag: BlockNumberOrTag = args.required(0)?;
        Ok(find(node, tag.into()).map(|block| U64::from(block.transactions.len())))
    })?;
    methods.quick("eth_getBlockTransactionCountByHash", 1, |node, args| {
        let hash: B256 = args.required(0)?;
        Ok(find(node, hash.into()).map(|block| U64::from(block.transactions.len())))
    })?;
    methods.quick("eth_getBlockReceipts", 1, |node, args| {
        let id: BlockId = args.required(0)?;
        Ok(find(node, id).map(|block| {
            (0..block.transactions.len())
                .map(|index| encode::receipt(&block, index))
                .collect::<Vec<_>>()
        }))
    })?;

    // No chain with one sequencer has uncles.
    methods.quick("eth_getUncleCountByBlockNumber", 1, |node, args| {
        let tag: BlockNumberOrTag = args.required(0)?;
        Ok(find(node, tag.into()).map(|_| U64::ZERO))
    })?;
    methods.quick("eth_getUncleCountByBlockHash", 1, |node, args| {
        let hash: B256 = args.required(0)?;
        Ok(find(node, hash.into()).map(|_| U64::ZERO))
    })?;
    methods.quick("eth_getUncleByBlockNumberAndIndex", 2, |_, args| {
        let _: (BlockNumberOrTag, U256) = (args.required(0)?, args.required(1)?);
        Ok(None::<()>)
    })?;
    methods.quick("eth_getUncleByBlockHashAndIndex", 2, |_, args| {
        let _: (B256, U256) = (args.required(0)?, args.required(1)?);
        Ok(None::<()>)
    })
}

/// The block, if there is one: an unknown block is `null`, not an error.
pub(super) fn find(node: &Node, id: BlockId) -> Option<Arc<Block>> {
    node.chain().find(id).ok().cloned()
}
