//! One kept-open HTTP connection to a node.

use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::Failure;

/// How every JSON-RPC error, alone or in a batch, is marked.
const ERROR_MARK: &[u8] = b"\"error\"";

/// A connection that takes one request after the other.
pub(crate) struct Door {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Door {
    /// Connects to `host:port`.
    pub(crate) async fn open(host: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // A broken connection shows in the next request.
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: host.to_owned(),
        })
    }

    /// Posts a prepared body and returns the answer's. A JSON-RPC error in it is a failure.
    pub(crate) async fn post(&mut self, body: Bytes) -> Result<Bytes, Failure> {
        let request = Request::post("/")
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        let response = self.sender.send_request(request).await?;
        let answer = response.into_body().collect().await?.to_bytes();
        if answer
            .windows(ERROR_MARK.len())
            .any(|part| part == ERROR_MARK)
        {
            return Err(format!("refused: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(answer)
    }

    /// Calls one method and returns its result.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Result<Value, Failure> {
        let answer = self.post(request(0, method, &params).into()).await?;
        let mut answer: Value = serde_json::from_slice(&answer)?;
        Ok(answer["result"].take())
    }

    /// Calls one method that answers with a quantity.
    pub(crate) async fn ask_number(&mut self, method: &str, params: Value) -> Result<u64, Failure> {
        let answer = self.ask(method, params).await?;
        let text = answer.as_str().unwrap_or_default();
        let digits = text.strip_prefix("0x").ok_or("not a quantity")?;
        Ok(u64::from_str_radix(digits, 16)?)
    }
}

/// A JSON-RPC request as text.
pub(crate) fn request(id: usize, method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}
