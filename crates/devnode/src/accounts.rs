//! The accounts a dev chain starts with.

use alloy_primitives::{Address, B256, b256};
use alloy_signer_local::{LocalSignerError, MnemonicBuilder, PrivateKeySigner};

/// Key of Nitro's own dev account, known to all its tools.
const NITRO_DEV_KEY: B256 =
    b256!("b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659");

/// Phrase every Ethereum dev node starts with.
pub const DEFAULT_MNEMONIC: &str = "test test test test test test test test test test test junk";

/// Accounts with known keys: Nitro's dev account first, then those of a phrase.
#[derive(Clone, Debug)]
pub struct DevAccounts {
    signers: Vec<PrivateKeySigner>,
}

impl DevAccounts {
    /// Nitro's dev account and the first `count` accounts of `mnemonic` (path `m/44'/60'/0'/0/i`).
    pub fn derive(mnemonic: &str, count: usize) -> Result<Self, LocalSignerError> {
        let mut signers = vec![PrivateKeySigner::from_bytes(&NITRO_DEV_KEY)?];
        let parent = MnemonicBuilder::from_phrase(mnemonic).build_parent_key()?;
        for signer in parent.children().take(count) {
            signers.push(signer?);
        }
        Ok(Self { signers })
    }

    /// Addresses in order.
    pub fn addresses(&self) -> impl Iterator<Item = Address> {
        self.signers.iter().map(PrivateKeySigner::address)
    }

    /// All signers in order.
    pub fn signers(&self) -> &[PrivateKeySigner] {
        &self.signers
    }

    /// The key for `address`, if it is one of ours.
    pub fn signer(&self, address: Address) -> Option<&PrivateKeySigner> {
        self.signers
            .iter()
            .find(|signer| signer.address() == address)
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;

    #[test]
    fn accounts_are_the_ones_every_tool_knows() {
        let accounts = DevAccounts::derive(DEFAULT_MNEMONIC, 2).expect("a valid phrase");
        assert_eq!(
            accounts.addresses().collect::<Vec<_>>(),
            [
                address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E"),
                address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
                address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
            ]
        );
    }

    #[test]
    fn a_wrong_phrase_is_an_error() {
        assert!(DevAccounts::derive("test test junk", 1).is_err());
    }
}
