//! Puts the contracts on a chain: the plan, the question, the steps.

use crate::args::DeployArgs;
use crate::deploy::{self, Builds, Owner, Plan, Prepared};
use crate::deployment::{self, Arguments, Deployment, Timelock};
use crate::output::{answer, columns, story};
use crate::sending::Mode;
use crate::settings::Settings;
use crate::{Failure, Result, address, show};
use alloy::primitives::Address;
use serde_json::json;

pub(super) async fn run(settings: &Settings, args: DeployArgs) -> Result<()> {
    let dry = settings.mode == Mode::DryRun;
    if !dry {
        settings.only_sends("deploy")?;
    }
    let deployer = settings.account()?;
    let Some(prepared) = prepare(settings, deployer, args).await? else {
        let made = Deployment::read(&settings.deployments, settings.chain.id())?;
        story("nothing is left to do: the deployment is finished");
        answer(settings.json, &json!(made), &told(&made));
        return Ok(());
    };
    let preview = prepared.preview();
    if dry {
        story("a dry run: nothing is signed");
        answer(settings.json, &preview.json(), &preview.text());
        return Ok(());
    }
    if settings.network.devnet {
        story(&preview.text());
    } else {
        settings.confirm(&preview.text())?;
    }
    let made = prepared.carry_out(&settings.chain).await?;
    let path = deployment::path(&settings.deployments, made.chain_id);
    story(&format!("recorded  {}", path.display()));
    for contract in [made.vvv, made.s_vvv, made.diem] {
        if let Some(link) = settings.network.address_link(contract) {
            story(&format!("see       {link}"));
        }
    }
    answer(settings.json, &json!(made), &told(&made));
    Ok(())
}

/// None where there is nothing left to do.
async fn prepare(
    settings: &Settings,
    deployer: Address,
    args: DeployArgs,
) -> Result<Option<Prepared>> {
    let (chain, network) = (&settings.chain, &settings.network);
    let builds = Builds {
        wasm: args.wasm_dir.clone(),
        evm: args.evm_dir.clone(),
    };
    if args.resume {
        let deployments = &settings.deployments;
        return deploy::resume(chain, deployer, builds, deployments, network.devnet).await;
    }
    let vvv = deploy::choose_vvv(network, args.vvv)?;
    let owner = owner(settings, deployer, &args)?;
    let plan = Plan {
        deployer,
        owner,
        guardian: args.guardian.unwrap_or_default(),
        treasury: args.treasury,
        vvv,
        arguments: Arguments {
            base_rate: args.base_rate.wei,
            target_supply: args.target_supply.wei,
            emission_rate: args.emission_rate.wei,
            max_emission_rate: args.max_emission_rate.wei,
        },
        target: deploy::choose_target(chain, args.target).await?,
        builds,
        deployments: settings.deployments.clone(),
        devnet: network.devnet,
        cache: !args.no_cache,
    };
    Ok(Some(deploy::prepare(chain, &plan).await?))
}

/// Who shall own the contracts. On a real chain that is said, never assumed.
fn owner(settings: &Settings, deployer: Address, args: &DeployArgs) -> Result<Owner> {
    if let Some(owner) = args.owner {
        return Ok(Owner::Account(owner));
    }
    if !args.proposer.is_empty() {
        let executors = if args.executor.is_empty() {
            &args.proposer
        } else {
            &args.executor
        };
        return Ok(Owner::Timelock(Timelock {
            delay: args.timelock_delay,
            proposers: args.proposer.clone(),
            executors: executors.clone(),
        }));
    }
    if settings.network.devnet {
        return Ok(Owner::Account(deployer));
    }
    Err(Failure::broken(
        "cannot deploy",
        "nobody is named who shall own the contracts",
    )
    .with("network", &settings.network.name)
    .hint(
        "name who may announce acts on a timelock with --proposer, or another owner with --owner",
    ))
}

fn told(made: &Deployment) -> String {
    let mut rows = vec![
        ("VVV", made.vvv.to_string()),
        ("sVVV", made.s_vvv.to_string()),
        ("DIEM", made.diem.to_string()),
        ("owner", made.owner.to_string()),
        ("guardian", address::name(made.guardian.unwrap_or_default())),
        ("treasury", made.treasury.to_string()),
        (
            "emissions",
            format!(
                "{} VVV per second, never above {} VVV",
                show(made.arguments.emission_rate),
                show(made.arguments.max_emission_rate)
            ),
        ),
    ];
    if made.timelock.is_some() {
        let deployer = made.deployer.unwrap_or_default();
        rows.push(("deployer", format!("{deployer}, who has nothing left")));
    }
    columns(&rows)
}
