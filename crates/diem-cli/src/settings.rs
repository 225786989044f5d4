//! What was made of the arguments: a node, a network, a key.

use crate::args::{Common, SendArgs};
use crate::chain::Chain;
use crate::deployment::{Deployment, path};
use crate::networks::{self, Network};
use crate::sending::Mode;
use crate::wallet::{self, Signing};
use crate::{Failure, Result, interrupt, output};
use alloy::primitives::{Address, B256, b256};
use alloy::signers::local::PrivateKeySigner;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

/// The published key of every Nitro dev node's funded account: no secret.
const DEV_KEY: B256 = b256!("b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659");

/// The published key of anvil's first account, and the chain id of an anvil that was told no other.
const ANVIL_KEY: B256 = b256!("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const ANVIL_ID: u64 = 31_337;

/// A session of the CLI.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The node, signing as `signer` if there is one.
    pub chain: Chain,
    /// What the list of networks says about it.
    pub network: Network,
    /// Who signs.
    pub(crate) signer: Option<Signing>,
    /// Whether that is the dev account, for want of another key.
    pub by_default: bool,
    /// Directory of the deployment files.
    pub deployments: PathBuf,
    /// Whether the answer is JSON.
    pub json: bool,
    /// Whether to sign without asking.
    pub yes: bool,
    /// What becomes of what would be sent.
    pub(crate) mode: Mode,
    /// Whose transactions these are.
    account: Option<Address>,
}

/// Whether a command needs a key, or does with an account, or with neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// It signs what it would send, or speaks of the account that signs.
    Account,
    /// It signs something else, or hands the key on.
    Key,
    /// It reads.
    Nothing,
}

impl Settings {
    /// Connects, and finds out about network and key. No key is unlocked where none is needed.
    pub(crate) async fn new(common: &Common, need: Need) -> Result<Self> {
        let timeout = Duration::from_secs_f64(common.timeout);
        let file = common.networks.as_deref();
        let named = common.network.as_deref();
        let named = named.map(|name| networks::named(name, file)).transpose()?;
        let unsigned = Chain::connect_within(timeout, &common.endpoint()?, &[])
            .await?
            .confirmed(common.sending.wait);
        interrupt::watch(unsigned.outbox().clone());
        let network = match named {
            Some(network) => network,
            None => networks::find(unsigned.id(), file)?,
        };
        network.guard(&unsigned).await?;
        let mode = mode(&common.sending);
        let by_name = mode != Mode::Send && common.sending.from.is_some();
        let signs = need == Need::Key || (need == Need::Account && !by_name);
        let given = if signs {
            wallet::signing(&common.keys).await?
        } else {
            None
        };
        let by_default = given.is_none() && network.devnet && need != Need::Nothing;
        let signer = if by_default {
            Some(Signing::Local(dev_account(&network)?))
        } else {
            given
        };
        let signing = signer.as_ref().map(Signing::address);
        if let (Some(from), Some(signing), Mode::Send) = (common.sending.from, signing, &mode)
            && from != signing
        {
            return Err(
                Failure::broken("cannot sign for this account", "the key is another's")
                    .with("from", from)
                    .with("signing", signing)
                    .hint("sign with its key, or add --unsigned, --safe or --dry-run"),
            );
        }
        let chain = match &signer {
            Some(signer) => unsigned.signed_with(signer.wallet()),
            None => unsigned,
        };
        Ok(Self {
            chain,
            network,
            signer,
            by_default,
            deployments: common.deployments.clone(),
            json: common.json,
            yes: common.sending.yes,
            account: if by_name {
                common.sending.from
            } else {
                signing
            },
            mode,
        })
    }

    /// The account that signs, about to sign.
    ///
    /// # Errors
    /// There is no key.
    pub fn account(&self) -> Result<Address> {
        if self.by_default && self.mode == Mode::Send {
            output::story("signing with the dev account of the devnet, whose key everybody knows");
        }
        self.signer_address()
    }

    /// The account that would sign.
    ///
    /// # Errors
    /// There is no key.
    pub fn signer_address(&self) -> Result<Address> {
        self.account
            .ok_or_else(|| {
                Failure::broken("do not know whose account", "there is no key")
                    .with("network", &self.network.name)
                    .hint(format!(
                        "name a key file with --wallet (`diem wallet new` makes one) or --key-file, or set {}; or \
                         say --ledger or --trezor",
                        wallet::KEY_VARIABLE
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

fn dev_account(network: &Network) -> Result<PrivateKeySigner> {
    let key = if network.chain_id == ANVIL_ID {
        ANVIL_KEY
    } else {
        DEV_KEY
    };
    PrivateKeySigner::from_bytes(&key)
        .map_err(|error| Failure::broken("the dev key", error.to_string()))
}

fn mode(sending: &SendArgs) -> Mode {
    if sending.dry_run {
        return Mode::DryRun;
    }
    if sending.unsigned {
        return Mode::Unsigned;
    }
    match &sending.safe {
        Some(file) => Mode::Safe(file.clone()),
        None => Mode::Send,
    }
}
