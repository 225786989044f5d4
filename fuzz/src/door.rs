//! The RPC door: one node for all inputs, put back after each, and what every answer must be.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use jsonrpsee::server::{HttpBody, HttpRequest};
use serde_json::{Value, json};
use stylus_devnode::{Node, NodeConfig, RunningNode};
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::words;

/// Longest wait for one answer. A busy machine needs a part of it for 50 million gas.
const PATIENCE: Duration = Duration::from_secs(20);
/// JSON-RPC code of a fault of the node itself.
const INTERNAL_ERROR: i64 = -32_603;
/// What the library answers, with the same code, to a subscription that is not over WebSocket.
/// A panic has the same answer, but does not live to give it here.
const SUBSCRIPTION_OVER_HTTP: &str = "Internal error";
/// What the library answers to a notification, which should have no answer at all.
const NOTED: &[u8] = b"null";
/// HTTP status of a fault of the node itself.
const SERVER_FAULT: u16 = 500;
/// Requests for one input that put the node back, whatever the input did.
const RESTORE: [(&str, bool); 2] = [
    ("evm_setAutomine", true),
    ("anvil_autoImpersonateAccount", false),
];

/// A node behind its door, in process.
pub struct Door {
    runtime: Runtime,
    node: RunningNode,
    snapshot: Value,
}

impl Door {
    /// The door of this process.
    pub fn get() -> MutexGuard<'static, Self> {
        static DOOR: OnceLock<Mutex<Door>> = OnceLock::new();
        DOOR.get_or_init(|| Mutex::new(Self::open()))
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A fresh node with some programs deployed.
    fn open() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let config = NodeConfig {
            history: 64,
            ..NodeConfig::default()
        };
        let node = runtime.block_on(Node::start(config)).expect("a node");
        let mut door = Self {
            runtime,
            node,
            snapshot: Value::Null,
        };
        for (method, params) in words::furnishing() {
            let answer = door.ask(method, params);
            assert!(answer.get("result").is_some(), "{method}: {answer}");
        }
        door.snapshot = door.result("evm_snapshot", json!([]));
        door
    }

    /// Names of all methods.
    pub fn methods(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.node.method_names().collect();
        names.sort_unstable();
        names
    }

    /// Posts a body, and checks that the answer is one.
    pub fn post(&mut self, body: Vec<u8>) -> Vec<u8> {
        let mut request = HttpRequest::new(HttpBody::from(body));
        *request.method_mut() = "POST".parse().expect("a method");
        let json = "application/json".parse().expect("a header value");
        request.headers_mut().insert("content-type", json);
        let service = self.node.service();
        let (status, answer) = self.runtime.block_on(async move {
            let exchange = async {
                let response = service.oneshot(request).await.expect("a response");
                let status = response.status().as_u16();
                let body = response.into_body().collect().await.expect("a whole body");
                (status, body.to_bytes().to_vec())
            };
            let answered = tokio::time::timeout(PATIENCE, exchange).await;
            answered.expect("an answer in time")
        });
        assert_ne!(status, SERVER_FAULT, "{}", String::from_utf8_lossy(&answer));
        if answer != NOTED {
            check(&serde_json::from_slice(&answer).expect("JSON"));
        }
        answer
    }

    /// Puts the node back to where it was, and checks that it still answers.
    pub fn restore(&mut self) {
        for (method, param) in RESTORE {
            self.result(method, json!([param]));
        }
        let snapshot = self.snapshot.take();
        if self.result("evm_revert", json!([snapshot])) != json!(true) {
            // The input has used up our snapshot: that is its right.
            *self = Self::open();
            return;
        }
        self.snapshot = self.result("evm_snapshot", json!([]));
        let chain_id = format!("{:#x}", self.node.node().chain_id());
        assert_eq!(self.result("eth_chainId", json!([])), json!(chain_id));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.post(request.to_string().into_bytes());
        serde_json::from_slice(&answer).expect("JSON")
    }

    fn result(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.ask(method, params);
        let error = answer.get("error");
        assert!(error.is_none(), "{method}: {error:?}");
        answer["result"].take()
    }
}

/// An answer is a response object, or a row of them.
fn check(answer: &Value) {
    match answer {
        Value::Array(answers) => {
            assert!(!answers.is_empty(), "an empty row of answers");
            answers.iter().for_each(check_one);
        }
        one => check_one(one),
    }
}

fn check_one(answer: &Value) {
    assert_eq!(answer["jsonrpc"], "2.0", "{answer}");
    assert!(answer.get("id").is_some(), "no id: {answer}");
    let (result, error) = (answer.get("result"), answer.get("error"));
    assert!(
        result.is_some() != error.is_some(),
        "result and error: {answer}"
    );
    if let Some(error) = error {
        let code = error["code"].as_i64();
        assert!(code.is_some() && error["message"].is_string(), "{answer}");
        let is_subscription = error["message"] == SUBSCRIPTION_OVER_HTTP;
        assert!(code != Some(INTERNAL_ERROR) || is_subscription, "{answer}");
    }
}
