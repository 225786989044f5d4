//! A node with the contracts, a gateway that holders have chosen, a journal, and a proxy between gateway and node.

use std::time::{Duration, Instant};

use alloy::{
    primitives::{Address, U256},
    signers::local::PrivateKeySigner,
};
use devnode::{Node, NodeConfig, RunningNode};
use diem_abi::IDiem;
use diem_cli::deployment::Deployment;
use diem_gateway::{
    chain::{Chain, Lines, Place, Rules, Standing},
    ledger::{
        Actual, CountedBy, Home, KeyId, KeyKind, Ledger, LineSeen, NewKey, Period, RequestId,
        Reserve, Usage, Want,
    },
    line::{Epoch, Line},
    money::{DOLLAR, Usd},
    settling::{Settings, Settler},
};
use serde_json::{Value, json};

use crate::{
    folder::{Folder, sqlite},
    proxy::Proxy,
    stage::{self, Stage, until_midnight, wad},
};

/// DIEM that each holder stakes.
pub(crate) const DOLLARS: u64 = 10;

/// Dollars.
pub(crate) fn usd(dollars: u64) -> Usd {
    Usd(u128::from(dollars) * DOLLAR)
}

/// Everything of one test.
pub(crate) struct World {
    pub(crate) node: Option<RunningNode>,
    pub(crate) config: NodeConfig,
    pub(crate) proxy: Proxy,
    pub(crate) at: Deployment,
    /// The owner's chain, past the proxy.
    pub(crate) owner: diem_cli::chain::Chain,
    pub(crate) gateway: PrivateKeySigner,
    pub(crate) holders: Vec<Address>,
    pub(crate) signers: Vec<PrivateKeySigner>,
    pub(crate) folder: Folder,
    dev: Address,
}

impl World {
    /// `holders` of ten dollars a day each, at the beginning of a day, and their gateway.
    pub(crate) async fn new(holders: usize) -> Self {
        Self::on(Folder::new(), NodeConfig::default(), holders, DOLLARS).await
    }

    /// As [`World::new`], with one holder of one dollar a day.
    pub(crate) async fn of_one_dollar() -> Self {
        Self::on(Folder::new(), NodeConfig::default(), 1, 1).await
    }

    /// As [`World::new`], on a chain that is kept in a file.
    pub(crate) async fn kept(holders: usize) -> Self {
        let folder = Folder::new();
        let config = NodeConfig {
            state: Some(folder.path().join("state")),
            ..NodeConfig::default()
        };
        Self::on(folder, config, holders, DOLLARS).await
    }

    async fn on(folder: Folder, config: NodeConfig, holders: usize, dollars: u64) -> Self {
        let gateway = PrivateKeySigner::random();
        let signers: Vec<_> = (0..holders).map(|_| PrivateKeySigner::random()).collect();
        let stage = Stage::set(config.clone(), &folder, &gateway, &signers, wad(dollars)).await;
        let proxy = Proxy::start(stage.node.http_url()).await;
        Self {
            node: Some(stage.node),
            config,
            proxy,
            at: stage.at,
            owner: stage.owner,
            gateway,
            holders: signers.iter().map(PrivateKeySigner::address).collect(),
            signers,
            folder,
            dev: stage.dev,
        }
    }

    /// The node's own address, past the proxy.
    pub(crate) fn node_url(&self) -> String {
        self.running().http_url()
    }

    fn running(&self) -> &RunningNode {
        self.node.as_ref().unwrap()
    }

    /// The owner registers the gateway, or revokes it.
    pub(crate) async fn register(&self, allowed: bool) {
        let call = IDiem::setGatewayCall {
            gateway: self.gateway.address(),
            allowed,
        };
        self.send(self.dev, self.at.diem, &call).await;
    }

    pub(crate) async fn send<C: alloy::sol_types::SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
    ) {
        self.owner.send(from, to, call).await.unwrap();
    }

    /// Asks the node past the proxy.
    pub(crate) async fn rpc(&self, method: &'static str, params: Value) -> Value {
        stage::rpc(self.running(), method, params).await
    }

    /// The time of the block to come.
    pub(crate) fn now(&self) -> u64 {
        self.running().node().clock().now()
    }

    /// The clock moves on by so many seconds; no block is made.
    pub(crate) async fn wait(&self, seconds: u64) {
        self.rpc("evm_increaseTime", json!([seconds])).await;
    }

    /// The clock moves to so many seconds before the next 00:00 UTC; no block is made.
    pub(crate) async fn before_midnight(&self, seconds: u64) {
        until_midnight(self.running(), seconds).await;
    }

    /// The next day begins with a block.
    pub(crate) async fn midnight(&self) {
        self.before_midnight(0).await;
        self.rpc("evm_mine", json!([])).await;
    }

    /// The gateway's connection, through the proxy.
    pub(crate) async fn chain(&self) -> Chain {
        Chain::connect(self.place()).await.unwrap()
    }

    pub(crate) fn place(&self) -> Place {
        place(self.proxy.url(), self.home())
    }

    pub(crate) fn home(&self) -> Home {
        Home {
            chain_id: self.config.chain_id,
            diem: self.at.diem,
            gateway: self.gateway.address(),
        }
    }

    /// The journal.
    pub(crate) async fn ledger(&self) -> Ledger {
        Ledger::open(&sqlite(self.folder.path()), &self.home())
            .await
            .unwrap()
    }

    /// Settings that wait for nothing that a test does not wait for.
    pub(crate) fn settings() -> Settings {
        Settings {
            every: Duration::from_secs(3),
            look: Duration::from_millis(50),
            resend_after: Duration::ZERO,
            replace_after: Duration::from_secs(1),
            hurry_after: Duration::ZERO,
            refused_for: Duration::ZERO,
            ..Settings::default()
        }
    }

    pub(crate) fn settler(&self, chain: &Chain, ledger: &Ledger) -> Settler {
        Settler::new(
            chain.clone(),
            ledger.clone(),
            self.gateway.clone(),
            Self::settings(),
        )
    }

    /// What the chain has settled for a line today.
    pub(crate) async fn used(&self, line: Line) -> Usd {
        let used = match line {
            Line::Account(account) => {
                self.owner
                    .call(self.at.diem, &IDiem::lineOfCall { account })
                    .await
                    .unwrap()
                    .used
            }
            Line::Lease(id) => {
                let call = IDiem::leaseLineOfCall { id: U256::from(id) };
                self.owner.call(self.at.diem, &call).await.unwrap().used
            }
        };
        Usd(used.try_into().unwrap())
    }

    /// The line of a holder.
    pub(crate) fn line(&self, holder: usize) -> Line {
        Line::Account(self.holders[holder])
    }

    /// Ends the node; the chain stays in its file.
    pub(crate) async fn stop_node(&mut self) {
        self.node.take().unwrap().stop().await;
    }

    /// Starts the node again on its file.
    pub(crate) async fn start_node(&mut self) {
        let node = Node::start(self.config.clone()).await.unwrap();
        self.proxy.move_to(node.http_url());
        self.owner = diem_cli::chain::Chain::connect(&node.http_url(), &[])
            .await
            .unwrap();
        self.node = Some(node);
    }
}

/// How a gateway reads the chain behind an address.
pub(crate) fn place(rpc: &str, home: Home) -> Place {
    Place {
        rpc: rpc.to_owned(),
        timeout: Duration::from_millis(1_500),
        chain_id: home.chain_id,
        diem: home.diem,
        gateway: home.gateway,
        rules: Rules {
            machine_counts: false,
            ..Rules::default()
        },
        // Looked at by hand where a test moves the clock.
        poll: Duration::from_secs(3_600),
    }
}

/// Waits for something that comes about by itself.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !holds().await {
        assert!(Instant::now() < end, "{what} did not come about");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A key that spends from a line.
pub(crate) async fn key(ledger: &Ledger, line: Line) -> KeyId {
    let id = KeyId::new();
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(id.0.as_bytes());
    let key = NewKey {
        id,
        hash,
        tail: "tail".into(),
        account: Address::ZERO,
        line,
        kind: KeyKind::Inference,
        description: String::new(),
        limit: None,
        period: Period::Epoch,
        expires_at: None,
        created_at: 0,
    };
    ledger.add_key(key).await.unwrap();
    id
}

/// Tells the journal what the chain says of a line.
pub(crate) async fn observe(chain: &Chain, ledger: &Ledger, line: Line) -> Standing {
    let standing = chain.standing(line).await.unwrap();
    let seen = LineSeen {
        line,
        epoch: standing.epoch,
        allowance: standing.allowance,
        used: standing.used,
        block: standing.block,
    };
    ledger.observe(seen).await.unwrap();
    standing
}

/// A request that has begun.
pub(crate) async fn reserve(
    ledger: &Ledger,
    key: KeyId,
    line: Line,
    epoch: Epoch,
    amount: Usd,
) -> RequestId {
    let id = RequestId::new();
    let ask = Reserve {
        id,
        key,
        line,
        epoch,
        model: "stand-in".into(),
        want: Want::Exactly(amount),
        idempotency: None,
        body_hash: [0; 32],
    };
    ledger.reserve(ask).await.unwrap();
    id
}

/// The end of a request.
pub(crate) async fn commit(ledger: &Ledger, id: RequestId, cost: Usd) {
    let actual = Actual {
        cost,
        usage: Usage::default(),
        counted_by: CountedBy::Upstream,
        answer: None,
        receipt: None,
    };
    ledger.commit(id, actual).await.unwrap();
}

/// A request of a line from its beginning to its end.
pub(crate) async fn spend(chain: &Chain, ledger: &Ledger, line: Line, cost: Usd) {
    let standing = observe(chain, ledger, line).await;
    let key = key(ledger, line).await;
    let id = reserve(ledger, key, line, standing.epoch, cost).await;
    commit(ledger, id, cost).await;
}
