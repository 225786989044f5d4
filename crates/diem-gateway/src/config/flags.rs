//! What is typed. Each has a variable too; the flag counts over it.

use std::{net::SocketAddr, path::PathBuf};

use alloy::primitives::Address;

/// Options of `serve`, `check` and `audit`. The key that signs comes from --key-file or DIEM_GATEWAY_KEY, never from a
/// flag.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// File with all settings, in TOML (docs/gateway.md shows one).
    #[arg(long, value_name = "FILE", env = "DIEM_GATEWAY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where to listen; by default 127.0.0.1:8548.
    #[arg(long, value_name = "ADDRESS", env = "DIEM_GATEWAY_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address that clients use, which texts to sign are bound to; by default the one listened on.
    #[arg(long, value_name = "URL", env = "DIEM_GATEWAY_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The chain's node. Of its address only scheme, host and port are ever shown.
    #[arg(
        long,
        value_name = "URL",
        env = "DIEM_GATEWAY_RPC",
        hide_env_values = true
    )]
    pub rpc: Option<String>,
    /// The chain's id, which the node must have.
    #[arg(long, value_name = "N", env = "DIEM_GATEWAY_CHAIN_ID")]
    pub chain_id: Option<u64>,
    /// The DIEM contract.
    #[arg(long, value_name = "ADDRESS", env = "DIEM_GATEWAY_DIEM")]
    pub diem: Option<Address>,
    /// Record of a deployment, which names chain and contract.
    #[arg(long, value_name = "FILE", env = "DIEM_GATEWAY_DEPLOYMENT")]
    pub deployment: Option<PathBuf>,
    /// The journal: sqlite:PATH or postgres://…; by default sqlite:diem-gateway.db.
    #[arg(
        long,
        value_name = "URL",
        env = "DIEM_GATEWAY_LEDGER",
        hide_env_values = true
    )]
    pub ledger: Option<String>,
    /// A server that answers: an OpenAI-compatible address up to and with /v1, or `stand-in` on a devnet. May be
    /// repeated; names, keys and weights are set in the file.
    #[arg(
        long,
        value_name = "URL",
        env = "DIEM_GATEWAY_UPSTREAM",
        value_delimiter = ','
    )]
    pub upstream: Vec<String>,
    /// A price table: TOML or JSON of our own, or LiteLLM's. May be repeated; a later one counts over an earlier.
    #[arg(
        long,
        value_name = "FILE",
        env = "DIEM_GATEWAY_PRICES",
        value_delimiter = ','
    )]
    pub prices: Vec<PathBuf>,
    /// File with the private key of the gateway's account: in hex, or an encrypted keystore (version 3).
    #[arg(long, value_name = "FILE", env = "DIEM_GATEWAY_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// File with the keystore's password in its first line; else it comes from DIEM_GATEWAY_KEY_PASSWORD.
    #[arg(long, value_name = "FILE", env = "DIEM_GATEWAY_KEY_PASSWORD_FILE")]
    pub key_password_file: Option<PathBuf>,
    /// The chain is a devnet, whose clock is moved at will: the machine's clock does not count.
    #[arg(long, env = "DIEM_GATEWAY_DEVNET")]
    pub devnet: bool,
}
