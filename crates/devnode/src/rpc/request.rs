//! Call and transaction requests as clients write them.

use alloy_consensus::TypedTransaction;
use alloy_primitives::{Address, Bytes, TxKind, U256};
use alloy_rpc_types_eth::TransactionRequest;
use arbos::{Fees, TxInput};
use serde::Deserialize;

use super::RpcError;
use crate::config::NodeConfig;

/// A call object with Arbitrum's extension.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct CallRequest {
    #[serde(flatten)]
    pub(super) tx: TransactionRequest,
    /// Leave the L1 share out.
    #[serde(default, rename = "skipL1Charging")]
    pub(super) skip_l1_charging: Option<bool>,
}

impl CallRequest {
    /// As the executor takes it. Missing gas, and gas above it, is the node's cap; missing prices
    /// are free.
    pub(super) fn into_input(self, config: &NodeConfig) -> Result<TxInput, RpcError> {
        let tx = self.tx;
        check_chain(tx.chain_id, config.chain_id)?;
        let cap = config.call_gas_cap;
        let tx_type = tx_type(&tx);
        let fees = fees(&tx)?;
        // As on Nitro, which refuses a contradiction only where something is to be signed.
        let data = tx.input.input.or(tx.input.data).unwrap_or_default();
        Ok(TxInput {
            tx_type,
            from: tx.from.unwrap_or_default(),
            to: tx.to.and_then(|kind| kind.into_to()),
            value: tx.value.unwrap_or_default(),
            data,
            gas_limit: tx.gas.unwrap_or(cap).min(cap),
            fees,
            nonce: tx.nonce,
            chain_id: None,
            access_list: tx.access_list.unwrap_or_default(),
            authorization_list: tx.authorization_list.unwrap_or_default(),
            encoded: None,
        })
    }
}

/// What a transaction to be signed here still lacks after the client filled in its part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Missing {
    /// Where the request names no nonce.
    pub(super) nonce: u64,
    /// Where it names no gas.
    pub(super) gas: u64,
    /// Where it names no price, wei per gas.
    pub(super) max_fee: u128,
}

/// A transaction ready to be signed.
pub(super) fn complete(
    mut tx: TransactionRequest,
    chain_id: u64,
    missing: Missing,
) -> Result<TypedTransaction, RpcError> {
    check_chain(tx.chain_id, chain_id)?;
    let data = data(&tx)?;
    tx.input = data.into();
    tx.chain_id = Some(chain_id);
    tx.nonce.get_or_insert(missing.nonce);
    tx.gas.get_or_insert(missing.gas);
    tx.value.get_or_insert(U256::ZERO);
    tx.to.get_or_insert(TxKind::Create);
    if tx.gas_price.is_none() {
        let tip = *tx.max_priority_fee_per_gas.get_or_insert(0);
        tx.max_fee_per_gas.get_or_insert(missing.max_fee.max(tip));
    }
    tx.build_typed_tx()
        .map_err(|_| RpcError::params("fields do not make up a transaction"))
}

/// The request's sender.
pub(super) fn sender(tx: &TransactionRequest) -> Result<Address, RpcError> {
    tx.from.ok_or_else(|| RpcError::params("missing 'from'"))
}

fn check_chain(asked: Option<u64>, ours: u64) -> Result<(), RpcError> {
    match asked {
        Some(asked) if asked != ours => Err(RpcError::refused(format!(
            "chainId does not match node's (have={asked}, want={ours})"
        ))),
        _ => Ok(()),
    }
}

fn data(tx: &TransactionRequest) -> Result<Bytes, RpcError> {
    match tx.input.unique_input() {
        Ok(data) => Ok(data.cloned().unwrap_or_default()),
        Err(_) => Err(RpcError::params(
            "both \"data\" and \"input\" are set and not equal. Please use \"input\" to pass transaction call data",
        )),
    }
}

fn fees(tx: &TransactionRequest) -> Result<Fees, RpcError> {
    match (
        tx.gas_price,
        tx.max_fee_per_gas,
        tx.max_priority_fee_per_gas,
    ) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => Err(RpcError::refused(
            "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified",
        )),
        (None | Some(0), None | Some(0), None | Some(0)) => Ok(Fees::Free),
        (Some(gas_price), None, None) => Ok(Fees::Legacy { gas_price }),
        (None, max_fee, tip) => Ok(Fees::Dynamic {
            max_fee: max_fee.unwrap_or_default(),
            max_priority_fee: tip.unwrap_or_default(),
        }),
    }
}

/// EIP-2718 type that the fields call for.
fn tx_type(tx: &TransactionRequest) -> u8 {
    const LEGACY: u8 = 0;
    const ACCESS_LIST: u8 = 1;
    const DYNAMIC_FEE: u8 = 2;
    const SET_CODE: u8 = 4;
    if tx
        .authorization_list
        .as_ref()
        .is_some_and(|list| !list.is_empty())
    {
        SET_CODE
    } else if tx.gas_price.is_none() {
        DYNAMIC_FEE
    } else if tx.access_list.is_some() {
        ACCESS_LIST
    } else {
        LEGACY
    }
}
