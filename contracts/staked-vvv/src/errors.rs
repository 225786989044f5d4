//! Why calls are refused: the errors of `interface`, made by `refuse!`.

#[cfg(target_arch = "wasm32")]
pub(crate) use contract_kit::Error;
pub(crate) use contract_kit::error::Result;
pub(crate) use contract_kit::refuse;
