//! The gateway as a process of its own: the program that operators run, with a file of settings.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, ExitStatus, Output, Stdio},
};

use alloy::{primitives::hex, signers::SignerSync};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;

const PROGRAM: &str = env!("CARGO_BIN_EXE_diem-gateway");

/// What is sold, in dollars a request: `odd` fits 76 times into a dollar, `rest` is what is left then, `unit` is the
/// least that there is.
const PRICES: &str = r#"
    [models.odd]
    input = "0"
    request = "0.013000000000000007"

    [models.rest]
    input = "0"
    request = "0.011999999999999468"

    [models.unit]
    input = "0"
    request = "0.000000000000000001"
"#;

/// A process that serves. Killed where nobody ends it otherwise.
pub(crate) struct Process {
    child: Child,
    url: String,
    client: reqwest::Client,
}

/// The options of a gateway of this world on a journal, before an OpenAI-compatible server.
pub(crate) fn options(world: &World, ledger: &str, upstream: &str) -> [String; 2] {
    let folder = world.folder.path();
    fs::write(folder.join("prices.toml"), PRICES).unwrap();
    fs::write(folder.join("key"), hex::encode(world.gateway.to_bytes())).unwrap();
    let home = world.home();
    let text = format!(
        r#"
        listen = "127.0.0.1:0"
        public_url = "http://gateway.test"
        ledger = "{ledger}"
        key_file = "key"
        prices = ["prices.toml"]

        [chain]
        rpc = "{}"
        chain_id = {}
        diem = "{}"
        devnet = true
        poll_seconds = 0.2

        [settle]
        every_seconds = 0.5
        replace_after_seconds = 5.0

        [limits]
        requests_per_minute = 1000000
        address_requests_per_minute = 1000000

        [[upstream]]
        url = "{upstream}"
        "#,
        world.proxy.url(),
        home.chain_id,
        home.diem,
    );
    let file = folder.join(format!("{}.toml", Uuid::now_v7().simple()));
    fs::write(&file, text).unwrap();
    ["--config".into(), file.to_str().unwrap().into()]
}

/// Runs another command of the program to its end.
pub(crate) async fn run(command: &str, options: &[String]) -> Output {
    let mut program = program();
    program.arg(command).args(options);
    tokio::task::spawn_blocking(move || program.output())
        .await
        .unwrap()
        .unwrap()
}

/// Whatever gateway this shell may be set up for.
fn program() -> Command {
    let mut program = Command::new(PROGRAM);
    let set = std::env::vars_os().map(|(name, _)| name);
    for name in set.filter(|name| name.to_string_lossy().starts_with("DIEM_")) {
        program.env_remove(name);
    }
    program.stdin(Stdio::null());
    program
}

impl Process {
    /// Starts one and waits until it serves.
    pub(crate) async fn start(options: &[String]) -> Self {
        let mut child = program()
            .args(["--log-form", "json", "serve"])
            .args(options)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        let found = tokio::task::spawn_blocking(move || {
            let (mut before, mut lines) = (Vec::new(), said.lines().map_while(Result::ok));
            loop {
                let Some(line) = lines.next() else {
                    return Err(before);
                };
                let told: Value = serde_json::from_str(&line).unwrap_or_default();
                if let Some(address) = told["fields"]["address"].as_str() {
                    // Read on, so that the process never waits for room to write.
                    std::thread::spawn(move || lines.for_each(drop));
                    return Ok(format!("http://{address}"));
                }
                before.push(line);
            }
        });
        let url = found.await.unwrap();
        let url = url.unwrap_or_else(|said| panic!("the gateway does not serve: {said:?}"));
        Self {
            child,
            url,
            client: reqwest::Client::new(),
        }
    }

    /// A key of the world's first holder, by signature.
    pub(crate) async fn key(&self, world: &World) -> String {
        let door = format!("{}/api/v1/api_keys/generate_web3_key", self.url);
        let given = self.client.get(&door).send().await.unwrap();
        let given: Value = given.json().await.unwrap();
        let text = given["data"]["token"].as_str().unwrap();
        let signature = world.signers[0].sign_message_sync(text.as_bytes()).unwrap();
        let body = json!({
            "address": world.holders[0], "token": text, "signature": signature.to_string(),
            "apiKeyType": "INFERENCE",
        });
        let made = self.client.post(door).json(&body).send().await.unwrap();
        let made: Value = made.json().await.unwrap();
        let key = made["data"]["apiKey"].as_str();
        key.unwrap_or_else(|| panic!("no key: {made}")).to_owned()
    }

    /// Asks for a chat; an error where the process is gone.
    pub(crate) async fn chat(&self, key: &str, body: Value) -> reqwest::Result<Response> {
        let mut chat = json!({
            "max_tokens": 8, "messages": [{ "role": "user", "content": "Say a few words." }],
        });
        let fields = body.as_object().unwrap().clone();
        chat.as_object_mut().unwrap().extend(fields);
        let door = format!("{}/v1/chat/completions", self.url);
        self.client
            .post(door)
            .bearer_auth(key)
            .json(&chat)
            .send()
            .await
    }

    /// Whether this process settles.
    pub(crate) async fn leads(&self) -> bool {
        let metrics = self.client.get(format!("{}/metrics", self.url));
        let metrics = metrics.send().await.unwrap().text().await.unwrap();
        metrics.lines().any(|line| line == "diem_settle_leads 1")
    }

    /// Whether it says that it can serve.
    pub(crate) async fn ready(&self) -> bool {
        let ready = self.client.get(format!("{}/readyz", self.url));
        ready.send().await.unwrap().status() == StatusCode::OK
    }

    /// SIGKILL: it gets to do nothing any more.
    pub(crate) fn kill(&self) {
        self.signal("-KILL");
    }

    /// SIGTERM: it ends what is open, settles, and says whether that went well.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        self.signal("-TERM");
        tokio::task::spawn_blocking(move || self.child.wait().unwrap())
            .await
            .unwrap()
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(told.success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already where it was ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
