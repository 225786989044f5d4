//! Servers that answer: any OpenAI-compatible address, several with weights, and the stand-in for devnets.
//!
//! A request goes to one of them. The next is tried only where it is certain that nothing of an answer was begun, so
//! nobody pays for one answer twice.

mod begun;
mod choice;
pub mod stand_in;

use std::{collections::BTreeMap, time::Duration};

pub use begun::{Failure, says_not_begun};
use choice::Turns;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::pricing::Family;

/// The field that limits a chat's answer, by what the server understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitField {
    /// `max_tokens`: Ollama, vLLM, llama.cpp and most others.
    #[default]
    MaxTokens,
    /// `max_completion_tokens`: OpenAI's newer models take no other.
    MaxCompletionTokens,
}

/// One server.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// What logs and metrics call it.
    pub name: String,
    /// Its address, up to and with `/v1`.
    pub base: String,
    /// What it is authenticated with, if it asks for that.
    pub key: Option<SecretString>,
    /// Its share of the requests beside the others'. 0: only when all others have failed.
    pub weight: u32,
    /// The models that it serves, by their names here, with their names there. Empty: all, by the same names.
    pub models: BTreeMap<String, String>,
    /// The field that limits a chat's answer.
    pub limit: LimitField,
}

/// How long a server may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To take the connection.
    pub connect: Duration,
    /// To begin its answer; for one that is not streamed, that is all of it.
    pub begin: Duration,
    /// Between two pieces of a streamed answer.
    pub between: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            begin: Duration::from_secs(600),
            between: Duration::from_secs(120),
        }
    }
}

/// An answer that has begun: its head is here, its body is not.
#[derive(Debug)]
pub struct Begun {
    /// The server's name.
    pub upstream: String,
    /// Its answer, with a status of success.
    pub response: reqwest::Response,
}

/// A server's list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// No server is named.
    #[error("no upstream is configured")]
    None,
    /// Its key is no header.
    #[error("the key of upstream {0:?} has characters that no header carries")]
    Key(String),
    /// The client cannot be built.
    #[error("cannot make the HTTP client: {0}")]
    Client(reqwest::Error),
}

/// All servers.
#[derive(Debug)]
pub struct Upstreams {
    list: Vec<(Upstream, Option<HeaderValue>)>,
    turns: Turns,
    client: reqwest::Client,
    patience: Patience,
}

impl Family {
    /// The path below `/v1`, here and at every server.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Chat => "/chat/completions",
            Self::Completions => "/completions",
            Self::Embeddings => "/embeddings",
            Self::Images => "/images/generations",
            Self::Responses => "/responses",
        }
    }
}

impl Upstreams {
    /// The servers in `list`; their keys must be headers.
    pub fn new(list: Vec<Upstream>, patience: Patience) -> Result<Self, UpstreamError> {
        if list.is_empty() {
            return Err(UpstreamError::None);
        }
        let turns = Turns::new(list.iter().map(|upstream| upstream.weight));
        let list = list.into_iter().map(|upstream| {
            let header = upstream.key.as_ref().map(|key| {
                let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret()))
                    .map_err(|_| UpstreamError::Key(upstream.name.clone()))?;
                value.set_sensitive(true);
                Ok(value)
            });
            Ok((upstream, header.transpose()?))
        });
        let list = list.collect::<Result<_, UpstreamError>>()?;
        let client = reqwest::Client::builder()
            .connect_timeout(patience.connect)
            .build();
        Ok(Self {
            list,
            turns,
            client: client.map_err(UpstreamError::Client)?,
            patience,
        })
    }

    /// How long the servers may take.
    pub const fn patience(&self) -> Patience {
        self.patience
    }

    /// The servers.
    pub fn iter(&self) -> impl Iterator<Item = &Upstream> {
        self.list.iter().map(|(upstream, _)| upstream)
    }

    /// Whether a server says that it serves the model, or says nothing of models.
    pub fn serves(&self, model: &str) -> bool {
        self.iter().any(|upstream| upstream.serves(model))
    }

    /// Sends the body to one server, to the next while nothing has begun.
    ///
    /// `limit` is written into the body where the client set none, in the field that the server understands.
    pub async fn send(
        &self,
        family: Family,
        model: &str,
        body: &Map<String, Value>,
        limit: Option<u64>,
    ) -> Result<Begun, Failure> {
        let mut last = Failure::Nobody {
            model: model.into(),
        };
        for index in self.turns.next() {
            let Some((upstream, key)) = self
                .list
                .get(index)
                .filter(|(upstream, _)| upstream.serves(model))
            else {
                continue;
            };
            match self
                .send_to(
                    upstream,
                    key.as_ref(),
                    family,
                    upstream.body(family, model, body, limit),
                )
                .await
            {
                Ok(response) => {
                    return Ok(Begun {
                        upstream: upstream.name.clone(),
                        response,
                    });
                }
                Err(failure) if failure.next_may_try() => {
                    tracing::warn!(upstream = upstream.name, %failure, "an upstream did not begin");
                    last = failure;
                }
                Err(failure) => return Err(failure),
            }
        }
        Err(last)
    }

    async fn send_to(
        &self,
        upstream: &Upstream,
        key: Option<&HeaderValue>,
        family: Family,
        body: Map<String, Value>,
    ) -> Result<reqwest::Response, Failure> {
        let name = || upstream.name.clone();
        let url = format!("{}{}", upstream.base.trim_end_matches('/'), family.path());
        let bytes =
            serde_json::to_vec(&body).map_err(|error| Failure::Unsendable(error.to_string()))?;
        let mut request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .body(bytes);
        if let Some(key) = key {
            request = request.header(AUTHORIZATION, key.clone());
        }
        let response = match tokio::time::timeout(self.patience.begin, request.send()).await {
            Err(_) => {
                return Err(Failure::Late {
                    upstream: name(),
                    after: self.patience.begin,
                });
            }
            Ok(Err(error)) if error.is_connect() || error.is_builder() => {
                return Err(Failure::Unreachable {
                    upstream: name(),
                    cause: cause(&error),
                });
            }
            Ok(Err(error)) => {
                return Err(Failure::Broken {
                    upstream: name(),
                    cause: cause(&error),
                });
            }
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        // What it says of the reason is told on only where it speaks of the request.
        let body = tokio::time::timeout(self.patience.between, begun::error_text(response))
            .await
            .unwrap_or_default();
        Err(Failure::Refused {
            upstream: name(),
            status: status.as_u16(),
            body,
        })
    }
}

impl Upstream {
    fn serves(&self, model: &str) -> bool {
        self.models.is_empty() || self.models.contains_key(model)
    }

    fn body(
        &self,
        family: Family,
        model: &str,
        body: &Map<String, Value>,
        limit: Option<u64>,
    ) -> Map<String, Value> {
        let mut body = body.clone();
        if let Some(theirs) = self.models.get(model) {
            body.insert("model".into(), theirs.as_str().into());
        }
        if let Some(limit) = limit {
            let field = match (family, self.limit) {
                (Family::Responses, _) => "max_output_tokens",
                (Family::Chat, LimitField::MaxCompletionTokens) => "max_completion_tokens",
                _ => "max_tokens",
            };
            body.insert(field.into(), limit.into());
        }
        body
    }
}

/// The whole chain of causes, without the address: it may carry credentials.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    if text.is_empty() {
        "the connection failed".into()
    } else {
        text
    }
}
