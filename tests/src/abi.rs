//! The three contracts as the world sees them, and their errors by name.

pub use alloy::json_abi::StateMutability;
pub use diem_abi::{IDiem, IStakedVvv, IVVV};

use crate::deploy::repository;
use alloy::json_abi::{Function, JsonAbi};

/// An interface, as `abi/*.json` declares it.
///
/// # Panics
/// When there is no such interface.
pub fn interface(interface: &str) -> JsonAbi {
    let path = repository().join(format!("abi/{interface}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("abi/*.json are JSON ABIs")
}

/// All its functions.
///
/// # Panics
/// When there is no such interface.
pub fn functions(name: &str) -> Vec<Function> {
    interface(name).functions().cloned().collect()
}

/// Those of them that change state; none takes ether.
///
/// # Panics
/// When there is no such interface.
pub fn writes(interface: &str) -> Vec<Function> {
    let mut all = functions(interface);
    all.retain(|function| function.state_mutability == StateMutability::NonPayable);
    all
}

/// A function's argument types, in order.
pub fn types(function: &Function) -> Vec<&str> {
    function.inputs.iter().map(|input| &*input.ty).collect()
}

/// Names a known error with its numbers; `None` for data that is none.
pub fn describe_error(data: &[u8]) -> Option<String> {
    diem_abi::explain(data).map(|refusal| refusal.error)
}

/// The name of a known error; the data itself of one that is none.
pub fn error_name(data: &[u8]) -> String {
    let Some(text) = describe_error(data) else {
        return alloy_primitives::hex::encode_prefixed(data);
    };
    let shown = text.split("Errors::").last().unwrap_or_default();
    let end = shown.find(|c: char| !c.is_alphanumeric() && c != '_');
    shown[..end.unwrap_or(shown.len())].to_owned()
}
