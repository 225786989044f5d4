//! Running transactions of the past again, for their traces.

use std::sync::Arc;

use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::B256;
use arbos::{
    BlockContext, ExecOptions, Trace, TraceConfig, TxError, TxInput, trace::TraceTooLarge,
};
use serde_json::{Value, json};

use crate::{
    chain::{Block, Transaction, UnknownBlock, UserTx},
    node::Node,
    sequencer::start_again,
    state::View,
};

/// Why a trace could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReplayError {
    /// The state before the block is gone.
    #[error(transparent)]
    State(#[from] UnknownBlock),
    /// Genesis has no transactions and nothing before it.
    #[error("genesis is not traceable")]
    Genesis,
    /// A transaction that once ran does not run any more: the state was edited meanwhile.
    #[error("replay failed: {0}")]
    Refused(#[from] TxError),
    /// The trace would take more memory than one trace may.
    #[error(transparent)]
    TooLarge(#[from] TraceTooLarge),
}

/// The trace of transaction `index` of `block`.
pub(crate) fn transaction(
    node: &Node,
    block: &Arc<Block>,
    index: usize,
    config: &TraceConfig,
) -> Result<Trace, ReplayError> {
    let traces = replay(node, block, index..index + 1, config)?;
    Ok(traces
        .into_iter()
        .next()
        .map_or(Value::Null, |(_, trace)| trace))
}

/// The traces of all transactions of `block`.
pub(crate) fn block(
    node: &Node,
    block: &Arc<Block>,
    config: &TraceConfig,
) -> Result<Vec<(B256, Trace)>, ReplayError> {
    replay(node, block, 0..block.transactions.len(), config)
}

fn replay(
    node: &Node,
    block: &Arc<Block>,
    wanted: std::ops::Range<usize>,
    config: &TraceConfig,
) -> Result<Vec<(B256, Trace)>, ReplayError> {
    let (mut view, parent) = before(node, block)?;
    let started = start_again(node.executor(), &view, &parent, block);
    view.state.apply(&started.diff);
    let mut context = BlockContext::default();
    let mut traces = Vec::new();
    for (index, transaction) in block.transactions.iter().enumerate().take(wanted.end) {
        let trace = wanted.contains(&index).then(|| config.clone());
        let Transaction::User(tx) = transaction else {
            if trace.is_some() {
                traces.push((transaction.hash(), start_trace(transaction, config)));
            }
            continue;
        };
        let traced = trace.is_some();
        let options = ExecOptions {
            trace,
            impersonated: is_made_up(tx),
            ..ExecOptions::default()
        };
        let outcome =
            node.executor()
                .transact(&view, &started.env, &mut context, &input(tx)?, &options)?;
        if traced {
            traces.push((transaction.hash(), outcome.trace.ok_or(TraceTooLarge)?));
        }
        view.state.apply(&outcome.diff);
    }
    Ok(traces)
}

/// What the tracers have to say about the start of a block, which runs no code.
fn start_trace(transaction: &Transaction, config: &TraceConfig) -> Trace {
    match config {
        TraceConfig::Call(_) => json!({
            "type": "CALL",
            "from": transaction.from(),
            "to": transaction.to(),
            "value": "0x0",
            "gas": "0x0",
            "gasUsed": "0x0",
            "input": transaction.input(),
        }),
        TraceConfig::StructLog(_) => {
            json!({ "gas": 0, "failed": false, "returnValue": "", "structLogs": [] })
        }
        TraceConfig::Stylus | TraceConfig::Programs => json!([]),
        TraceConfig::Prestate(_) | TraceConfig::FourByte | TraceConfig::Noop => json!({}),
    }
}

fn before(node: &Node, block: &Block) -> Result<(View, Arc<Block>), ReplayError> {
    let number = block.number().checked_sub(1).ok_or(ReplayError::Genesis)?;
    let (parent, view) = node.chain().find_view(number.into())?;
    Ok((view, parent))
}

fn input(tx: &UserTx) -> Result<TxInput, TxError> {
    TxInput::from_signed(&tx.envelope, tx.from, tx.envelope.encoded_2718().into())
}

/// Signatures of impersonated senders hold the sender where `r` would be.
fn is_made_up(tx: &UserTx) -> bool {
    let signature = tx.envelope.signature();
    signature.r() == alloy_primitives::U256::from_be_slice(tx.from.as_slice())
}
