//! Why calls are refused: the errors of `interface`, made by `refuse!`.

pub(crate) use contract_kit::error::Result;
pub(crate) use contract_kit::{Error, refuse};
