//! What an inference gateway is asked over HTTP: keys, usage, and a completion.

mod keys;

use crate::{Failure, Result};
use alloy::transports::http::reqwest;
use serde_json::Value;
use std::time::Duration;

pub(crate) use keys::Wish;

/// What is left of an answer that makes no sense, in characters.
const SHOWN_CHARACTERS: usize = 400;

/// A gateway's address, and the key that opens it, if there is one.
#[derive(Clone)]
pub(crate) struct Gateway {
    base: String,
    key: Option<String>,
    client: reqwest::Client,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Gateway").field(&self.base).finish()
    }
}

/// An answer: its headers by name, and its body.
pub(crate) struct Answer {
    headers: reqwest::header::HeaderMap,
    /// The body.
    pub(crate) body: Value,
}

impl Answer {
    /// A header, if it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Gateway {
    /// Takes the address without a slash at its end.
    pub(crate) fn new(base: &str, timeout: Duration) -> Result<Self> {
        let address: std::result::Result<reqwest::Url, _> = base.parse();
        let spoken = address.is_ok_and(|address| {
            address.scheme() == "http" || (cfg!(feature = "https") && address.scheme() == "https")
        });
        if !spoken {
            return Err(Failure::broken(
                "not a gateway's address",
                "this build speaks http, and https where it was built with --features https",
            )
            .with("address", base)
            .hint("name one such as http://127.0.0.1:8548 with --gateway or DIEM_GATEWAY_URL"));
        }
        let client = reqwest::Client::builder().timeout(timeout).build();
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            key: None,
            client: client
                .map_err(|error| Failure::broken("cannot speak HTTP", error.to_string()))?,
        })
    }

    /// The same gateway, asked with this key.
    #[must_use]
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self {
            key: Some(key.trim().to_owned()),
            ..self.clone()
        }
    }

    /// Its address.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        self.ask(reqwest::Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.ask(reqwest::Method::POST, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<Answer> {
        self.ask(reqwest::Method::DELETE, path, None).await
    }

    async fn ask(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer> {
        // The query may name an account, which is no secret, but says nothing here either.
        let door = path.split('?').next().unwrap_or(path);
        let what = format!("{method} {door}");
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let silent = |error: reqwest::Error| {
            let cause = if error.is_timeout() {
                "no answer in time"
            } else {
                "nobody answers there"
            };
            Failure::broken(what.clone(), cause)
                .with("gateway", &self.base)
                .hint("`diem gateway run` starts one; --gateway or DIEM_GATEWAY_URL names another")
        };
        let response = request.send().await.map_err(silent)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.map_err(silent)?;
        let body: Option<Value> = serde_json::from_str(&text).ok();
        match body {
            Some(body) if status.is_success() => Ok(Answer { headers, body }),
            Some(body) => Err(refusal(what, status.as_u16(), &body).with("gateway", &self.base)),
            None if status.is_success() && text.is_empty() => Ok(Answer {
                headers,
                body: Value::Null,
            }),
            None => {
                let shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
                Err(Failure::refused(what, "the answer is no JSON")
                    .with("gateway", &self.base)
                    .with("status", status.as_u16())
                    .with("answer", shown)
                    .hint("see whether a diem-gateway answers at this address"))
            }
        }
    }
}

/// A refusal in the gateway's words.
fn refusal(what: String, status: u16, body: &Value) -> Failure {
    let error = &body["error"];
    let cause = error["message"]
        .as_str()
        .or(error.as_str())
        .unwrap_or("the gateway gives no reason");
    let mut failure = Failure::refused(what, cause).with("status", status);
    for name in ["code", "limit", "remaining", "resets_at"] {
        match &error[name] {
            Value::Null => {}
            Value::String(text) => failure = failure.with(name, text),
            other => failure = failure.with(name, other),
        }
    }
    match status {
        401 => failure
            .hint("DIEM_API_KEY or --api-key-file names the key; `diem key create` makes one"),
        402 | 429 => failure.hint("`diem usage` shows what is left and when the next day begins"),
        403 => failure.hint("`diem credit choose` names the gateway that may settle your credit"),
        _ => failure,
    }
}
