//! Asking what the recording asked.

use serde_json::{Map, Value, json};
use stylus_devnode::RunningNode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// `ProgramActivated`.
const ACTIVATED: &str = "0xc0e812780707128d9a180db8ee4d1c1f1300b6dd0626d577b5d9ac759b76253c";
/// What of a receipt is compared.
const RECEIPT: [&str; 15] = [
    "status",
    "gasUsed",
    "gasUsedForL1",
    "cumulativeGasUsed",
    "contractAddress",
    "type",
    "from",
    "to",
    "effectiveGasPrice",
    "logs",
    "logsBloom",
    "l1BlockNumber",
    "timeboosted",
    "transactionIndex",
    "blockNumber",
];

/// The same question answered twice, as far as the answers are compared.
pub(crate) struct Answers {
    pub(crate) recorded: Value,
    pub(crate) given: Value,
}

pub(crate) async fn answer(node: &RunningNode, entry: &Value) -> Answers {
    let Some(raw) = entry.get("raw") else {
        let given = ask(node, &entry["method"], &entry["params"]).await;
        return Answers {
            recorded: result_or_error(entry),
            given: result_or_error(&given),
        };
    };
    if let Some(timestamp) = entry.get("timestamp") {
        let set = ask(
            node,
            &json!("evm_setNextBlockTimestamp"),
            &json!([timestamp]),
        )
        .await;
        assert!(set.get("error").is_none(), "{set}");
    }
    let sent = ask(node, &json!("eth_sendRawTransaction"), &json!([raw])).await;
    if entry.get("error").is_some() || sent.get("error").is_some() {
        return Answers {
            recorded: json!({ "error": entry.get("error") }),
            given: json!({ "error": sent.get("error") }),
        };
    }
    let hash = json!([sent["result"]]);
    let receipt = ask(node, &json!("eth_getTransactionReceipt"), &hash).await["result"].take();
    let number = json!([receipt["blockNumber"], false]);
    let block = ask(node, &json!("eth_getBlockByNumber"), &number).await["result"].take();
    let fields: Vec<_> = entry["block"].as_object().unwrap().keys().collect();
    Answers {
        recorded: included(&entry["receipt"], &entry["block"], &fields),
        given: included(&receipt, &block, &fields),
    }
}

/// Receipt and block in one object, without what depends on hashes of modules.
fn included(receipt: &Value, block: &Value, fields: &[&String]) -> Value {
    let mut side = Map::new();
    for field in RECEIPT {
        side.insert(field.to_owned(), receipt[field].clone());
    }
    for field in fields {
        side.insert(format!("block.{field}"), block[field.as_str()].clone());
    }
    let mut activates = false;
    for log in side["logs"].as_array_mut().unwrap() {
        let log = log.as_object_mut().unwrap();
        log.remove("blockHash");
        if log["topics"][0] == ACTIVATED {
            activates = true;
            let data = log["data"].as_str().unwrap();
            log["data"] = format!("0x{}", &data[66..]).into();
        }
    }
    if activates {
        side.remove("block.receiptsRoot");
    }
    side.into()
}

fn result_or_error(answer: &Value) -> Value {
    ["result", "error"]
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), answer.get(key)?.clone())))
        .collect::<Map<_, _>>()
        .into()
}

async fn ask(node: &RunningNode, method: &Value, params: &Value) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let body = request.to_string();
    let address = node.http_url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (_, body) = response.split_once("\r\n\r\n").expect("an HTTP response");
    serde_json::from_str(body).expect("JSON")
}
