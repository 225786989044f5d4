//! Accounts: balances, nonces, code, storage.

use std::sync::Arc;

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::{Address, B256, U64, U256};
use jsonrpsee::server::RegisterMethodError;

use crate::{
    chain::BlockId,
    node::Node,
    rpc::{RpcError, args::Args, methods::Methods},
    state::State,
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("eth_accounts", 0, |node, _| Ok(node.wallet.addresses()))?;
    methods.quick("eth_getBalance", 2, |node, args| {
        let address: Address = args.required(0)?;
        Ok(state(node, args, 1)?.balance(&address))
    })?;
    methods.quick("eth_getCode", 2, |node, args| {
        let address: Address = args.required(0)?;
        Ok(state(node, args, 1)?.code(&address))
    })?;
    methods.quick("eth_getStorageAt", 3, |node, args| {
        let address: Address = args.required(0)?;
        let slot = storage_key(&args.required::<String>(1)?)?;
        Ok(B256::from(state(node, args, 2)?.slot(&address, &slot)))
    })?;
    methods.quick("eth_getAccountInfo", 2, |node, args| {
        let address: Address = args.required(0)?;
        let state = state(node, args, 1)?;
        Ok(serde_json::json!({
            "balance": state.balance(&address),
            "nonce": U64::from(state.nonce(&address)),
            "code": state.code(&address),
        }))
    })?;
    methods.waiting(
        "eth_getTransactionCount",
        2,
        |args| Ok((args.required(0)?, args.required(1)?)),
        |node, (address, id)| nonce(node, address, id),
    )
}

/// A slot as clients write it: up to 32 bytes in hexadecimal, with or without `0x`.
fn storage_key(text: &str) -> Result<U256, RpcError> {
    let refused = |why| RpcError::refused(format!("unable to decode storage key: {why}"));
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    if digits.len() > 64 {
        return Err(refused("hex string too long, want at most 32 bytes"));
    }
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(refused("hex string invalid"));
    }
    if digits.is_empty() {
        return Ok(U256::ZERO);
    }
    U256::from_str_radix(digits, 16).map_err(|_| refused("hex string invalid"))
}

/// The state that parameter `index` names.
fn state(node: &Node, args: &Args<'_>, index: usize) -> Result<State, RpcError> {
    let id: BlockId = args.required(index)?;
    Ok(node.chain().find_view(id)?.1.state)
}

/// Transactions sent; with `pending`, those that wait are counted.
async fn nonce(node: Arc<Node>, address: Address, id: BlockId) -> Result<U64, RpcError> {
    if id == BlockId::Number(BlockNumberOrTag::Pending) && node.feed().has_waiting() {
        let next = node
            .sequencer
            .run(move |sequencer| sequencer.next_nonce(address));
        return Ok(U64::from(next.await?));
    }
    let chain = node.chain();
    Ok(U64::from(chain.find_view(id)?.1.state.nonce(&address)))
}
