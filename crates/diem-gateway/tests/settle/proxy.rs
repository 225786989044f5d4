//! Stands between gateway and node: a server that passes on, refuses, swallows, delays, or answers late.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What becomes of a request.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// It is passed on.
    Pass,
    /// The node never hears of it, and the gateway never hears an answer.
    Drop,
    /// The node never hears of it; the gateway is told otherwise.
    Swallow,
    /// The node hears of it; the gateway never hears the answer.
    Late,
    /// The node hears of it after so long.
    Delay(Duration),
    /// The gateway is told this instead.
    Answer(Value),
    /// The gateway is refused with these words.
    Refuse(&'static str),
    /// The server breaks.
    Break,
}

type Meddle = Box<dyn FnMut(&str, &Value) -> Way + Send>;

/// The server. Ends with the runtime.
pub(crate) struct Proxy {
    url: String,
    meddle: Arc<Mutex<Meddle>>,
    node: Arc<Mutex<String>>,
    seen: Arc<Mutex<Vec<(String, Value)>>>,
}

#[derive(Clone)]
struct Shared {
    meddle: Arc<Mutex<Meddle>>,
    node: Arc<Mutex<String>>,
    seen: Arc<Mutex<Vec<(String, Value)>>>,
    client: reqwest::Client,
}

impl Proxy {
    /// A server in front of `node` that passes everything on.
    pub(crate) async fn start(node: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared {
            meddle: Arc::new(Mutex::new(Box::new(|_, _| Way::Pass))),
            node: Arc::new(Mutex::new(node)),
            seen: Arc::default(),
            client: reqwest::Client::new(),
        };
        let proxy = Self {
            url,
            meddle: shared.meddle.clone(),
            node: shared.node.clone(),
            seen: shared.seen.clone(),
        };
        let router = Router::new().fallback(pass).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        proxy
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on `meddle` decides, by method and parameters.
    pub(crate) fn meddle(&self, meddle: impl FnMut(&str, &Value) -> Way + Send + 'static) {
        *self.meddle.lock().unwrap() = Box::new(meddle);
    }

    /// From now on everything is passed on.
    pub(crate) fn calm(&self) {
        self.meddle(|_, _| Way::Pass);
    }

    /// Every request of this method so far, by its parameters.
    pub(crate) fn seen(&self, method: &str) -> Vec<Value> {
        let seen = self.seen.lock().unwrap();
        let of = |(name, params): &(String, Value)| (name == method).then(|| params.clone());
        seen.iter().filter_map(of).collect()
    }

    /// Another node takes the place of the one behind.
    pub(crate) fn move_to(&self, node: String) {
        *self.node.lock().unwrap() = node;
    }
}

async fn pass(State(shared): State<Shared>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let method = request["method"].as_str().unwrap().to_owned();
    let params = request["params"].clone();
    let way = (shared.meddle.lock().unwrap())(&method, &params);
    shared
        .seen
        .lock()
        .unwrap()
        .push((method.clone(), params.clone()));
    let result = |result: Value| {
        json!({ "jsonrpc": "2.0", "id": request["id"], "result": result })
            .to_string()
            .into_response()
    };
    match way {
        Way::Pass => shared.ask(body).await,
        Way::Delay(pause) => {
            tokio::time::sleep(pause).await;
            shared.ask(body).await
        }
        Way::Drop => std::future::pending().await,
        Way::Late => {
            shared.ask(body).await;
            std::future::pending().await
        }
        Way::Swallow => result(json!(hash_of(&params))),
        Way::Answer(value) => result(value),
        Way::Refuse(words) => {
            let error = json!({ "code": -32000, "message": words });
            json!({ "jsonrpc": "2.0", "id": request["id"], "error": error })
                .to_string()
                .into_response()
        }
        Way::Break => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// The hash of the transaction that `eth_sendRawTransaction` sends.
fn hash_of(params: &Value) -> String {
    let raw: alloy::primitives::Bytes = params[0].as_str().unwrap().parse().unwrap();
    alloy::primitives::keccak256(raw).to_string()
}

impl Shared {
    async fn ask(&self, body: Bytes) -> Response {
        let node = self.node.lock().unwrap().clone();
        let request = self
            .client
            .post(node)
            .header("content-type", "application/json");
        match request.body(body).send().await {
            Ok(answer) => answer.text().await.unwrap_or_default().into_response(),
            Err(_) => StatusCode::BAD_GATEWAY.into_response(),
        }
    }
}
