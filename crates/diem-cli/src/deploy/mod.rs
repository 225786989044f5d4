//! Puts the contracts on a chain, as Stylus programs or as EVM code: check all that can be
//! checked, then create and construct each in one transaction, wire, read back, offer the
//! ownership, cache. The record is written after each step, so that no contract is ever live
//! and unrecorded.

mod checks;
mod construct;
mod target;
mod verify;

pub use target::{Target, choose as choose_target};

use crate::chain::{Chain, Sent};
use crate::deployment::{Arguments, Contracts, Deployment, Draft, DraftContracts, Record, WIRE};
use crate::networks::Network;
use crate::{Failure, Result, output, upkeep};
use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::SolValue;
use checks::Checked;
use construct::construct;
use diem_abi::{IDiem, IStakedVvv, json};
use std::path::PathBuf;
use verify::Addresses;

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
    /// How the contracts shall run.
    pub target: Target,
    /// Directory of what the target's build left: of each contract a `.wasm.br` or a `.bin`,
    /// and the build's record.
    pub code_dir: PathBuf,
    /// Directory of the deployment files.
    pub deployments: PathBuf,
    /// Whether the chain is a toy, whose earlier record may be overwritten.
    pub devnet: bool,
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
/// Something is amiss, which is found before the first transaction where it can be; or the
/// chain refuses a step: then the record tells what is there.
pub async fn deploy(chain: &Chain, plan: &Plan) -> Result<Deployment> {
    let checked = checks::check(chain, plan).await?;
    let mut draft = Draft {
        chain_id: chain.id(),
        rpc_url: chain.origin().to_owned(),
        target: plan.target,
        vvv: plan.vvv,
        s_vvv: None,
        diem: None,
        owner: plan.owner,
        treasury: plan.treasury,
        arguments: plan.arguments.clone(),
        contracts: DraftContracts::default(),
        unfinished: None,
    };
    let (at, contracts) = construct_all(chain, plan, checked, &mut draft).await?;
    let mut made = Deployment {
        chain_id: draft.chain_id,
        rpc_url: draft.rpc_url,
        target: plan.target,
        vvv: at.vvv,
        s_vvv: at.s_vvv,
        diem: at.diem,
        owner: plan.owner,
        treasury: plan.treasury,
        arguments: draft.arguments,
        contracts,
        unfinished: None,
    };
    let step = |made: &mut Deployment, next: Option<&str>| {
        made.unfinished = next.map(str::to_owned);
        made.write(&plan.deployments)
    };

    step(&mut made, Some("read back what was deployed"))?;
    verify::contracts(chain, plan, at).await?;
    if plan.owner != plan.deployer {
        step(&mut made, Some("offer the ownership of both contracts"))?;
        offer(chain, plan, at).await?;
    }
    if plan.cache && plan.target == Target::Stylus {
        step(&mut made, Some("put the programs in the cache"))?;
        for (program, record) in [
            (at.vvv, &mut made.contracts.vvv),
            (at.s_vvv, &mut made.contracts.s_vvv),
            (at.diem, &mut made.contracts.diem),
        ] {
            // A VVV that was there before is not ours to keep.
            if record.transaction.is_some() {
                record.cached = cache(chain, plan.deployer, program).await;
            }
        }
    }
    step(&mut made, None)?;
    Ok(made)
}

/// Constructs and wires the contracts, with the record written after each.
async fn construct_all(
    chain: &Chain,
    plan: &Plan,
    checked: Checked,
    draft: &mut Draft,
) -> Result<(Addresses, Contracts)> {
    let Plan {
        deployer,
        arguments,
        ..
    } = plan;
    let next = |draft: &mut Draft, step: &str| {
        draft.unfinished = Some(step.to_owned());
        draft.write(&plan.deployments)
    };
    let (vvv, vvv_record) = match (plan.vvv, checked.vvv) {
        (None, Some(module)) => {
            next(draft, "deploy VVV")?;
            construct(chain, plan, &module, None, json::VVV, |address| {
                draft.vvv = Some(address);
                next(draft, "deploy sVVV").map(drop)
            })
            .await?
        }
        (vvv, _) => {
            let vvv = vvv.unwrap_or_default();
            (vvv, found(chain, plan, vvv).await?)
        }
    };
    draft.contracts.vvv = Some(vvv_record.clone());
    next(draft, "deploy sVVV")?;
    let given = (
        vvv,
        *deployer,
        arguments.emission_rate,
        arguments.max_emission_rate,
    )
        .abi_encode_params();
    let abi = json::STAKED_VVV;
    let (s_vvv, s_vvv_record) =
        construct(chain, plan, &checked.s_vvv, Some(given), abi, |address| {
            draft.s_vvv = Some(address);
            next(draft, "deploy DIEM").map(drop)
        })
        .await?;
    draft.contracts.s_vvv = Some(s_vvv_record.clone());
    next(draft, "deploy DIEM")?;
    let given = (
        s_vvv,
        *deployer,
        plan.treasury,
        arguments.base_rate,
        arguments.target_supply,
    )
        .abi_encode_params();
    let (diem, diem_record) = construct(
        chain,
        plan,
        &checked.diem,
        Some(given),
        json::DIEM,
        |address| {
            draft.diem = Some(address);
            next(draft, WIRE).map(drop)
        },
    )
    .await?;
    draft.contracts.diem = Some(diem_record.clone());
    next(draft, WIRE)?;
    let sent = chain
        .send(*deployer, s_vvv, &IStakedVvv::setDiemCall { diem })
        .await?;
    output::story(&format!(
        "wired     sVVV to DIEM for good, {} gas",
        sent.gas()
    ));
    let contracts = Contracts {
        vvv: vvv_record,
        s_vvv: s_vvv_record,
        diem: diem_record,
    };
    Ok((Addresses { vvv, s_vvv, diem }, contracts))
}

async fn offer(chain: &Chain, plan: &Plan, at: Addresses) -> Result<()> {
    let call = IStakedVvv::transferOwnershipCall {
        newOwner: plan.owner,
    };
    chain.send(plan.deployer, at.s_vvv, &call).await?;
    let call = IDiem::transferOwnershipCall {
        newOwner: plan.owner,
    };
    chain.send(plan.deployer, at.diem, &call).await?;
    output::story(&format!(
        "offered   ownership to {}, which has to accept it on both",
        plan.owner
    ));
    verify::offers(chain, plan, at).await
}

/// Puts a program in the cache if that can be had. It runs without, only dearer: no reason
/// to call a deployment failed.
async fn cache(chain: &Chain, from: Address, program: Address) -> bool {
    match upkeep::cache(chain, from, program, None).await {
        Ok(cached) => cached,
        Err(failure) => {
            output::story(&format!(
                "not cached {program}: {}; `diem cache-bid` tries again",
                failure.cause()
            ));
            false
        }
    }
}

async fn found(chain: &Chain, plan: &Plan, vvv: Address) -> Result<Record> {
    record(chain, plan, chain.codehash(vvv).await?, None, json::VVV).await
}

async fn record(
    chain: &Chain,
    plan: &Plan,
    codehash: B256,
    sent: Option<&Sent>,
    abi: &[u8],
) -> Result<Record> {
    let cached = match plan.target {
        // Where the cache does not answer nothing is in it, as far as anybody can tell.
        Target::Stylus => upkeep::is_cached(chain, codehash).await.unwrap_or(false),
        Target::Evm => false,
    };
    Ok(Record {
        block: sent.and_then(Sent::block),
        transaction: sent.map(Sent::hash),
        gas_used: sent.map(Sent::gas),
        codehash,
        abi_hash: keccak256(abi),
        cached,
    })
}
