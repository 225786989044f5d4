//! Errors as JSON-RPC clients see them: the one place that maps faults to codes.

use std::time::Duration;

use alloy_primitives::{Address, B256, Bytes, U256, hex};
use alloy_sol_types::{Panic, Revert, SolError};
use arbos::{ExecError, Outcome, TxError, precompiles::describe_error, trace::TraceConfigError};
use jsonrpsee::types::{ErrorObject, ErrorObjectOwned};

use crate::{
    chain::{LogQueryError, UnknownBlock},
    clock::ClockError,
    sequencer::{MineError, Stopped, SubmitError},
    store::StoreError,
};

/// Parameters that do not fit the method.
const INVALID_PARAMS: i32 = -32_602;
/// Our own fault.
const INTERNAL: i32 = -32_603;
/// The node understood and says no.
const REFUSED: i32 = -32_000;
/// The method exists elsewhere, but not on this node. Clients that have another way take it on
/// this code only.
const METHOD_NOT_FOUND: i32 = -32_601;
/// The transaction is in no block yet (EIP-7966).
const NOT_YET: i32 = 4;
/// Execution reverted; the data are in `data`.
const REVERTED: i32 = 3;

/// Why a request was not answered with a result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RpcError {
    /// Missing, superfluous or malformed parameters.
    #[error("{0}")]
    InvalidParams(String),
    /// The call reverted.
    #[error("{message}")]
    Reverted {
        /// With the reason, where it can be read.
        message: String,
        /// Revert data.
        data: Bytes,
    },
    /// Understood, and refused.
    #[error("{0}")]
    Refused(String),
    /// Known not to exist here.
    #[error("{0}")]
    NotThere(String),
    /// A transaction was accepted, but is in no block after the time that was given.
    #[error("the transaction waits, but is in no block after {} ms", .waited.as_millis())]
    NotYet {
        /// The transaction.
        hash: B256,
        /// How long it was waited for.
        waited: Duration,
    },
    /// Refused under a code of the method's own.
    #[error("{message}")]
    Coded {
        /// The code.
        code: i32,
        /// Why.
        message: String,
    },
    /// The node's own failure.
    #[error("{0}")]
    Internal(String),
}

impl RpcError {
    /// Parameters that do not fit.
    pub(super) fn params(message: impl Into<String>) -> Self {
        Self::InvalidParams(message.into())
    }

    /// A refusal in words.
    pub(super) fn refused(message: impl ToString) -> Self {
        Self::Refused(message.to_string())
    }

    /// The error for an executed call of `target` that did not succeed.
    pub(super) fn failed(outcome: &Outcome, target: Option<Address>) -> Self {
        match &outcome.error {
            Some(ExecError::Revert) | None => Self::reverted(outcome.output.clone(), target),
            Some(ExecError::Crashed) => Self::Internal(ExecError::Crashed.to_string()),
            Some(other) => Self::Refused(other.to_string()),
        }
    }

    /// A revert of `target` with its data.
    pub(super) fn reverted(data: Bytes, target: Option<Address>) -> Self {
        let precompile = target.and_then(|address| describe_error(address, &data));
        let message = match precompile.or_else(|| revert_reason(&data)) {
            Some(reason) => format!("execution reverted: {reason}"),
            None => "execution reverted".to_owned(),
        };
        Self::Reverted { message, data }
    }
}

/// What Solidity's standard errors say; other data are for the client to decode.
fn revert_reason(data: &[u8]) -> Option<String> {
    if let Ok(revert) = Revert::abi_decode(data) {
        return Some(revert.reason);
    }
    Panic::abi_decode(data)
        .ok()
        .map(|panic| panic_reason(panic.code))
}

/// Solidity's panic codes in the words of geth, which Nitro says too.
fn panic_reason(code: U256) -> String {
    match code.saturating_to::<u64>() {
        0x00 => "generic panic",
        0x01 => "assert(false)",
        0x11 => "arithmetic underflow or overflow",
        0x12 => "division or modulo by zero",
        0x21 => "enum overflow",
        0x22 => "invalid encoded storage byte array accessed",
        0x31 => "out-of-bounds array access; popping on an empty array",
        0x32 => "out-of-bounds access of an array or bytesN",
        0x41 => "out of memory",
        0x51 => "uninitialized function",
        _ => return format!("unknown panic code: {code:#x}"),
    }
    .to_owned()
}

impl From<RpcError> for ErrorObjectOwned {
    fn from(error: RpcError) -> Self {
        let message = error.to_string();
        match error {
            RpcError::InvalidParams(_) => ErrorObject::owned(INVALID_PARAMS, message, None::<()>),
            RpcError::Reverted { data, .. } => {
                ErrorObject::owned(REVERTED, message, Some(hex::encode_prefixed(data)))
            }
            RpcError::Refused(_) => ErrorObject::owned(REFUSED, message, None::<()>),
            RpcError::NotThere(_) => ErrorObject::owned(METHOD_NOT_FOUND, message, None::<()>),
            RpcError::NotYet { hash, .. } => ErrorObject::owned(NOT_YET, message, Some(hash)),
            RpcError::Coded { code, .. } => ErrorObject::owned(code, message, None::<()>),
            RpcError::Internal(_) => ErrorObject::owned(INTERNAL, message, None::<()>),
        }
    }
}

impl From<UnknownBlock> for RpcError {
    fn from(error: UnknownBlock) -> Self {
        Self::refused(error)
    }
}

impl From<LogQueryError> for RpcError {
    fn from(error: LogQueryError) -> Self {
        Self::refused(error)
    }
}

impl From<TxError> for RpcError {
    fn from(error: TxError) -> Self {
        Self::refused(error)
    }
}

impl From<SubmitError> for RpcError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Stopped | SubmitError::Store(_) => Self::Internal(error.to_string()),
            other => Self::refused(other),
        }
    }
}

impl From<MineError> for RpcError {
    fn from(error: MineError) -> Self {
        match error {
            MineError::Store(_) => Self::Internal(error.to_string()),
            other => Self::params(other.to_string()),
        }
    }
}

impl From<StoreError> for RpcError {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<ClockError> for RpcError {
    fn from(error: ClockError) -> Self {
        Self::params(error.to_string())
    }
}

impl From<Stopped> for RpcError {
    fn from(error: Stopped) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<TraceConfigError> for RpcError {
    fn from(error: TraceConfigError) -> Self {
        Self::refused(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solidity_reason_is_spelled_out_and_the_data_kept() {
        let data: Bytes = Revert::from("too late").abi_encode().into();
        let error = ErrorObjectOwned::from(RpcError::reverted(data.clone(), None));
        assert_eq!(
            (error.code(), error.message()),
            (3, "execution reverted: too late")
        );
        assert_eq!(
            error.data().map(|d| d.get().to_owned()),
            Some(format!("\"{data}\""))
        );
    }

    #[test]
    fn custom_errors_keep_their_data_without_a_reason() {
        let error =
            ErrorObjectOwned::from(RpcError::reverted(Bytes::from_static(&[1, 2, 3, 4]), None));
        assert_eq!((error.code(), error.message()), (3, "execution reverted"));
        assert_eq!(error.data().map(|d| d.get()), Some("\"0x01020304\""));
    }

    #[test]
    fn an_empty_revert_carries_empty_data_instead_of_none() {
        let error = ErrorObjectOwned::from(RpcError::reverted(Bytes::new(), None));
        assert_eq!(error.data().map(|d| d.get()), Some("\"0x\""));
    }

    #[test]
    fn a_solidity_panic_is_named() {
        let message = |code: u64| {
            let data = Panic {
                code: U256::from(code),
            };
            RpcError::reverted(data.abi_encode().into(), None).to_string()
        };
        assert_eq!(
            message(0x11),
            "execution reverted: arithmetic underflow or overflow"
        );
        assert_eq!(
            message(0x99),
            "execution reverted: unknown panic code: 0x99"
        );
    }
}
