//! Who asks.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, StatusCode, header, request::Parts},
};

use super::{Gateway, Refused, rate::Left};
use crate::{
    keys::{Secret, same},
    ledger::{Key, KeyKind},
    utc,
};

/// A request with a key that works, within its rates.
pub(super) struct Caller {
    pub(super) key: Key,
    pub(super) secret: Secret,
    pub(super) left: Left,
}

/// A request with an ADMIN key.
pub(super) struct Admin(pub(super) Caller);

/// A request of an address within its rates, with or without a key.
pub(super) struct Anybody;

impl FromRequestParts<Gateway> for Anybody {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Refused> {
        if let Some(address) = address(parts, gateway.0.settings.behind_proxy) {
            gateway.0.limits.address(address)?;
        }
        Ok(Self)
    }
}

impl FromRequestParts<Gateway> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Refused> {
        Anybody::from_request_parts(parts, gateway).await?;
        let presented = presented(&parts.headers)
            .ok_or_else(|| unknown("no API key was sent: Authorization: Bearer diem_..."))?;
        // Nothing of what was sent may stand in the answer: it may be a key mistyped.
        let secret = Secret::presented(presented)
            .ok_or_else(|| unknown("this is no API key of a DIEM gateway"))?;
        let hash = secret.hash();
        let key = gateway.serving().parts().ledger.key_by_hash(&hash).await?;
        let key = key
            .filter(|key| same(&key.key.hash, &hash))
            .ok_or_else(|| unknown("the API key is unknown here"))?;
        if key.revoked_at.is_some() {
            return Err(unknown("the API key was revoked"));
        }
        if let Some(end) = key.key.expires_at.filter(|end| *end <= utc::machine_now()) {
            return Err(unknown(&format!(
                "the API key expired at {}",
                utc::written(end)
            )));
        }
        let left = gateway.0.limits.key(key.key.id)?;
        Ok(Self { key, secret, left })
    }
}

impl FromRequestParts<Gateway> for Admin {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Refused> {
        let caller = Caller::from_request_parts(parts, gateway).await?;
        match caller.key.key.kind {
            KeyKind::Admin => Ok(Self(caller)),
            KeyKind::Inference => {
                let message = "this takes an ADMIN key; the key sent is an INFERENCE key";
                Err(Refused::new(
                    StatusCode::UNAUTHORIZED,
                    "admin_key_required",
                    message,
                ))
            }
        }
    }
}

fn unknown(message: &str) -> Refused {
    Refused::new(StatusCode::UNAUTHORIZED, "invalid_api_key", message)
}

fn presented(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let bearer = bearer
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match bearer {
        Some((_, secret)) => Some(secret.trim()),
        None => headers
            .get("x-api-key")
            .and_then(|value| value.to_str().ok())
            .map(str::trim),
    }
}

/// The client's address: the connection's, or what the operator's proxy wrote last.
fn address(parts: &Parts, behind_proxy: bool) -> Option<IpAddr> {
    let forwarded = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .filter(|_| behind_proxy);
    let forwarded = forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next());
    let peer = || {
        parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(peer)| peer.ip())
    };
    forwarded
        .and_then(|last| last.trim().parse().ok())
        .or_else(peer)
}
