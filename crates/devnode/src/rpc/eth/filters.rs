//! Logs and polled filters.

use alloy_primitives::{U64, U256};
use jsonrpsee::server::RegisterMethodError;
use serde::Serialize;

use crate::{
    chain::{LogFilter, LogQueryError, matching_logs},
    filters::{FilterError, News},
    node::Node,
    rpc::{
        RpcError,
        args::Args,
        encode::{self, LogJson},
        methods::Methods,
    },
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.heavy("eth_getLogs", 1, |node, args| {
        Ok(logs(node, &args.required(0)?)?)
    })?;
    methods.quick("eth_newFilter", 1, |node, args| {
        Ok(U64::from(
            node.filters.logs(&node.chain(), args.required(0)?)?,
        ))
    })?;
    methods.quick("eth_newBlockFilter", 0, |node, _| {
        Ok(U64::from(node.filters.blocks(&node.chain())?))
    })?;
    methods.quick("eth_newPendingTransactionFilter", 1, |node, _| {
        Ok(U64::from(
            node.filters
                .transactions(&node.chain(), node.feed().transactions())?,
        ))
    })?;
    methods.quick("eth_uninstallFilter", 1, |node, args| {
        Ok(node.filters.uninstall(id(args)?))
    })?;
    methods.quick("eth_getFilterChanges", 1, |node, args| {
        Ok(match node.filters.poll(&node.chain(), id(args)?)? {
            News::Hashes(hashes) => Changes::Hashes(hashes),
            News::Logs(entries) => Changes::Logs(entries.iter().map(encode::log).collect()),
        })
    })?;
    methods.heavy("eth_getFilterLogs", 1, |node, args| {
        let filter = node.filters.log_filter(id(args)?)?;
        Ok(logs(node, &filter)?)
    })
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Changes {
    Hashes(Vec<alloy_primitives::B256>),
    Logs(Vec<LogJson>),
}

fn logs(node: &Node, filter: &LogFilter) -> Result<Vec<LogJson>, LogQueryError> {
    let blocks = node.chain().candidates(filter)?;
    Ok(blocks
        .iter()
        .flat_map(|block| matching_logs(block, filter))
        .map(|entry| encode::log(&entry))
        .collect())
}

/// A filter id; one that does not fit 64 bits belongs to no filter.
fn id(args: &Args<'_>) -> Result<u64, RpcError> {
    let id: U256 = args.required(0)?;
    Ok(u64::try_from(id).unwrap_or(u64::MAX))
}

impl From<FilterError> for RpcError {
    fn from(error: FilterError) -> Self {
        Self::refused(error)
    }
}
