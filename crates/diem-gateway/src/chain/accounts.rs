//! Who signs for an account, and who holds a lease.

use alloy::primitives::{Address, Signature, U256, eip191_hash_message};
use diem_abi::IDiem;
use futures_util::future::BoxFuture;

use super::{
    Accounts, Chain, ChainError,
    lines::somebody,
    wallet::{MAX_SIGNATURE_BYTES, question},
};

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
            if signature.len() > MAX_SIGNATURE_BYTES {
                return Ok(false);
            }
            let asked = question(account, hash, signature);
            let what = "whether a signature is a wallet's";
            let answer = self.0.node.run(what, asked, false).await?;
            Ok(answer == U256::ONE)
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
