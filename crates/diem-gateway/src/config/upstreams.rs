//! Which servers answer, and what opens them.

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::SecretString;
use serde::Deserialize;

use super::{ConfigError, read};

/// What an upstream is called where its address would be.
const STAND_IN: &str = "stand-in";

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// In this process: made-up answers, for devnets.
    StandIn,
    /// An OpenAI-compatible address, up to and with `/v1`.
    Url(String),
}

/// One server that answers.
#[derive(Clone, Debug)]
pub struct Server {
    /// What logs and metrics call it.
    pub name: String,
    /// Where it is.
    pub place: Where,
    /// What it is authenticated with.
    pub key: Option<SecretString>,
    /// Its share of the requests; 0 is a reserve.
    pub weight: u32,
    /// The models that it serves, by their names here, with their names there; empty is all.
    pub models: BTreeMap<String, String>,
    /// Whether its chats are limited by `max_completion_tokens` instead of `max_tokens`.
    pub completion_limit: bool,
}

/// A server as the file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    url: String,
    name: Option<String>,
    #[serde(default = "one")]
    weight: u32,
    key_file: Option<PathBuf>,
    key_variable: Option<String>,
    #[serde(default)]
    models: BTreeMap<String, String>,
    #[serde(default)]
    max_completion_tokens: bool,
}

impl Entry {
    pub(super) fn resolve(&mut self, resolve: impl Fn(&mut PathBuf)) {
        self.key_file.iter_mut().for_each(resolve);
    }
}

const fn one() -> u32 {
    1
}

pub(super) fn from_flags(list: &[String]) -> Result<Vec<Server>, ConfigError> {
    let server = |url: &String| {
        Ok(Server {
            name: name(url),
            place: place(url)?,
            key: None,
            weight: 1,
            models: BTreeMap::new(),
            completion_limit: false,
        })
    };
    list.iter().map(server).collect()
}

pub(super) fn from_file(list: Vec<Entry>) -> Result<Vec<Server>, ConfigError> {
    if list.is_empty() {
        return Err(ConfigError::Missing {
            what: "the server that answers",
            how: "[[upstream]] in the file, DIEM_GATEWAY_UPSTREAM, or --upstream URL",
        });
    }
    list.into_iter()
        .map(|entry| {
            Ok(Server {
                key: key(&entry)?,
                place: place(&entry.url)?,
                name: entry.name.unwrap_or_else(|| name(&entry.url)),
                weight: entry.weight,
                models: entry.models,
                completion_limit: entry.max_completion_tokens,
            })
        })
        .collect()
}

fn place(url: &str) -> Result<Where, ConfigError> {
    if url == STAND_IN {
        return Ok(Where::StandIn);
    }
    let refused = |cause: &str| Err(ConfigError::wrong("upstream", name(url), cause));
    match reqwest::Url::parse(url) {
        Ok(address) if address.scheme() == "http" => Ok(Where::Url(url.into())),
        Ok(address) if address.scheme() == "https" && cfg!(feature = "https") => {
            Ok(Where::Url(url.into()))
        }
        Ok(address) if address.scheme() == "https" => {
            refused("this build has no TLS; build with --features https")
        }
        Ok(_) => refused("a server is spoken to over http or https"),
        Err(error) => refused(&error.to_string()),
    }
}

/// Host and port: what of an address may be shown.
fn name(url: &str) -> String {
    match reqwest::Url::parse(url) {
        Ok(address) => match (address.host_str(), address.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => STAND_IN.to_owned(),
        },
        Err(_) if url == STAND_IN => STAND_IN.to_owned(),
        Err(_) => "…".to_owned(),
    }
}

fn key(entry: &Entry) -> Result<Option<SecretString>, ConfigError> {
    let text = match (&entry.key_file, &entry.key_variable) {
        (None, None) => return Ok(None),
        (Some(path), None) => read(path)?,
        (None, Some(variable)) => std::env::var(variable).map_err(|_| {
            ConfigError::wrong(
                "key_variable of an upstream",
                variable,
                "there is no such variable",
            )
        })?,
        (Some(path), Some(_)) => {
            let cause = "key_variable is set as well; one of them is enough";
            let path = path.display().to_string();
            return Err(ConfigError::wrong("key_file of an upstream", path, cause));
        }
    };
    Ok(Some(SecretString::from(text.trim())))
}
