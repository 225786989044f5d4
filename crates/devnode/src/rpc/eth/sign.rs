//! Signing messages with the dev accounts.

use alloy_dyn_abi::TypedData;
use alloy_primitives::{Address, Bytes, Signature};
use alloy_signer::SignerSync;
use jsonrpsee::server::RegisterMethodError;
use serde_json::Value;

use super::nesting;
use crate::{
    node::Node,
    rpc::{RpcError, methods::Methods},
};

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("eth_sign", 2, |node, args| {
        message(node, args.required(0)?, &args.required::<Bytes>(1)?)
    })?;
    // The same with its parameters the other way round.
    methods.quick("personal_sign", 3, |node, args| {
        message(node, args.required(1)?, &args.required::<Bytes>(0)?)
    })?;
    methods.quick("eth_signTypedData_v4", 2, |node, args| {
        typed_data(node, args.required(0)?, args.required(1)?)
    })?;
    methods.alias("eth_signTypedData", "eth_signTypedData_v4")
}

fn message(node: &Node, address: Address, message: &[u8]) -> Result<Bytes, RpcError> {
    let signer = node.wallet.signer(address)?;
    signer
        .sign_message_sync(message)
        .map(bytes)
        .map_err(RpcError::refused)
}

/// Typed data come as an object, or as a string that holds one.
fn typed_data(node: &Node, address: Address, data: Value) -> Result<Bytes, RpcError> {
    let signer = node.wallet.signer(address)?;
    let data = match data {
        Value::String(text) => serde_json::from_str(&text).map_err(invalid)?,
        object => object,
    };
    nesting::check(&data).map_err(invalid)?;
    let data: TypedData = serde_json::from_value(data).map_err(invalid)?;
    let hash = data.eip712_signing_hash().map_err(invalid)?;
    signer
        .sign_hash_sync(&hash)
        .map(bytes)
        .map_err(RpcError::refused)
}

fn invalid(error: impl std::fmt::Display) -> RpcError {
    RpcError::params(format!("invalid typed data: {error}"))
}

fn bytes(signature: Signature) -> Bytes {
    signature.as_bytes().into()
}
