//! What was made of the arguments: a node, a network, a key.

use crate::args::Common;
use crate::chain::Chain;
use crate::deployment::{Deployment, path};
use crate::networks::{self, Network};
use crate::{Failure, Result, output};
use alloy::primitives::{Address, B256, b256};
use alloy::signers::local::PrivateKeySigner;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Variable that may hold the key.
const KEY_VARIABLE: &str = "DIEM_PRIVATE_KEY";
/// The published key of every Nitro dev node's funded account: no secret.
const DEV_KEY: B256 = b256!("b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659");

/// A session of the CLI.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The node, signing as `signer` if there is one.
    pub chain: Chain,
    /// What the list of networks says about it.
    pub network: Network,
    /// Who signs.
    pub signer: Option<PrivateKeySigner>,
    /// Whether that is the dev account, for want of another key.
    pub by_default: bool,
    /// Directory of the deployment files.
    pub deployments: PathBuf,
    /// Whether the answer is JSON.
    pub json: bool,
    /// Whether to sign without asking.
    pub yes: bool,
}

impl Settings {
    /// Connects, and finds out about network and key.
    pub(crate) async fn new(common: &Common) -> Result<Self> {
        let timeout = Duration::from_secs_f64(common.timeout);
        let unsigned = Chain::connect_within(timeout, &common.rpc, &[]).await?;
        let network = networks::find(unsigned.id(), common.networks.as_deref())?;
        let given = key(common.key_file.as_deref())?;
        let by_default = given.is_none() && network.devnet;
        let signer = if by_default {
            Some(dev_account()?)
        } else {
            given
        };
        let chain = match &signer {
            Some(signer) => unsigned.signed_by(std::slice::from_ref(signer)),
            None => unsigned,
        };
        Ok(Self {
            chain,
            network,
            signer,
            by_default,
            deployments: common.deployments.clone(),
            json: common.json,
            yes: common.yes,
        })
    }

    /// The account that signs, about to sign.
    ///
    /// # Errors
    /// There is no key.
    pub fn account(&self) -> Result<Address> {
        if self.by_default {
            output::story("signing with the dev account of the devnet, whose key everybody knows");
        }
        self.signer_address()
    }

    /// The account that would sign.
    ///
    /// # Errors
    /// There is no key.
    pub fn signer_address(&self) -> Result<Address> {
        self.signer
            .as_ref()
            .map(PrivateKeySigner::address)
            .ok_or_else(|| {
                Failure::broken("do not know whose account", "there is no key")
                    .with("network", &self.network.name)
                    .hint(format!(
                        "put the key in a file and name it with --key-file, or set {KEY_VARIABLE}"
                    ))
            })
    }

    /// The contracts on this chain.
    ///
    /// # Errors
    /// There are none, their file is damaged, or it tells of another chain: a dev node that
    /// starts anew is one, though its id stays.
    pub async fn deployment(&self) -> Result<Deployment> {
        let at = Deployment::read(&self.deployments, self.chain.id())?;
        let contracts = [
            ("VVV", at.vvv, at.contracts.vvv.codehash),
            ("sVVV", at.s_vvv, at.contracts.s_vvv.codehash),
            ("DIEM", at.diem, at.contracts.diem.codehash),
        ];
        for (name, address, codehash) in contracts {
            if self.chain.codehash_if_any(address).await? != Some(codehash) {
                let file = path(&self.deployments, at.chain_id);
                let cause = format!("{name} is not where it says");
                return Err(
                    Failure::refused("the deployment record is of another chain", cause)
                        .with("file", file.display())
                        .with("address", address)
                        .with("node", self.chain.origin())
                        .hint("was the dev node started anew? `diem deploy` makes a new record"),
                );
            }
        }
        if let Some(step) = &at.unfinished {
            output::story(&format!("the deployment stopped before this step: {step}"));
        }
        Ok(at)
    }

    /// Shows what is about to be signed and asks, unless told not to.
    ///
    /// # Errors
    /// The answer is no, or there is nobody to ask.
    pub fn confirm(&self, preview: &str) -> Result<()> {
        output::story(preview);
        if self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            return Err(
                Failure::broken("nothing was signed", "there is nobody to ask")
                    .with("network", &self.network.name)
                    .hint("look at the preview and add --yes"),
            );
        }
        let _ = write!(std::io::stderr(), "sign this? [y/N] ");
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        if read.is_ok() && line.trim().eq_ignore_ascii_case("y") {
            return Ok(());
        }
        Err(Failure::refused("nothing was signed", "the answer was no")
            .with("network", &self.network.name))
    }
}

fn dev_account() -> Result<PrivateKeySigner> {
    PrivateKeySigner::from_bytes(&DEV_KEY)
        .map_err(|error| Failure::broken("the dev key", error.to_string()))
}

/// The key: from the file, else from the environment.
fn key(file: Option<&Path>) -> Result<Option<PrivateKeySigner>> {
    let (text, origin) = if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::broken("cannot read the key", error.to_string())
                .with("file", path.display())
                .hint("--key-file names a file that holds the key in hex and nothing else")
        })?;
        (text, path.display().to_string())
    } else if let Ok(text) = std::env::var(KEY_VARIABLE) {
        (text, KEY_VARIABLE.to_owned())
    } else {
        return Ok(None);
    };
    // The text itself must never show up in an error.
    text.trim().parse().map(Some).map_err(|_| {
        Failure::broken("not a private key", "expected 32 bytes in hex")
            .with("from", origin)
            .hint("64 hex digits, with or without 0x, and nothing else")
    })
}
