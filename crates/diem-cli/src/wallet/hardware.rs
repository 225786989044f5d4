//! Ledger and Trezor: built with `--features hardware`.

use super::Signing;
use crate::args::KeyArgs;
use crate::{Failure, Result};

#[cfg(feature = "hardware")]
mod built {
    use super::super::signing::Device;
    use super::{Failure, KeyArgs, Result, Signing};
    use crate::output::story;
    use crate::progress::Progress;
    use alloy::network::EthereumWallet;
    use alloy::signers::{ledger, trezor};
    use std::sync::Arc;

    /// Says what the user has to do with a device that does not answer.
    fn silent(name: &str, error: &dyn std::fmt::Display, hint: &'static str) -> Failure {
        let what = format!("cannot reach the {name}");
        Failure::broken(what, error.to_string())
            .with("device", name)
            .hint(hint)
    }

    pub(super) async fn ledger(keys: &KeyArgs) -> Result<Signing> {
        let path = match &keys.derivation_path {
            Some(path) => ledger::HDPath::Other(path.clone()),
            None => ledger::HDPath::LedgerLive(keys.index as usize),
        };
        let progress = Progress::of("waiting for the Ledger".to_owned());
        let hint = "plug it in, unlock it, and open its Ethereum app with blind signing allowed";
        let signer = ledger::LedgerSigner::new(path, None)
            .await
            .map_err(|error| silent("Ledger", &error, hint))?;
        drop(progress);
        story("look at the Ledger: it asks for each signature");
        let signer = Arc::new(signer);
        let wallet = EthereumWallet::from(Arc::clone(&signer));
        Ok(Signing::Device(Device::new("Ledger", wallet, signer)))
    }

    pub(super) async fn trezor(keys: &KeyArgs) -> Result<Signing> {
        let path = trezor::HDPath::Other(keys.path());
        let progress = Progress::of("waiting for the Trezor".to_owned());
        let hint = "plug it in, alone, unlock it, and close other programs that use it";
        let signer = trezor::TrezorSigner::new(path, None)
            .await
            .map_err(|error| silent("Trezor", &error, hint))?;
        drop(progress);
        story("look at the Trezor: it asks for each signature");
        let signer = Arc::new(signer);
        let wallet = EthereumWallet::from(Arc::clone(&signer));
        Ok(Signing::Device(Device::new("Trezor", wallet, signer)))
    }
}

/// The device that was named, if one was.
///
/// # Errors
/// It does not answer, or this build knows none.
pub(super) async fn device(keys: &KeyArgs) -> Result<Option<Signing>> {
    if !keys.ledger && !keys.trezor {
        return Ok(None);
    }
    #[cfg(feature = "hardware")]
    return if keys.ledger {
        built::ledger(keys).await.map(Some)
    } else {
        built::trezor(keys).await.map(Some)
    };
    #[cfg(not(feature = "hardware"))]
    Err(Failure::broken(
        "cannot speak to a hardware wallet",
        "this build has no part for it",
    )
    .with("device", if keys.ledger { "Ledger" } else { "Trezor" })
    .hint(
        "cargo build --release -p diem-cli --features hardware; or sign with --unsigned or --safe",
    ))
}
