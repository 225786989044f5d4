//! Logs and polled filters.

use std::sync::Arc;

use alloy_primitives::B256;
use jsonrpsee::server::RegisterMethodError;
use serde::Serialize;

use super::transactions::by_hash;
use crate::{
    chain::{LogFilter, LogQueryError, matching_logs},
    filters::{FilterError, FilterId, News},
    node::Node,
    rpc::{
        RpcError,
        args::Args,
        encode::{self, LogJson, TransactionJson},
        methods::Methods,
    },
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.heavy("eth_getLogs", 1, |node, args| {
        Ok(logs(node, &args.required(0)?)?)
    })?;
    methods.quick("eth_newFilter", 1, |node, args| {
        Ok(node.filters.logs(&node.chain(), args.required(0)?)?)
    })?;
    methods.quick("eth_newBlockFilter", 0, |node, _| {
        Ok(node.filters.blocks(&node.chain())?)
    })?;
    methods.quick("eth_newPendingTransactionFilter", 1, |node, args| {
        let (feed, full) = (node.feed().transactions(), args.or_default(0)?);
        Ok(node.filters.transactions(&node.chain(), feed, full)?)
    })?;
    methods.quick("eth_uninstallFilter", 1, |node, args| {
        Ok(match id(args) {
            Ok(id) => node.filters.uninstall(id),
            Err(RpcError::Refused(_)) => false,
            Err(error) => return Err(error),
        })
    })?;
    methods.waiting("eth_getFilterChanges", 1, id, changes)?;
    methods.heavy("eth_getFilterLogs", 1, |node, args| {
        let filter = node.filters.log_filter(id(args)?)?;
        Ok(logs(node, &filter)?)
    })
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Changes {
    Hashes(Vec<B256>),
    Transactions(Vec<TransactionJson>),
    Logs(Vec<LogJson>),
}

async fn changes(node: Arc<Node>, id: FilterId) -> Result<Changes, RpcError> {
    let news = node.filters.poll(&node.chain(), id)?;
    Ok(match news {
        News::Hashes(hashes) => Changes::Hashes(hashes),
        News::Logs(entries) => Changes::Logs(entries.iter().map(encode::log).collect()),
        News::Transactions(hashes) => {
            let mut transactions = Vec::new();
            for hash in hashes {
                // What was dropped since is no news any more.
                transactions.extend(by_hash(Arc::clone(&node), hash).await?);
            }
            Changes::Transactions(transactions)
        }
    })
}

fn logs(node: &Node, filter: &LogFilter) -> Result<Vec<LogJson>, LogQueryError> {
    let blocks = node.chain().candidates(filter)?;
    Ok(blocks
        .iter()
        .flat_map(|block| matching_logs(block, filter))
        .map(|entry| encode::log(&entry))
        .collect())
}

/// A filter id: any text is one, but may belong to no filter.
fn id(args: &Args<'_>) -> Result<FilterId, RpcError> {
    let id: String = args.required(0)?;
    Ok(id.parse().map_err(|_| FilterError::NotFound)?)
}

impl From<FilterError> for RpcError {
    fn from(error: FilterError) -> Self {
        Self::refused(error)
    }
}
