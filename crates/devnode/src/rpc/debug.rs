//! The `debug` namespace: traces, and things in their raw form.

use std::sync::Arc;

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{B256, Bytes};
use arbos::{ExecOptions, Mode, Trace, TraceConfig};
use jsonrpsee::server::RegisterMethodError;
use serde_json::{Value, json};

use super::{
    RpcError,
    eth::{locate, trace_scene},
    methods::Methods,
    param::Param,
    request::CallRequest,
};
use crate::{
    chain::{Block, BlockId, UnknownBlock},
    node::Node,
    overrides::{BlockOverrides, StateOverrides},
    replay,
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.heavy("debug_traceTransaction", 2, |node, args| {
        let hash: B256 = args.required(0)?;
        let config = TraceConfig::from_rpc(&args.or_default(1)?)?;
        let (block, index) =
            locate(node, &hash).ok_or_else(|| RpcError::refused("transaction not found"))?;
        Ok(replay::transaction(node, &block, index, &config)?)
    })?;
    methods.heavy("debug_traceCall", 3, |node, args| {
        trace_call(
            node,
            args.required(0)?,
            args.optional(1)?,
            &args.or_default(2)?,
        )
    })?;
    methods.heavy("debug_traceBlockByNumber", 2, |node, args| {
        let tag: BlockNumberOrTag = args.required(0)?;
        trace_block(node, tag.into(), &args.or_default(1)?)
    })?;
    methods.heavy("debug_traceBlockByHash", 2, |node, args| {
        let hash: B256 = args.required(0)?;
        trace_block(node, hash.into(), &args.or_default(1)?)
    })?;
    methods.quick("debug_getRawTransaction", 1, |node, args| {
        let hash: B256 = args.required(0)?;
        let raw = locate(node, &hash).map(|(block, index)| block.transactions[index].encoded());
        Ok(raw.unwrap_or_default())
    })?;
    methods.quick("debug_getRawHeader", 1, |node, args| {
        let block = find(node, args.required(0)?)?;
        Ok(Bytes::from(alloy_rlp::encode(&block.header)))
    })?;
    methods.quick("debug_getRawBlock", 1, |node, args| {
        Ok(find(node, args.required(0)?)?.raw())
    })?;
    // One sequencer never makes a block that it would not take itself.
    methods.quick("debug_getBadBlocks", 0, |_, _| Ok([(); 0]))?;
    methods.quick("debug_getRawReceipts", 1, |node, args| {
        let block = find(node, args.required(0)?)?;
        let raw = block
            .transactions
            .iter()
            .zip(&block.receipts)
            .map(|(tx, receipt)| {
                let mut out = Vec::new();
                receipt.encode_2718(tx.tx_type(), &mut out);
                Bytes::from(out)
            });
        Ok(raw.collect::<Vec<_>>())
    })?;
    methods.quick("debug_codeByHash", 1, |node, args| {
        let hash: B256 = args.required(0)?;
        Ok(node
            .chain()
            .view()
            .state
            .code_by_hash(&hash)
            .map(arbos::Code::bytes))
    })
}

/// An override that stands among the trace options.
fn override_among<T: Param>(options: &Value, name: &str) -> Result<Option<T>, RpcError> {
    let given = options.get(name).filter(|value| !value.is_null());
    given
        .map(|value| T::read(&value.to_string()))
        .transpose()
        .map_err(|error| RpcError::params(format!("invalid argument 2: {error}")))
}

fn trace_call(
    node: &Node,
    request: CallRequest,
    id: Option<BlockId>,
    options: &Value,
) -> Result<Trace, RpcError> {
    let config = TraceConfig::from_rpc(options)?;
    let state: Option<StateOverrides> = override_among(options, "stateOverrides")?;
    let block: Option<BlockOverrides> = override_among(options, "blockOverrides")?;
    let scene = trace_scene(node, id, state, block)?;
    let skip_l1_charging = request.skip_l1_charging.unwrap_or(false);
    let input = request.into_input(&node.config)?;
    let options = ExecOptions {
        mode: Mode::Call,
        trace: Some(config),
        skip_l1_charging,
        ..ExecOptions::default()
    };
    let outcome = scene.run(node.executor(), &input, options)?;
    match outcome.trace {
        Some(trace) => trace.map_err(RpcError::refused),
        None => Ok(Trace::Null),
    }
}

fn trace_block(node: &Node, id: BlockId, options: &Value) -> Result<Vec<Value>, RpcError> {
    let config = TraceConfig::from_rpc(options)?;
    let block = find(node, id).map_err(|unknown| match unknown {
        UnknownBlock::Number(number) => RpcError::refused(format!("block #{number} not found")),
        UnknownBlock::Hash(hash) => RpcError::refused(format!("block {hash} not found")),
        UnknownBlock::StateGone(_) => unknown.into(),
    })?;
    let traces = replay::block(node, &block, &config)?;
    let entry = |(hash, trace)| json!({ "txHash": hash, "result": trace });
    Ok(traces.into_iter().map(entry).collect())
}

fn find(node: &Node, id: BlockId) -> Result<Arc<Block>, UnknownBlock> {
    node.chain().find(id).cloned()
}

impl From<replay::ReplayError> for RpcError {
    fn from(error: replay::ReplayError) -> Self {
        Self::refused(error)
    }
}
