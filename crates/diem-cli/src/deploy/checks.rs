//! All that can be known before the first transaction: an error found later would leave
//! contracts behind that nobody wants.

use super::{Plan, Target};
use crate::chain::Chain;
use crate::deployment::check_writable;
use crate::program::{self, Module};
use crate::{Failure, Result, deployment, show};
use alloy::primitives::{Address, B256, Bytes, U256};
use diem_abi::IVVV;
use diem_abi::arbitrum::{IStylusDeployer, STYLUS_DEPLOYER};
use diem_math::Curve;

/// Decimals that all amounts here have.
const DECIMALS: u8 = 18;
/// Width of the emission rate in sVVV's storage, in bits.
const EMISSION_RATE_BITS: usize = 96;
/// Reserve on top of estimated costs, in percent; what is not used is not spent.
pub(super) const COST_MARGIN_PERCENT: u64 = 20;
/// Gas for all that is not a deployment: constructors, wiring, the offer of the ownership and
/// bids for the cache.
const FURTHER_GAS: u64 = 3_000_000;
/// Gas of a transaction that creates EVM code, without the constructor: its own, and for each
/// byte of creation code at the most what a byte of calldata and a byte of code cost.
const CREATION_GAS: u64 = 53_000;
const CREATION_GAS_PER_BYTE: u64 = 16 + 200;

/// The modules and what each costs to activate.
pub(super) struct Checked {
    pub(super) vvv: Option<Priced>,
    pub(super) s_vvv: Priced,
    pub(super) diem: Priced,
}

/// A module, and what its activation costs in wei; EVM code needs none.
pub(super) struct Priced {
    pub(super) module: Module,
    pub(super) fee: U256,
}

/// Holds a plan against the chain as it is.
///
/// # Errors
/// The deployment could not come to its end.
pub(super) async fn check(chain: &Chain, plan: &Plan) -> Result<Checked> {
    roles(plan)?;
    numbers(plan)?;
    record(chain, plan)?;
    let read = |name| match plan.target {
        Target::Stylus => program::read(&plan.code_dir, name),
        Target::Evm => program::creation_code(&plan.code_dir, name),
    };
    let vvv = match plan.vvv {
        None => Some(read("vvv")?),
        Some(_) => None,
    };
    let (s_vvv, diem) = (read("staked_vvv")?, read("diem")?);
    if let Some(vvv) = plan.vvv {
        token(chain, plan, vvv).await?;
    }
    let by_deployer = plan.target == Target::Stylus;
    if by_deployer && chain.codehash_if_any(STYLUS_DEPLOYER).await?.is_none() {
        return Err(
            Failure::refused("cannot deploy", "there is no StylusDeployer on this chain")
                .with("address", STYLUS_DEPLOYER)
                .hint("deploy it first, as the Stylus tooling does"),
        );
    }
    let mut cost = U256::ZERO;
    let checked = Checked {
        vvv: match vvv {
            Some(module) => Some(price(chain, plan, module, &mut cost).await?),
            None => None,
        },
        s_vvv: price(chain, plan, s_vvv, &mut cost).await?,
        diem: price(chain, plan, diem, &mut cost).await?,
    };
    funds(chain, plan, cost).await?;
    Ok(checked)
}

fn roles(plan: &Plan) -> Result<()> {
    for (flag, account) in [("--owner", plan.owner), ("--treasury", plan.treasury)] {
        if account.is_zero() {
            return Err(
                Failure::broken("cannot deploy", "nobody has the zero address")
                    .with("flag", flag)
                    .hint("name an account; the owner can renounce later"),
            );
        }
    }
    if plan.vvv == Some(plan.treasury) {
        return Err(Failure::broken(
            "cannot deploy",
            "the yield fee cannot be paid to VVV itself",
        )
        .with("treasury", plan.treasury)
        .hint("name another account with --treasury"));
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

/// The record can be written, and none of a real chain is lost to it.
fn record(chain: &Chain, plan: &Plan) -> Result<()> {
    let path = deployment::path(&plan.deployments, chain.id());
    if !plan.devnet && path.exists() {
        return Err(Failure::refused(
            "cannot deploy",
            "there is a record of a deployment on this chain, and it would be lost",
        )
        .with("file", path.display())
        .hint("move the file away, or name another directory with --deployments"));
    }
    check_writable(&plan.deployments, chain.id())
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
        spender: plan.owner,
    };
    chain.call(vvv, &allowance).await.map_err(no_token)?;
    Ok(())
}

/// What a module costs, added to `cost` in wei.
async fn price(chain: &Chain, plan: &Plan, module: Module, cost: &mut U256) -> Result<Priced> {
    if plan.target == Target::Evm {
        let gas = CREATION_GAS + CREATION_GAS_PER_BYTE * module.code.len() as u64;
        *cost += U256::from(gas) * U256::from(chain.gas_price().await?);
        let fee = U256::ZERO;
        return Ok(Priced { module, fee });
    }
    let fee = chain
        .activation_fee(plan.deployer, &module.code)
        .await
        .map_err(|failure| failure.with("module", module.name))?
        .unwrap_or(U256::ZERO);
    let balance = chain.balance(plan.deployer).await?;
    let value = with_margin(fee);
    // Without the money an estimate says less than that it is missing.
    if balance > value {
        let call = IStylusDeployer::deployCall {
            bytecode: program::init_code(&module.code),
            initData: Bytes::new(),
            initValue: U256::ZERO,
            salt: B256::ZERO,
        };
        let gas = chain
            .estimate(plan.deployer, STYLUS_DEPLOYER, &call, value)
            .await
            .map_err(|failure| failure.with("module", module.name))?;
        *cost += U256::from(gas) * U256::from(chain.gas_price().await?);
    }
    *cost += value;
    Ok(Priced { module, fee })
}

async fn funds(chain: &Chain, plan: &Plan, cost: U256) -> Result<()> {
    let further = U256::from(FURTHER_GAS) * U256::from(chain.gas_price().await?);
    let (needed, balance) = (
        with_margin(cost + further),
        chain.balance(plan.deployer).await?,
    );
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

/// An amount of wei and the reserve on top.
pub(super) fn with_margin(wei: U256) -> U256 {
    wei * U256::from(100 + COST_MARGIN_PERCENT) / U256::from(100)
}
