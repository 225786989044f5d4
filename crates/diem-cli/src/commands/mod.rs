//! The short commands: read, preview, sign, answer.

mod credit;
mod curve;
mod deploy;
mod gateway;
mod history;
mod inference;
mod keeping;
mod lease;
mod monitor;
mod moving;
mod networks;
mod owner;
mod replace;
mod staking;
mod status;
mod timelock;
mod trade;
mod verify;
mod wallet;

use crate::args::{
    Args, Command, Common, CreditCommand, GatewayCommand, KeyCommand, LeaseCommand, TimelockArgs,
    TimelockCommand,
};
use crate::chain::{Call, Sent};
use crate::deployment::Deployment;
use crate::output::answer;
use crate::report::Report;
use crate::settings::{Need, Settings};
use crate::verify::Builds;
use crate::{Amount, Failure, Result, manual, output, tour};
use alloy::primitives::Address;
use serde_json::{Value, json};
use std::path::Path;

/// A connected CLI with contracts to talk to.
struct Desk {
    settings: Settings,
    at: Deployment,
}

pub(crate) async fn run(args: Args) -> Result<()> {
    let Args { common, command } = args;
    // Key files, the manual and what a gateway is asked with a key of its own need no node.
    let command = match command {
        Command::Networks { template } => return networks::run(&common, template),
        Command::Wallet(command) => return wallet::run(&common, command).await,
        Command::Completions { shell } => {
            output::raw(&manual::completions(shell));
            return Ok(());
        }
        Command::Man { dir } => return man(&common, dir.as_deref()),
        Command::Reference => {
            output::raw(manual::reference().as_bytes());
            return Ok(());
        }
        Command::Key(KeyCommand::List { at }) => return inference::list(&common, &at).await,
        Command::Key(KeyCommand::Revoke { at, id }) => {
            return inference::revoke(&common, &at, &id).await;
        }
        Command::Usage { at } => return inference::usage(&common, &at).await,
        command => command,
    };
    let settings = Settings::new(&common, need(&command)).await?;
    let command = match command {
        Command::Deploy(args) => return deploy::run(&settings, args).await,
        Command::Verify {
            wasm_dir,
            evm_dir,
            out,
        } => {
            let builds = Builds {
                wasm: &wasm_dir,
                evm: &evm_dir,
            };
            return verify::run(&settings, builds, out.as_deref()).await;
        }
        Command::Replace { hash, cancel } => return replace::run(&settings, hash, cancel).await,
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
        Command::Position { account } => desk.position(account).await,
        Command::Transfer { amount, to } => desk.transfer(amount, to).await,
        Command::Approve { amount, spender } => desk.approve(amount, spender).await,
        Command::History {
            account,
            from_block,
            to_block,
            csv,
        } => desk.history(account, from_block, to_block, csv).await,
        Command::Watch { account, count } => desk.watch(account, count).await,
        Command::Curve { svg } => desk.curve(svg.as_deref()).await,
        Command::Credit(command) => desk.credit(command).await,
        Command::Lease(command) => desk.lease(command).await,
        Command::Gateway(command) => desk.gateway(command).await,
        Command::FundRewards { amount } => desk.fund_rewards(amount).await,
        Command::PauseMint => desk.pause_mint().await,
        Command::Owner(act) => {
            desk.each(async |desk, report| desk.own(&act, report).await)
                .await
        }
        Command::Timelock(args) => desk.timelock(args).await,
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
        | Command::Wallet(_)
        | Command::Networks { .. }
        | Command::Completions { .. }
        | Command::Man { .. }
        | Command::Reference
        | Command::Replace { .. }
        | Command::Key(_)
        | Command::Usage { .. } => Ok(()),
    }
}

/// What a command needs to know of who signs.
fn need(command: &Command) -> Need {
    match command {
        Command::Quote { .. }
        | Command::Verify { .. }
        | Command::Monitor { .. }
        | Command::Timelock(TimelockArgs {
            command: TimelockCommand::List,
            ..
        })
        | Command::Curve { .. }
        | Command::Watch { .. }
        | Command::Status { account: Some(_) }
        | Command::Position { account: Some(_) }
        | Command::History {
            account: Some(_), ..
        }
        | Command::Credit(CreditCommand::Show { account: Some(_) })
        | Command::Lease(LeaseCommand::Show { .. } | LeaseCommand::List { account: Some(_) })
        | Command::Gateway(GatewayCommand::List | GatewayCommand::Show { .. }) => Need::Nothing,
        Command::Tour { .. } | Command::Key(_) | Command::Gateway(GatewayCommand::Run { .. }) => {
            Need::Key
        }
        _ => Need::Account,
    }
}

fn man(common: &Common, directory: Option<&Path>) -> Result<()> {
    let Some(directory) = directory else {
        output::raw(&manual::page()?);
        return Ok(());
    };
    manual::pages(directory)?;
    let value = json!({ "directory": directory });
    let text = format!("wrote the man pages to {}", directory.display());
    answer(common.json, &value, &text);
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

    /// Shows, asks, signs and sends one transaction; none was sent where none was to be.
    async fn sign(&self, account: Address, preview: &str, call: Call) -> Result<Option<Sent>> {
        self.sign_all(account, preview, &[call]).await
    }

    /// Likewise several, of which the last one is told.
    async fn sign_all(
        &self,
        account: Address,
        preview: &str,
        calls: &[Call],
    ) -> Result<Option<Sent>> {
        let mut last = None;
        self.settings
            .carry_out(account, preview, calls, |_, sent| last = Some(sent.clone()))
            .await?;
        Ok(last)
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
