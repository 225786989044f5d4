//! Connections by WebSocket.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use hyper::{
    HeaderMap, Response, StatusCode,
    header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE},
    upgrade::OnUpgrade,
};
use hyper_util::rt::TokioIo;
use jsonrpsee::server::{HttpBody, HttpRequest, HttpResponse};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, handshake::derive_accept_key, protocol::Role, protocol::WebSocketConfig,
    },
};
use tower::BoxError;

use super::{dispatch::Dispatcher, server::MAX_REQUEST_BODY};

/// Messages of one client that are worked on at once; more are read when one is done.
const AT_ONCE: usize = 1_000;

/// Answers and news that wait for a slow client; then their senders wait.
const UNSENT: usize = 1_024;

/// How long a node that closes waits for what is under way.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What WebSocket there is: RFC 6455.
const VERSION: &str = "13";

/// Whether a request asks for a WebSocket.
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    let says = |name, token: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|value| value.trim().eq_ignore_ascii_case(token))
    };
    says(CONNECTION, "upgrade") && says(UPGRADE, "websocket")
}

/// Accepts a WebSocket and serves it until the client leaves or `closing` says so.
pub(super) fn accept(
    mut request: HttpRequest,
    dispatcher: &Dispatcher,
    seat: OwnedSemaphorePermit,
    closing: watch::Receiver<bool>,
) -> Result<HttpResponse, BoxError> {
    let headers = request.headers();
    let version = headers.get(SEC_WEBSOCKET_VERSION);
    let (Some(key), Some(VERSION)) = (
        headers.get(SEC_WEBSOCKET_KEY),
        version.and_then(|version| version.to_str().ok()),
    ) else {
        return Ok(Response::builder()
            .status(StatusCode::BAD_REQUEST)
            .header(SEC_WEBSOCKET_VERSION, VERSION)
            .body(HttpBody::empty())?);
    };
    let accepted = derive_accept_key(key.as_bytes());
    let upgrade = hyper::upgrade::on(&mut request);
    let session = dispatcher.for_session();
    tokio::spawn(async move {
        serve(upgrade, session, closing).await;
        drop(seat);
    });
    Ok(Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_ACCEPT, accepted)
        .body(HttpBody::empty())?)
}

async fn serve(upgrade: OnUpgrade, dispatcher: Dispatcher, mut closing: watch::Receiver<bool>) {
    let Ok(upgraded) = upgrade.await else {
        return; // the client has left already
    };
    let most = Some(MAX_REQUEST_BODY as usize);
    let config = WebSocketConfig::default()
        .max_message_size(most)
        .max_frame_size(most);
    let socket =
        WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config));
    let (mut to_client, mut from_client) = socket.await.split();
    let (outbox, mut unsent) = mpsc::channel::<Message>(UNSENT);
    let mut writing = tokio::spawn(async move {
        while let Some(message) = unsent.recv().await {
            if to_client.send(message).await.is_err() {
                return;
            }
        }
        let _ = to_client.close().await; // closed already is as good
    });

    let desks = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(desk) = Arc::clone(&desks).acquire_owned().await else {
            break;
        };
        let message = tokio::select! {
            message = from_client.next() => message,
            _ = closing.changed() => break,
            () = outbox.closed() => break,
        };
        let text = match message {
            Some(Ok(Message::Text(text))) => text.into(),
            Some(Ok(Message::Binary(bytes))) => bytes,
            // A ping is answered below.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
            Some(Ok(Message::Close(_)) | Err(_)) | None => break,
        };
        let (dispatcher, outbox) = (dispatcher.clone(), outbox.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = work(&dispatcher, &text, &outbox) => {}
                // Nobody waits for the answer any more.
                () = outbox.closed() => {}
            }
            drop(desk);
        });
    }
    drop(outbox);
    if *closing.borrow() {
        // What is under way still gets its answer out.
        let _ = timeout(LAST_WORDS, &mut writing).await;
    }
    writing.abort();
}

/// Answers one message, then passes on the news that it asked for.
async fn work(dispatcher: &Dispatcher, text: &[u8], outbox: &mpsc::Sender<Message>) {
    let answered = dispatcher.answer(text).await;
    if let Some(text) = answered.text
        && outbox.send(Message::text(text)).await.is_err()
    {
        return;
    }
    for mut news in answered.news {
        let outbox = outbox.clone();
        tokio::spawn(async move {
            loop {
                let entry = tokio::select! {
                    entry = news.recv() => entry,
                    () = outbox.closed() => None,
                };
                let Some(entry) = entry else {
                    return;
                };
                let text = String::from(Box::<str>::from(entry));
                if outbox.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
        });
    }
}
