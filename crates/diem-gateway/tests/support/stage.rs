//! A node with the contracts, a registered gateway, and holders who have chosen it, at the beginning of a day.

use alloy::{
    primitives::{Address, U256},
    providers::{Provider, ProviderBuilder},
    signers::local::PrivateKeySigner,
};
use devnode::{Node, NodeConfig, RunningNode};
use diem_abi::{IDiem, IStakedVvv, IVVV};
use diem_cli::{
    chain::Chain,
    deploy::{self, Builds, Owner, Plan, Target},
    deployment::{Arguments, Deployment},
};
use diem_gateway::money::DOLLAR;
use serde_json::{Value, json};

use crate::folder::Folder;

const DEV_KEY: &str = "b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";
pub(crate) const DAY: u64 = 86_400;
/// DIEM that the owner keeps for what a test has it do.
const SPARE: u64 = 500;
/// sVVV that suffices for a DIEM at the supplies here.
const PRICE: u64 = 110;

/// Units of 1e-18 of a token.
pub(crate) fn wad(whole: u64) -> U256 {
    U256::from(whole) * U256::from(DOLLAR)
}

/// What stands on it.
pub(crate) struct Stage {
    pub(crate) node: RunningNode,
    pub(crate) at: Deployment,
    /// The chain as the owner, the gateway and the holders see it: any of them may send.
    pub(crate) owner: Chain,
    /// Who owns the contracts.
    pub(crate) dev: Address,
}

impl Stage {
    /// Each holder stakes `stake`, in units of 1e-18 DIEM.
    pub(crate) async fn set(
        config: NodeConfig,
        folder: &Folder,
        gateway: &PrivateKeySigner,
        holders: &[PrivateKeySigner],
        stake: U256,
    ) -> Self {
        let node = Node::start(config).await.unwrap();
        let dev: PrivateKeySigner = DEV_KEY.parse().unwrap();
        let all = [&[dev.clone(), gateway.clone()], holders].concat();
        let owner = Chain::connect(&node.http_url(), &all).await.unwrap();
        let plan = Plan {
            deployer: dev.address(),
            owner: Owner::Account(dev.address()),
            guardian: Address::ZERO,
            treasury: Some(dev.address()),
            vvv: None,
            arguments: Arguments {
                base_rate: wad(90),
                target_supply: wad(40_000),
                emission_rate: U256::ZERO,
                max_emission_rate: wad(1),
            },
            target: Target::Stylus,
            builds: Builds {
                wasm: concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/wasm").into(),
                evm: concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/evm").into(),
            },
            deployments: folder.path().join("deployments"),
            devnet: true,
            cache: false,
        };
        let at = deploy::deploy(&owner, &plan).await.unwrap();
        let stage = Self {
            node,
            at,
            owner,
            dev: dev.address(),
        };
        stage
            .mint(stake * U256::from(holders.len()) + wad(SPARE))
            .await;
        let gateway = gateway.address();
        let register = IDiem::setGatewayCall {
            gateway,
            allowed: true,
        };
        stage.send(stage.dev, stage.at.diem, &register).await;
        fund(&stage.node, gateway).await;
        until_midnight(&stage.node, 0).await;
        rpc(&stage.node, "evm_mine", json!([])).await;
        for holder in holders {
            stage.join(holder.address(), gateway, stake).await;
        }
        stage
    }

    /// The owner comes to hold so much DIEM.
    async fn mint(&self, diem: U256) {
        let (dev, at) = (self.dev, &self.at);
        let svvv = diem * U256::from(PRICE);
        let made = IVVV::mintCall {
            to: dev,
            amount: svvv,
        };
        self.send(dev, at.vvv, &made).await;
        let allowed = IVVV::approveCall {
            spender: at.s_vvv,
            value: svvv,
        };
        self.send(dev, at.vvv, &allowed).await;
        let staked = IStakedVvv::stakeCall {
            recipient: dev,
            amount: svvv,
        };
        self.send(dev, at.s_vvv, &staked).await;
        let minted = IDiem::mintExactCall {
            diemAmount: diem,
            maxSVVV: svvv,
        };
        self.send(dev, at.diem, &minted).await;
    }

    /// A holder is given DIEM, chooses the gateway and stakes.
    async fn join(&self, holder: Address, gateway: Address, stake: U256) {
        let diem = self.at.diem;
        fund(&self.node, holder).await;
        let given = IDiem::transferCall {
            to: holder,
            value: stake,
        };
        self.send(self.dev, diem, &given).await;
        let chosen = IDiem::chooseGatewayCall { gateway };
        self.send(holder, diem, &chosen).await;
        let staked = IDiem::stakeCall { amount: stake };
        self.send(holder, diem, &staked).await;
    }

    async fn send<C: alloy::sol_types::SolCall>(&self, from: Address, to: Address, call: &C) {
        self.owner.send(from, to, call).await.unwrap();
    }
}

/// Asks a node.
pub(crate) async fn rpc(node: &RunningNode, method: &'static str, params: Value) -> Value {
    let provider = ProviderBuilder::new().connect_http(node.http_url().parse().unwrap());
    provider.raw_request(method.into(), params).await.unwrap()
}

/// Ten ETH for an account's gas.
async fn fund(node: &RunningNode, account: Address) {
    rpc(
        node,
        "anvil_setBalance",
        json!([account, "0x8ac7230489e80000"]),
    )
    .await;
}

/// The clock moves to so many seconds before the next 00:00 UTC; no block is made.
pub(crate) async fn until_midnight(node: &RunningNode, seconds: u64) {
    let now = node.node().clock().now();
    rpc(node, "evm_increaseTime", json!([DAY - now % DAY - seconds])).await;
}
