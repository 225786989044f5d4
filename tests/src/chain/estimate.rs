//! Estimates, and transactions with exactly the gas that one gave.

use super::{Chain, Refusal};
use crate::actors::Who;
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionInput, TransactionReceipt, TransactionRequest};
use alloy_primitives::{Bytes, TxKind, U256};

impl Chain {
    /// `eth_estimateGas` as alloy asks for it, at the present time.
    pub fn estimate(&self, who: Who, to: TxKind, data: Bytes) -> Result<u64, Refusal> {
        let request = TransactionRequest {
            from: Some(who.address()),
            to: Some(to),
            input: TransactionInput::new(data),
            ..Default::default()
        };
        self.tell_time();
        self.wait(async { self.provider.estimate_gas(request).await })
            .map_err(Refusal::from_rpc)
    }

    /// Sends a transaction with a gas limit of its own.
    pub fn transact_with(
        &self,
        who: Who,
        to: TxKind,
        data: Bytes,
        gas_limit: u64,
    ) -> TransactionReceipt {
        self.submit(&self.sign(who, to, data, U256::ZERO, gas_limit))
    }
}
