//! What parameters may look like: as strict as geth, and in its words. A client that is sloppy here
//! would be refused by Nitro.

mod block;
mod filter;
mod object;
mod shape;

use alloy_primitives::{Address, B256, Bytes, U64, U256};
use alloy_rpc_types_eth::{TransactionRequest, pubsub::SubscriptionKind};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::request::CallRequest;
use crate::overrides::{BlockOverrides, StateOverrides};
pub(super) use object::check_simulation;
use object::{BLOCK_OVERRIDES, check_accounts, check_call, check_fields};
use shape::Shape;

/// One parameter of a request.
pub(super) trait Param: Sized {
    /// Reads it from its JSON text; `null` is not given to it. Fails with what is wrong.
    fn read(json: &str) -> Result<Self, String>;
}

/// Reads what has no rules beyond those of its type.
pub(super) fn plain<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| without_place(&error.to_string()).to_owned())
}

/// The message without the place in a text that the client has never seen like that.
fn without_place(message: &str) -> &str {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(message, _)| message)
}

macro_rules! shaped {
    ($($type:ty: $shape:expr,)*) => {
        $(
            impl Param for $type {
                fn read(json: &str) -> Result<Self, String> {
                    $shape.check(json)?;
                    plain(json)
                }
            }
        )*
    };
}

shaped! {
    Address: Shape::ADDRESS,
    B256: Shape::HASH,
    Bytes: Shape::Data,
    U64: Shape::Quantity { bits: 64 },
    U256: Shape::Quantity { bits: 256 },
    bool: Shape::Bool,
    String: Shape::Text,
}

macro_rules! plain_params {
    ($($type:ty,)*) => {
        $(
            impl Param for $type {
                fn read(json: &str) -> Result<Self, String> {
                    plain(json)
                }
            }
        )*
    };
}

plain_params! {
    Value,
    Vec<f64>,
    SubscriptionKind,
}
pub(super) use plain_params;

impl Param for CallRequest {
    fn read(json: &str) -> Result<Self, String> {
        check_call(json)?;
        plain(json)
    }
}

impl Param for TransactionRequest {
    fn read(json: &str) -> Result<Self, String> {
        check_call(json)?;
        plain(json)
    }
}

impl Param for StateOverrides {
    fn read(json: &str) -> Result<Self, String> {
        check_accounts(json)?;
        plain(json)
    }
}

impl Param for BlockOverrides {
    fn read(json: &str) -> Result<Self, String> {
        check_fields(json, BLOCK_OVERRIDES)?;
        plain(json)
    }
}
