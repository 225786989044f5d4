//! Sending transactions.

use std::sync::Arc;

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{B256, Bytes, TxKind};
use alloy_rpc_types_eth::TransactionRequest;
use jsonrpsee::server::RegisterMethodError;
use serde_json::json;

use super::{call, transactions::locate};
use crate::{
    intake::{self, IntakeError},
    node::Node,
    rpc::{
        RpcError,
        encode::{self, ReceiptJson},
        methods::Methods,
        request::{self, CallRequest, Missing},
    },
    wallet::{Signed, UnknownAccount},
};

/// A base fee may double before the transaction no longer fits.
const FEE_HEADROOM: u128 = 2;

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
        |args| {
            let _timeout: Option<serde_json::Value> = args.optional(1)?;
            args.required(0)
        },
        |node, raw| async move {
            let hash = send_raw(Arc::clone(&node), raw).await?;
            receipt(&node, hash)
        },
    )?;
    methods.waiting("eth_sendTransaction", 1, |args| args.required(0), send)?;
    methods.waiting(
        "eth_sendTransactionSync",
        2,
        |args| {
            let _timeout: Option<serde_json::Value> = args.optional(1)?;
            args.required(0)
        },
        |node, tx| async move {
            let hash = send(Arc::clone(&node), tx).await?;
            receipt(&node, hash)
        },
    )?;
    methods.alias("eth_sendUnsignedTransaction", "eth_sendTransaction")?;
    methods.waiting(
        "eth_signTransaction",
        1,
        |args| args.required(0),
        |node, tx| async move {
            let (signed, _) = sign(&node, tx).await?;
            let raw: Bytes =
                alloy_eips::eip2718::Encodable2718::encoded_2718(&signed.envelope).into();
            Ok(json!({ "raw": raw, "tx": signed.envelope }))
        },
    )?;
    methods.waiting(
        "eth_fillTransaction",
        1,
        |args| args.required(0),
        |node, tx: TransactionRequest| async move {
            let from = request::sender(&tx)?;
            let filled = fill(&node, tx).await?;
            Ok(json!({ "tx": TransactionRequest::from_transaction_with_sender(filled, from) }))
        },
    )
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

async fn sign(
    node: &Arc<Node>,
    tx: TransactionRequest,
) -> Result<(Signed, alloy_primitives::Address), RpcError> {
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
    let max_fee = u128::from(node.chain().head().base_fee()).saturating_mul(FEE_HEADROOM);
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

fn receipt(node: &Node, hash: B256) -> Result<ReceiptJson, RpcError> {
    locate(node, &hash)
        .map(|(block, index)| encode::receipt(&block, index))
        .ok_or_else(|| {
            RpcError::refused(format!(
                "the transaction was added to the pool but is in no block yet: {hash}"
            ))
        })
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
