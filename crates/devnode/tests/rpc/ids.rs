//! Ids of requests: whatever JSON-RPC allows comes back as it was, by every way in.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json, value::RawValue};
use stylus_devnode::RunningNode;
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::support::{node, post, send};

const IDS: [&str; 16] = [
    "0",
    "1",
    "-1",
    "-0",
    "1.5",
    "1.0",
    "1e3",
    "-2.5E-7",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890",
    "null",
    "\"\"",
    "\"a b\"",
    "\"\\u00e9\\n\"",
    "\"1\"",
];

#[derive(serde::Deserialize)]
struct Answer {
    id: Box<RawValue>,
    result: String,
}

fn request(id: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","method":"eth_chainId","params":[],"id":{id}}}"#)
}

fn check(id: &str, answer: &Answer) {
    assert_eq!(answer.id.get(), id);
    assert_eq!(answer.result, "0x64aba", "{id}");
}

async fn websocket(node: &RunningNode) -> WebSocketStream<TcpStream> {
    let address = node.ws_url();
    let stream = TcpStream::connect(address.trim_start_matches("ws://"))
        .await
        .unwrap();
    client_async(address, stream).await.unwrap().0
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> String {
    socket
        .next()
        .await
        .unwrap()
        .unwrap()
        .into_text()
        .unwrap()
        .to_string()
}

#[tokio::test]
async fn every_json_number_string_and_null_is_an_id_over_http() {
    let node = node().await;
    for id in IDS {
        let (status, body) = post(&node, request(id).as_bytes()).await;
        assert_eq!(status, 200);
        check(id, &serde_json::from_str(&body).expect(id));
    }
}

#[tokio::test]
async fn every_json_number_string_and_null_is_an_id_over_websocket() {
    let node = node().await;
    let mut socket = websocket(&node).await;
    for id in IDS {
        socket.send(Message::text(request(id))).await.unwrap();
        let body = next(&mut socket).await;
        check(id, &serde_json::from_str(&body).expect(id));
        socket
            .send(Message::binary(request(id).into_bytes()))
            .await
            .unwrap();
        check(id, &serde_json::from_str(&next(&mut socket).await).unwrap());
    }
}

#[tokio::test]
async fn every_json_number_string_and_null_is_an_id_in_batches() {
    let node = node().await;
    let batch = format!("[{}]", IDS.map(request).join(","));
    let (_, over_http) = post(&node, batch.as_bytes()).await;
    let mut socket = websocket(&node).await;
    socket.send(Message::text(batch)).await.unwrap();
    for body in [over_http, next(&mut socket).await] {
        let answers: Vec<Answer> = serde_json::from_str(&body).expect("answers");
        assert_eq!(answers.len(), IDS.len());
        for (id, answer) in IDS.iter().zip(&answers) {
            check(id, answer);
        }
    }
}

#[tokio::test]
async fn errors_carry_unusual_ids_too() {
    let node = node().await;
    for (request, code) in [
        (
            r#"{"jsonrpc":"2.0","id":-7.5,"method":"eth_nothing"}"#,
            -32_601,
        ),
        (
            r#"{"jsonrpc":"2.0","id":-7.5,"method":"eth_getBalance"}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":-7.5,"method":"eth_subscribe"}"#,
            -32_601,
        ),
    ] {
        let (_, body) = post(&node, request.as_bytes()).await;
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["id"], -7.5, "{body}");
        assert_eq!(answer["error"]["code"], code, "{body}");
    }
}

#[tokio::test]
async fn objects_lists_and_booleans_are_no_ids() {
    let node = node().await;
    for id in ["{}", "[1]", "true", "false"] {
        let (_, body) = post(&node, request(id).as_bytes()).await;
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["id"], Value::Null, "{body}");
        assert_eq!(answer["error"]["code"], -32_600, "{body}");
    }
}

#[tokio::test]
async fn a_notification_is_done_without_an_answer() {
    let node = node().await;
    let mine = r#"{"jsonrpc":"2.0","method":"evm_mine","params":[]}"#;
    assert_eq!(post(&node, mine.as_bytes()).await, (200, String::new()));
    let number = r#"{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}"#;
    let (_, body) = post(&node, number.as_bytes()).await;
    assert!(body.contains("\"0x1\""), "{body}");
    let mut socket = websocket(&node).await;
    for text in [mine, number] {
        socket.send(Message::text(text)).await.unwrap();
    }
    let body = next(&mut socket).await;
    assert!(body.contains("\"result\""), "{body}");
}

#[tokio::test]
async fn a_subscription_in_a_batch_is_answered_once_in_the_array_and_then_announces() {
    let node = node().await;
    let mut socket = websocket(&node).await;
    let batch = json!([
        { "jsonrpc": "2.0", "id": -1, "method": "eth_chainId" },
        { "jsonrpc": "2.0", "id": 2.5, "method": "eth_subscribe", "params": ["newHeads"] },
        { "jsonrpc": "2.0", "id": 3, "method": "evm_mine" },
    ]);
    socket.send(Message::text(batch.to_string())).await.unwrap();
    let answers: Vec<Value> = serde_json::from_str(&next(&mut socket).await).unwrap();
    let ids: Vec<_> = answers.iter().map(|answer| answer["id"].clone()).collect();
    assert_eq!(ids, [json!(-1), json!(2.5), json!(3)]);
    let id = &answers[1]["result"];
    assert!(id.as_str().unwrap().starts_with("0x"));
    let news: Value = serde_json::from_str(&next(&mut socket).await).unwrap();
    assert_eq!(news["method"], "eth_subscription");
    assert_eq!(&news["params"]["subscription"], id);
    assert_eq!(news["params"]["result"]["number"], "0x1");

    let end = json!({ "jsonrpc": "2.0", "id": 4, "method": "eth_unsubscribe", "params": [id] });
    let mine = json!({ "jsonrpc": "2.0", "id": 5, "method": "evm_mine" });
    for request in [end, mine] {
        let id = request["id"].clone();
        socket
            .send(Message::text(request.to_string()))
            .await
            .unwrap();
        let answer: Value = serde_json::from_str(&next(&mut socket).await).unwrap();
        assert_eq!(answer["id"], id, "no news any more: {answer}");
    }
}

#[tokio::test]
async fn a_subscription_that_is_refused_is_answered_once() {
    let node = node().await;
    let mut socket = websocket(&node).await;
    for method in ["eth_subscribe", "eth_chainId"] {
        let request =
            json!({ "jsonrpc": "2.0", "id": method, "method": method, "params": ["weather"] });
        socket
            .send(Message::text(request.to_string()))
            .await
            .unwrap();
        let answer: Value = serde_json::from_str(&next(&mut socket).await).unwrap();
        assert_eq!(answer["id"], method);
        assert_eq!(answer["error"]["code"], -32_602);
    }
}

#[tokio::test]
async fn looking_whether_the_node_is_there_is_answered_200() {
    let node = node().await;
    for method in ["GET", "HEAD"] {
        let request = format!("{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let (status, _, body) = send(&node, request.as_bytes()).await;
        assert_eq!((status, body.as_str()), (200, ""), "{method}");
    }
    for method in ["PUT", "DELETE"] {
        let request = format!("{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let (status, _, _) = send(&node, request.as_bytes()).await;
        assert_eq!(status, 405, "{method}");
    }
}
