//! A node with the contracts, a gateway that holders have chosen, a journal, and a proxy between gateway and node.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use alloy::{
    primitives::{Address, U256},
    providers::{Provider, ProviderBuilder},
    signers::local::PrivateKeySigner,
};
use devnode::{Node, NodeConfig, RunningNode};
use diem_abi::{IDiem, IStakedVvv, IVVV};
use diem_cli::{
    deploy::{self, Plan},
    deployment::{Arguments, Deployment},
};
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

use crate::proxy::Proxy;

const DEV_KEY: &str = "b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";
pub(crate) const DAY: u64 = 86_400;
/// DIEM that each holder stakes.
pub(crate) const DOLLARS: u64 = 10;

/// Dollars.
pub(crate) fn usd(dollars: u64) -> Usd {
    Usd(u128::from(dollars) * DOLLAR)
}

fn wad(whole: u64) -> U256 {
    U256::from(whole) * U256::from(DOLLAR)
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
    pub(crate) folder: PathBuf,
    dev: Address,
}

impl World {
    /// `holders` of ten dollars a day each, at the beginning of a day, and their gateway.
    pub(crate) async fn new(holders: usize) -> Self {
        Self::on(NodeConfig::default(), holders).await
    }

    /// As [`World::new`], on a chain that is kept in a file.
    pub(crate) async fn kept(holders: usize) -> Self {
        let folder = folder();
        let state = Some(folder.join("state"));
        Self::on(
            NodeConfig {
                state,
                ..NodeConfig::default()
            },
            holders,
        )
        .await
    }

    async fn on(config: NodeConfig, holders: usize) -> Self {
        let folder = folder();
        let node = Node::start(config.clone()).await.unwrap();
        let dev: PrivateKeySigner = DEV_KEY.parse().unwrap();
        let gateway = PrivateKeySigner::random();
        let signers: Vec<_> = (0..holders).map(|_| PrivateKeySigner::random()).collect();
        let all: Vec<_> = [dev.clone(), gateway.clone()]
            .into_iter()
            .chain(signers.clone())
            .collect();
        let owner = diem_cli::chain::Chain::connect(&node.http_url(), &all)
            .await
            .unwrap();
        let plan = Plan {
            deployer: dev.address(),
            owner: dev.address(),
            treasury: dev.address(),
            vvv: None,
            arguments: Arguments {
                base_rate: wad(90),
                target_supply: wad(40_000),
                emission_rate: U256::ZERO,
                max_emission_rate: wad(1),
            },
            wasm_dir: concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/wasm").into(),
            deployments: folder.join("deployments"),
            devnet: true,
            cache: false,
        };
        let at = deploy::deploy(&owner, &plan).await.unwrap();
        let proxy = Proxy::start(node.http_url()).await;
        let world = Self {
            node: Some(node),
            config,
            proxy,
            at,
            owner,
            gateway,
            holders: signers.iter().map(PrivateKeySigner::address).collect(),
            signers,
            folder,
            dev: dev.address(),
        };
        world.furnish().await;
        world
    }

    async fn furnish(&self) {
        let (dev, at) = (self.dev, &self.at);
        let count = u64::try_from(self.holders.len()).unwrap();
        let svvv = wad(count * DOLLARS * 100 + 10_000);
        self.send(
            dev,
            at.vvv,
            &IVVV::mintCall {
                to: dev,
                amount: svvv,
            },
        )
        .await;
        self.send(
            dev,
            at.vvv,
            &IVVV::approveCall {
                spender: at.s_vvv,
                value: svvv,
            },
        )
        .await;
        self.send(
            dev,
            at.s_vvv,
            &IStakedVvv::stakeCall {
                recipient: dev,
                amount: svvv,
            },
        )
        .await;
        let diem = wad(count * DOLLARS + 50);
        self.send(
            dev,
            at.diem,
            &IDiem::mintExactCall {
                diemAmount: diem,
                maxSVVV: svvv,
            },
        )
        .await;
        self.register(true).await;
        self.fund(self.gateway.address()).await;
        self.midnight().await;
        for holder in self.holders.clone() {
            self.fund(holder).await;
            let stake = wad(DOLLARS);
            self.send(
                dev,
                at.diem,
                &IDiem::transferCall {
                    to: holder,
                    value: stake,
                },
            )
            .await;
            let gateway = self.gateway.address();
            self.send(holder, at.diem, &IDiem::chooseGatewayCall { gateway })
                .await;
            self.send(holder, at.diem, &IDiem::stakeCall { amount: stake })
                .await;
        }
    }

    pub(crate) async fn fund(&self, account: Address) {
        self.rpc("anvil_setBalance", json!([account, "0x8ac7230489e80000"]))
            .await;
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
        let url = self.node.as_ref().unwrap().http_url().parse().unwrap();
        let provider = ProviderBuilder::new().connect_http(url);
        provider.raw_request(method.into(), params).await.unwrap()
    }

    /// The time of the block to come.
    pub(crate) fn now(&self) -> u64 {
        self.node.as_ref().unwrap().node().clock().now()
    }

    /// The clock moves on by so many seconds; no block is made.
    pub(crate) async fn wait(&self, seconds: u64) {
        self.rpc("evm_increaseTime", json!([seconds])).await;
    }

    /// The clock moves to so many seconds before the next 00:00 UTC; no block is made.
    pub(crate) async fn before_midnight(&self, seconds: u64) {
        let now = self.now();
        self.wait(DAY - now % DAY - seconds).await;
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
        Place {
            rpc: self.proxy.url().to_owned(),
            timeout: Duration::from_millis(1_500),
            chain_id: self.config.chain_id,
            diem: self.at.diem,
            gateway: self.gateway.address(),
            rules: Rules {
                machine_counts: false,
                ..Rules::default()
            },
            // Looked at by hand where a test moves the clock.
            poll: Duration::from_secs(3_600),
        }
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
        let url = format!("sqlite:{}", self.folder.join("ledger.db").display());
        Ledger::open(&url, &self.home()).await.unwrap()
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

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn folder() -> PathBuf {
    static FOLDERS: AtomicU32 = AtomicU32::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("settle-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
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
