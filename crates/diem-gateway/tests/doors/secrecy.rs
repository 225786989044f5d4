//! What must stand nowhere.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::house::House;

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Where `text` stands in a file of the folder, or in one below it. Files beside a journal come and go while it is used:
/// one that is gone again holds nothing.
fn found(folder: &std::path::Path, text: &str) -> Vec<std::path::PathBuf> {
    let mut at = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            at.extend(found(&path, text));
            continue;
        }
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            read => read.unwrap(),
        };
        let here = |window: &[u8]| window == text.as_bytes();
        if bytes.windows(text.len()).any(here) {
            at.push(path);
        }
    }
    at
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stands_in_nothing_that_a_run_wrote_and_a_prompt_neither() {
    const PROMPT: &str = "xylophone quizzically";
    let log = Log::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false);
    tracing::subscriber::set_global_default(everything.finish()).unwrap();
    let handle = diem_gateway::doors::prometheus().unwrap();

    let mut house = House::new().await;
    let admin = house.key_with(0, "ADMIN", json!({})).await;
    let key = house.key(0).await;
    let mut answers = String::new();
    let messages = json!([{"role": "user", "content": PROMPT}]);
    let wishes = [
        json!({}),
        json!({"stream": true}),
        json!({"stream": true, "stand_in": {"break_after": 3}}),
        json!({"stand_in": {"status": 500}}),
        json!({"stand_in": {"status": 422}}),
        json!({"model": "nobody's"}),
        json!({"max_tokens": 1_000_000_000}),
    ];
    for (number, mut wish) in wishes.into_iter().enumerate() {
        wish["messages"] = messages.clone();
        let request = house
            .post("/v1/chat/completions", &crate::house::chat(wish))
            .bearer_auth(&key);
        let answer = request
            .header("idempotency-key", format!("name {number}"))
            .send()
            .await
            .unwrap();
        answers.push_str(&format!("{:?}", answer.headers()));
        answers.push_str(&answer.text().await.unwrap());
    }
    // Wrong use that carries a key to where none belongs.
    for (path, body) in [
        (
            "/api/v1/api_keys/generate_web3_key",
            json!({"address": key, "signature": key, "token": key, "apiKeyType": key}),
        ),
        ("/v1/chat/completions", json!({"model": 7, "messages": key})),
    ] {
        let answer = house
            .post(path, &body)
            .bearer_auth(&key)
            .send()
            .await
            .unwrap();
        answers.push_str(&answer.text().await.unwrap());
    }
    for wrong in [
        format!("{key}0"),
        key.to_uppercase(),
        key.replacen('_', "-", 1),
    ] {
        answers.push_str(&house.chat(&wrong, json!({})).await.text().await.unwrap());
    }
    for path in [
        "/api/v1/api_keys",
        "/api/v1/billing/usage",
        "/api/v1/billing/balance",
        "/metrics",
        "/readyz",
    ] {
        answers.push_str(
            &house
                .get(path)
                .bearer_auth(&admin)
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
        );
    }
    answers.push_str(&handle.render());
    house.stopped().await;
    house.ledger.close().await;

    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(
        logged.contains("a request got no answer"),
        "the log was listened to"
    );
    // The stem that all spellings above share.
    let stem = &key[5..60];
    for secret in [stem, &stem.to_uppercase(), &admin[5..60]] {
        assert!(!answers.contains(secret), "in an answer");
        assert!(!logged.contains(secret), "in the log");
        assert_eq!(
            found(house.folder.path(), secret),
            Vec::<std::path::PathBuf>::new()
        );
    }
    assert!(!logged.contains(PROMPT), "a prompt is in the log");
    assert_eq!(
        found(house.folder.path(), PROMPT),
        Vec::<std::path::PathBuf>::new()
    );
    // What is kept of an answer is sealed.
    assert_eq!(
        found(house.folder.path(), "chat.completion"),
        Vec::<std::path::PathBuf>::new()
    );
}
