//! The RPC door: one node for all inputs, put back after each, and what every answer must be.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use alloy_primitives::{B256, U64};
use http_body_util::BodyExt;
use jsonrpsee::server::{HttpBody, HttpRequest};
use serde_json::{Value, json};
use stylus_devnode::{Node, NodeConfig, RunningNode};
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::{heard::Heard, ledger, methods::METHODS, socket::Socket, world};

/// Longest wait for one answer: instrumented, on a busy machine, a row of estimates that burn all
/// gas they may have needs half of it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most gas of a call: what loops burns it all, and instrumented that takes a while.
const CALL_GAS_CAP: u64 = 6_000_000;
/// JSON-RPC code of a fault of the node itself.
const INTERNAL_ERROR: i64 = -32_603;
/// What the library answers, with the same code, to a subscription that is not over WebSocket.
/// A panic has the same answer, but does not live to give it here.
const SUBSCRIPTION_OVER_HTTP: &str = "Internal error";
/// What the library answers to a notification, which should have no answer at all.
const NOTED: &[u8] = b"null";
/// How the reader of JSON begins its complaint about depth.
const TOO_DEEP: &str = "recursion limit exceeded";
/// HTTP status of a fault of the node itself.
const SERVER_FAULT: u16 = 500;
/// Requests for one input that put the node back, whatever the input did.
const RESTORE: [(&str, bool); 2] = [
    ("evm_setAutomine", true),
    ("anvil_autoImpersonateAccount", false),
];
/// Made up by the library for `eth_subscribe`: the name of its news, which nobody can ask for.
const NEWS: &str = "eth_subscription";

/// A node behind its door, in process.
pub struct Door {
    runtime: Runtime,
    node: RunningNode,
    snapshot: Value,
    heard: Heard,
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
            call_gas_cap: CALL_GAS_CAP,
            ..NodeConfig::default()
        };
        let node = runtime.block_on(Node::start(config)).expect("a node");
        let mut door = Self {
            runtime,
            node,
            snapshot: Value::Null,
            heard: Heard::default(),
        };
        for name in door.node.method_names() {
            let is_known = name == NEWS || METHODS.iter().any(|(known, _)| *known == name);
            assert!(is_known, "the table of methods lacks {name}");
        }
        door.furnish();
        door.snapshot = door.result("evm_snapshot", json!([]));
        door
    }

    /// Deploys what requests speak of, and listens to how it is called.
    fn furnish(&mut self) {
        let mut heard = Heard::default();
        for (method, params) in world::furnishing() {
            let answer = self.ask(method, params);
            assert!(answer.get("result").is_some(), "{method}: {answer}");
            heard.learn(&answer);
        }
        for hash in heard.transactions.clone() {
            heard.learn(&self.ask("eth_getTransactionReceipt", json!([hash])));
        }
        for account in world::RICH {
            let nonce = self.result("eth_getTransactionCount", json!([account]));
            let nonce = serde_json::from_value::<U64>(nonce).expect("a nonce");
            heard.nonces.push(nonce.to());
        }
        let chain = self.node.node().chain();
        if let Some((_, arbos)) = chain
            .view()
            .state
            .accounts()
            .find(|it| *it.0 == world::ARBOS)
        {
            heard.arbos_slots = arbos.storage.iter().map(|it| B256::from(*it.0)).collect();
            heard.arbos_slots.sort_unstable();
        }
        drop(chain);
        self.heard = heard;
    }

    /// What was heard before the first input.
    pub(crate) fn heard(&self) -> &Heard {
        &self.heard
    }

    /// Posts a body of ours, and reads the answer.
    pub(crate) fn exchange(&mut self, body: &Value) -> Value {
        let answer = self.post(body.to_string().into_bytes());
        parse(&answer)
    }

    /// Posts a body, and checks that the answer is one.
    pub fn post(&mut self, body: Vec<u8>) -> Vec<u8> {
        let (asked, began) = (body.clone(), Instant::now());
        let mut request = HttpRequest::new(HttpBody::from(body));
        *request.method_mut() = "POST".parse().expect("a method");
        let json = "application/json".parse().expect("a header value");
        request.headers_mut().insert("content-type", json);
        let service = self.node.service();
        let answered = self.runtime.block_on(async move {
            let exchange = async {
                let response = service.oneshot(request).await.expect("a response");
                let status = response.status().as_u16();
                let body = response.into_body().collect().await.expect("a whole body");
                (status, body.to_bytes().to_vec())
            };
            tokio::time::timeout(PATIENCE, exchange).await
        });
        let Ok((status, answer)) = answered else {
            panic!("no answer in time to {}", String::from_utf8_lossy(&asked));
        };
        assert_ne!(status, SERVER_FAULT, "{}", String::from_utf8_lossy(&answer));
        if answer != NOTED {
            let answer = parse(&answer);
            check(&answer);
            if ledger::is_kept()
                && let Ok(asked) = serde_json::from_slice(&asked)
            {
                ledger::note(&asked, &answer, began.elapsed());
            }
        }
        answer
    }

    /// A connection of its own, for one input.
    pub(crate) fn connect(&self) -> Socket {
        let url = self.node.ws_url();
        let connecting = async { tokio::time::timeout(PATIENCE, Socket::open(&url)).await };
        self.runtime.block_on(connecting).expect("open in time")
    }

    /// Sends a body of ours over a connection, and reads the answer.
    pub(crate) fn exchange_over(&self, socket: &mut Socket, body: &Value) -> Value {
        let (text, began) = (body.to_string(), Instant::now());
        let asking = async { tokio::time::timeout(PATIENCE, socket.ask(&text)).await };
        let Ok(answer) = self.runtime.block_on(asking) else {
            panic!("no answer in time to {text}");
        };
        check(&answer);
        ledger::note(body, &answer, began.elapsed());
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
        self.exchange(&request)
    }

    fn result(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.ask(method, params);
        let error = answer.get("error");
        assert!(error.is_none(), "{method}: {error:?}");
        answer["result"].take()
    }
}

/// Reads an answer. Traces nest as deeply as calls, which is deeper than JSON is read here: such an
/// answer is taken for an empty one.
pub(crate) fn parse(text: &[u8]) -> Value {
    match serde_json::from_slice(text) {
        Ok(answer) => answer,
        Err(error) if error.to_string().starts_with(TOO_DEEP) => {
            json!({ "jsonrpc": "2.0", "id": 1, "result": null })
        }
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(text)),
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
