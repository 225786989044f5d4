//! A stand-in for a model, for devnets and tests: it answers every request with words that mean nothing, the same for
//! the same request, and counts them as a model's server would.
//!
//! It listens like any other upstream, so whatever holds with it went over real HTTP. How it answers can be asked for
//! in the request's field `stand_in` (see [`wish::Wish`]): slow, broken off, without usage, refused.

mod chat;
mod embeddings;
mod images;
mod responses;
mod text;
pub mod wish;

use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use wish::Wish;

/// The one model that its list names; it answers for every other name as well.
pub const MODEL: &str = "stand-in";

/// Bodies of this many bytes are read.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A stand-in that listens. Ends when dropped.
#[derive(Debug)]
pub struct StandIn {
    base: String,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

/// What it was asked and what it wrote, so that others can tell what reached it.
#[derive(Debug, Default)]
struct Seen {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl StandIn {
    /// Listens on a free port of this machine.
    pub async fn start() -> std::io::Result<Self> {
        Self::listen((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Listens there.
    pub async fn listen(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let base = format!("http://{}/v1", listener.local_addr()?);
        let seen = Arc::new(Seen::default());
        let router = router(seen.clone());
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the stand-in ended");
            }
        });
        Ok(Self { base, seen, task })
    }

    /// Its address, up to and with `/v1`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// How many requests it took.
    pub fn begun(&self) -> u64 {
        self.seen.begun.load(Ordering::SeqCst)
    }

    /// How many answers it wrote to their ends.
    pub fn ended(&self) -> u64 {
        self.seen.ended.load(Ordering::SeqCst)
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn router(seen: Arc<Seen>) -> Router {
    Router::new()
        .route("/v1/models", get(models))
        .route(
            "/v1/chat/completions",
            post(|seen, body| answer(seen, body, chat::chat)),
        )
        .route(
            "/v1/completions",
            post(|seen, body| answer(seen, body, chat::completion)),
        )
        .route(
            "/v1/embeddings",
            post(|seen, body| answer(seen, body, embeddings::embed)),
        )
        .route(
            "/v1/images/generations",
            post(|seen, body| answer(seen, body, images::draw)),
        )
        .route(
            "/v1/responses",
            post(|seen, body| answer(seen, body, responses::respond)),
        )
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(seen)
}

async fn models() -> Json<Value> {
    Json(
        json!({"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]}),
    )
}

/// A request, as far as every door reads it.
struct Request {
    body: Map<String, Value>,
    wish: Wish,
    model: String,
    stream: bool,
}

/// An answer: whole, or in pieces.
enum Answer {
    Whole(Value),
    /// Events with their names where they have one, and whether `[DONE]` ends them.
    Pieces(Vec<(Option<&'static str>, Value)>, bool),
    Wrong(String),
}

async fn answer(
    State(seen): State<Arc<Seen>>,
    Json(body): Json<Value>,
    act: fn(&Request) -> Answer,
) -> Response {
    seen.begun.fetch_add(1, Ordering::SeqCst);
    let Value::Object(body) = body else {
        return wrong(StatusCode::BAD_REQUEST, "the body is no object");
    };
    let wish = match Wish::read(&body) {
        Ok(wish) => wish,
        Err(error) => return wrong(StatusCode::BAD_REQUEST, &format!("stand_in: {error}")),
    };
    let model = body
        .get("model")
        .and_then(Value::as_str)
        .unwrap_or(MODEL)
        .to_owned();
    let stream = body.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let request = Request {
        body,
        wish,
        model,
        stream,
    };
    if request.wish.delay_ms > 0 {
        // A sleep of nothing takes a millisecond.
        tokio::time::sleep(Duration::from_millis(request.wish.delay_ms)).await;
    }
    if let Some(status) = request
        .wish
        .status
        .and_then(|status| StatusCode::from_u16(status).ok())
    {
        return wrong(status, "asked to refuse");
    }
    match act(&request) {
        Answer::Wrong(why) => wrong(StatusCode::BAD_REQUEST, &why),
        Answer::Whole(value) => whole(&value, &request.wish, seen),
        Answer::Pieces(events, done) => pieces(events, done, request.wish, seen),
    }
}

fn wrong(status: StatusCode, why: &str) -> Response {
    let error = json!({"error": {"message": why, "type": "invalid_request_error", "param": null, "code": null}});
    (status, Json(error)).into_response()
}

fn whole(value: &Value, wish: &Wish, seen: Arc<Seen>) -> Response {
    let text = value.to_string();
    let cut = wish.break_after.map(|_| text[..text.len() / 2].to_owned());
    let broken = cut.is_some();
    let body = stream::once(async move { Ok(cut.unwrap_or(text)) });
    (
        [(header::CONTENT_TYPE, "application/json")],
        Body::from_stream(ending(body, broken, seen)),
    )
        .into_response()
}

fn pieces(
    events: Vec<(Option<&'static str>, Value)>,
    done: bool,
    wish: Wish,
    seen: Arc<Seen>,
) -> Response {
    let count = wish.break_after.unwrap_or(usize::MAX);
    let broken = wish.break_after.is_some();
    let mut texts: Vec<String> = events
        .into_iter()
        .map(|(name, value)| match name {
            Some(name) => format!("event: {name}\ndata: {value}\n\n"),
            None => format!("data: {value}\n\n"),
        })
        .collect();
    if done {
        texts.push("data: [DONE]\n\n".into());
    }
    let between = Duration::from_millis(wish.between_ms);
    let body = stream::iter(texts.into_iter().take(count)).then(move |text| async move {
        if !between.is_zero() {
            tokio::time::sleep(between).await;
        }
        Ok(text)
    });
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(ending(body, broken, seen)),
    )
        .into_response()
}

/// The body, broken off at its end, or counted when all of it was taken.
fn ending(
    body: impl Stream<Item = Result<String, Infallible>>,
    broken: bool,
    seen: Arc<Seen>,
) -> impl Stream<Item = Result<String, std::io::Error>> {
    let end = stream::once(async move {
        if broken {
            // What came before the break must have left, or the server drops the answer whole.
            tokio::time::sleep(Duration::from_millis(20)).await;
            return Some(Err(std::io::Error::other("asked to break off")));
        }
        seen.ended.fetch_add(1, Ordering::SeqCst);
        None
    });
    body.map(|text| text.map_err(|never| match never {}))
        .chain(end.filter_map(|end| async move { end }))
}
