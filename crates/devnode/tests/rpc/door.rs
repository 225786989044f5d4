//! The door itself: malformed requests, batches, browsers, other paths in.

use serde_json::{Value, json};

use crate::support::{ALICE, ask, node, post, send};

#[tokio::test]
async fn malformed_requests_get_the_right_codes_and_the_node_lives_on() {
    let node = node().await;
    for (body, code) in [
        ("{", -32_700),
        ("not json", -32_700),
        ("", -32_700),
        ("\u{0}\u{1}", -32_700),
        ("[]", -32_600),
        (r#"{"jsonrpc":"2.0","id":1}"#, -32_600),
        (r#"{"jsonrpc":"2.0","id":1,"method":5}"#, -32_600),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_nothing"}"#,
            -32_601,
        ),
        (r#"{"jsonrpc":"2.0","id":1,"method":""}"#, -32_600),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance"}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x12"]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["zz","latest"]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[1,2,3,4,5]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":{"a":1}}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[1]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0xzz",true]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["soon",true]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[5]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"0x"}]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0xzz"]}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x"]}"#,
            -32_000,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x02c0"]}"#,
            -32_000,
        ),
    ] {
        let (_, response) = post(&node, body.as_bytes()).await;
        let response: Value = serde_json::from_str(&response).expect(body);
        assert_eq!(response["error"]["code"], code, "{body}: {response}");
        assert!(response["error"]["message"].is_string());
    }
    assert_eq!(
        ask(&node, "eth_blockNumber", json!([])).await,
        Ok(json!("0x0"))
    );
}

#[tokio::test]
async fn json_that_is_no_request_is_invalid_and_nothing_but_json_is_parsed() {
    let node = node().await;
    for (body, code) in [
        ("{}", -32_600),
        (r#"{"foo":1}"#, -32_600),
        (r#"{"jsonrpc":"2.0","method":1,"params":"bar"}"#, -32_600),
        (
            r#"{"jsonrpc":"1.0","method":"eth_chainId","id":null}"#,
            -32_600,
        ),
        ("[]", -32_600),
        ("1", -32_600),
        ("\"eth_chainId\"", -32_600),
        ("null", -32_600),
        (" {} ", -32_600),
        ("{} {}", -32_700),
        ("[1", -32_700),
        ("{'jsonrpc':'2.0'}", -32_700),
    ] {
        let (_, response) = post(&node, body.as_bytes()).await;
        let response: Value = serde_json::from_str(&response).expect(body);
        assert_eq!(response["error"]["code"], code, "{body}: {response}");
        assert_eq!(response["id"], Value::Null, "{body}: {response}");
        assert_eq!(response["jsonrpc"], "2.0", "{body}: {response}");
    }
    for (body, answers) in [("[1]", 1), ("[1,2,{}]", 3), (r#"[{"foo":"boo"}]"#, 1)] {
        let (_, response) = post(&node, body.as_bytes()).await;
        let response: Vec<Value> = serde_json::from_str(&response).expect(body);
        assert_eq!(response.len(), answers);
        for answer in response {
            assert_eq!(answer["error"]["code"], -32_600, "{body}: {answer}");
            assert_eq!(answer["id"], Value::Null, "{body}: {answer}");
        }
    }
}

#[tokio::test]
async fn notifications_are_not_answered() {
    let node = node().await;
    for body in [
        r#"{"jsonrpc":"2.0","method":"eth_chainId"}"#,
        r#"[{"jsonrpc":"2.0","method":"eth_chainId"}]"#,
    ] {
        let (status, answer) = post(&node, body.as_bytes()).await;
        assert_eq!((status, answer.as_str()), (200, ""), "{body}");
    }
}

#[tokio::test]
async fn subscriptions_over_http_are_sent_to_websocket() {
    let node = node().await;
    for method in ["eth_subscribe", "eth_unsubscribe"] {
        let error = ask(&node, method, json!(["newHeads"])).await.unwrap_err();
        assert_eq!(error["code"], -32_601);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("connect by WebSocket"), "{message}");
    }
}

#[tokio::test]
async fn methods_that_are_not_there_are_named_with_what_to_use_instead() {
    let node = node().await;
    let says = async |method: &str| {
        let error = ask(&node, method, json!([])).await.unwrap_err();
        let message = error["message"].as_str().unwrap().to_owned();
        (error["code"].as_i64().unwrap(), message)
    };
    assert_eq!(
        says("eth_nothing").await,
        (
            -32_601,
            "the method eth_nothing does not exist/is not available".to_owned()
        )
    );
    for (method, instead) in [
        ("eth_getProof", "eth_getStorageAt"),
        ("eth_callMany", "eth_call"),
        ("trace_block", "debug_traceTransaction"),
        ("anvil_rollback", "evm_snapshot"),
        ("personal_unlockAccount", "anvil_impersonateAccount"),
    ] {
        let (code, message) = says(method).await;
        assert_eq!(code, -32_601, "{method}");
        assert!(message.contains(method), "{message}");
        assert!(message.contains(instead), "{message}");
    }
    let batch = json!([
        { "jsonrpc": "2.0", "id": 1, "method": "trace_block", "params": [] },
        { "jsonrpc": "2.0", "id": 2, "method": "personal_sign", "params": ["0x", ALICE] },
    ]);
    let (_, body) = post(&node, batch.to_string().as_bytes()).await;
    let answers: Vec<Value> = serde_json::from_str(&body).unwrap();
    assert_eq!(answers[0]["error"]["code"], -32_601, "{body}");
    assert!(answers[1]["result"].is_string(), "{body}");
}

#[tokio::test]
async fn invalid_utf8_and_deep_nesting_are_survived() {
    let node = node().await;
    post(&node, &[0xff, 0xfe, 0xfd]).await;
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    post(&node, &deep).await;
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":{}{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    post(&node, deep.as_bytes()).await;
    assert_eq!(
        ask(&node, "eth_blockNumber", json!([])).await,
        Ok(json!("0x0"))
    );
}

#[tokio::test]
async fn a_batch_answers_each_request() {
    let node = node().await;
    let batch = json!([
        { "jsonrpc": "2.0", "id": "a", "method": "eth_chainId" },
        { "jsonrpc": "2.0", "id": 2, "method": "eth_nothing", "params": [] },
        { "jsonrpc": "2.0", "id": 3, "method": "eth_getBalance", "params": [ALICE, "latest"] },
        7
    ]);
    let (_, body) = post(&node, batch.to_string().as_bytes()).await;
    let answers: Vec<Value> = serde_json::from_str(&body).unwrap();
    let by_id = |id: Value| answers.iter().find(|answer| answer["id"] == id).unwrap();
    assert_eq!(answers.len(), 4);
    assert_eq!(by_id(json!("a"))["result"], "0x64aba");
    assert_eq!(by_id(json!(2))["error"]["code"], -32_601);
    assert_eq!(by_id(json!(3))["result"], "0x21e19e0c9bab2400000");
    assert_eq!(by_id(Value::Null)["error"]["code"], -32_600);
}

#[tokio::test]
async fn oversized_bodies_and_batches_are_refused() {
    let node = node().await;
    let one = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_chainId" });
    let (_, body) = post(&node, json!(vec![one; 1_001]).to_string().as_bytes()).await;
    assert!(serde_json::from_str::<Value>(&body).unwrap()["error"]["code"].is_i64());
    let huge = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x{}"]}}"#,
        "00".repeat(6 * 1024 * 1024)
    );
    let address = node.http_url();
    let refused = tokio::time::timeout(std::time::Duration::from_secs(10), async {
        // The node may hang up before all is sent: that is a refusal as well.
        let sent = tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let address = address.trim_start_matches("http://").to_owned();
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let head = format!(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                huge.len()
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(huge.as_bytes()).await;
            let mut answer = vec![0; 64];
            let read = stream.read(&mut answer).await.unwrap_or(0);
            String::from_utf8_lossy(&answer[..read]).into_owned()
        });
        sent.await.unwrap()
    })
    .await
    .expect("an answer in time");
    assert!(!refused.contains(" 200 "), "{refused}");
    assert_eq!(
        ask(&node, "eth_chainId", json!([])).await,
        Ok(json!("0x64aba"))
    );
}

#[tokio::test]
async fn browsers_may_talk_to_the_node() {
    let node = node().await;
    let preflight = "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n\
        Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\
        Connection: close\r\n\r\n";
    let (status, head, _) = send(&node, preflight.as_bytes()).await;
    assert_eq!(status, 200);
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
    assert!(head.contains("access-control-allow-headers"), "{head}");
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.org\r\n\
        Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let (status, head, _) = send(&node, request.as_bytes()).await;
    assert_eq!(status, 200);
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
}
