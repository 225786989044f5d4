//! From the text of a request, or of a batch, to the text of its answer.
//!
//! The methods are jsonrpsee's; reading requests is not. It takes ids that are integers of 64 bits
//! only and says nothing to all others, while JSON-RPC has any number for an id; and of a
//! subscription in a batch it sends the answer twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::http::Extensions;
use jsonrpsee::{
    server::{
        BoundedSubscriptions, ConnectionId, MethodCallback, MethodResponse, MethodSink, Methods,
        SubscriptionState,
    },
    types::{
        ErrorCode, ErrorObjectOwned, Id, Params,
        error::{
            reject_too_big_batch_request, reject_too_big_batch_response,
            reject_too_many_subscriptions,
        },
    },
};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use tokio::sync::mpsc::{self, Receiver};

use super::{
    server::{HexIds, MAX_BATCH, MAX_RESPONSE_BODY, MAX_SUBSCRIPTIONS},
    unknown::{no_subscription, not_there},
};

/// News that a subscriber may leave unread before the sender waits.
const UNREAD_NEWS: usize = 1_024;

/// Answers requests of one connection.
#[derive(Clone, Debug)]
pub(super) struct Dispatcher {
    methods: Methods,
    session: Option<Session>,
}

/// What a connection by WebSocket has besides.
#[derive(Clone, Debug)]
struct Session {
    id: ConnectionId,
    subscriptions: BoundedSubscriptions,
}

/// The answer to what was sent, and the subscriptions made by it, which must be read from only
/// after the answer has been sent.
#[derive(Debug, Default)]
pub(super) struct Answered {
    /// Nothing where only notifications were sent.
    pub(super) text: Option<String>,
    pub(super) news: Vec<Receiver<Box<RawValue>>>,
}

/// A request as it came.
#[derive(Deserialize)]
struct Request<'r> {
    #[serde(borrow, default, deserialize_with = "present")]
    jsonrpc: Option<&'r RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'r RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    method: Option<&'r RawValue>,
    #[serde(borrow, default)]
    params: Option<&'r RawValue>,
}

/// Tells `null` from nothing.
fn present<'de: 'r, 'r, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'r RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// The id of what has none, or none that is known.
const NO_ID: &str = "null";

impl Dispatcher {
    /// For requests that come alone, each answered where it came from.
    pub(super) fn new(methods: Methods) -> Self {
        Self {
            methods,
            session: None,
        }
    }

    /// The same for one more connection by WebSocket.
    pub(super) fn for_session(&self) -> Self {
        static SESSIONS: AtomicUsize = AtomicUsize::new(1);
        let session = Session {
            id: ConnectionId(SESSIONS.fetch_add(1, Ordering::Relaxed)),
            subscriptions: BoundedSubscriptions::new(MAX_SUBSCRIPTIONS),
        };
        Self {
            methods: self.methods.clone(),
            session: Some(session),
        }
    }

    /// Answers a request or a batch.
    pub(super) async fn answer(&self, text: &[u8]) -> Answered {
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[') => self.answer_batch(text).await,
            _ => self.answer_one(text).await,
        }
    }

    async fn answer_one(&self, text: &[u8]) -> Answered {
        let mut answered = Answered::default();
        answered.text = match serde_json::from_slice::<&RawValue>(text) {
            Ok(request) => self.run(request, &mut answered.news).await,
            Err(_) => Some(failure(NO_ID, ErrorCode::ParseError.into())),
        };
        answered
    }

    async fn answer_batch(&self, text: &[u8]) -> Answered {
        let refused = |error| Answered {
            text: Some(failure(NO_ID, error)),
            ..Answered::default()
        };
        let Ok(requests) = serde_json::from_slice::<Vec<&RawValue>>(text) else {
            return refused(ErrorCode::ParseError.into());
        };
        if requests.is_empty() {
            return refused(ErrorCode::InvalidRequest.into());
        }
        if requests.len() > MAX_BATCH {
            return refused(reject_too_big_batch_request(MAX_BATCH));
        }
        let mut answered = Answered::default();
        let mut texts = String::from("[");
        for request in requests {
            let Some(text) = self.run(request, &mut answered.news).await else {
                continue;
            };
            if texts.len() + text.len() > MAX_RESPONSE_BODY as usize {
                return refused(reject_too_big_batch_response(MAX_RESPONSE_BODY as usize));
            }
            if texts.len() > 1 {
                texts.push(',');
            }
            texts.push_str(&text);
        }
        texts.push(']');
        answered.text = (texts.len() > 2).then_some(texts);
        answered
    }

    /// Runs one request; nothing is the answer to a notification.
    async fn run(
        &self,
        request: &RawValue,
        news: &mut Vec<Receiver<Box<RawValue>>>,
    ) -> Option<String> {
        let invalid = |id| Some(failure(id, ErrorCode::InvalidRequest.into()));
        let Ok(request) = serde_json::from_str::<Request<'_>>(request.get()) else {
            return invalid(NO_ID);
        };
        let id = request.id.map_or(NO_ID, RawValue::get);
        if !is_id(id) {
            return invalid(NO_ID);
        }
        if request.jsonrpc.map(RawValue::get) != Some("\"2.0\"") {
            return invalid(id);
        }
        let Some(method) = request
            .method
            .and_then(|method| serde_json::from_str::<String>(method.get()).ok())
            .filter(|method| !method.is_empty())
        else {
            return invalid(id);
        };
        let params = Params::new(request.params.map(RawValue::get));
        if request.id.is_none() {
            // A notification is done, but nobody hears of it.
            self.call(&method, params.into_owned(), &mut Vec::new())
                .await;
            return None;
        }
        let response = self.call(&method, params.into_owned(), news).await;
        Some(with_id(id, response))
    }

    /// Calls a method. The response has no id yet.
    async fn call(
        &self,
        method: &str,
        params: Params<'static>,
        news: &mut Vec<Receiver<Box<RawValue>>>,
    ) -> MethodResponse {
        let refused = |error: ErrorObjectOwned| MethodResponse::error(Id::Null, error);
        let most = MAX_RESPONSE_BODY as usize;
        let extensions = Extensions::new();
        let Some(callback) = self.methods.method(method) else {
            return refused(not_there(method));
        };
        match (callback, &self.session) {
            (MethodCallback::Sync(run), _) => run(Id::Null, params, most, extensions),
            (MethodCallback::Async(run), session) => {
                let connection = session.as_ref().map(|session| session.id);
                let run = run(
                    Id::Null,
                    params,
                    connection.unwrap_or_default(),
                    most,
                    extensions,
                );
                run.await
            }
            (MethodCallback::Subscription(_) | MethodCallback::Unsubscription(_), None) => {
                refused(no_subscription(method))
            }
            (MethodCallback::Unsubscription(run), Some(session)) => {
                run(Id::Null, params, session.id, most, extensions)
            }
            (MethodCallback::Subscription(run), Some(session)) => {
                let Some(subscription_permit) = session.subscriptions.acquire() else {
                    return refused(reject_too_many_subscriptions(MAX_SUBSCRIPTIONS));
                };
                let state = SubscriptionState {
                    conn_id: session.id,
                    id_provider: &HexIds,
                    subscription_permit,
                };
                let (sink, mut own_news) = mpsc::channel(UNREAD_NEWS);
                let sink = MethodSink::new_with_limit(sink, MAX_RESPONSE_BODY);
                let response = run(Id::Null, params, sink, state, extensions).await;
                // The answer comes this way as well, ahead of the news.
                let _ = own_news.recv().await;
                if response.is_success() {
                    news.push(own_news);
                }
                response
            }
        }
    }
}

/// Numbers, strings and `null` are ids.
fn is_id(text: &str) -> bool {
    text == NO_ID
        || text
            .bytes()
            .next()
            .is_some_and(|first| first == b'"' || first == b'-' || first.is_ascii_digit())
}

fn failure(id: &str, error: ErrorObjectOwned) -> String {
    with_id(id, MethodResponse::error(Id::Null, error))
}

/// How a response without an id starts.
const START: &str = r#"{"jsonrpc":"2.0","id":null"#;

/// A response's text, with `id` as it was sent.
fn with_id(id: &str, response: MethodResponse) -> String {
    let text = response.into_json();
    match text.get().strip_prefix(START) {
        Some(rest) if id != NO_ID => [r#"{"jsonrpc":"2.0","id":"#, id, rest].concat(),
        _ => String::from(Box::<str>::from(text)),
    }
}
