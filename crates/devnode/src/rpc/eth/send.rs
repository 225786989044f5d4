//! Sending transactions.

use std::{sync::Arc, time::Duration};

use alloy_consensus::TxEnvelope;
use alloy_eips::{BlockNumberOrTag, eip2718::Encodable2718};
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U256};
use alloy_rpc_types_eth::TransactionRequest;
use jsonrpsee::server::RegisterMethodError;
use serde_json::json;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{call, transactions::locate};
use crate::{
    chain::Block,
    intake::{self, IntakeError},
    node::Node,
    rpc::{
        RpcError,
        args::Args,
        encode::{self, ReceiptJson},
        methods::Methods,
        quantity::Quantity,
        request::{self, CallRequest, Missing},
    },
    sequencer::SubmitError,
    wallet::{Signed, UnknownAccount},
};

/// How long a transaction is waited for where the client does not say: geth's time.
const DEFAULT_WAIT: Duration = Duration::from_secs(20);

/// Longest time that a transaction is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.waiting(
        "eth_sendRawTransaction",
        1,
        |args| args.required(0),
        send_raw,
    )?;
    methods.waiting(
        "eth_sendRawTransactionSync",
        2,
        |args| Ok((args.required(0)?, wait(args)?)),
        |node, (raw, wait)| async move {
            let blocks = node.feed().blocks();
            let hash = send_raw(Arc::clone(&node), raw).await?;
            receipt(&node, blocks, hash, wait).await
        },
    )?;
    methods.waiting("eth_sendTransaction", 1, |args| args.required(0), send)?;
    methods.waiting(
        "eth_sendTransactionSync",
        2,
        |args| Ok((args.required(0)?, wait(args)?)),
        |node, (tx, wait)| async move {
            let blocks = node.feed().blocks();
            let hash = send(Arc::clone(&node), tx).await?;
            receipt(&node, blocks, hash, wait).await
        },
    )?;
    methods.alias("eth_sendUnsignedTransaction", "eth_sendTransaction")?;
    methods.waiting(
        "eth_signTransaction",
        1,
        |args| args.required(0),
        |node, tx| async move {
            let (signed, from) = sign(&node, tx).await?;
            spelled_out(&signed.envelope, from)
        },
    )?;
    methods.waiting(
        "eth_fillTransaction",
        1,
        |args| args.required(0),
        |node, tx: TransactionRequest| async move {
            let from = request::sender(&tx)?;
            let filled = fill(&node, tx).await?;
            let nobody = Signature::new(U256::ZERO, U256::ZERO, false);
            spelled_out(&filled.into_envelope(nobody), from)
        },
    )
}

/// A transaction as bytes and in words: of itself alone, for it was sent by nobody to no block yet.
fn spelled_out(envelope: &TxEnvelope, from: Address) -> Result<serde_json::Value, RpcError> {
    let raw: Bytes = envelope.encoded_2718().into();
    let mut tx = serde_json::to_value(encode::waiting(envelope, from))
        .map_err(|error| RpcError::Internal(error.to_string()))?;
    if let Some(fields) = tx.as_object_mut() {
        for elsewhere in ["blockHash", "blockNumber", "transactionIndex", "from"] {
            fields.remove(elsewhere);
        }
    }
    Ok(json!({ "raw": raw, "tx": tx }))
}

/// How long the client wants to wait, in milliseconds as parameter 1.
fn wait(args: &Args<'_>) -> Result<Duration, RpcError> {
    let Some(timeout) = args.optional::<Quantity>(1)? else {
        return Ok(DEFAULT_WAIT);
    };
    Ok(Duration::from_millis(timeout.saturating_u64()).min(LONGEST_WAIT))
}

async fn send_raw(node: Arc<Node>, raw: Bytes) -> Result<B256, RpcError> {
    let pending = intake::signed(&raw, node.chain_id())?;
    Ok(node.sequencer.submit(pending).await?)
}

async fn send(node: Arc<Node>, tx: TransactionRequest) -> Result<B256, RpcError> {
    let _turn = node.wallet.turn.lock().await;
    let (signed, from) = sign(&node, tx).await?;
    let pending = intake::own(signed, from, node.chain_id())?;
    Ok(node.sequencer.submit(pending).await?)
}

async fn sign(node: &Arc<Node>, tx: TransactionRequest) -> Result<(Signed, Address), RpcError> {
    let from = request::sender(&tx)?;
    let filled = fill(node, tx).await?;
    Ok((node.wallet.sign(from, filled)?, from))
}

/// Completes a request with nonce, gas and price.
async fn fill(
    node: &Arc<Node>,
    tx: TransactionRequest,
) -> Result<alloy_consensus::TypedTransaction, RpcError> {
    let from = request::sender(&tx)?;
    let nonce = match tx.nonce {
        Some(nonce) => nonce,
        None => {
            node.sequencer
                .run(move |sequencer| sequencer.next_nonce(from))
                .await?
        }
    };
    let max_fee = node.ample_max_fee();
    let gas = match tx.gas {
        Some(gas) => gas,
        None => estimate(Arc::clone(node), tx.clone()).await?,
    };
    request::complete(
        tx,
        node.chain_id(),
        Missing {
            nonce,
            gas,
            max_fee,
        },
    )
}

/// Estimates off the async threads.
async fn estimate(node: Arc<Node>, mut tx: TransactionRequest) -> Result<u64, RpcError> {
    tx.to.get_or_insert(TxKind::Create);
    let estimating = tokio::task::spawn_blocking(move || {
        let scene = node.scene(Some(BlockNumberOrTag::Pending.into()))?;
        call::estimate(
            &node,
            &scene,
            CallRequest {
                tx,
                skip_l1_charging: None,
            },
        )
    });
    estimating
        .await
        .map_err(|_| RpcError::Internal("estimation failed".to_owned()))?
}

/// The receipt of a transaction that was accepted, if `blocks` bring it in time.
async fn receipt(
    node: &Arc<Node>,
    blocks: Receiver<Arc<Block>>,
    hash: B256,
    wait: Duration,
) -> Result<ReceiptJson, RpcError> {
    tokio::time::timeout(wait, mined(node, blocks, hash))
        .await
        .unwrap_or(Err(RpcError::NotYet { hash, waited: wait }))
}

async fn mined(
    node: &Arc<Node>,
    mut blocks: Receiver<Arc<Block>>,
    hash: B256,
) -> Result<ReceiptJson, RpcError> {
    loop {
        if let Some((block, index)) = locate(node, &hash) {
            return Ok(encode::receipt(&block, index));
        }
        let waits = node
            .sequencer
            .run(move |sequencer| sequencer.find_waiting(&hash).is_some());
        // It may have been mined since the look at the chain.
        if !waits.await? && locate(node, &hash).is_none() {
            return Err(SubmitError::Dropped.into());
        }
        if let Err(RecvError::Closed) = blocks.recv().await {
            return Err(SubmitError::Stopped.into());
        }
    }
}

impl From<IntakeError> for RpcError {
    fn from(error: IntakeError) -> Self {
        Self::refused(error)
    }
}

impl From<UnknownAccount> for RpcError {
    fn from(error: UnknownAccount) -> Self {
        Self::refused(error)
    }
}
