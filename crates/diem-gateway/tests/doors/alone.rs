//! The stand-in as a command of its own.

use std::{process::Stdio, time::Duration};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
    time::timeout,
};

const LONG: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn the_stand_in_serves_alone_until_told_to_stop() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_diem-gateway"))
        .args(["stand-in", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let base = timeout(LONG, lines.next_line())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
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

    let told = Command::new("kill")
        .arg(child.id().unwrap().to_string())
        .status()
        .await
        .unwrap();
    assert!(told.success());
    let ended = timeout(LONG, child.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
}
