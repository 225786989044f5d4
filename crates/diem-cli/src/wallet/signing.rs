//! Who signs: a key that is here, or a device that keeps its own.

use crate::{Failure, Result};
use alloy::network::EthereumWallet;
use alloy::primitives::Address;
#[cfg(feature = "hardware")]
use alloy::signers::Signer;
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
#[cfg(feature = "hardware")]
use std::sync::Arc;

/// Who signs.
#[derive(Clone, Debug)]
pub(crate) enum Signing {
    /// A key in this process.
    Local(PrivateKeySigner),
    /// A device, which shows what it signs and asks.
    #[cfg(feature = "hardware")]
    Device(Device),
}

/// A device that keeps its key.
#[cfg(feature = "hardware")]
#[derive(Clone)]
pub(crate) struct Device {
    name: &'static str,
    wallet: EthereumWallet,
    signer: Arc<dyn Signer + Send + Sync>,
}

#[cfg(feature = "hardware")]
impl Device {
    /// `signer` twice: for transactions in `wallet`, and for messages.
    pub(super) fn new(
        name: &'static str,
        wallet: EthereumWallet,
        signer: Arc<dyn Signer + Send + Sync>,
    ) -> Self {
        Self {
            name,
            wallet,
            signer,
        }
    }
}

#[cfg(feature = "hardware")]
impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let account = self.signer.address();
        f.debug_tuple(self.name).field(&account).finish()
    }
}

impl Signing {
    /// The account.
    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Local(key) => key.address(),
            #[cfg(feature = "hardware")]
            Self::Device(device) => device.signer.address(),
        }
    }

    /// What signs its transactions.
    pub(crate) fn wallet(&self) -> EthereumWallet {
        match self {
            Self::Local(key) => EthereumWallet::from(key.clone()),
            #[cfg(feature = "hardware")]
            Self::Device(device) => device.wallet.clone(),
        }
    }

    /// Signs a message (EIP-191), as `0x` and 65 bytes in hex.
    ///
    /// # Errors
    /// The device refuses.
    pub(crate) async fn sign_message(&self, text: &str) -> Result<String> {
        let signed = match self {
            Self::Local(key) => key.sign_message_sync(text.as_bytes()),
            #[cfg(feature = "hardware")]
            Self::Device(device) => device.signer.sign_message(text.as_bytes()).await,
        };
        let signed = signed.map_err(|error| {
            Failure::broken("cannot sign the message", error.to_string())
                .with("account", self.address())
        })?;
        Ok(signed.to_string())
    }

    /// The key itself, for what signs without asking.
    ///
    /// # Errors
    /// A device keeps it.
    #[cfg_attr(
        not(feature = "hardware"),
        expect(unused_variables, reason = "without devices nothing is refused")
    )]
    pub(crate) fn key(&self, what: &str) -> Result<&PrivateKeySigner> {
        match self {
            Self::Local(key) => Ok(key),
            #[cfg(feature = "hardware")]
            Self::Device(device) => Err(Failure::broken(
                format!("a {} cannot sign for {what}", device.name),
                "it would ask for each signature, and keeps its key",
            )
            .with("account", self.address())
            .hint("name an encrypted key file with --wallet")),
        }
    }
}
