//! OpenAI's requests.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Map, Value};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Gateway, Refused,
    auth::Caller,
    body::{self, Sent},
    headers,
};
use crate::{
    pricing::Family,
    serving::{Ask, Outcome},
};

const IDEMPOTENCY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_NAME: usize = 255;
/// nginx passes a stream on as it comes where it reads this.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

pub(super) fn doors() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(chat))
        .routes(routes!(completions))
        .routes(routes!(embeddings))
        .routes(routes!(images))
        .routes(routes!(responses))
}

/// Answers a chat, at once or in a stream.
///
/// Without `max_tokens` the answer may be as long as the rest of the day's credit pays for, at most the model's limit.
#[utoipa::path(post, path = "/chat/completions", tag = "inference", security(("key" = [])), request_body = Object,
    responses((status = 200, body = Object, description = "OpenAI's answer, with `cost: {diem, usd}`"),
        (status = 402, description = "INSUFFICIENT_BALANCE, API_KEY_DIEM_SPEND_LIMIT_EXCEEDED"),
        (status = 403, description = "The line belongs to another gateway"), (status = 404, description = "Not sold here"),
        (status = 409, description = "Idempotency-Key"), (status = 429, description = "Too often, or too close to midnight"),
        (status = 502, description = "The model's server failed"), (status = 504, description = "It took too long")))]
async fn chat(
    State(gateway): State<Gateway>,
    caller: Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    serve(gateway, Family::Chat, caller, &headers, sent).await
}

/// Completes a text, at once or in a stream.
#[utoipa::path(post, path = "/completions", tag = "inference", security(("key" = [])), request_body = Object,
    responses((status = 200, body = Object)))]
async fn completions(
    State(gateway): State<Gateway>,
    caller: Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    serve(gateway, Family::Completions, caller, &headers, sent).await
}

/// Makes vectors of texts.
#[utoipa::path(post, path = "/embeddings", tag = "inference", security(("key" = [])), request_body = Object,
    responses((status = 200, body = Object)))]
async fn embeddings(
    State(gateway): State<Gateway>,
    caller: Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    serve(gateway, Family::Embeddings, caller, &headers, sent).await
}

/// Makes images.
#[utoipa::path(post, path = "/images/generations", tag = "inference", security(("key" = [])), request_body = Object,
    responses((status = 200, body = Object)))]
async fn images(
    State(gateway): State<Gateway>,
    caller: Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    serve(gateway, Family::Images, caller, &headers, sent).await
}

/// Answers in the form of OpenAI's responses, at once or in a stream; not in the background.
#[utoipa::path(post, path = "/responses", tag = "inference", security(("key" = [])), request_body = Object,
    responses((status = 200, body = Object)))]
async fn responses(
    State(gateway): State<Gateway>,
    caller: Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    serve(gateway, Family::Responses, caller, &headers, sent).await
}

async fn serve(
    gateway: Gateway,
    family: Family,
    caller: Caller,
    headers: &HeaderMap,
    sent: Sent,
) -> Response {
    let Caller { key, secret, left } = caller;
    let answered = async {
        let bytes = body::whole(sent)?;
        let body: Map<String, Value> = body::json(&bytes)?;
        let ask = Ask {
            family,
            body,
            body_hash: hash(family, &bytes),
            seal: secret.seal(),
            key,
            idempotency: idempotency(headers)?,
        };
        gateway.serving().serve(ask).await.map_err(Refused::from)
    };
    let mut response = match answered.await {
        Ok(outcome) => answer(outcome),
        Err(refused) => refused.into_response(),
    };
    headers::of_rate(response.headers_mut(), left);
    response
}

/// Keccak-256 of the body as it came; for all but chats, the path is hashed before it, so that the same name and body at
/// two doors are two requests.
fn hash(family: Family, bytes: &Bytes) -> alloy::primitives::B256 {
    match family {
        Family::Chat => alloy::primitives::keccak256(bytes),
        other => alloy::primitives::keccak256([other.path().as_bytes(), bytes].concat()),
    }
}

fn idempotency(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(name) = headers.get(IDEMPOTENCY) else {
        return Ok(None);
    };
    match name.to_str() {
        Ok(name) if !name.is_empty() && name.len() <= LONGEST_NAME => Ok(Some(name.to_owned())),
        _ => Err(Refused::wrong(format!(
            "the Idempotency-Key must be 1 to {LONGEST_NAME} characters of ASCII"
        ))),
    }
}

fn answer(outcome: Outcome) -> Response {
    let (facts, content_type, body, again) = match outcome {
        Outcome::Whole {
            facts,
            content_type,
            body,
        } => (facts, content_type, Body::from(body), false),
        Outcome::Again {
            facts,
            content_type,
            body,
        } => (facts, content_type, Body::from(body), true),
        Outcome::Stream { facts, pieces } => {
            let pieces = stream::unfold(pieces, |mut pieces| async move {
                pieces
                    .recv()
                    .await
                    .map(|piece| (Ok::<_, std::convert::Infallible>(piece), pieces))
            });
            (
                facts,
                "text/event-stream".into(),
                Body::from_stream(pieces),
                false,
            )
        }
    };
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    let form = HeaderValue::from_str(&content_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    if form == "text/event-stream" {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(UNBUFFERED, HeaderValue::from_static("no"));
    }
    headers.insert(header::CONTENT_TYPE, form);
    headers::of_facts(headers, &facts);
    if again {
        headers.insert(headers::REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
