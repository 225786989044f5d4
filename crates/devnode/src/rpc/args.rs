//! Positional parameters.

use jsonrpsee::types::Params;
use serde_json::value::RawValue;

use super::{RpcError, param::Param};

/// The parameters of one request, still as JSON.
pub(super) struct Args<'p>(Vec<&'p RawValue>);

impl<'p> Args<'p> {
    /// Splits the parameters; at most `limit` may be given.
    pub(super) fn parse(params: &'p Params<'_>, limit: usize) -> Result<Self, RpcError> {
        let values: Vec<&RawValue> = match params.as_str() {
            None => Vec::new(),
            Some(text) => {
                serde_json::from_str(text).map_err(|_| RpcError::params("non-array args"))?
            }
        };
        if values.len() > limit {
            return Err(RpcError::params(format!(
                "too many arguments, want at most {limit}"
            )));
        }
        Ok(Self(values))
    }

    /// Parameter `index`, which must be there.
    pub(super) fn required<T: Param>(&self, index: usize) -> Result<T, RpcError> {
        self.optional(index)?
            .ok_or_else(|| RpcError::params(format!("missing value for required argument {index}")))
    }

    /// Parameter `index`, or nothing where it is missing or null.
    pub(super) fn optional<T: Param>(&self, index: usize) -> Result<Option<T>, RpcError> {
        let given = self.0.get(index).filter(|value| value.get() != "null");
        given
            .map(|value| T::read(value.get()))
            .transpose()
            .map_err(|error| RpcError::params(format!("invalid argument {index}: {error}")))
    }

    /// Parameter `index`, or what stands for it where it is missing or null.
    pub(super) fn or_default<T: Param + Default>(&self, index: usize) -> Result<T, RpcError> {
        Ok(self.optional(index)?.unwrap_or_default())
    }
}
