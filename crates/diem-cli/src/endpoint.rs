//! Where a node answers, how long to wait for it, and what its errors mean.

use crate::{Failure, Result, advice};
use alloy::network::EthereumWallet;
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::signers::local::PrivateKeySigner;
use alloy::transports::http::reqwest;
use alloy::transports::{RpcError, TransportErrorKind};
use diem_abi::explain;
use std::time::Duration;

/// Longest wait for one answer, unless told otherwise.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// A node's address.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    address: reqwest::Url,
    /// As it was typed.
    url: String,
    timeout: Duration,
    client: reqwest::Client,
}

impl Endpoint {
    /// Takes `url` apart; every answer has `timeout` to come.
    pub(crate) fn new(url: &str, timeout: Duration) -> Result<Self> {
        let address = url.parse().map_err(|error| {
            Failure::broken("not an RPC address", format!("{error}"))
                .with("url", url)
                .hint("name one such as http://127.0.0.1:8547 with --rpc")
        })?;
        if url.starts_with("https:") && !cfg!(feature = "https") {
            return Err(
                Failure::broken("cannot speak https", "this build has no TLS")
                    .with("url", url)
                    .hint("cargo build --release -p diem-cli --features https"),
            );
        }
        let client = reqwest::Client::builder().timeout(timeout).build();
        Ok(Self {
            address,
            url: url.to_owned(),
            timeout,
            client: client
                .map_err(|error| Failure::broken("cannot speak HTTP", error.to_string()))?,
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client of the node; `signers` sign for their addresses.
    pub(crate) fn provider(&self, signers: &[PrivateKeySigner]) -> DynProvider {
        let mut wallet = EthereumWallet::default();
        for (position, signer) in signers.iter().enumerate() {
            if position == 0 {
                wallet = EthereumWallet::from(signer.clone());
            } else {
                wallet.register_signer(signer.clone());
            }
        }
        // The nonce is asked for each time: one counted here would run ahead of the chain
        // whenever a transaction is refused before it is sent.
        ProviderBuilder::default()
            .with_gas_estimation()
            .with_simple_nonce_management()
            .fetch_chain_id()
            .wallet(wallet)
            .connect_reqwest(self.client.clone(), self.address.clone())
            .erased()
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
                let hint = advice::on_message(&response.message);
                (Failure::refused(what, response.message.to_string()), hint)
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
                .with("url", &self.url)
                .hint(
                    "see whether the node hangs, then try again, name another with --rpc or \
                     wait longer with --timeout; a transaction may have been sent all the same",
                );
        }
        Failure::broken(what, error.to_string())
            .with("url", &self.url)
            .hint("see whether a node runs there (scripts/run starts one), or name another with --rpc")
    }
}

fn timed_out(error: &RpcError<TransportErrorKind>) -> bool {
    let RpcError::Transport(TransportErrorKind::Custom(cause)) = error else {
        return false;
    };
    cause
        .downcast_ref::<reqwest::Error>()
        .is_some_and(reqwest::Error::is_timeout)
}
