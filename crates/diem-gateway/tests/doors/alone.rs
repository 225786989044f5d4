//! The stand-in as a command of its own.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use reqwest::Client;
use serde_json::{Value, json};

/// A process that does not outlive its test.
struct Alone(Child);

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stand_in_serves_alone_until_told_to_stop() {
    let mut alone = Alone(
        Command::new(env!("CARGO_BIN_EXE_diem-gateway"))
            .args(["stand-in", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(alone.0.stdout.take().unwrap()).lines();
    let base = lines.next().unwrap().unwrap();
    let ask = json!({"model": "any", "messages": [{"role": "user", "content": "Hello"}]});
    let answer = Client::new()
        .post(format!("{base}/chat/completions"))
        .json(&ask)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["model"], "any");
    assert!(answer["usage"]["total_tokens"].as_u64().unwrap() > 0);

    let told = Command::new("kill").arg(alone.0.id().to_string()).status();
    assert!(told.unwrap().success());
    assert_eq!(alone.0.wait().unwrap().code(), Some(0));
}
