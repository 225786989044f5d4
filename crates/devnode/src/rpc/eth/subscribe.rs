//! News over WebSocket.

use std::sync::Arc;

use alloy_rpc_types_eth::pubsub::SubscriptionKind;
use jsonrpsee::{
    PendingSubscriptionSink, SubscriptionSink, server::RegisterMethodError,
    types::Params as RawParams,
};
use serde::Serialize;
use serde_json::value::to_raw_value;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{
    chain::{Block, LogFilter, matching_logs},
    node::Node,
    rpc::{RpcError, args::Args, encode, methods::Methods},
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.module().register_subscription(
        "eth_subscribe",
        "eth_subscription",
        "eth_unsubscribe",
        |params, pending, node, _| subscribe(params, pending, node),
    )?;
    Ok(())
}

/// What a client wants to hear of.
enum Wish {
    Heads,
    Logs(Box<LogFilter>),
    Transactions { full: bool },
    Syncing,
}

async fn subscribe(params: RawParams<'static>, pending: PendingSubscriptionSink, node: Arc<Node>) {
    let wish = match parse(&node, &params) {
        Ok(wish) => wish,
        Err(error) => return pending.reject(error).await,
    };
    // Listen before the client is told so: nothing in between is missed.
    let (mut blocks, transactions) = (node.feed().blocks(), node.feed().transactions());
    let Ok(sink) = pending.accept().await else {
        return;
    };
    match wish {
        Wish::Heads => {
            while let Some(block) = next(&mut blocks, &sink).await {
                if !send(&sink, &encode::header(&block)).await {
                    return;
                }
            }
        }
        Wish::Logs(filter) => {
            while let Some(block) = next(&mut blocks, &sink).await {
                if !send_logs(&sink, &block, &filter).await {
                    return;
                }
            }
        }
        Wish::Transactions { full } => send_transactions(&node, &sink, transactions, full).await,
        Wish::Syncing => {
            // Never syncing: one answer, then silence until the client leaves.
            if send(&sink, &false).await {
                sink.closed().await;
            }
        }
    }
}

fn parse(node: &Node, params: &RawParams<'_>) -> Result<Wish, RpcError> {
    let args = Args::parse(params, 2)?;
    let kind: SubscriptionKind = args.required(0)?;
    match kind {
        SubscriptionKind::NewHeads => Ok(Wish::Heads),
        SubscriptionKind::Logs => {
            let filter: Box<LogFilter> = args.or_default(1)?;
            node.chain().check_news(&filter)?;
            Ok(Wish::Logs(filter))
        }
        SubscriptionKind::NewPendingTransactions => Ok(Wish::Transactions {
            full: args.or_default(1)?,
        }),
        SubscriptionKind::Syncing => Ok(Wish::Syncing),
        SubscriptionKind::TransactionReceipts => Err(RpcError::params(
            "transactionReceipts is not available: poll the receipts",
        )),
    }
}

/// The next piece of news, or nothing once the client or the node is gone.
async fn next<T: Clone>(feed: &mut Receiver<T>, sink: &SubscriptionSink) -> Option<T> {
    loop {
        let news = tokio::select! {
            news = feed.recv() => news,
            () = sink.closed() => return None,
        };
        match news {
            Ok(news) => return Some(news),
            // Too slow a client: what it missed is on the chain, go on with the rest.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

async fn send_logs(sink: &SubscriptionSink, block: &Arc<Block>, filter: &LogFilter) -> bool {
    if !filter.may_be_in(block) {
        return true;
    }
    for entry in matching_logs(block, filter) {
        if !send(sink, &encode::log(&entry)).await {
            return false;
        }
    }
    true
}

async fn send_transactions(
    node: &Arc<Node>,
    sink: &SubscriptionSink,
    mut hashes: Receiver<alloy_primitives::B256>,
    full: bool,
) {
    while let Some(hash) = next(&mut hashes, sink).await {
        let sent = if full {
            match super::transactions::by_hash(Arc::clone(node), hash).await {
                Ok(Some(transaction)) => send(sink, &transaction).await,
                _ => true,
            }
        } else {
            send(sink, &hash).await
        };
        if !sent {
            return;
        }
    }
}

async fn send(sink: &SubscriptionSink, news: &impl Serialize) -> bool {
    match to_raw_value(news) {
        Ok(message) => sink.send(message).await.is_ok(),
        Err(_) => false,
    }
}
