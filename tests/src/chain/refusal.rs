//! Why a call was refused: the revert data, named where it is one of ours.

use alloy::sol_types::SolError;
use alloy::transports::{RpcError, TransportErrorKind};
use alloy_primitives::Bytes;
use std::fmt;

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the contract reverted with; empty for a bare revert.
    pub data: Bytes,
    /// The node's own words.
    pub message: String,
}

impl Refusal {
    /// Reads the node's error response.
    ///
    /// # Panics
    /// When the transport failed, which says nothing about the call.
    pub fn from_rpc(error: RpcError<TransportErrorKind>) -> Self {
        match error {
            RpcError::ErrorResp(payload) => Self {
                data: payload.as_revert_data().unwrap_or_default(),
                message: payload.message.to_string(),
            },
            other => panic!("the node did not answer: {other}"),
        }
    }

    /// The error's name; a bare revert has none.
    pub fn name(&self) -> String {
        if self.data.is_empty() {
            return "no reason".to_owned();
        }
        crate::abi::error_name(&self.data)
    }

    /// Whether this is exactly that error with exactly those numbers.
    pub fn is<E: SolError>(&self, error: &E) -> bool {
        self.data == error.abi_encode()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = crate::abi::describe_error(&self.data);
        write!(
            f,
            "{} ({})",
            name.unwrap_or_else(|| self.data.to_string()),
            self.message
        )
    }
}
