//! The file, as it is written: what is not set there has the default that stands here.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use alloy::primitives::Address;
use serde::Deserialize;

use super::{ConfigError, read, seconds, upstreams::Entry};
use crate::settling::Settings;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) listen: Option<SocketAddr>,
    pub(super) public_url: Option<String>,
    pub(super) behind_proxy: bool,
    pub(super) ledger: Option<String>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) key_password_file: Option<PathBuf>,
    pub(super) prices: Vec<PathBuf>,
    pub(super) chain: OfChain,
    pub(super) settle: OfSettling,
    pub(super) upstream: Vec<Entry>,
    pub(super) waits: Waits,
    pub(super) limits: Limits,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OfChain {
    pub(super) rpc: Option<String>,
    pub(super) chain_id: Option<u64>,
    pub(super) diem: Option<Address>,
    pub(super) deployment: Option<PathBuf>,
    pub(super) devnet: bool,
    pub(super) timeout_seconds: f64,
    pub(super) poll_seconds: f64,
    pub(super) cut_off_seconds: u64,
    pub(super) skew_seconds: u64,
    pub(super) patience_seconds: u64,
}

impl Default for OfChain {
    fn default() -> Self {
        let rules = crate::chain::Rules::default();
        Self {
            rpc: None,
            chain_id: None,
            diem: None,
            deployment: None,
            devnet: false,
            timeout_seconds: 10.0,
            poll_seconds: 1.0,
            cut_off_seconds: rules.cut_off,
            skew_seconds: rules.skew,
            patience_seconds: rules.patience,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OfSettling {
    every_seconds: f64,
    replace_after_seconds: f64,
    hurry_after_seconds: f64,
    refused_for_seconds: f64,
    stop_within_seconds: f64,
    most_lines: usize,
    most_gas: u64,
    tip_wei: u64,
}

impl Default for OfSettling {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            every_seconds: settings.every.as_secs_f64(),
            replace_after_seconds: settings.replace_after.as_secs_f64(),
            hurry_after_seconds: settings.hurry_after.as_secs_f64(),
            refused_for_seconds: settings.refused_for.as_secs_f64(),
            stop_within_seconds: settings.stop_within.as_secs_f64(),
            most_lines: settings.most_lines,
            most_gas: settings.most_gas,
            tip_wei: 0,
        }
    }
}

impl OfSettling {
    pub(super) fn settings(&self) -> Result<Settings, ConfigError> {
        let defaults = Settings::default();
        if self.most_lines == 0 {
            return Err(ConfigError::wrong(
                "settle.most_lines",
                "0",
                "nothing would be settled",
            ));
        }
        let every = seconds("settle.every_seconds", self.every_seconds)?;
        let replace_after = seconds("settle.replace_after_seconds", self.replace_after_seconds)?;
        let hurry_after = seconds("settle.hurry_after_seconds", self.hurry_after_seconds)?;
        Ok(Settings {
            every,
            look: defaults.look.min(every),
            resend_after: defaults.resend_after.min(replace_after).min(hurry_after),
            replace_after,
            hurry_after,
            refused_for: seconds("settle.refused_for_seconds", self.refused_for_seconds)?,
            most_lines: self.most_lines,
            most_gas: self.most_gas,
            tip: self.tip_wei.into(),
            stop_within: seconds("settle.stop_within_seconds", self.stop_within_seconds)?,
        })
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Waits {
    pub(super) connect_seconds: f64,
    pub(super) begin_seconds: f64,
    pub(super) between_seconds: f64,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            connect_seconds: 5.0,
            begin_seconds: 600.0,
            between_seconds: 120.0,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) requests_per_minute: u32,
    pub(super) address_requests_per_minute: u32,
    pub(super) most_body_bytes: usize,
    pub(super) keep_answers_seconds: u64,
    pub(super) least_allowance: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: 600,
            address_requests_per_minute: 1_200,
            most_body_bytes: 32 * 1024 * 1024,
            keep_answers_seconds: 86_400,
            least_allowance: "0".into(),
        }
    }
}

impl File {
    /// Reads it; paths in it count from where it lies.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read(path)?;
        let mut file: Self = toml::from_str(&text).map_err(|error| ConfigError::Form {
            path: path.into(),
            what: "configuration",
            // The parser quotes the line it stumbled over, which may hold a password.
            cause: error.message().to_owned(),
        })?;
        let from = path.parent().unwrap_or(Path::new(""));
        let resolve = |path: &mut PathBuf| *path = from.join(&*path);
        file.key_file.iter_mut().for_each(resolve);
        file.key_password_file.iter_mut().for_each(resolve);
        file.prices.iter_mut().for_each(resolve);
        file.chain.deployment.iter_mut().for_each(resolve);
        for upstream in &mut file.upstream {
            upstream.resolve(resolve);
        }
        Ok(file)
    }
}

/// What `diem deploy` recorded, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deployment {
    pub(super) chain_id: Option<u64>,
    pub(super) diem: Option<Address>,
}

impl Deployment {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        serde_json::from_str(&read(path)?).map_err(|error| ConfigError::Form {
            path: path.into(),
            what: "record of a deployment",
            cause: error.to_string(),
        })
    }
}
