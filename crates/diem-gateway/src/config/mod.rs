//! What the gateway is told: by a file, over it the environment, over it flags. Secrets come by file or environment.

mod file;
mod flags;
mod key;
mod upstreams;

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use alloy::{primitives::Address, signers::local::PrivateKeySigner};

pub use flags::Flags;
pub use upstreams::{Server, Where};

use crate::{
    chain::{Place, Rules},
    doors::Rates,
    money::Usd,
    pricing::{PriceError, Prices, decimal_up},
    settling,
};
use file::File;

/// Everything that is set, checked as far as it can be without asking anybody.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that clients use, which the texts to sign are bound to; no slash at its end.
    pub public_url: String,
    /// `sqlite:PATH` or `postgres://…`; may carry a password.
    pub ledger: String,
    /// The gateway's account: signs statements and receipts.
    pub signer: PrivateKeySigner,
    /// The node and the contracts.
    pub place: Place,
    /// Whether the chain is a toy.
    pub devnet: bool,
    /// How to settle.
    pub settle: settling::Settings,
    /// The servers that answer.
    pub upstreams: Vec<Server>,
    /// Longest waits for a server: to connect, to begin, between two pieces.
    pub upstream_waits: [Duration; 3],
    /// Price tables; a later one counts over an earlier.
    pub prices: Vec<PathBuf>,
    /// Requests that a key, and an address, may begin in a minute.
    pub rates: Rates,
    /// Whether a proxy of the operator's stands before the gateway and tells the client's address.
    pub behind_proxy: bool,
    /// Longest body of a request, in bytes.
    pub most_body_bytes: usize,
    /// How long the answer to an `Idempotency-Key` is kept, in seconds.
    pub keep_answers: u64,
    /// The least allowance with which a line is served.
    pub least_allowance: Usd,
}

/// Something set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file has another form.
    #[error("{path} is no {what}: {cause}")]
    Form {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        cause: String,
    },
    /// Nobody set it.
    #[error("{what} is not set: {how}")]
    Missing {
        /// What.
        what: &'static str,
        /// How to set it.
        how: &'static str,
    },
    /// It is set to what it cannot be.
    #[error("{what} cannot be {value:?}: {cause}")]
    Wrong {
        /// What.
        what: &'static str,
        /// As it is set; never a secret.
        value: String,
        /// Why not.
        cause: String,
    },
}

impl ConfigError {
    fn wrong(what: &'static str, value: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::Wrong {
            what,
            value: value.into(),
            cause: cause.into(),
        }
    }
}

impl Config {
    /// Puts file, environment and flags together.
    ///
    /// # Errors
    /// Something that must be set is not, or cannot be what it is set to.
    pub fn new(flags: Flags) -> Result<Self, ConfigError> {
        let file = match &flags.config {
            Some(path) => File::read(path)?,
            None => File::default(),
        };
        let listen = flags.listen.or(file.listen).unwrap_or(DEFAULT_LISTEN);
        let public_url = flags
            .public_url
            .or(file.public_url)
            .unwrap_or_else(|| format!("http://{listen}"));
        let devnet = flags.devnet || file.chain.devnet;
        let key_file = flags.key_file.or(file.key_file);
        let password_file = flags.key_password_file.or(file.key_password_file);
        let signer = key::signer(key_file.as_deref(), password_file.as_deref())?;
        let deployment = flags.deployment.or(file.chain.deployment);
        let at = match &deployment {
            Some(path) => file::Deployment::read(path)?,
            None => file::Deployment::default(),
        };
        let chain_id = flags.chain_id.or(file.chain.chain_id).or(at.chain_id);
        let diem = flags.diem.or(file.chain.diem).or(at.diem);
        let rules = Rules {
            cut_off: file.chain.cut_off_seconds,
            skew: file.chain.skew_seconds,
            patience: file.chain.patience_seconds,
            machine_counts: !devnet,
        };
        let place = Place {
            rpc: flags.rpc.or(file.chain.rpc).ok_or(MISSING_RPC)?,
            timeout: seconds("chain.timeout_seconds", file.chain.timeout_seconds)?,
            chain_id: chain_id.ok_or(MISSING_CHAIN_ID)?,
            diem: diem.ok_or(MISSING_DIEM)?,
            gateway: signer.address(),
            rules,
            poll: seconds("chain.poll_seconds", file.chain.poll_seconds)?,
        };
        let upstreams = if flags.upstream.is_empty() {
            upstreams::from_file(file.upstream)?
        } else {
            upstreams::from_flags(&flags.upstream)?
        };
        let waits = file.waits;
        let config = Self {
            listen,
            public_url: public_url.trim_end_matches('/').to_owned(),
            ledger: flags
                .ledger
                .or(file.ledger)
                .unwrap_or(DEFAULT_LEDGER.into()),
            signer,
            place,
            devnet,
            settle: file.settle.settings()?,
            upstreams,
            upstream_waits: [
                seconds("waits.connect_seconds", waits.connect_seconds)?,
                seconds("waits.begin_seconds", waits.begin_seconds)?,
                seconds("waits.between_seconds", waits.between_seconds)?,
            ],
            prices: if flags.prices.is_empty() {
                file.prices
            } else {
                flags.prices
            },
            rates: Rates {
                key: per_minute(
                    "limits.requests_per_minute",
                    file.limits.requests_per_minute,
                )?,
                address: per_minute(
                    "limits.address_requests_per_minute",
                    file.limits.address_requests_per_minute,
                )?,
            },
            behind_proxy: file.behind_proxy,
            most_body_bytes: file.limits.most_body_bytes,
            keep_answers: file.limits.keep_answers_seconds,
            least_allowance: least(&file.limits.least_allowance)?,
        };
        config.checked()
    }

    /// The gateway's own address.
    #[must_use]
    pub fn gateway(&self) -> Address {
        self.signer.address()
    }

    fn checked(self) -> Result<Self, ConfigError> {
        let wrong = |what, value: String, cause: &str| Err(ConfigError::wrong(what, value, cause));
        if self.place.rules.cut_off >= diem_math::epoch::EPOCH_SECONDS {
            let value = self.place.rules.cut_off.to_string();
            return wrong("chain.cut_off_seconds", value, "a day has 86400");
        }
        if self.place.diem.is_zero() {
            return wrong(
                "chain.diem",
                self.place.diem.to_string(),
                "no contract is there",
            );
        }
        let stand_in = self
            .upstreams
            .iter()
            .any(|server| server.place == Where::StandIn);
        if stand_in && !self.devnet {
            let cause = "it makes its answers up; only a devnet may sell them (--devnet)";
            return wrong("upstream", "stand-in".into(), cause);
        }
        Ok(self)
    }
}

/// The account of the key that is set, for which nothing else has to be.
///
/// # Errors
/// There is no key, or it is none.
pub fn account(flags: &Flags) -> Result<Address, ConfigError> {
    let file = flags.config.as_deref().map(File::read).transpose()?;
    let file = file.unwrap_or_default();
    let key_file = flags.key_file.as_deref().or(file.key_file.as_deref());
    let password_file = flags.key_password_file.as_deref();
    let password_file = password_file.or(file.key_password_file.as_deref());
    key::signer(key_file, password_file).map(|signer| signer.address())
}

/// The price tables that are set, for which nothing else has to be.
///
/// # Errors
/// The file of settings cannot be used.
pub fn tables(flags: &Flags) -> Result<Vec<PathBuf>, ConfigError> {
    let file = flags.config.as_deref().map(File::read).transpose()?;
    let of_file = file.map(|file| file.prices).unwrap_or_default();
    Ok(if flags.prices.is_empty() {
        of_file
    } else {
        flags.prices.clone()
    })
}

/// Price tables put together; a later one counts over an earlier.
///
/// # Errors
/// A file cannot be read, or is no table.
pub fn prices(tables: &[PathBuf]) -> Result<Prices, PriceError> {
    let mut prices = Prices::default();
    for path in tables {
        prices.extend(Prices::from_file(path)?);
    }
    Ok(prices)
}

/// Beside the usual port of a Nitro node.
const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8548);
const DEFAULT_LEDGER: &str = "sqlite:diem-gateway.db";
const MISSING_RPC: ConfigError = ConfigError::Missing {
    what: "the node",
    how: "chain.rpc in the file, DIEM_GATEWAY_RPC, or --rpc URL",
};
const MISSING_CHAIN_ID: ConfigError = ConfigError::Missing {
    what: "the chain's id",
    how: "chain.chain_id in the file, --chain-id N, or a deployment's record (--deployment deployments/N.json)",
};
const MISSING_DIEM: ConfigError = ConfigError::Missing {
    what: "the DIEM contract",
    how: "chain.diem in the file, --diem ADDRESS, or a deployment's record (--deployment deployments/N.json)",
};

/// A span; more than nothing and at most a week.
fn seconds(what: &'static str, seconds: f64) -> Result<Duration, ConfigError> {
    const WEEK: f64 = 604_800.0;
    if seconds > 0.0 && seconds <= WEEK {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        let cause = "say more than 0 and at most 604800 seconds";
        Err(ConfigError::wrong(what, seconds.to_string(), cause))
    }
}

fn per_minute(what: &'static str, count: u32) -> Result<NonZeroU32, ConfigError> {
    NonZeroU32::new(count).ok_or_else(|| ConfigError::wrong(what, "0", "nothing would be served"))
}

fn least(text: &str) -> Result<Usd, ConfigError> {
    decimal_up(text, 18)
        .map(Usd)
        .map_err(|error| ConfigError::wrong("limits.least_allowance", text, error.to_string()))
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::Read {
        path: path.into(),
        cause,
    })
}

#[cfg(test)]
mod tests;
