//! Who signs for an account, and who holds a lease.

use alloy::primitives::{Address, Bytes, Signature, U256, eip191_hash_message, fixed_bytes};
use alloy::sol;
use diem_abi::IDiem;
use futures_util::future::BoxFuture;

use super::{Accounts, Chain, ChainError, lines::somebody};

sol! {
    /// A contract that says whether a signature is its own (ERC-1271).
    interface IERC1271 {
        /// The magic value where it is.
        function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4 magic);
    }
}

/// What ERC-1271 has a contract answer for a signature of its own.
const MAGIC: [u8; 4] = fixed_bytes!("1626ba7e").0;
/// Longest signature that is passed on to a contract: a multisig of many owners needs a few thousand bytes.
const MAX_SIGNATURE_BYTES: usize = 8_192;

impl Accounts for Chain {
    fn signed_by<'a>(
        &'a self,
        account: Address,
        text: &'a str,
        signature: &'a [u8],
    ) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(async move {
            let hash = eip191_hash_message(text.as_bytes());
            // The key first: an EIP-7702 account has code, and its key signs for it all the same.
            let recovered = Signature::from_raw(signature)
                .ok()
                .and_then(|signature| signature.recover_address_from_prehash(&hash).ok());
            if recovered == Some(account) {
                return Ok(true);
            }
            let node = &self.0.node;
            if signature.len() > MAX_SIGNATURE_BYTES || node.code(account).await?.is_empty() {
                return Ok(false);
            }
            let call = IERC1271::isValidSignatureCall {
                hash,
                signature: Bytes::copy_from_slice(signature),
            };
            match node.call(account, &call, false).await {
                Ok(magic) => Ok(magic.0 == MAGIC),
                // A contract that reverts, or that answers something else, has not signed.
                Err(ChainError::Refused { reverted: true, .. } | ChainError::Nonsense { .. }) => {
                    Ok(false)
                }
                Err(error) => Err(error),
            }
        })
    }

    fn lessee(&self, id: u64) -> BoxFuture<'_, Result<Option<Address>, ChainError>> {
        Box::pin(async move {
            let call = IDiem::leaseOfCall { id: U256::from(id) };
            let lease = self.0.node.call(self.0.diem, &call, false).await?;
            Ok(somebody(lease.lessee))
        })
    }
}
