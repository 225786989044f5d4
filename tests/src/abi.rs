//! The three contracts as the world sees them, and their errors by name.

pub use diem_abi::{IDiem, IStakedVvv, IVVV};

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
