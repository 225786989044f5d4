//! What JSON-RPC says of HTTP and the server below does otherwise.
//!
//! An object without an id, or a bare number, is answered there as if it were not JSON at all: the
//! specification tells -32700, no JSON, from -32600, no request. And a notification is answered
//! there with `null` instead of nothing.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Method,
    body::{Body, Bytes},
};
use jsonrpsee::{
    server::{HttpBody, HttpRequest, HttpResponse, MethodResponse, http::response},
    types::{ErrorCode, ErrorObject, ErrorObjectOwned, Id},
};
use serde::{Deserialize, de::IgnoredAny};
use tower::{BoxError, Layer, Service};

use super::server::MAX_REQUEST_BODY;

/// Longest answer, in bytes, that is looked at.
const LONGEST_CORRECTED: u64 = 256;

/// What a notification is answered with.
const NOTHING: &[u8] = b"null";

/// Mark of a request that came by HTTP, over which nothing can be announced later.
#[derive(Clone, Copy, Debug)]
pub(super) struct OverHttp;

/// Puts [`Correct`] around a service.
#[derive(Clone, Copy, Debug)]
pub(super) struct CorrectLayer;

impl<S> Layer<S> for CorrectLayer {
    type Service = Correct<S>;

    fn layer(&self, inner: S) -> Correct<S> {
        Correct(inner)
    }
}

/// Corrects answers, and marks requests as [`OverHttp`].
#[derive(Clone, Debug)]
pub(super) struct Correct<S>(S);

impl<S> Service<HttpRequest> for Correct<S>
where
    S: Service<HttpRequest, Response = HttpResponse, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = HttpResponse;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest) -> Self::Future {
        let mut inner = self.0.clone();
        Box::pin(async move {
            if request.method() != Method::POST {
                return inner.call(request).await; // a WebSocket, or a mistake
            }
            let (mut parts, body) = request.into_parts();
            parts.extensions.insert(OverHttp);
            let body = match Limited::new(body, MAX_REQUEST_BODY as usize)
                .collect()
                .await
            {
                Ok(body) => body.to_bytes(),
                Err(error) if error.is::<LengthLimitError>() => {
                    return Ok(response::too_large(MAX_REQUEST_BODY));
                }
                Err(broken) => return Err(broken),
            };
            let again = HttpBody::new(Full::new(body.clone()));
            let response = inner.call(HttpRequest::from_parts(parts, again)).await?;
            correct(&body, response).await
        })
    }
}

/// The answer to `request`: `answer`, or what should stand in its place.
async fn correct(request: &[u8], answer: HttpResponse) -> Result<HttpResponse, BoxError> {
    let length = answer.body().size_hint().exact();
    if length.is_none_or(|length| length > LONGEST_CORRECTED) {
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    if body == NOTHING {
        return Ok(HttpResponse::from_parts(parts, HttpBody::empty()));
    }
    if is_parse_error(&body) && is_json(request) {
        let error = ErrorObject::from(ErrorCode::InvalidRequest);
        return Ok(response::from_method_response(MethodResponse::error(
            Id::Null,
            error,
        )));
    }
    let body = HttpBody::new(Full::new(body));
    Ok(HttpResponse::from_parts(parts, body))
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

fn is_parse_error(answer: &Bytes) -> bool {
    #[derive(Deserialize)]
    struct Answer {
        error: ErrorObjectOwned,
    }
    serde_json::from_slice::<Answer>(answer)
        .is_ok_and(|answer| answer.error.code() == ErrorCode::ParseError.code())
}
