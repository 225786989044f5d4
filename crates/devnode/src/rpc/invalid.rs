//! JSON that is not a request is told so.
//!
//! The server below answers an object without an id, or a bare number, as if it were not JSON at
//! all. The specification tells the two apart: -32700 for no JSON, -32600 for no request.

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

/// Longest answer, in bytes, that can be nothing but a parse error.
const LONGEST_PARSE_ERROR: u64 = 256;

/// Puts [`TellInvalid`] around a service.
#[derive(Clone, Copy, Debug)]
pub(super) struct TellInvalidLayer;

impl<S> Layer<S> for TellInvalidLayer {
    type Service = TellInvalid<S>;

    fn layer(&self, inner: S) -> TellInvalid<S> {
        TellInvalid(inner)
    }
}

/// Corrects the answer where what was not understood is JSON.
#[derive(Clone, Debug)]
pub(super) struct TellInvalid<S>(S);

impl<S> Service<HttpRequest> for TellInvalid<S>
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
            let (parts, body) = request.into_parts();
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

/// The answer to `request`: `answer`, unless it says that `request` is no JSON, and it is.
async fn correct(request: &[u8], answer: HttpResponse) -> Result<HttpResponse, BoxError> {
    let length = answer.body().size_hint().exact();
    if length.is_none_or(|length| length > LONGEST_PARSE_ERROR) {
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
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
