//! A node per test, and clients for it.

use alloy::{
    network::EthereumWallet,
    primitives::{Address, address},
    providers::{DynProvider, Provider, ProviderBuilder},
    signers::local::PrivateKeySigner,
    sol,
};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use stylus_devnode::{Node, NodeConfig, RunningNode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{client_async, tungstenite::Message};

sol! {
    /// Source and build: `../fixtures/Probe.sol`.
    #[sol(rpc, bytecode = "6080604052348015600e575f5ffd5b506104648061001c5f395ff3fe608060405260043610610084575f3560e01c806360fe47b11161005757806360fe47b11461010e57806378122f3a1461012157806391ddadf414610140578063ba76a0e11461016f578063f0acd7d51461018e575f5ffd5b80631b352c43146100885780633fa4f245146100a9578063517550bf146100d057806356f66282146100ef575b5f5ffd5b348015610093575f5ffd5b506100a76100a2366004610346565b6101a2565b005b3480156100b4575f5ffd5b506100bd5f5481565b6040519081526020015b60405180910390f35b3480156100db575f5ffd5b506100bd6100ea3660046103b4565b6101df565b3480156100fa575f5ffd5b506100a76101093660046103b4565b6101f1565b6100a761011c3660046103b4565b610218565b34801561012c575f5ffd5b506100a761013b366004610346565b610253565b34801561014b575f5ffd5b506040805142815243602082015248918101919091524160608201526080016100c7565b34801561017a575f5ffd5b506100a76101893660046103cb565b61026f565b348015610199575f5ffd5b506100a761032a565b7fa274a9958297875ddcaa01ef5d7855baca2caf4a9f0aee26d717a4e2a490b6a282826040516101d3929190610400565b60405180910390a15050565b5f6101eb5f198361042e565b92915050565b6040516315dede1360e11b8152336004820152602481018290526044015b60405180910390fd5b5f5460405182815233907f9eca8f7bcfb868d72b4ed95b71c627c194ab6bcb9b83adb2280e8a0320bb84769060200160405180910390a35f55565b818160405162461bcd60e51b815260040161020f929190610400565b6040516360fe47b160e01b8152600481018290526001600160a01b038316906360fe47b1906024015f604051808303815f87803b1580156102ae575f5ffd5b505af11580156102c0573d5f5f3e3d5ffd5b50505050816001600160a01b0316633fa4f2456040518163ffffffff1660e01b8152600401602060405180830381865afa158015610300573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610324919061044d565b5f555050565b60015f5f82825461033b919061042e565b9091555061032a9050565b5f5f60208385031215610357575f5ffd5b823567ffffffffffffffff81111561036d575f5ffd5b8301601f8101851361037d575f5ffd5b803567ffffffffffffffff811115610393575f5ffd5b8560208284010111156103a4575f5ffd5b6020919091019590945092505050565b5f602082840312156103c4575f5ffd5b5035919050565b5f5f604083850312156103dc575f5ffd5b82356001600160a01b03811681146103f2575f5ffd5b946020939093013593505050565b60208152816020820152818360408301375f818301604090810191909152601f909201601f19160101919050565b808201808211156101eb57634e487b7160e01b5f52601160045260245ffd5b5f6020828403121561045d575f5ffd5b505191905056")]
    #[derive(Debug)]
    contract Probe {
        uint256 public value;
        event Set(address indexed who, uint256 indexed old, uint256 value);
        event Note(string text);
        error Denied(address who, uint256 value);
        function set(uint256 next) external payable;
        function note(string calldata text) external;
        function fail(string calldata reason) external pure;
        function deny(uint256 it) external view;
        function overflow(uint256 it) external pure returns (uint256);
        function spin() external;
        function clock() external view returns (uint256 stamp, uint256 number, uint256 fee, address miner);
        function callOther(address other, uint256 next) external;
    }
}

/// First account of the phrase.
pub(crate) const ALICE: Address = address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
/// Second account of the phrase.
pub(crate) const BOB: Address = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");
/// Nobody's account.
pub(crate) const STRANGER: Address = address!("00000000000000000000000000000000deadbeef");

pub(crate) const ETHER: u128 = 1_000_000_000_000_000_000;

/// A fresh node on a free port.
pub(crate) async fn node() -> RunningNode {
    start(NodeConfig::default()).await
}

pub(crate) async fn start(config: NodeConfig) -> RunningNode {
    Node::start(config).await.expect("the node starts")
}

/// A client that signs as the `index`-th account of the phrase.
pub(crate) fn client(node: &RunningNode, index: usize) -> DynProvider {
    let signer = node.node().wallet.accounts().signers()[index + 1].clone();
    client_of(node, signer)
}

pub(crate) fn client_of(node: &RunningNode, signer: PrivateKeySigner) -> DynProvider {
    // No nonce cache: a refused transaction must not count.
    ProviderBuilder::default()
        .with_gas_estimation()
        .with_simple_nonce_management()
        .fetch_chain_id()
        .wallet(EthereumWallet::from(signer))
        .connect_http(node.http_url().parse().unwrap())
        .erased()
}

/// A request as it is, without a client's helping hand: result or error object.
pub(crate) async fn ask(node: &RunningNode, method: &str, params: Value) -> Result<Value, Value> {
    let request =
        serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let (status, body) = post(node, request.to_string().as_bytes()).await;
    assert_eq!(status, 200, "{body}");
    let mut response: Value = serde_json::from_str(&body).expect("JSON");
    match response.get_mut("error") {
        Some(error) => Err(error.take()),
        None => Ok(response["result"].take()),
    }
}

/// Posts raw bytes and returns HTTP status and body.
pub(crate) async fn post(node: &RunningNode, body: &[u8]) -> (u16, String) {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let (status, _, body) = send(node, &[head.as_bytes(), body].concat()).await;
    (status, body)
}

/// Sends raw bytes and returns HTTP status, headers and body.
pub(crate) async fn send(node: &RunningNode, request: &[u8]) -> (u16, String, String) {
    let address = node.http_url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.unwrap();
    let response = String::from_utf8(response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").expect("an HTTP response");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_ascii_lowercase(), body.to_owned())
}

/// Makes a block.
pub(crate) async fn mine(node: &RunningNode) {
    ask(node, "evm_mine", serde_json::json!([])).await.unwrap();
}

/// What an error says.
pub(crate) fn message(error: &Value) -> &str {
    error["message"].as_str().unwrap()
}

/// Asks over HTTP, by WebSocket and in a batch: the answers are one.
pub(crate) async fn ask_everywhere(
    node: &RunningNode,
    method: &str,
    params: &Value,
) -> Result<Value, Value> {
    let request =
        serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let (_, body) = post(node, serde_json::json!([request]).to_string().as_bytes()).await;
    let batch: Value = serde_json::from_str(&body).unwrap();
    let address = node.ws_url();
    let stream = TcpStream::connect(address.trim_start_matches("ws://"))
        .await
        .unwrap();
    let (mut socket, _) = client_async(address, stream).await.unwrap();
    socket
        .send(Message::text(request.to_string()))
        .await
        .unwrap();
    let text = socket.next().await.unwrap().unwrap().into_text().unwrap();
    let over_websocket: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        batch,
        serde_json::json!([over_websocket]),
        "{method} {params}"
    );
    let answer = ask(node, method, params.clone()).await;
    let (Ok(value) | Err(value)) = &answer;
    let key = if answer.is_ok() { "result" } else { "error" };
    assert_eq!(over_websocket.get(key), Some(value), "{method} {params}");
    answer
}

/// What is said of parameters that are refused, wherever they come in.
pub(crate) async fn refusal(node: &RunningNode, method: &str, params: Value) -> String {
    let error = ask_everywhere(node, method, &params)
        .await
        .expect_err(&format!("{method} {params}"));
    assert_eq!(error["code"], -32_602, "{method} {params}: {error}");
    message(&error).to_owned()
}
