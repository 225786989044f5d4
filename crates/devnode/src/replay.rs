//! Running transactions of the past again, for their traces.

use std::sync::Arc;

use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::B256;
use arbos::{
    BlockContext, ExecOptions, Trace, TraceConfig, TxError, TxInput,
    trace::{TraceError, TxPlace},
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
    /// The tracer cannot show what it saw.
    #[error(transparent)]
    Trace(#[from] TraceError),
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
                let mut trace = start_trace(transaction, config);
                config.place(&mut trace, &place(block, index, transaction));
                traces.push((transaction.hash(), trace));
            }
            continue;
        };
        let options = ExecOptions {
            trace,
            impersonated: is_made_up(tx),
            ..ExecOptions::default()
        };
        let outcome =
            node.executor()
                .transact(&view, &started.env, &mut context, &input(tx)?, &options)?;
        if let Some(trace) = outcome.trace {
            let mut trace = trace?;
            config.place(&mut trace, &place(block, index, transaction));
            traces.push((transaction.hash(), trace));
        }
        view.state.apply(&outcome.diff);
    }
    Ok(traces)
}

fn place(block: &Block, index: usize, transaction: &Transaction) -> TxPlace {
    TxPlace {
        block_hash: block.hash,
        block_number: block.number(),
        transaction_hash: transaction.hash(),
        transaction_index: index as u64,
    }
}

/// What the tracers have to say about the start of a block, which runs no code.
fn start_trace(transaction: &Transaction, config: &TraceConfig) -> Trace {
    let (from, to, input) = (transaction.from(), transaction.to(), transaction.input());
    match config {
        TraceConfig::Call(_) | TraceConfig::Erc7562(_) => json!({
            "type": "CALL",
            "from": from,
            "to": to,
            "value": "0x0",
            "gas": "0x0",
            "gasUsed": "0x0",
            "input": input,
        }),
        TraceConfig::Flat(_) => json!([{
            "action": {
                "callType": "call",
                "from": from,
                "gas": "0x0",
                "input": input,
                "to": to,
                "value": "0x0",
            },
            "result": { "gasUsed": "0x0", "output": "0x" },
            "subtraces": 0,
            "traceAddress": [],
            "type": "call",
        }]),
        TraceConfig::StructLog(_) => {
            json!({ "gas": 0, "failed": false, "returnValue": "", "structLogs": [] })
        }
        TraceConfig::Stylus | TraceConfig::Programs => json!([]),
        TraceConfig::Mux(tracers) => {
            let traces = tracers
                .iter()
                .map(|(name, tracer)| (name.clone(), start_trace(transaction, tracer)));
            Value::Object(traces.collect())
        }
        TraceConfig::Prestate(_)
        | TraceConfig::FourByte
        | TraceConfig::KeccakPreimages
        | TraceConfig::Noop => json!({}),
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
