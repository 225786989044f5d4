//! A node that runs: started with one call, stopped when dropped.

use std::{
    net::SocketAddr,
    sync::Arc,
    thread::{self, JoinHandle},
};

use alloy_signer_local::LocalSignerError;
use arbos::{ChainConfig, Executor, genesis::GenesisError};
use jsonrpsee::server::{HttpRequest, HttpResponse};
use parking_lot::RwLock;
use tower::{BoxError, Service};

use crate::{
    accounts::DevAccounts,
    chain::Chain,
    clock::Clock,
    config::NodeConfig,
    feed::Feed,
    genesis::genesis,
    node::Node,
    parent_chain::ParentChain,
    rpc::{Server, ServerError},
    sequencer::{Handle, Parts, Sequencer},
    store::{Journal, StoreError},
    wallet::Wallet,
};

/// Stack of the sequencer's thread. Frames are iterative, so this is for parsers and the like.
const SEQUENCER_STACK: usize = 8 * 1024 * 1024;

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The phrase is no phrase.
    #[error("mnemonic: {0}")]
    Mnemonic(#[from] LocalSignerError),
    /// There is no such chain.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    /// The state file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state file holds another chain.
    #[error("the state file holds chain {found}, not chain {wanted}")]
    OtherChain {
        /// Chain id in the file.
        found: u64,
        /// Chain id asked for.
        wanted: u64,
    },
    /// The port cannot be opened.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// No thread for the sequencer.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
}

/// A running node. Dropping it stops it.
#[derive(Debug)]
pub struct RunningNode {
    node: Arc<Node>,
    server: Server,
    sequencer: Option<JoinHandle<()>>,
}

impl Node {
    /// Starts a node on the current tokio runtime.
    pub async fn start(config: NodeConfig) -> Result<RunningNode, StartError> {
        RunningNode::start(config).await
    }
}

impl RunningNode {
    async fn start(config: NodeConfig) -> Result<Self, StartError> {
        let accounts = DevAccounts::derive(&config.mnemonic, config.accounts)?;
        let (journal, chain) = open_chain(&config, &accounts)?;
        let clock = Arc::new(Clock::default());
        // A chain whose clock was moved forward goes on from there, not from the wall's time.
        let latest = chain.head().header.timestamp;
        if latest > clock.now() {
            // Cannot fail: the stamp comes from a block that the clock itself has stamped.
            let _ = clock.set(latest);
        }
        let executor = Executor::new(ChainConfig {
            max_code_size: config.max_code_size,
            ..ChainConfig::dev(config.chain_id)
        });
        let parts = Parts {
            executor: Arc::new(executor),
            chain: Arc::new(RwLock::new(chain)),
            clock,
            feed: Arc::new(Feed::default()),
            parent_chain: ParentChain::new(config.l1_block_number),
            wishes: Arc::default(),
        };
        let (handle, commands) = Handle::new();
        let sequencer = Sequencer::new(parts.clone(), journal, config.mining);
        let address = SocketAddr::new(config.host, config.port);
        let ws = config
            .ws_port
            .map(|port| SocketAddr::new(config.host, port));
        let node = Arc::new(Node::new(parts, handle, Wallet::new(accounts), config));
        let server = Server::open(&node, address, ws).await?;
        let thread = thread::Builder::new()
            .name("sequencer".to_owned())
            .stack_size(SEQUENCER_STACK)
            .spawn(move || sequencer.run(&commands))
            .map_err(StartError::Thread)?;
        Ok(Self {
            node,
            server,
            sequencer: Some(thread),
        })
    }

    /// `http://` address of the JSON-RPC door.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// `ws://` address of the JSON-RPC door.
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.server.ws_address())
    }

    /// The node itself, for looking without going through the door.
    pub fn node(&self) -> &Arc<Node> {
        &self.node
    }

    /// The JSON-RPC door without a socket, for tests that ask a lot: what one HTTP connection
    /// talks to, with the door's methods and limits.
    pub fn service(
        &self,
    ) -> impl Service<HttpRequest, Response = HttpResponse, Error = BoxError> + use<> {
        self.server.service()
    }

    /// Names of all JSON-RPC methods, aliases included.
    pub fn method_names(&self) -> impl Iterator<Item = &'static str> {
        self.server.method_names()
    }

    /// Stops: no new requests, what is under way is finished, the state file is complete.
    pub async fn stop(mut self) {
        self.halt();
    }

    fn halt(&mut self) {
        self.server.close();
        self.node.sequencer.stop();
        if let Some(thread) = self.sequencer.take()
            && thread.join().is_err()
        {
            tracing::error!("the sequencer ended with a panic");
        }
    }
}

impl Drop for RunningNode {
    fn drop(&mut self) {
        self.halt();
    }
}

fn open_chain(
    config: &NodeConfig,
    accounts: &DevAccounts,
) -> Result<(Option<Journal>, Chain), StartError> {
    let Some(path) = &config.state else {
        return Ok((None, Chain::new(genesis(config, accounts)?, config.history)));
    };
    let (journal, chain) = Journal::open(path, config.history, || {
        Ok::<_, StartError>(genesis(config, accounts)?)
    })?;
    let found = chain.chain_id();
    if found != config.chain_id {
        return Err(StartError::OtherChain {
            found,
            wanted: config.chain_id,
        });
    }
    Ok((Some(journal), chain))
}
