//! Refusals as OpenAI's clients read them: `error: {message, type, param, code}`, with `limit`, `remaining` and
//! `resets_at` where a limit is what refused.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{amount::Dollars, headers};
use crate::{
    chain::{ChainError, Gate},
    keys::MakeError,
    ledger::{KeyError, LedgerError, NonceError},
    money::Usd,
    serving::{Facts, Refusal},
    upstream::Failure,
    utc,
};

/// Seconds after which it is worth asking a gateway again whose node or self is not there.
const SOON: u64 = 5;
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// A refusal, ready to be told.
#[derive(Debug)]
pub struct Refused(Box<Why>);

#[derive(Debug)]
struct Why {
    status: StatusCode,
    code: &'static str,
    message: String,
    param: Option<String>,
    limit: Option<(Usd, Usd, Option<u64>)>,
    retry_after: Option<u64>,
    /// Asking again would be paid again, or never helps: clients that ask again by themselves are told not to.
    once: bool,
    facts: Option<Box<Facts>>,
    /// An upstream's own error object.
    theirs: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Told<'a> {
    error: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    message: &'a str,
    r#type: &'static str,
    param: Option<&'a str>,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Dollars>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<Dollars>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<&'a RawValue>,
}

impl Refused {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Why {
            status,
            code,
            message: message.into(),
            param: None,
            limit: None,
            retry_after: None,
            once: false,
            facts: None,
            theirs: None,
        }))
    }

    pub(super) fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", message)
    }

    pub(super) fn param(mut self, param: &str) -> Self {
        self.0.param = Some(param.into());
        self
    }

    pub(super) fn after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    fn limited(mut self, limit: Usd, remaining: Usd, resets_at: Option<u64>) -> Self {
        self.0.limit = Some((limit, remaining, resets_at));
        self
    }

    fn once(mut self) -> Self {
        self.0.once = true;
        self
    }

    fn kind(&self) -> &'static str {
        match self.0.status.as_u16() {
            401 => "authentication_error",
            402 => "insufficient_quota",
            403 => "permission_error",
            429 => "rate_limit_error",
            500.. => "api_error",
            _ => "invalid_request_error",
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        if self.0.status.is_server_error() {
            tracing::warn!(
                status = self.0.status.as_u16(),
                code = self.0.code,
                error = self.0.message,
                "refused"
            );
        }
        let (limit, remaining, resets_at) = match self.0.limit {
            Some((limit, remaining, resets_at)) => (Some(limit), Some(remaining), resets_at),
            None => (None, None, None),
        };
        let error = Fields {
            message: &self.0.message,
            r#type: self.kind(),
            param: self.0.param.as_deref(),
            code: self.0.code,
            limit: limit.map(Dollars),
            remaining: remaining.map(Dollars),
            resets_at: resets_at.map(utc::written),
            upstream: self.0.theirs.as_deref(),
        };
        let mut response = (self.0.status, Json(Told { error })).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.0.once {
            headers.insert(SHOULD_RETRY, HeaderValue::from_static("false"));
        }
        if let Some(facts) = &self.0.facts {
            headers::of_facts(headers, facts);
        } else if let Some(remaining) = remaining.filter(|_| self.0.code == INSUFFICIENT) {
            headers::balance(headers, remaining);
        }
        response
    }
}

const INSUFFICIENT: &str = "INSUFFICIENT_BALANCE";

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        let with = |status, code| Self::new(status, code, message.clone());
        let paid = |code| with(StatusCode::PAYMENT_REQUIRED, code);
        match refusal {
            Refusal::Body(_) | Refusal::Unbounded(_) | Refusal::PastRange(_) => {
                Self::wrong(message)
            }
            Refusal::Model(_) | Refusal::Family { .. } => {
                with(StatusCode::NOT_FOUND, "model_not_found").param("model")
            }
            Refusal::Closed {
                gate: Gate::OutOfReach,
                ..
            } => unavailable("CHAIN_OUT_OF_REACH", message),
            Refusal::Closed {
                gate: Gate::Revoked,
                ..
            } => unavailable("GATEWAY_NOT_REGISTERED", message),
            Refusal::Closed { retry_after, .. } => {
                with(StatusCode::TOO_MANY_REQUESTS, "EPOCH_ENDING").after(retry_after)
            }
            Refusal::Elsewhere { .. } => with(StatusCode::FORBIDDEN, "OTHER_GATEWAY"),
            Refusal::NotLessee { .. } => with(StatusCode::FORBIDDEN, "NOT_THE_LESSEE"),
            Refusal::Chain(error) => error.into(),
            Refusal::Balance {
                limit,
                remaining,
                resets_at,
                ..
            } => paid(INSUFFICIENT).limited(limit, remaining, Some(resets_at)),
            Refusal::TooSmall {
                allowance,
                resets_at,
                ..
            } => paid(INSUFFICIENT).limited(allowance, allowance, Some(resets_at)),
            Refusal::KeyLimit {
                limit,
                remaining,
                resets_at,
                ..
            } => paid("API_KEY_DIEM_SPEND_LIMIT_EXCEEDED").limited(limit, remaining, resets_at),
            Refusal::KeyGone => with(StatusCode::UNAUTHORIZED, "invalid_api_key"),
            Refusal::OtherBody(_) => with(StatusCode::CONFLICT, "IDEMPOTENCY_KEY_REUSED").once(),
            Refusal::Running(_) => with(StatusCode::CONFLICT, "REQUEST_RUNNING").after(1),
            Refusal::Unkept { .. } => with(StatusCode::CONFLICT, "ANSWER_NOT_KEPT").once(),
            Refusal::Upstream { failure, facts } => upstream(failure, message, facts),
            Refusal::Ledger(error) => error.into(),
            Refusal::Inner(_) | Refusal::Lost => {
                with(StatusCode::INTERNAL_SERVER_ERROR, "internal_error").once()
            }
            Refusal::Stopping => unavailable("STOPPING", message),
        }
    }
}

fn unavailable(code: &'static str, message: String) -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, code, message).after(SOON)
}

fn upstream(failure: Failure, message: String, facts: Option<Box<Facts>>) -> Refused {
    let mut refused = match &failure {
        // What is wrong with the request the client must learn; what is wrong with the gateway's own access it must not.
        Failure::Refused {
            status: status @ (400 | 404 | 413 | 415 | 422),
            body,
            ..
        } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST);
            let said: Option<Value> = serde_json::from_str(body).ok();
            let error = said.as_ref().and_then(|said| said.get("error"));
            let words = error
                .and_then(|error| error.get("message").or(Some(error)))
                .and_then(Value::as_str);
            let message = words.map_or(message, |words| {
                format!("the model's server refused the request: {words}")
            });
            let mut refused = Refused::new(status, "upstream_refused", message);
            refused.0.theirs =
                error.and_then(|error| RawValue::from_string(error.to_string()).ok());
            refused
        }
        Failure::Late { .. } => {
            Refused::new(StatusCode::GATEWAY_TIMEOUT, "upstream_timeout", message)
        }
        _ => Refused::new(StatusCode::BAD_GATEWAY, "upstream_error", message),
    };
    refused.0.once = facts.is_some();
    refused.0.facts = facts;
    refused
}

impl From<ChainError> for Refused {
    fn from(error: ChainError) -> Self {
        match error {
            ChainError::NotBegun { .. } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "EPOCH_NOT_BEGUN",
                error.to_string(),
            )
            .after(1),
            error => unavailable("CHAIN_OUT_OF_REACH", error.to_string()),
        }
    }
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        tracing::error!(%error, "the journal failed");
        unavailable(
            "LEDGER_UNAVAILABLE",
            "the gateway's journal cannot be read or written".into(),
        )
    }
}

impl From<KeyError> for Refused {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Gone(_) => {
                Self::new(StatusCode::NOT_FOUND, "key_not_found", error.to_string())
            }
            KeyError::Ledger(error) => error.into(),
        }
    }
}

impl From<MakeError> for Refused {
    fn from(error: MakeError) -> Self {
        let message = error.to_string();
        match error {
            MakeError::Text(_) | MakeError::OtherAccount { .. } => {
                Self::wrong(message).param("token")
            }
            MakeError::Nonce(NonceError::Ledger(error)) => error.into(),
            MakeError::Key(error) => error.into(),
            MakeError::Nonce(_) => {
                Self::new(StatusCode::UNAUTHORIZED, "token_spent", message).param("token")
            }
            MakeError::Signature(_) => {
                Self::new(StatusCode::UNAUTHORIZED, "invalid_signature", message).param("signature")
            }
            MakeError::Lease { .. } => {
                Self::new(StatusCode::FORBIDDEN, "NOT_THE_LESSEE", message).param("lease")
            }
            MakeError::Expired => Self::wrong(message).param("expiresAt"),
            MakeError::Chain(error) => error.into(),
            MakeError::Random(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", message)
            }
        }
    }
}

pub(super) async fn no_door(method: Method, uri: Uri) -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "unknown_url",
        format!("there is no {method} {}", uri.path()),
    )
}

pub(super) async fn other_method(method: Method, uri: Uri) -> Refused {
    Refused::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("{} takes no {method}", uri.path()),
    )
}
