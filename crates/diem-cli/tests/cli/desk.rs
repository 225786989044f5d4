//! A node in this process, the real binary beside it, and a directory for its files.

use alloy::primitives::Address;
use alloy::providers::{Provider, ProviderBuilder};
use alloy::signers::local::PrivateKeySigner;
use devnode::{Node, NodeConfig, RunningNode};
use diem_cli::chain::Chain;
use diem_cli::deployment::Deployment;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::runtime::Runtime;

/// The published key of the dev account.
pub(crate) const DEV_KEY: &str = "b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";
/// A key whose account has nothing at all, not even ETH.
pub(crate) const POOR_KEY: &str =
    "0x0101010101010101010101010101010101010101010101010101010101010101";

/// What the binary left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) answer: String,
    pub(crate) story: String,
}

impl Outcome {
    /// Succeeded, with `words` in the answer.
    pub(crate) fn answers(self, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        for word in words {
            assert!(self.answer.contains(word), "no `{word}` in {self:#?}");
        }
        self
    }

    /// Failed with `code`, told in four parts on stderr with `words`, and answered nothing.
    pub(crate) fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert_eq!(self.answer, "", "a failure is no answer");
        for word in ["error: ", "\n  because: ", "\n  try: "]
            .iter()
            .chain(words)
        {
            assert!(self.story.contains(word), "no `{word}` in {self:#?}");
        }
        let (_, values) = self.story.split_once("error: ").unwrap();
        let values = values.split("\n  because: ").next().unwrap();
        assert!(values.contains("\n  "), "no values in {self:#?}");
        self
    }

    /// Succeeded, with one JSON document as the answer.
    pub(crate) fn json(self) -> Value {
        assert_eq!(self.code, Some(0), "{self:#?}");
        serde_json::from_str(&self.answer).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// A node and the files of one test.
pub(crate) struct Desk {
    /// The key that signs, and the options that name it.
    key: String,
    signing: Vec<String>,
    pub(crate) runtime: Runtime,
    pub(crate) node: RunningNode,
    pub(crate) directory: PathBuf,
}

impl Desk {
    /// A fresh chain with nothing deployed.
    pub(crate) fn bare(chain_id: u64) -> Self {
        static DESKS: AtomicU32 = AtomicU32::new(0);
        let number = DESKS.fetch_add(1, Ordering::Relaxed);
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("cli-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let runtime = Runtime::new().unwrap();
        let config = NodeConfig {
            chain_id,
            ..NodeConfig::default()
        };
        let node = runtime.block_on(Node::start(config)).unwrap();
        Self {
            key: DEV_KEY.to_owned(),
            signing: Vec::new(),
            runtime,
            node,
            directory,
        }
    }

    /// From now on `key` signs, which `options` name.
    pub(crate) fn signs(&mut self, key: &str, options: &[&str]) {
        key.clone_into(&mut self.key);
        self.signing = options.iter().map(|option| (*option).to_owned()).collect();
    }

    /// Who signs where nobody else is named.
    pub(crate) fn me(&self) -> Address {
        self.key.parse::<PrivateKeySigner>().unwrap().address()
    }

    /// A fresh chain that stands for a real one: its list of networks has no first block to hold it against.
    pub(crate) fn rehearsal(chain_id: u64, name: &str) -> Self {
        let desk = Self::bare(chain_id);
        desk.rehearses(chain_id, name);
        desk
    }

    /// From now on the chain of that id is taken for a real one.
    pub(crate) fn rehearses(&self, chain_id: u64, name: &str) {
        let list = json!([{ "chainId": chain_id, "name": name, "devnet": false, "vvv": null }]);
        std::fs::write(self.rehearsals(), list.to_string()).unwrap();
    }

    fn rehearsals(&self) -> PathBuf {
        self.directory.join("rehearsals.json")
    }

    /// A fresh devnet on which `diem deploy` was run.
    pub(crate) fn deployed() -> Self {
        let desk = Self::bare(NodeConfig::default().chain_id);
        desk.diem(&["deploy"]).answers(&["DIEM", "sVVV"]);
        desk
    }

    /// The command, ready to be run by `key`; the desk's own signs when there is none.
    pub(crate) fn command(&self, key: Option<&str>, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_diem"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DIEM_")) {
            command.env_remove(name);
        }
        if let Some(key) = key {
            command.env("DIEM_PRIVATE_KEY", key);
        }
        if self.rehearsals().exists() {
            command.env("DIEM_NETWORKS", self.rehearsals());
        }
        command
            .env("DIEM_RPC_URL", self.node.http_url())
            .current_dir(&self.directory)
            .env("DIEM_KEYSTORES", self.directory.join("keystores"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if key.is_none() {
            command.args(&self.signing);
        }
        if arguments.first() == Some(&"deploy") && !arguments.contains(&"--wasm-dir") {
            command.args(["--wasm-dir", &wasm_directory()]);
        }
        if arguments.first() == Some(&"deploy") && !arguments.contains(&"--evm-dir") {
            command.args(["--evm-dir", &evm_directory()]);
        }
        command
    }

    /// Runs `diem` as `key`, without asking.
    pub(crate) fn diem_as(&self, key: Option<&str>, arguments: &[&str]) -> Outcome {
        outcome(self.command(key, &[arguments, &["--yes"]].concat()))
    }

    /// Runs `diem` as the dev account, without asking.
    pub(crate) fn diem(&self, arguments: &[&str]) -> Outcome {
        self.diem_as(None, arguments)
    }

    /// The record that `deploy` wrote.
    pub(crate) fn record(&self) -> PathBuf {
        let id = self.node.node().chain_id();
        self.directory.join(format!("deployments/{id}.json"))
    }

    /// The chain, signing by the desk's own key.
    pub(crate) fn chain(&self) -> Chain {
        let signer: PrivateKeySigner = self.key.parse().unwrap();
        let url = self.node.http_url();
        self.runtime
            .block_on(Chain::connect(&url, &[signer]))
            .unwrap()
    }

    /// The contracts that `deploy` recorded.
    pub(crate) fn deployment(&self) -> Deployment {
        let id = self.node.node().chain_id();
        Deployment::read(&self.directory.join("deployments"), id).unwrap()
    }

    /// The `n`th newcomer with so much ETH, in wei: key and address.
    pub(crate) fn somebody(&self, n: u8, wei: u128) -> (String, Address) {
        let key = format!("0x{}", format!("{:02x}", 0x10 + n).repeat(32));
        let address = key.parse::<PrivateKeySigner>().unwrap().address();
        self.rpc("anvil_setBalance", json!([address, format!("{wei:#x}")]));
        (key, address)
    }

    /// Transactions that an account has sent.
    pub(crate) fn sent_by(&self, account: Address) -> Value {
        self.rpc("eth_getTransactionCount", json!([account, "latest"]))
    }

    /// Asks the node for something only a dev node does.
    pub(crate) fn rpc(&self, method: &'static str, parameters: Value) -> Value {
        let url = self.node.http_url().parse().unwrap();
        let provider = ProviderBuilder::new().connect_http(url);
        let answer = provider.raw_request(method.into(), parameters);
        self.runtime.block_on(answer).unwrap()
    }

    /// Days pass.
    pub(crate) fn days(&self, days: u64) {
        let chain = self.chain();
        self.runtime.block_on(chain.travel(days * 86_400)).unwrap();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// The address of the dev account.
pub(crate) fn dev_account() -> Address {
    DEV_KEY.parse::<PrivateKeySigner>().unwrap().address()
}

/// Runs a command to its end.
pub(crate) fn outcome(mut command: Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code(),
        answer: String::from_utf8(output.stdout).unwrap(),
        story: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn wasm_directory() -> String {
    format!("{}/../../target/wasm", env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn evm_directory() -> String {
    format!("{}/../../target/evm", env!("CARGO_MANIFEST_DIR"))
}
