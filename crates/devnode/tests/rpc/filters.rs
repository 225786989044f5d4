//! Filters: which ranges they take, what they hold, and whose they are.

use serde_json::{Value, json};

use crate::support::{ALICE, BOB, ask, message, mine, node};

#[tokio::test]
async fn a_log_range_that_is_not_there_is_refused_with_its_bounds() {
    let node = node().await;
    for _ in 0..3 {
        mine(&node).await;
    }
    let refusal = async |method: &str, from: Value, to: Value| {
        let filter = json!([{ "fromBlock": from, "toBlock": to }]);
        ask(&node, method, filter).await.err()
    };
    for (from, to) in [
        (json!("0x4"), Value::Null),
        (json!("0x0"), json!("0x4")),
        (json!("0x2"), json!("0x1")),
        (json!("latest"), json!("0x2")),
        (Value::Null, json!("0x2")),
        (json!("latest"), json!("earliest")),
        (json!("finalized"), json!("0x2")),
        (json!("0x7fffffffffffffff"), json!("0x7fffffffffffffff")),
    ] {
        let error = refusal("eth_getLogs", from.clone(), to.clone())
            .await
            .expect("refused");
        assert_eq!(error["code"], -32_000, "{from} {to}");
        let text = message(&error);
        assert!(text.starts_with("invalid block range params"), "{text}");
        assert!(text.ends_with('3'), "{text}");
    }
    for method in ["eth_getLogs", "eth_newFilter"] {
        for (from, to) in [("pending", "latest"), ("0x1", "pending")] {
            let error = refusal(method, json!(from), json!(to)).await.unwrap();
            assert_eq!(message(&error), "pending logs are not supported");
        }
    }
    for (from, to) in [("0x2", "0x1"), ("latest", "0x1")] {
        let error = refusal("eth_newFilter", json!(from), json!(to))
            .await
            .unwrap();
        assert_eq!(error["code"], -32_000);
        assert!(message(&error).contains("the newest block is 3"));
    }
    for (from, to) in [
        (json!("0x9"), Value::Null),
        (json!("0x2"), json!("0x9")),
        (json!("earliest"), json!("latest")),
        (Value::Null, Value::Null),
    ] {
        assert_eq!(refusal("eth_newFilter", from, to).await, None);
    }
    for (from, to) in [("0x0", "0x3"), ("earliest", "latest"), ("0x3", "latest")] {
        assert_eq!(refusal("eth_getLogs", json!(from), json!(to)).await, None);
    }
}

#[tokio::test]
async fn a_filter_for_whole_transactions_has_whole_transactions() {
    let node = node().await;
    let filter = ask(&node, "eth_newPendingTransactionFilter", json!([true]))
        .await
        .unwrap();
    let hashes = ask(&node, "eth_newPendingTransactionFilter", json!([]))
        .await
        .unwrap();
    let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x7" }]);
    let hash = ask(&node, "eth_sendTransaction", tx).await.unwrap();
    let changes = ask(&node, "eth_getFilterChanges", json!([filter])).await;
    let changes = changes.unwrap();
    assert_eq!(changes[0]["hash"], hash);
    assert_eq!(changes[0]["value"], "0x7");
    let changes = ask(&node, "eth_getFilterChanges", json!([hashes])).await;
    assert_eq!(changes, Ok(json!([hash])));
}

#[tokio::test]
async fn nobody_guesses_the_filters_of_others() {
    let node = node().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = ask(&node, "eth_newBlockFilter", json!([])).await.unwrap();
        let id = id.as_str().unwrap().to_owned();
        assert!(id.len() > 26, "{id}");
        ids.push(id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    for guess in ["0x1", "0x2", "0x3"] {
        let gone = ask(&node, "eth_uninstallFilter", json!([guess])).await;
        assert_eq!(gone, Ok(json!(false)));
        let error = ask(&node, "eth_getFilterChanges", json!([guess]))
            .await
            .unwrap_err();
        assert_eq!(message(&error), "filter not found");
    }
}
