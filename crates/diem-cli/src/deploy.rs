//! Puts the contracts on a chain: deploy, activate and construct in one transaction each,
//! wire, cache, read back, record.
//!
//! Constructors run inside the transaction that creates the contract, through the
//! StylusDeployer, so there is no moment in which a stranger could initialise one.

use crate::chain::{Chain, Sent};
use crate::deployment::{Arguments, Contracts, Deployment, Record};
use crate::networks::Network;
use crate::{Failure, Result, output, program, show, upkeep};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::SolValue;
use diem_abi::arbitrum::{IStylusDeployer, STYLUS_CONSTRUCTOR, STYLUS_DEPLOYER};
use diem_abi::{IDiem, IStakedVvv, json};
use std::path::PathBuf;

/// Reserve on top of the estimated activation fee, in percent; the change comes back.
const FEE_MARGIN_PERCENT: u64 = 20;

/// What is to be deployed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Signs everything; owns the contracts until `owner` accepts them.
    pub deployer: Address,
    /// Shall own the contracts.
    pub owner: Address,
    /// Receives the yield fee.
    pub treasury: Address,
    /// The VVV to stake; `None` deploys the stand-in.
    pub vvv: Option<Address>,
    /// Curve and emissions.
    pub arguments: Arguments,
    /// Directory of `vvv.wasm.br`, `staked_vvv.wasm.br` and `diem.wasm.br`.
    pub wasm_dir: PathBuf,
    /// Whether to put the programs in the chain's cache.
    pub cache: bool,
}

/// The VVV to use on a network: what was asked for, what the network has, or, on a
/// devnet only, none, which means the stand-in.
///
/// # Errors
/// A chain that is no devnet needs to be told.
pub fn choose_vvv(network: &Network, asked: Option<Address>) -> Result<Option<Address>> {
    match asked.or(network.vvv) {
        None if !network.devnet => Err(Failure::broken(
            "cannot deploy",
            "this network has no VVV to stake",
        )
        .with("network", &network.name)
        .with("chain id", network.chain_id)
        .hint("name the token with --vvv")),
        vvv => Ok(vvv),
    }
}

/// Carries out a plan.
///
/// # Errors
/// A module is missing, or the chain refuses a step; what was deployed until then stays.
pub async fn deploy(chain: &Chain, plan: &Plan) -> Result<Deployment> {
    let Plan {
        deployer,
        arguments,
        ..
    } = plan;
    let (vvv, vvv_sent) = match plan.vvv {
        Some(vvv) => (vvv, None),
        None => {
            let (address, sent) = construct(chain, plan, "vvv", None).await?;
            (address, Some(sent))
        }
    };
    let given = (vvv, *deployer, arguments.emission_rate).abi_encode_params();
    let (s_vvv, s_vvv_sent) = construct(chain, plan, "staked_vvv", Some(given)).await?;
    let given = (
        s_vvv,
        *deployer,
        plan.treasury,
        arguments.base_rate,
        arguments.target_supply,
    )
        .abi_encode_params();
    let (diem, diem_sent) = construct(chain, plan, "diem", Some(given)).await?;

    let sent = chain
        .send(*deployer, s_vvv, &IStakedVvv::setDiemCall { diem })
        .await?;
    output::story(&format!(
        "wired     sVVV to DIEM for good, {} gas",
        sent.gas()
    ));
    if plan.owner != *deployer {
        let offer = IStakedVvv::transferOwnershipCall {
            newOwner: plan.owner,
        };
        chain.send(*deployer, s_vvv, &offer).await?;
        chain
            .send(
                *deployer,
                diem,
                &IDiem::transferOwnershipCall {
                    newOwner: plan.owner,
                },
            )
            .await?;
        output::story(&format!(
            "offered   ownership to {}, which has to accept it on both",
            plan.owner
        ));
    }
    if plan.cache {
        for program in [vvv, s_vvv, diem]
            .into_iter()
            .skip(usize::from(vvv_sent.is_none()))
        {
            upkeep::cache(chain, *deployer, program, None).await?;
        }
    }
    verify(chain, plan, vvv, s_vvv, diem).await?;

    Ok(Deployment {
        chain_id: chain.id(),
        rpc_url: chain.url().to_owned(),
        vvv,
        s_vvv,
        diem,
        owner: plan.owner,
        treasury: plan.treasury,
        arguments: arguments.clone(),
        contracts: Contracts {
            vvv: record(chain, vvv, vvv_sent.as_ref(), json::VVV).await?,
            s_vvv: record(chain, s_vvv, Some(&s_vvv_sent), json::STAKED_VVV).await?,
            diem: record(chain, diem, Some(&diem_sent), json::DIEM).await?,
        },
    })
}

/// Creates, activates and constructs one program in one transaction. `arguments` are those
/// of its constructor; `None` when it has none.
async fn construct(
    chain: &Chain,
    plan: &Plan,
    name: &str,
    arguments: Option<Vec<u8>>,
) -> Result<(Address, Sent)> {
    let code = program::code(&plan.wasm_dir, name)?;
    let fee = chain
        .activation_fee(plan.deployer, &code)
        .await?
        .unwrap_or(U256::ZERO);
    let value = fee * U256::from(100 + FEE_MARGIN_PERCENT) / U256::from(100);
    let init_data = arguments.map_or_else(Bytes::new, |arguments| {
        [STYLUS_CONSTRUCTOR.as_slice(), &arguments].concat().into()
    });
    let call = IStylusDeployer::deployCall {
        bytecode: program::init_code(&code),
        initData: init_data,
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    let sent = chain
        .pay(plan.deployer, STYLUS_DEPLOYER, &call, value)
        .await?;
    let event: IStylusDeployer::ContractDeployed = sent.event(STYLUS_DEPLOYER)?;
    let address = event.deployedContract;
    output::story(&format!(
        "deployed  {name} at {address}: {} compressed bytes, {} gas, activation fee {} ETH",
        code.len(),
        sent.gas(),
        show(fee)
    ));
    Ok((address, sent))
}

/// Reads back what the contracts know about each other.
async fn verify(
    chain: &Chain,
    plan: &Plan,
    vvv: Address,
    s_vvv: Address,
    diem: Address,
) -> Result<()> {
    let found = [
        (
            "sVVV's VVV",
            chain.call(s_vvv, &IStakedVvv::veniceCall {}).await?,
            vvv,
        ),
        (
            "sVVV's DIEM",
            chain.call(s_vvv, &IStakedVvv::diemCall {}).await?,
            diem,
        ),
        (
            "sVVV's owner",
            chain.call(s_vvv, &IStakedVvv::ownerCall {}).await?,
            plan.deployer,
        ),
        (
            "DIEM's sVVV",
            chain.call(diem, &IDiem::sVvvCall {}).await?,
            s_vvv,
        ),
        (
            "DIEM's owner",
            chain.call(diem, &IDiem::ownerCall {}).await?,
            plan.deployer,
        ),
        (
            "DIEM's treasury",
            chain.call(diem, &IDiem::treasuryCall {}).await?,
            plan.treasury,
        ),
    ];
    for (name, is, expected) in found {
        if is != expected {
            return Err(
                Failure::refused("the deployment is not what was asked for", name)
                    .with("is", is)
                    .with("expected", expected),
            );
        }
    }
    let rate = chain.call(diem, &IDiem::mintRateCall {}).await?;
    if rate != plan.arguments.base_rate {
        return Err(
            Failure::refused("the deployment is not what was asked for", "the mint rate")
                .with("is", show(rate))
                .with("expected", show(plan.arguments.base_rate)),
        );
    }
    Ok(())
}

async fn record(
    chain: &Chain,
    address: Address,
    sent: Option<&Sent>,
    abi: &[u8],
) -> Result<Record> {
    let codehash = chain.codehash(address).await?;
    Ok(Record {
        block: sent.and_then(Sent::block),
        transaction: sent.map(Sent::hash),
        gas_used: sent.map(Sent::gas),
        codehash,
        abi_hash: keccak256(abi),
        cached: upkeep::is_cached(chain, codehash).await?,
    })
}
