//! The same door over WebSocket, where there are subscriptions.

use serde_json::Value;
use soketto::{
    Receiver, Sender,
    handshake::{Client, ServerResponse},
};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use crate::door;

/// Method of what subscribers are told.
const NEWS: &str = "eth_subscription";

/// One connection.
pub(crate) struct Socket {
    sender: Sender<Compat<TcpStream>>,
    receiver: Receiver<Compat<TcpStream>>,
}

impl Socket {
    /// Connects to `url`.
    pub(crate) async fn open(url: &str) -> Self {
        let host = url.trim_start_matches("ws://");
        let stream = TcpStream::connect(host).await.expect("a connection");
        stream
            .set_nodelay(true)
            .expect("a setting every stream has");
        let mut client = Client::new(stream.compat(), host, "/");
        let response = client.handshake().await.expect("a handshake");
        assert!(matches!(response, ServerResponse::Accepted { .. }));
        let (sender, receiver) = client.into_builder().finish();
        Self { sender, receiver }
    }

    /// Sends a body, and waits for its answer; what subscribers are told meanwhile is passed over.
    pub(crate) async fn ask(&mut self, body: &str) -> Value {
        self.sender.send_text(body).await.expect("sent");
        self.sender.flush().await.expect("sent");
        loop {
            let mut message = Vec::new();
            let received = self.receiver.receive_data(&mut message).await;
            received.expect("a message");
            let message = door::parse(&message);
            if message.is_array() || message.get("id").is_some() {
                return message;
            }
            assert_eq!(message["method"], NEWS, "{message}");
        }
    }
}
