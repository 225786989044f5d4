//! A node with the contracts, holders who have chosen the gateway, stand-ins for models, and the gateway's doors.

use std::time::Duration;

use alloy::{
    primitives::{Address, U256, hex},
    signers::{SignerSync, local::PrivateKeySigner},
    sol_types::SolCall,
};
use devnode::{NodeConfig, RunningNode};
use diem_cli::deployment::Deployment;
use diem_gateway::{
    chain::Chain,
    doors::Gateway,
    ledger::{Ledger, LineState},
    line::Line,
    money::{DOLLAR, Usd},
    upstream::{Patience, Upstream, stand_in::StandIn},
};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    folder::Folder,
    site::Site,
    stage::{Stage, rpc, until_midnight, wad},
};

/// What is sold: texts at one millionth of a dollar a token read, half of it cached, two written.
pub(crate) const PRICES: &str = r#"
    [models.stand-in]
    input = "1"
    cached = "0.5"
    output = "2"
    max_output = 4096

    [models.unbounded]
    input = "1"
    output = "1000"
    max_output = 1000000000

    [models.flat]
    input = "0"
    request = "0.03"

    [models.vectors]
    input = "1"

    [models.pictures]
    input = "0"
    image = "0.04"

    [models.elsewhere]
    input = "1"
    output = "1"
"#;

/// How a house is built.
pub(crate) struct Plans {
    pub(crate) holders: usize,
    /// DIEM that each holder stakes, in hundredths.
    pub(crate) cents: u64,
    pub(crate) upstreams: Vec<Upstream>,
    pub(crate) patience: Patience,
    pub(crate) per_minute: u32,
    pub(crate) body_bytes: usize,
    pub(crate) behind_proxy: bool,
}

impl Default for Plans {
    fn default() -> Self {
        Self {
            holders: 1,
            cents: 100,
            upstreams: Vec::new(),
            patience: Patience::default(),
            per_minute: 100_000,
            body_bytes: 1024 * 1024,
            behind_proxy: false,
        }
    }
}

/// Everything of one test.
pub(crate) struct House {
    pub(crate) node: RunningNode,
    pub(crate) at: Deployment,
    pub(crate) owner: diem_cli::chain::Chain,
    pub(crate) signer: PrivateKeySigner,
    pub(crate) holders: Vec<PrivateKeySigner>,
    pub(crate) chain: Chain,
    pub(crate) ledger: Ledger,
    pub(crate) stand_in: StandIn,
    pub(crate) gateway: Gateway,
    pub(crate) url: String,
    pub(crate) client: Client,
    pub(crate) folder: Folder,
    pub(crate) dev: Address,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

/// A server that serves every model.
pub(crate) fn upstream(name: &str, base: &str, weight: u32) -> Upstream {
    Upstream {
        name: name.into(),
        base: base.into(),
        key: None,
        weight,
        models: Default::default(),
        limit: Default::default(),
    }
}

impl House {
    /// One holder of a dollar a day, and everything sound.
    pub(crate) async fn new() -> Self {
        Self::built(Plans::default()).await
    }

    /// One holder of so many hundredths of a dollar a day.
    pub(crate) async fn of_cents(cents: u64) -> Self {
        Self::built(Plans {
            cents,
            ..Plans::default()
        })
        .await
    }

    pub(crate) async fn built(plans: Plans) -> Self {
        let folder = Folder::new();
        let config = NodeConfig::default();
        let chain_id = config.chain_id;
        let signer = PrivateKeySigner::random();
        let holders: Vec<_> = (0..plans.holders)
            .map(|_| PrivateKeySigner::random())
            .collect();
        let stake = wad(plans.cents) / U256::from(100);
        let stage = Stage::set(config, &folder, &signer, &holders, stake).await;
        let Stage {
            node,
            at,
            owner,
            dev,
        } = stage;
        // Far from midnight, whenever the test runs.
        rpc(&node, "evm_increaseTime", json!([3_600])).await;
        rpc(&node, "evm_mine", json!([])).await;

        let stand_in = StandIn::start().await.unwrap();
        let list = if plans.upstreams.is_empty() {
            vec![upstream("stand-in", stand_in.base(), 1)]
        } else {
            plans.upstreams
        };
        let site = Site {
            rpc: node.http_url(),
            chain_id,
            diem: at.diem,
            signer: signer.clone(),
            folder: folder.path().to_owned(),
            behind_proxy: plans.behind_proxy,
        };
        let opened = site
            .open(list, plans.patience, plans.per_minute, plans.body_bytes)
            .await;
        Self {
            node,
            at,
            owner,
            signer,
            holders,
            chain: opened.chain,
            ledger: opened.ledger,
            stand_in,
            gateway: opened.gateway,
            url: opened.url,
            client: Client::new(),
            folder,
            dev,
            stop: Some(opened.stop),
            task: Some(opened.task),
        }
    }

    /// Asks the gateway to stop, and waits until it has.
    pub(crate) async fn stopped(&mut self) {
        self.told_to_stop();
        self.task.take().unwrap().await.unwrap();
    }

    pub(crate) fn told_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Whose journal it is.
    pub(crate) fn ledger_home(&self) -> diem_gateway::ledger::Home {
        self.gateway.serving().parts().home
    }

    pub(crate) fn line(&self, holder: usize) -> Line {
        Line::Account(self.holders[holder].address())
    }

    /// What the ledger says of a holder's line today.
    pub(crate) async fn state(&self, holder: usize) -> LineState {
        use diem_gateway::chain::Lines as _;
        let epoch = self.chain.clock().epoch;
        self.ledger
            .line(self.line(holder), epoch)
            .await
            .unwrap()
            .unwrap()
    }

    /// What a request needs that the door asks for: the ledger is asked again until it says so.
    pub(crate) async fn until(&self, holder: usize, is: impl Fn(&LineState) -> bool) -> LineState {
        for _ in 0..600 {
            let state = self.state(holder).await;
            if is(&state) {
                return state;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "the line never came to be so: {:?}",
            self.state(holder).await
        );
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url)).json(body)
    }

    /// A text to sign.
    pub(crate) async fn token(&self, address: Option<Address>) -> String {
        let query = address.map_or_else(String::new, |address| format!("?address={address}"));
        let answer = json_of(self.get(&format!("/api/v1/api_keys/generate_web3_key{query}"))).await;
        answer["data"]["token"].as_str().unwrap().to_owned()
    }

    /// The body with which a holder asks for a key.
    pub(crate) async fn signed(&self, holder: usize, kind: &str, more: Value) -> Value {
        let signer = &self.holders[holder];
        let token = self.token(Some(signer.address())).await;
        let signature = hex::encode_prefixed(
            signer
                .sign_message_sync(token.as_bytes())
                .unwrap()
                .as_bytes(),
        );
        let mut body = json!({
            "address": signer.address(), "signature": signature, "token": token, "apiKeyType": kind,
        });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    }

    /// A key of a holder, made by its signature.
    pub(crate) async fn key_with(&self, holder: usize, kind: &str, more: Value) -> String {
        let body = self.signed(holder, kind, more).await;
        let answer = json_of(self.post("/api/v1/api_keys/generate_web3_key", &body)).await;
        answer["data"]["apiKey"]
            .as_str()
            .unwrap_or_else(|| panic!("no key: {answer}"))
            .to_owned()
    }

    pub(crate) async fn key(&self, holder: usize) -> String {
        self.key_with(holder, "INFERENCE", json!({})).await
    }

    pub(crate) async fn chat(&self, key: &str, more: Value) -> Response {
        self.post("/v1/chat/completions", &chat(more))
            .bearer_auth(key)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn send<C: SolCall>(&self, from: Address, to: Address, call: &C) {
        self.owner.send(from, to, call).await.unwrap();
    }

    pub(crate) async fn rpc(&self, method: &'static str, params: Value) -> Value {
        rpc(&self.node, method, params).await
    }

    /// The clock moves to so many seconds before the next 00:00 UTC; the gateway looks at it.
    pub(crate) async fn before_midnight(&self, seconds: u64) {
        until_midnight(&self.node, seconds).await;
        self.chain.look().await.unwrap();
    }

    /// The next day begins with a block.
    pub(crate) async fn midnight(&self) {
        until_midnight(&self.node, 0).await;
        self.rpc("evm_mine", json!([])).await;
        self.chain.look().await.unwrap();
    }
}

/// A chat of a few words, with more fields.
pub(crate) fn chat(more: Value) -> Value {
    let mut body = json!({
        "model": "stand-in", "max_tokens": 64, "messages": [{"role": "user", "content": "Say a few words."}],
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body.as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    body
}

pub(crate) async fn json_of(request: RequestBuilder) -> Value {
    request.send().await.unwrap().json().await.unwrap()
}

/// A header's text.
pub(crate) fn header(response: &Response, name: &str) -> String {
    let value = response
        .headers()
        .get(name)
        .unwrap_or_else(|| panic!("no header {name} in {response:?}"));
    value.to_str().unwrap().to_owned()
}

/// An amount in a header.
pub(crate) fn amount(response: &Response, name: &str) -> Usd {
    Usd(diem_gateway::pricing::decimal_up(&header(response, name), 18).unwrap())
}

/// The data of a stream's events, in order.
pub(crate) fn data(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .collect()
}

/// Hundredths of a dollar.
pub(crate) const fn cents(cents: u64) -> Usd {
    Usd(cents as u128 * (DOLLAR / 100))
}

/// Units of a millionth of a dollar, the price of a token read.
pub(crate) const fn micros(micros: u64) -> Usd {
    Usd(micros as u128 * (DOLLAR / 1_000_000))
}

/// What a chat's usage costs at [`PRICES`].
pub(crate) fn cost_of(usage: &Value) -> Usd {
    let count = |value: &Value| value.as_u64().unwrap();
    let (input, output) = (
        count(&usage["prompt_tokens"]),
        count(&usage["completion_tokens"]),
    );
    let cached = usage["prompt_tokens_details"]["cached_tokens"]
        .as_u64()
        .unwrap_or(0);
    Usd(micros(input - cached).0 + micros(cached).0 / 2 + micros(2 * output).0)
}
