//! Transactions and receipts.

use std::sync::Arc;

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{B256, Bytes, U64};
use jsonrpsee::server::RegisterMethodError;

use super::blocks::find;
use crate::{
    chain::{Block, BlockId, Location},
    node::Node,
    rpc::{
        RpcError,
        args::Args,
        encode::{self, TransactionJson},
        methods::Methods,
    },
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.waiting(
        "eth_getTransactionByHash",
        1,
        |args| args.required(0),
        by_hash,
    )?;
    methods.quick("eth_getTransactionReceipt", 1, |node, args| {
        let hash: B256 = args.required(0)?;
        Ok(locate(node, &hash).map(|(block, index)| encode::receipt(&block, index)))
    })?;
    methods.quick(
        "eth_getTransactionByBlockNumberAndIndex",
        2,
        |node, args| {
            let tag: BlockNumberOrTag = args.required(0)?;
            Ok(in_block(node, tag.into(), args)?
                .map(|(block, index)| encode::placed(&block, index)))
        },
    )?;
    methods.quick("eth_getTransactionByBlockHashAndIndex", 2, |node, args| {
        let hash: B256 = args.required(0)?;
        Ok(in_block(node, hash.into(), args)?.map(|(block, index)| encode::placed(&block, index)))
    })?;
    methods.quick("eth_getRawTransactionByHash", 1, |node, args| {
        let hash: B256 = args.required(0)?;
        Ok(locate(node, &hash).map(|(block, index)| block.transactions[index].encoded()))
    })?;
    methods.quick(
        "eth_getRawTransactionByBlockNumberAndIndex",
        2,
        |node, args| {
            let tag: BlockNumberOrTag = args.required(0)?;
            Ok(raw(in_block(node, tag.into(), args)?))
        },
    )?;
    methods.quick(
        "eth_getRawTransactionByBlockHashAndIndex",
        2,
        |node, args| {
            let hash: B256 = args.required(0)?;
            Ok(raw(in_block(node, hash.into(), args)?))
        },
    )
}

/// Where a transaction stands, with its block.
pub(in crate::rpc) fn locate(node: &Node, hash: &B256) -> Option<(Arc<Block>, usize)> {
    let chain = node.chain();
    let Location { block, index } = chain.location(hash)?;
    Some((Arc::clone(chain.block(block)?), index as usize))
}

/// The transaction, mined or still waiting.
pub(super) async fn by_hash(
    node: Arc<Node>,
    hash: B256,
) -> Result<Option<TransactionJson>, RpcError> {
    if let Some((block, index)) = locate(&node, &hash) {
        return Ok(Some(encode::placed(&block, index)));
    }
    if !node.feed().has_waiting() {
        return Ok(None);
    }
    let waiting = node.sequencer.run(move |sequencer| {
        sequencer
            .find_waiting(&hash)
            .map(|tx| encode::waiting(&tx.tx.envelope, tx.tx.from))
    });
    Ok(waiting.await?)
}

fn in_block(
    node: &Node,
    id: BlockId,
    args: &Args<'_>,
) -> Result<Option<(Arc<Block>, usize)>, RpcError> {
    let index: U64 = args.required(1)?;
    let index = usize::try_from(index.to::<u64>()).unwrap_or(usize::MAX);
    Ok(find(node, id)
        .filter(|block| index < block.transactions.len())
        .map(|block| (block, index)))
}

fn raw(found: Option<(Arc<Block>, usize)>) -> Option<Bytes> {
    found.map(|(block, index)| block.transactions[index].encoded())
}
