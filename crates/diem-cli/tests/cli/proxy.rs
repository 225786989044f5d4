//! Stands between the command and the node, and changes what it likes: for what a node says
//! only in rare moments, and for what only a bad one says.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// What becomes of an answer of the node.
pub(crate) enum Reply {
    /// As the node gave it.
    Same,
    /// Another result.
    Result(Value),
    /// A JSON-RPC error: code, message, data.
    Error(i64, String, Option<String>),
}

/// Starts a proxy of `node` and returns its address. `meddle` is asked before the node is,
/// for every request by method and parameters.
pub(crate) fn start(
    node: &str,
    mut meddle: impl FnMut(&str, &Value) -> Reply + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let node = node.trim_start_matches("http://").to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let Some(body) = read_body(&stream) else {
                continue;
            };
            let request: Value = serde_json::from_slice(&body).unwrap();
            let method = request["method"].as_str().unwrap();
            let answer = match meddle(method, &request["params"]) {
                Reply::Same => ask(&node, &body),
                Reply::Result(result) => {
                    json!({ "jsonrpc": "2.0", "id": request["id"], "result": result })
                        .to_string()
                        .into_bytes()
                }
                Reply::Error(code, message, data) => {
                    let error = json!({ "code": code, "message": message, "data": data });
                    json!({ "jsonrpc": "2.0", "id": request["id"], "error": error })
                        .to_string()
                        .into_bytes()
                }
            };
            write(&stream, "HTTP/1.1 200 OK", &answer);
        }
    });
    url
}

/// What the node itself answers.
pub(crate) fn result_of(node: &str, method: &str, parameters: &Value) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
    let node = node.trim_start_matches("http://");
    let answer: Value = serde_json::from_slice(&ask(node, request.to_string().as_bytes())).unwrap();
    answer["result"].clone()
}

/// Starts a server that is no node: it answers 500 and repeats what it was asked for.
pub(crate) fn start_echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut line = String::new();
            let mut reader = BufReader::new(&stream);
            reader.read_line(&mut line).unwrap();
            let mut rest = vec![0; 4_096];
            let _ = reader.read(&mut rest);
            write(&stream, "HTTP/1.1 500 Oops", line.as_bytes());
        }
    });
    url
}

/// The body of one HTTP message.
fn read_body(stream: &TcpStream) -> Option<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

fn write(mut stream: &TcpStream, status: &str, body: &[u8]) {
    let head = format!(
        "{status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body);
}

fn ask(node: &str, body: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(node).unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {node}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    read_body(&stream).unwrap()
}
