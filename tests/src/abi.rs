//! The three contracts as the world sees them, and their errors by name.

pub use diem_abi::{IDiem, IStakedVvv, IVVV};

/// Names a known error with its numbers; `None` for data that is none.
pub fn describe_error(data: &[u8]) -> Option<String> {
    diem_abi::explain(data).map(|refusal| refusal.error)
}
