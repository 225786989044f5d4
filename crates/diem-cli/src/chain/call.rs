//! A transaction to be.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;

/// What a transaction calls, where, and with how much ETH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function's signature, or what it does where it is none.
    pub function: String,
    /// The contract, or who receives ETH.
    pub to: Address,
    /// Wei sent along.
    pub value: U256,
    /// Selector and arguments.
    pub data: Bytes,
}

impl Call {
    /// Calls a function of `to`.
    pub fn new<C: SolCall>(to: Address, call: &C) -> Self {
        Self {
            function: C::SIGNATURE.to_owned(),
            to,
            value: U256::ZERO,
            data: call.abi_encode().into(),
        }
    }

    /// Sends ETH and calls nothing.
    #[must_use]
    pub fn ether(to: Address, value: U256) -> Self {
        Self {
            function: "ETH".to_owned(),
            to,
            value,
            data: Bytes::new(),
        }
    }

    /// The same with `value` in wei.
    #[must_use]
    pub fn paying(self, value: U256) -> Self {
        Self { value, ..self }
    }

    /// As a node is asked about it.
    pub(super) fn request(&self, from: Address) -> TransactionRequest {
        TransactionRequest::default()
            .with_from(from)
            .with_to(self.to)
            .with_input(self.data.clone())
            .with_value(self.value)
    }
}
