//! A fresh chain with the three contracts, wired, roles given, and everybody's VVV approved for staking.

use crate::abi::{IStakedVvv, IVVV};
use crate::action::{Action, Token};
use crate::actors::Who;
use crate::chain::{Chain, given};
use crate::deploy::{Target, stylus};
use crate::history::History;
use crate::model::{Contracts, DAY, Model, Parameters, WAD};
use alloy::sol_types::SolCall;
use alloy_primitives::{Address, U256, keccak256};
use devnode::{Node, NodeConfig, RunningNode};
use diem_abi::arbitrum::{ARB_WASM, IArbWasm};
use std::cell::Cell;
use tokio::runtime::Runtime;

/// Where worlds on nodes of their own begin: a midnight, so that days are easy to count.
const MIDNIGHT: u64 = 23_150 * DAY;
/// VVV that every user begins with.
pub const PURSE: u128 = 10_000_000 * WAD;
/// VVV per second in a default world: about a quarter VVV.
pub const EMISSION_RATE: u128 = WAD / 4;
/// Seconds that a program lives, and its age from which it can be renewed.
const PROGRAM_LIFE: u64 = 365 * DAY;
const KEEPALIVE_FROM: u64 = 31 * DAY;
/// The most that it can ever be.
pub const MAX_EMISSION_RATE: u128 = 10 * WAD;

thread_local! {
    /// When this thread's latest world began.
    static STARTED: Cell<u64> = const { Cell::new(MIDNIGHT) };
}

/// When this test's latest world began: a midnight, unless the node has its own clock.
pub fn start() -> u64 {
    STARTED.get()
}

/// A running node and what was deployed on it.
pub struct World {
    /// The chain behind.
    pub chain: Chain,
    /// Addresses.
    pub contracts: Contracts,
    /// Constructor arguments.
    pub parameters: Parameters,
    _node: Option<RunningNode>,
}

/// What `diem deploy` deploys with, apart from the owner and the treasury.
pub fn parameters() -> Parameters {
    Parameters {
        owner: Who::Owner.address(),
        treasury: Who::Treasury.address(),
        emission_rate: U256::from(EMISSION_RATE),
        max_emission_rate: U256::from(MAX_EMISSION_RATE),
        base_rate: U256::from(90 * WAD),
        target_supply: U256::from(40_000 * WAD),
    }
}

impl World {
    /// The contracts as users get them.
    pub fn of(target: Target) -> Self {
        Self::with(target, parameters())
    }

    /// Other constructor arguments.
    pub fn with(target: Target, parameters: Parameters) -> Self {
        Self::deployed(parameters, |chain, p| target.deploy(chain, p))
    }

    /// Other contracts as well.
    pub fn deployed(
        parameters: Parameters,
        deploy: impl FnOnce(&Chain, &Parameters) -> Contracts,
    ) -> Self {
        Self::on(NodeConfig::default(), parameters, deploy)
    }

    /// Another node as well.
    pub fn on(
        config: NodeConfig,
        parameters: Parameters,
        deploy: impl FnOnce(&Chain, &Parameters) -> Contracts,
    ) -> Self {
        let (chain, node) = chain_on(config);
        let contracts = deploy(&chain, &parameters);
        let world = Self {
            chain,
            contracts,
            parameters,
            _node: node,
        };
        if given::url().is_some() {
            // The same programs may have been activated long ago by another test.
            world.keep_alive();
        }
        world
    }

    /// A history that begins with funded users, a guardian and a gateway.
    pub fn history(&self) -> History<'_> {
        let accrued_at = self.chain.view(
            self.contracts.s_vvv,
            &IStakedVvv::lastRewardTimestampCall {},
        );
        let mut model = Model::new(self.contracts, &self.parameters, accrued_at.to());
        model.now = self.chain.time();
        model.chain_id = self.chain.chain_id();
        for who in Who::USERS.into_iter().chain([Who::Owner]) {
            self.approve_vvv(who, self.contracts.s_vvv);
            let given = (Token::Vvv, who.address(), self.contracts.s_vvv);
            model.allowances.insert(given, U256::MAX);
        }
        let mut history = History::new(self, model);
        for who in Who::USERS {
            history.act(Action::Faucet { who, amount: PURSE });
        }
        history.act(Action::Faucet {
            who: Who::Owner,
            amount: PURSE,
        });
        history.act(Action::SetGuardian {
            who: Who::Owner,
            guardian: Who::Guardian,
        });
        history.act(Action::SetGateway {
            who: Who::Owner,
            gateway: Who::Gateway,
            allowed: true,
        });
        history
    }

    /// Renews the contracts that are Stylus programs for another year.
    pub fn keep_alive(&self) {
        for program in [
            self.contracts.vvv,
            self.contracts.s_vvv,
            self.contracts.diem,
        ] {
            let code = self.chain.code(program);
            if code.starts_with(&stylus::PROGRAM_PREFIX) {
                let codehash = keccak256(&code);
                if given::url().is_some() && self.is_fresh(program) {
                    continue;
                }
                let call = IArbWasm::codehashKeepaliveCall { codehash };
                let value = self.chain.activation_value();
                let receipt = self.chain.transact(
                    Who::Owner,
                    ARB_WASM.into(),
                    call.abi_encode().into(),
                    value,
                );
                assert!(receipt.status(), "keepalive of {program} failed");
            }
        }
    }

    /// Whether a program is too young to be renewed.
    fn is_fresh(&self, program: Address) -> bool {
        let call = IArbWasm::programTimeLeftCall { program };
        self.chain.view(ARB_WASM, &call) > PROGRAM_LIFE - KEEPALIVE_FROM
    }

    /// Lets `spender` take any VVV of `who`.
    pub fn approve_vvv(&self, who: Who, spender: Address) {
        self.chain.send(
            who,
            self.contracts.vvv,
            &IVVV::approveCall {
                spender,
                value: U256::MAX,
            },
        );
    }
}

/// A node in process on a free port, its clock at [`start`]; or the node that is given.
pub fn fresh_chain() -> (Chain, Option<RunningNode>) {
    chain_on(NodeConfig::default())
}

fn chain_on(mut config: NodeConfig) -> (Chain, Option<RunningNode>) {
    config.accounts = config.accounts.max(Who::ALL.len());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the machine gives a runtime");
    let (chain, node) = match given::url() {
        Some(url) => (given_chain(runtime, url, &config), None),
        None => {
            let node = runtime
                .block_on(Node::start(config))
                .expect("a node starts on a free port");
            let chain = Chain::connect(runtime, &node.http_url(), MIDNIGHT);
            (chain, Some(node))
        }
    };
    STARTED.set(chain.time());
    (chain, node)
}

/// The given node, if it can stand for one with that configuration.
fn given_chain(runtime: Runtime, url: &str, config: &NodeConfig) -> Chain {
    let chain = Chain::connect_given(runtime, url);
    let usual = NodeConfig::default();
    if config.chain_id != usual.chain_id && chain.chain_id() != config.chain_id {
        given::skip(&format!("a node with chain id {}", config.chain_id));
    }
    if config.arbos_version != usual.arbos_version {
        given::skip(&format!(
            "a chain of its own, at ArbOS {}",
            config.arbos_version
        ));
    }
    chain
}
