//! A request's body, as far as every door reads it.

use axum::{body::Bytes, extract::rejection::BytesRejection, http::StatusCode};
use serde::de::DeserializeOwned;

use super::Refused;

/// What the server read of a body, or why it read none.
pub(super) type Sent = Result<Bytes, BytesRejection>;

/// All bytes of the body.
pub(super) fn whole(sent: Sent) -> Result<Bytes, Refused> {
    sent.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "the body is longer than this gateway takes",
        ),
        _ => Refused::wrong("the body broke off"),
    })
}

/// The body as JSON of this form.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    // The position tells where; the text around it may be a secret.
    serde_json::from_slice(bytes).map_err(|error| {
        let what = if error.is_data() {
            "is not of this door's form"
        } else {
            "is no JSON"
        };
        Refused::wrong(format!(
            "the body {what}, at line {} column {}",
            error.line(),
            error.column()
        ))
    })
}
