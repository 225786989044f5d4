//! The `net` and `web3` namespaces.

use alloy_primitives::{Bytes, U64, keccak256};
use jsonrpsee::server::RegisterMethodError;

use super::methods::Methods;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("net_version", 0, |node, _| Ok(node.chain_id().to_string()))?;
    methods.quick("net_listening", 0, |_, _| Ok(true))?;
    methods.quick("net_peerCount", 0, |_, _| Ok(U64::ZERO))?;
    methods.quick("web3_clientVersion", 0, |node, _| {
        Ok(node.config.client_version.clone())
    })?;
    methods.quick("web3_sha3", 1, |_, args| {
        let data: Bytes = args.required(0)?;
        Ok(keccak256(data))
    })
}
