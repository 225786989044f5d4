//! The short commands: read, preview, sign, answer.

mod credit;
mod gateway;
mod inference;
mod keeping;
mod lease;
mod monitor;
mod staking;
mod status;
mod trade;
mod verify;

use crate::args::{Args, Command, DeployArgs, GatewayCommand, KeyCommand};
use crate::chain::Sent;
use crate::deploy::{self, Plan, Target};
use crate::deployment::{self, Arguments, Deployment};
use crate::output::{answer, columns, story};
use crate::report::Report;
use crate::settings::Settings;
use crate::{Amount, Failure, Result, tour};
use serde_json::{Value, json};

/// A connected CLI with contracts to talk to.
struct Desk {
    settings: Settings,
    at: Deployment,
}

pub(crate) async fn run(args: Args) -> Result<()> {
    let Args { common, command } = args;
    // What a gateway is asked with a key of its own needs no node.
    let command = match command {
        Command::Key(KeyCommand::List { at }) => return inference::list(&common, &at).await,
        Command::Key(KeyCommand::Revoke { at, id }) => {
            return inference::revoke(&common, &at, &id).await;
        }
        Command::Usage { at } => return inference::usage(&common, &at).await,
        command => command,
    };
    let settings = Settings::new(&common).await?;
    let command = match command {
        Command::Deploy(args) => return run_deploy(&settings, args).await,
        Command::Verify { wasm_dir, out } => {
            return verify::run(&settings, &wasm_dir, out.as_deref()).await;
        }
        Command::Tour { gateway } => return tour::run(&settings, gateway.as_deref()).await,
        Command::Key(KeyCommand::Create(key)) => {
            return inference::create(&settings, &common, key).await;
        }
        Command::Gateway(GatewayCommand::Run { arguments }) => {
            return inference::run_gateway(&settings, &common, &arguments).await;
        }
        command => command,
    };
    let desk = Desk {
        at: settings.deployment().await?,
        settings,
    };
    match command {
        Command::Quote { amount } => desk.quote(amount).await,
        Command::Mint { amount, slippage } => desk.mint(amount, slippage).await,
        Command::Burn { amount } => desk.burn(amount).await,
        Command::Stake { amount } => desk.stake(amount).await,
        Command::Unstake { amount } => desk.unstake(amount).await,
        Command::Withdraw => desk.each(Desk::withdraw).await,
        Command::Claim { restake } => desk.claim(restake).await,
        Command::Status { account } => desk.status(account).await,
        Command::Credit(command) => desk.credit(command).await,
        Command::Lease(command) => desk.lease(command).await,
        Command::Gateway(command) => desk.gateway(command).await,
        Command::Activate => desk.each(Desk::activate).await,
        Command::Keepalive => desk.each(Desk::keepalive).await,
        Command::Monitor { serve, every } => desk.monitor(serve, every).await,
        Command::CacheBid { bid } => {
            let bid = bid.map(|bid| bid.wei);
            desk.each(async |desk, report| desk.cache_bid(bid, report).await)
                .await
        }
        Command::Deploy(_)
        | Command::Verify { .. }
        | Command::Tour { .. }
        | Command::Key(_)
        | Command::Usage { .. } => Ok(()),
    }
}

async fn run_deploy(settings: &Settings, args: DeployArgs) -> Result<()> {
    let vvv = deploy::choose_vvv(&settings.network, args.vvv)?;
    let deployer = settings.account()?;
    let target = deploy::choose_target(&settings.chain, args.target).await?;
    let owner = args.owner.unwrap_or(deployer);
    let plan = Plan {
        deployer,
        owner,
        treasury: args.treasury.unwrap_or(owner),
        vvv,
        arguments: Arguments {
            base_rate: args.base_rate.wei,
            target_supply: args.target_supply.wei,
            emission_rate: args.emission_rate.wei,
            max_emission_rate: args.max_emission_rate.wei,
        },
        target,
        code_dir: match target {
            Target::Stylus => args.wasm_dir,
            Target::Evm => args.evm_dir,
        },
        deployments: settings.deployments.clone(),
        devnet: settings.network.devnet,
        cache: !args.no_cache,
    };
    if !settings.network.devnet {
        settings.confirm(&format!(
            "deploying DIEM on {} ({})\n  deployer {deployer}, owner {owner}, treasury {}\n  \
             base rate {}, target supply {}, emissions {} per second, never above {}",
            settings.network.name,
            settings.chain.id(),
            plan.treasury,
            args.base_rate,
            args.target_supply,
            args.emission_rate,
            args.max_emission_rate
        ))?;
    }
    let made = deploy::deploy(&settings.chain, &plan).await?;
    let path = deployment::path(&settings.deployments, made.chain_id);
    story(&format!("recorded  {}", path.display()));
    let text = columns(&[
        ("VVV", made.vvv.to_string()),
        ("sVVV", made.s_vvv.to_string()),
        ("DIEM", made.diem.to_string()),
        ("owner", made.owner.to_string()),
        ("treasury", made.treasury.to_string()),
        (
            "emissions",
            format!(
                "{} per second, never above {}",
                args.emission_rate, args.max_emission_rate
            ),
        ),
    ]);
    answer(settings.json, &json!(made), &text);
    Ok(())
}

fn wrong_token(what: &str, amount: Amount, expected: &str, example: &str) -> Failure {
    Failure::broken(
        format!("cannot {what} this"),
        format!("{what} takes {expected}"),
    )
    .with("amount", amount)
    .hint(format!("name {expected}, such as {example}"))
}

/// What was done, as JSON and as a line.
fn receipt(what: &str, sent: &Sent) -> (Value, String) {
    let value = json!({ "done": what, "transaction": sent.hash(), "gasUsed": sent.gas(), "block": sent.block() });
    (
        value,
        format!("{what} ({} gas, {})", sent.gas(), sent.hash()),
    )
}

impl Desk {
    fn done(&self, what: &str, sent: &Sent) {
        let (value, text) = receipt(what, sent);
        answer(self.settings.json, &value, &text);
    }

    /// Runs a command of several parts; what came about before a failure is answered too.
    async fn each(
        &self,
        command: impl AsyncFnOnce(&Self, &mut Report) -> Result<()>,
    ) -> Result<()> {
        let mut report = Report::default();
        let outcome = command(self, &mut report).await;
        report.answer(self.settings.json);
        outcome
    }
}
