//! What an HTTP request is answered with: JSON-RPC, a WebSocket, or a sign of life.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{Method, body::Body};
use jsonrpsee::server::{
    HttpBody, HttpRequest, HttpResponse,
    http::{content_type_is_json, response},
};
use tokio::sync::{Semaphore, watch};
use tower::{BoxError, Layer, Service};

use super::{
    dispatch::Dispatcher,
    server::{MAX_CONNECTIONS, MAX_REQUEST_BODY},
    websocket,
};

/// Puts a [`Door`] before a service.
#[derive(Clone, Debug)]
pub(super) struct DoorLayer {
    dispatcher: Dispatcher,
    sessions: Arc<Semaphore>,
    closing: watch::Receiver<bool>,
}

impl DoorLayer {
    /// A door that ends its WebSocket sessions once `closing` says so.
    pub(super) fn new(dispatcher: Dispatcher, closing: watch::Receiver<bool>) -> Self {
        Self {
            dispatcher,
            sessions: Arc::new(Semaphore::new(MAX_CONNECTIONS as usize)),
            closing,
        }
    }
}

impl<S> Layer<S> for DoorLayer {
    type Service = Door<S>;

    fn layer(&self, inner: S) -> Door<S> {
        Door {
            inner,
            layer: self.clone(),
        }
    }
}

/// Answers what it knows, and leaves the rest, which are mistakes, to what is behind.
#[derive(Clone, Debug)]
pub(super) struct Door<S> {
    inner: S,
    layer: DoorLayer,
}

impl<S> Service<HttpRequest> for Door<S>
where
    S: Service<HttpRequest, Response = HttpResponse, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = HttpResponse;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest) -> Self::Future {
        let mut door = self.clone();
        Box::pin(async move {
            if request.method() == Method::POST {
                return answer(&door.layer.dispatcher, request).await;
            }
            if request.method() == Method::GET && websocket::is_asked_for(request.headers()) {
                let DoorLayer {
                    dispatcher,
                    sessions,
                    closing,
                } = door.layer;
                let Ok(seat) = sessions.try_acquire_owned() else {
                    return Ok(response::too_many_requests());
                };
                return websocket::accept(request, &dispatcher, seat, closing);
            }
            if is_health_check(&request) {
                return Ok(response::ok_response(HttpBody::empty()));
            }
            door.inner.call(request).await
        })
    }
}

async fn answer(dispatcher: &Dispatcher, request: HttpRequest) -> Result<HttpResponse, BoxError> {
    if !content_type_is_json(&request) {
        return Ok(response::unsupported_content_type());
    }
    let body = Limited::new(request.into_body(), MAX_REQUEST_BODY as usize);
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Ok(response::too_large(MAX_REQUEST_BODY));
        }
        Err(broken) => return Err(broken),
    };
    let text = dispatcher.answer(&body).await.text;
    Ok(response::ok_response(text.unwrap_or_default()))
}

/// Whether somebody only looks if the node is there, as load balancers and start-up scripts do.
fn is_health_check(request: &HttpRequest) -> bool {
    let asks = request.method() == Method::GET || request.method() == Method::HEAD;
    asks && request.uri().query().is_none() && request.body().is_end_stream()
}
