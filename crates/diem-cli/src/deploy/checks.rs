//! All that can be known before the first transaction: an error found later would leave
//! contracts behind that nobody wants.

use super::pieces::Priced;
use super::preview::Preview;
use super::system::Codes;
use super::{Owner, Plan, Target};
use crate::chain::Chain;
use crate::deployment::{Draft, check_writable};
use crate::program::{self, Module};
use crate::{Failure, Result, deployment, show};
use alloy::primitives::{Address, U256};
use diem_abi::IVVV;
use diem_abi::arbitrum::STYLUS_DEPLOYER;
use diem_abi::create2::{CREATE2_FACTORY, CREATE2_PUBLISHER};
use diem_math::Curve;
use std::path::Path;

/// Decimals that all amounts here have.
const DECIMALS: u8 = 18;
/// Width of the emission rate in sVVV's storage, in bits.
const EMISSION_RATE_BITS: usize = 96;
/// Where the transaction stands that puts the CREATE2 factory on a chain.
const PUBLISHING: &str = "docs/deploying.md";

/// Holds a plan against itself and against the chain as it is.
///
/// # Errors
/// The deployment could not come to its end.
pub(super) async fn check(chain: &Chain, plan: &Plan) -> Result<()> {
    roles(plan)?;
    numbers(plan)?;
    check_writable(&plan.deployments, chain.id())?;
    if let Some(vvv) = plan.vvv {
        token(chain, plan, vvv).await?;
    }
    factories(chain, plan).await
}

fn roles(plan: &Plan) -> Result<()> {
    let owner = match &plan.owner {
        Owner::Account(owner) => Some(*owner),
        Owner::Timelock(_) => None,
    };
    for (flag, account) in [("--owner", owner), ("--treasury", plan.treasury)] {
        if account.is_some_and(|account| account.is_zero()) {
            return Err(
                Failure::broken("cannot deploy", "nobody has the zero address")
                    .with("flag", flag)
                    .hint("name an account; the owner can renounce later"),
            );
        }
    }
    if let (Some(vvv), treasury) = (plan.vvv, plan.treasury.or(owner))
        && treasury == Some(vvv)
    {
        return Err(Failure::broken(
            "cannot deploy",
            "the yield fee cannot be paid to VVV itself",
        )
        .with("treasury", vvv)
        .hint("name another account with --treasury"));
    }
    let Owner::Timelock(terms) = &plan.owner else {
        return Ok(());
    };
    // What the deployer signs with lies about on the machine that deploys.
    for (flag, accounts) in [
        ("--proposer", terms.proposers.as_slice()),
        ("--executor", &terms.executors),
        ("--guardian", &[plan.guardian]),
        ("--treasury", plan.treasury.as_slice()),
    ] {
        if accounts.contains(&plan.deployer) {
            return Err(Failure::broken(
                "cannot deploy",
                "the deployer shall have nothing left in the end",
            )
            .with("flag", flag)
            .with("deployer", plan.deployer)
            .hint("name another account, or sign with another key"));
        }
    }
    if terms.proposers.iter().any(|proposer| proposer.is_zero()) {
        return Err(Failure::broken(
            "cannot deploy",
            "whoever may announce owns the contracts, and that would be anybody",
        )
        .with("flag", "--proposer")
        .hint("name an account"));
    }
    Ok(())
}

fn numbers(plan: &Plan) -> Result<()> {
    let arguments = &plan.arguments;
    Curve::new(arguments.base_rate, arguments.target_supply).map_err(|error| {
        Failure::broken("cannot deploy", error.to_string())
            .with("base rate", show(arguments.base_rate))
            .with("target supply", show(arguments.target_supply))
            .hint("the curve takes 0.001 to 1,000,000 sVVV per DIEM and 1 to 1,000,000,000 DIEM")
    })?;
    if arguments.emission_rate > arguments.max_emission_rate {
        return Err(Failure::broken(
            "cannot deploy",
            "the emission rate is above the maximum that it can ever have",
        )
        .with("emission rate", show(arguments.emission_rate))
        .with("maximum", show(arguments.max_emission_rate))
        .hint("lower --emission-rate or raise --max-emission-rate"));
    }
    if arguments.max_emission_rate >> EMISSION_RATE_BITS != U256::ZERO {
        return Err(Failure::broken(
            "cannot deploy",
            "the maximum of the emission rate is more than the contract can hold",
        )
        .with("maximum", show(arguments.max_emission_rate))
        .hint("lower --max-emission-rate"));
    }
    Ok(())
}

/// None of a real chain's records is lost.
pub(super) fn record(chain: &Chain, plan: &Plan) -> Result<()> {
    let path = deployment::path(&plan.deployments, chain.id());
    if plan.devnet || !path.exists() {
        return Ok(());
    }
    let failure = Failure::refused(
        "cannot deploy",
        "there is a record of a deployment on this chain, and it would be lost",
    )
    .with("file", path.display());
    let stopped = Draft::read(&plan.deployments, chain.id());
    Err(if stopped.is_ok_and(|draft| draft.unfinished.is_some()) {
        failure.hint("it stopped half-way: --resume goes on with it")
    } else {
        failure.hint("move the file away, or name another directory with --deployments")
    })
}

/// The record is of this chain.
///
/// # Errors
/// It is of another one: what it says is not so here.
pub(super) async fn same_chain(chain: &Chain, draft: &Draft, directory: &Path) -> Result<()> {
    let wrong = |what, is: String, was: String| {
        let path = deployment::path(directory, chain.id());
        Failure::refused("cannot go on with this deployment", "this is another chain")
            .with("file", path.display())
            .with("node", chain.origin())
            .with("is", is)
            .with("was", was)
            .hint(format!(
                "name a node of the chain that it was begun on with --rpc: the {what} tells"
            ))
    };
    if draft.chain_id != chain.id() {
        let (is, was) = (chain.id().to_string(), draft.chain_id.to_string());
        return Err(wrong("chain id", is, was));
    }
    match (chain.genesis().await?, draft.genesis) {
        (Some(is), Some(was)) if is != was => {
            Err(wrong("first block's hash", is.to_string(), was.to_string()))
        }
        _ => Ok(()),
    }
}

/// What makes the contracts is there.
async fn factories(chain: &Chain, plan: &Plan) -> Result<()> {
    let stylus = plan.target == Target::Stylus;
    if stylus && chain.codehash_if_any(STYLUS_DEPLOYER).await?.is_none() {
        return Err(
            Failure::refused("cannot deploy", "there is no StylusDeployer on this chain")
                .with("address", STYLUS_DEPLOYER)
                .hint("deploy it first, as the Stylus tooling does"),
        );
    }
    let plain = !stylus || matches!(plan.owner, Owner::Timelock(_));
    if plain && chain.codehash_if_any(CREATE2_FACTORY).await?.is_none() {
        return Err(
            Failure::refused("cannot deploy", "there is no CREATE2 factory on this chain")
                .with("address", CREATE2_FACTORY)
                .with("publisher", CREATE2_PUBLISHER)
                .hint(format!(
                    "anybody can put it there: send its publisher ETH and publish the \
                     transaction in {PUBLISHING}"
                )),
        );
    }
    Ok(())
}

/// What is called VVV is a token such as sVVV can hold.
async fn token(chain: &Chain, plan: &Plan, vvv: Address) -> Result<()> {
    let wrong = |cause: String| {
        Failure::refused("cannot deploy", cause)
            .with("VVV", vvv)
            .hint("name the token with --vvv; is this the right chain?")
    };
    if chain.codehash_if_any(vvv).await?.is_none() {
        return Err(wrong(
            "there is no contract at the address of VVV".to_owned(),
        ));
    }
    let no_token = |failure: Failure| wrong(format!("VVV is no ERC-20: {}", failure.cause()));
    let decimals = chain
        .call(vvv, &IVVV::decimalsCall {})
        .await
        .map_err(no_token)?;
    if decimals != DECIMALS {
        return Err(wrong(format!(
            "VVV has {decimals} decimals, not {DECIMALS}"
        )));
    }
    let account = plan.deployer;
    let balance = IVVV::balanceOfCall { account };
    chain.call(vvv, &balance).await.map_err(no_token)?;
    let allowance = IVVV::allowanceCall {
        owner: account,
        spender: account,
    };
    chain.call(vvv, &allowance).await.map_err(no_token)?;
    Ok(())
}

/// The code of all that is made, and what the chain asks for its activation.
pub(super) async fn codes(chain: &Chain, plan: &Plan) -> Result<Codes> {
    let read = |name| match plan.target {
        Target::Stylus => program::read(&plan.builds.wasm, name),
        Target::Evm => program::creation_code(&plan.builds.evm, name),
    };
    let vvv = match plan.vvv {
        None => Some(price(chain, plan, read("vvv")?).await?),
        Some(_) => None,
    };
    Ok(Codes {
        vvv,
        s_vvv: price(chain, plan, read("staked_vvv")?).await?,
        diem: price(chain, plan, read("diem")?).await?,
        timelock: match plan.owner {
            Owner::Timelock(_) => Some(program::creation_code(&plan.builds.evm, "timelock")?),
            Owner::Account(_) => None,
        },
    })
}

async fn price(chain: &Chain, plan: &Plan, module: Module) -> Result<Priced> {
    let fee = match plan.target {
        Target::Evm => None,
        Target::Stylus => chain
            .activation_fee(plan.deployer, &module.code)
            .await
            .map_err(|failure| failure.with("module", module.name))?,
    };
    Ok(Priced {
        module,
        fee: fee.unwrap_or(U256::ZERO),
    })
}

/// The deployer's ETH lasts to the end.
pub(super) async fn funds(chain: &Chain, plan: &Plan, preview: &Preview) -> Result<()> {
    let (needed, balance) = (preview.needed(), chain.balance(plan.deployer).await?);
    if balance < needed {
        return Err(Failure::refused(
            "cannot deploy",
            "the deployer's ETH would not last to the end",
        )
        .with("deployer", plan.deployer)
        .with("has ETH", show(balance))
        .with("needs about ETH", show(needed))
        .hint("send it ETH, or sign with another key"));
    }
    Ok(())
}
