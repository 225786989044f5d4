//! Where a node answers, how long to wait for it, and what its errors mean.
//!
//! An RPC address may carry secrets: a user, a password, a key in its path or query. Only
//! scheme, host and port are ever shown or written down.

mod awaited;

use crate::{Failure, Result, advice};
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::rpc::client::ClientBuilder;
use alloy::transports::http::reqwest;
use alloy::transports::{RpcError, TransportErrorKind};
use awaited::Awaited;
use diem_abi::explain;
use std::error::Error;
use std::time::Duration;

/// Longest wait for one answer, unless told otherwise.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// What is left of an answer that is no JSON-RPC, in characters.
const SHOWN_CHARACTERS: usize = 400;
/// Parts of an address that are shorter are no secret, and would black out ordinary words.
const SECRET_CHARACTERS: usize = 4;

/// A node's address.
#[derive(Clone)]
pub(crate) struct Endpoint {
    address: reqwest::Url,
    /// Scheme, host and port: all that may be shown.
    origin: String,
    /// What must never be shown, the longest first.
    secrets: Vec<String>,
    timeout: Duration,
    client: reqwest::Client,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Endpoint").field(&self.origin).finish()
    }
}

impl Endpoint {
    /// Takes `url` apart; every answer has `timeout` to come.
    pub(crate) fn new(url: &str, timeout: Duration) -> Result<Self> {
        let address: reqwest::Url = url.parse().map_err(|error| {
            Failure::broken("not an RPC address", format!("{error}"))
                .with("from", "--rpc or DIEM_RPC_URL")
                .hint("name one such as http://127.0.0.1:8547 with --rpc")
        })?;
        let origin = address.origin().ascii_serialization();
        match address.scheme() {
            "http" => {}
            "https" if cfg!(feature = "https") => {}
            "https" => {
                return Err(
                    Failure::broken("cannot speak https", "this build has no TLS")
                        .with("node", origin)
                        .hint("cargo build --release -p diem-cli --features https"),
                );
            }
            other => {
                return Err(Failure::broken(
                    "not an RPC address",
                    "the node is spoken to over http or https",
                )
                .with("scheme", other)
                .hint("name one such as http://127.0.0.1:8547 with --rpc"));
            }
        }
        let client = reqwest::Client::builder().timeout(timeout).build();
        Ok(Self {
            secrets: secrets(url, &address),
            address,
            origin,
            timeout,
            client: client
                .map_err(|error| Failure::broken("cannot speak HTTP", error.to_string()))?,
        })
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// A client of the node that fills in nothing by itself.
    pub(crate) fn provider(&self) -> DynProvider {
        let origin = self.origin.clone();
        let client = ClientBuilder::default()
            .layer(Awaited { origin })
            .http_with_client(self.client.clone(), self.address.clone());
        ProviderBuilder::default().connect_client(client).erased()
    }

    /// A node's error in our words: a revert we can decode, what the node said, or that it
    /// said nothing.
    pub(crate) fn refusal(&self, what: String, error: &RpcError<TransportErrorKind>) -> Failure {
        let Some(response) = error.as_error_resp() else {
            return self.silence(what, error);
        };
        let (failure, hint) = match response.as_revert_data() {
            Some(data) if !data.is_empty() => match explain(&data) {
                Some(refusal) => {
                    let hint = advice::on_revert(&refusal.error);
                    let failure = Failure::refused(what, refusal.sentence);
                    (failure.with("error", refusal.error), hint)
                }
                None => {
                    let failure = Failure::refused(what, "the contract reverted");
                    (failure.with("revert data", data), None)
                }
            },
            _ => {
                let message = self.without_secrets(&response.message);
                let hint = advice::on_message(&message);
                (Failure::refused(what, message), hint)
            }
        };
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// Nobody answered, or not in time, or not in JSON-RPC.
    fn silence(&self, what: String, error: &RpcError<TransportErrorKind>) -> Failure {
        if timed_out(error) {
            let seconds = self.timeout.as_secs_f64();
            return Failure::broken(what, format!("no answer within {seconds} seconds"))
                .with("node", &self.origin)
                .hint(
                    "see whether the node hangs, then try again, name another with --rpc or \
                     wait longer with --timeout; a transaction may have been sent all the same",
                );
        }
        // The client's own first words name the whole address; what lies below tells why.
        let cause = match client_error(error) {
            Some(error) => below(error),
            None => error.to_string(),
        };
        let cause: String = self
            .without_secrets(&cause)
            .chars()
            .take(SHOWN_CHARACTERS)
            .collect();
        Failure::broken(what, cause)
            .with("node", &self.origin)
            .hint("see whether a node runs there (scripts/run starts one), or name another with --rpc")
    }

    fn without_secrets(&self, text: &str) -> String {
        self.secrets
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}

/// The parts of an address that are nobody's business, the longest first, so that none is
/// left behind in pieces.
fn secrets(typed: &str, address: &reqwest::Url) -> Vec<String> {
    let parts = |separator: &'static [char]| {
        move |text: &str| -> Vec<String> { text.split(separator).map(str::to_owned).collect() }
    };
    let mut secrets = vec![address.username().to_owned()];
    secrets.extend(address.password().map(str::to_owned));
    secrets.extend(address.query().map(parts(&['&', '='])).unwrap_or_default());
    secrets.extend(address.query().map(str::to_owned));
    secrets.extend(address.fragment().map(str::to_owned));
    secrets.extend(parts(&['/'])(address.path()));
    secrets.push(address.path().to_owned());
    secrets.retain(|secret| secret.chars().count() >= SECRET_CHARACTERS);
    let bare = address.origin().ascii_serialization();
    for whole in [typed, address.as_str()] {
        if whole.trim_end_matches('/') != bare {
            secrets.push(whole.to_owned());
        }
    }
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

fn client_error(error: &RpcError<TransportErrorKind>) -> Option<&reqwest::Error> {
    let RpcError::Transport(TransportErrorKind::Custom(cause)) = error else {
        return None;
    };
    cause.downcast_ref()
}

/// What lies below an error, from the top down.
fn below(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    if causes.is_empty() {
        "the request failed".to_owned()
    } else {
        causes.join(": ")
    }
}

fn timed_out(error: &RpcError<TransportErrorKind>) -> bool {
    client_error(error).is_some_and(reqwest::Error::is_timeout)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn only_scheme_host_and_port_of_an_address_are_shown() {
        let typed = "http://anna:Sesam99@node.example:8547/v3/k3yk3yk3y?token=t0ken#frag";
        let endpoint = Endpoint::new(typed, ANSWER_TIMEOUT).unwrap();
        assert_eq!(endpoint.origin(), "http://node.example:8547");
        let said = format!("cannot POST /v3/k3yk3yk3y?token=t0ken for anna:Sesam99 ({typed})");
        let told = endpoint.without_secrets(&said);
        for secret in ["anna", "Sesam99", "k3y", "t0ken", "frag"] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
        assert!(!format!("{endpoint:?}").contains("Sesam99"));
    }

    #[test]
    fn an_address_without_secrets_blacks_nothing_out() {
        for typed in ["http://127.0.0.1:8547", "http://127.0.0.1:8547/"] {
            let endpoint = Endpoint::new(typed, ANSWER_TIMEOUT).unwrap();
            let said = "http://127.0.0.1:8547/ said: insufficient funds";
            assert_eq!(endpoint.without_secrets(said), said);
        }
    }
}
