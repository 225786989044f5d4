//! A fresh chain with the three contracts, wired, roles given, and everybody's VVV approved for staking.

use crate::abi::{IStakedVvv, IVVV};
use crate::action::Action;
use crate::actors::Who;
use crate::chain::Chain;
use crate::deploy::{Target, stylus};
use crate::history::History;
use crate::model::{Contracts, DAY, Model, Parameters, WAD};
use alloy::sol_types::SolCall;
use alloy_primitives::{Address, U256, keccak256};
use devnode::{Node, NodeConfig, RunningNode};
use diem_abi::arbitrum::{ARB_WASM, IArbWasm};

/// Every world begins here: a midnight, so that days are easy to count.
pub const START: u64 = 23_150 * DAY;
/// VVV that every user begins with.
pub const PURSE: u128 = 10_000_000 * WAD;
/// VVV per second in a default world: about a quarter VVV.
pub const EMISSION_RATE: u128 = WAD / 4;
/// The most that it can ever be.
pub const MAX_EMISSION_RATE: u128 = 10 * WAD;

/// A running node and what was deployed on it.
pub struct World {
    /// The chain behind.
    pub chain: Chain,
    /// Addresses.
    pub contracts: Contracts,
    /// Constructor arguments.
    pub parameters: Parameters,
    _node: RunningNode,
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
        Self {
            chain,
            contracts,
            parameters,
            _node: node,
        }
    }

    /// A history that begins with funded users, a guardian and a gateway.
    pub fn history(&self) -> History<'_> {
        let accrued_at = self.chain.view(
            self.contracts.s_vvv,
            &IStakedVvv::lastRewardTimestampCall {},
        );
        let mut model = Model::new(self.contracts, &self.parameters, accrued_at.to());
        model.now = self.chain.time();
        let mut history = History::new(self, model);
        for who in Who::USERS {
            self.approve_vvv(who, self.contracts.s_vvv);
            history.act(Action::Faucet { who, amount: PURSE });
        }
        self.approve_vvv(Who::Owner, self.contracts.s_vvv);
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
                let call = IArbWasm::codehashKeepaliveCall {
                    codehash: keccak256(&code),
                };
                let value = U256::from(stylus::ACTIVATION_VALUE);
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

/// A node in process on a free port, its clock at [`START`].
pub fn fresh_chain() -> (Chain, RunningNode) {
    chain_on(NodeConfig::default())
}

fn chain_on(mut config: NodeConfig) -> (Chain, RunningNode) {
    config.accounts = config.accounts.max(Who::ALL.len());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the machine gives a runtime");
    let node = runtime
        .block_on(Node::start(config))
        .expect("a node starts on a free port");
    let chain = Chain::connect(runtime, &node.http_url(), START);
    (chain, node)
}
