//! What was typed, as it was typed. What is made of it stands in `settings`.

mod keys;

pub(crate) use keys::{GatewayArgs, KeyCommand, LimitPeriod, NewKeyArgs};

use crate::address::{parse as address, parse_or_nobody as gateway};
use crate::deploy::Target;
use crate::{Amount, Token};
use alloy::primitives::{Address, U256};
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

/// DIEM on Arbitrum Stylus: one dollar of inference credit a day.
///
/// The answer goes to stdout, the story to stderr. Exit codes: 0 done, 1 refused or not
/// found, 2 wrong use or broken. Amounts carry their unit: 100VVV, 2.5DIEM, 0.01ETH, 30USD.
/// A value is taken from the flag, else from the environment, else from the deployment
/// file, else from the default. The key that signs never comes from a flag: it is read
/// from --key-file or DIEM_PRIVATE_KEY; on a devnet the node's dev account signs else.
#[derive(Debug, Parser)]
#[command(name = "diem", version)]
pub struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// The node to talk to. Of its address only scheme, host and port are ever shown or written.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "DIEM_RPC_URL",
        hide_env_values = true,
        default_value = "http://127.0.0.1:8547"
    )]
    pub(crate) rpc: String,
    /// Longest wait for one answer of the node.
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        env = "DIEM_TIMEOUT",
        default_value = "30",
        value_parser = seconds
    )]
    pub(crate) timeout: f64,
    /// File with the private key that signs, in hex.
    #[arg(long, global = true, value_name = "FILE", env = "DIEM_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Directory of the deployment files.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "DIEM_DEPLOYMENTS",
        default_value = "deployments"
    )]
    pub(crate) deployments: PathBuf,
    /// JSON list of further networks.
    #[arg(long, global = true, value_name = "FILE", env = "DIEM_NETWORKS")]
    pub(crate) networks: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Sign without asking.
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
}

/// Longest wait that can be asked for: a day.
const MAX_TIMEOUT_SECONDS: f64 = 86_400.0;

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if seconds > 0.0 && seconds <= MAX_TIMEOUT_SECONDS => Ok(seconds),
        _ => Err("say more than 0 and at most 86400 seconds".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Deploy, activate, construct and wire the contracts; write deployments/<chain id>.json.
    Deploy(DeployArgs),
    /// Hold the contracts' code on the chain against the modules that the local build made.
    Verify {
        /// Directory of the modules that scripts/build-wasm makes.
        #[arg(long, value_name = "DIR", default_value = "target/wasm")]
        wasm_dir: PathBuf,
        /// A file for the result, to be published: both digests of each module, and of what and how it was made.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Walk through the protocol on a devnet, checking every number against the exact model.
    Tour {
        /// A running gateway that is registered: the tour ends with a day of inference there.
        #[arg(long, value_name = "URL")]
        gateway: Option<String>,
    },
    /// What minting would give (for sVVV) or cost (for DIEM) now.
    Quote {
        /// sVVV to lock or DIEM to mint.
        amount: Amount,
    },
    /// Mint DIEM by locking sVVV: all of the sVVV named, or what the DIEM named costs.
    Mint {
        /// sVVV to lock or DIEM to mint.
        amount: Amount,
        /// How much worse than the quote it may turn out, in basis points.
        #[arg(long, value_name = "BPS", default_value_t = 50, value_parser = clap::value_parser!(u16).range(0..=10_000))]
        slippage: u16,
    },
    /// Burn DIEM and unlock the sVVV behind it.
    Burn {
        /// DIEM to burn.
        #[arg(value_parser = diem)]
        amount: Amount,
    },
    /// Stake VVV for sVVV, or DIEM for daily credit.
    Stake {
        /// VVV or DIEM.
        amount: Amount,
    },
    /// Ask for staked tokens back: sVVV (7 days) or staked DIEM (1 day).
    Unstake {
        /// sVVV or DIEM.
        amount: Amount,
    },
    /// Take what has cooled down: VVV, DIEM, or both.
    Withdraw,
    /// Claim all rewards: of free sVVV and, net of the fee, of locked sVVV. Sends nothing when none is pending.
    Claim {
        /// Stake them again instead of taking them.
        #[arg(long)]
        restake: bool,
    },
    /// Balances, position, yield and credit of an account; whether the programs are active and cached.
    Status {
        /// The account; by default the one that signs.
        #[arg(value_parser = address)]
        account: Option<Address>,
    },
    /// Daily credit: who may settle it, what is left of it, and its settlement.
    #[command(subcommand)]
    Credit(CreditCommand),
    /// Leases of daily credit.
    #[command(subcommand)]
    Lease(LeaseCommand),
    /// Gateways: the inference providers that may settle credit.
    #[command(subcommand)]
    Gateway(GatewayCommand),
    /// Keys of an inference gateway, which spend your daily credit there.
    #[command(subcommand)]
    Key(KeyCommand),
    /// What a key's credit was spent on at its gateway, and what is left of the day.
    Usage {
        #[command(flatten)]
        at: GatewayArgs,
    },
    /// Activate the programs again (due once a year; anybody may).
    Activate,
    /// Renew the programs' activation before it expires.
    Keepalive,
    /// What an operator has to know: expiry, cache, reserve, owners, gateways, solvency. Exit code 1 on an alert.
    Monitor {
        /// Look again and again, and serve the findings to Prometheus on this address.
        #[arg(long, value_name = "ADDRESS:PORT")]
        serve: Option<SocketAddr>,
        /// Seconds from one look to the next.
        #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, requires = "serve")]
        every: f64,
    },
    /// Bid for the programs' places in the chain's cache.
    CacheBid {
        /// The bid for each program; by default the least that wins.
        #[arg(long, value_parser = eth)]
        bid: Option<Amount>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CreditCommand {
    /// Let a gateway settle your credit, or nobody: from tomorrow on, and at once while you have none today.
    Choose {
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = gateway)]
        gateway: Address,
    },
    /// An account's credit: of today, and what tomorrow would start with.
    Show {
        /// The account; by default the one that signs.
        #[arg(value_parser = address)]
        account: Option<Address>,
    },
    /// State what an account has used today, in all. Its gateway signs; saying it again changes nothing.
    Settle {
        /// Whose credit.
        #[arg(value_parser = address)]
        account: Address,
        /// Dollars used in the epoch in all, such as 12.5USD.
        #[arg(value_parser = usd)]
        used: Amount,
        /// The epoch (UTC day since 1970) that the statement is about: refused once it is over. By default today.
        #[arg(long)]
        epoch: Option<u64>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LeaseCommand {
    /// Hand part of your daily credit to somebody, from tomorrow on.
    Open {
        /// Who may use it; may be yourself.
        #[arg(value_parser = address)]
        lessee: Address,
        /// DIEM whose daily dollars are leased.
        #[arg(value_parser = diem)]
        amount: Amount,
        /// Days, 1 to 365.
        days: u32,
    },
    /// A lease, and its credit of today.
    Show {
        /// Number of the lease.
        id: U256,
    },
    /// Let a gateway settle the lease's credit, or nobody: from tomorrow on, and at once before its first day.
    Choose {
        /// Number of the lease.
        id: U256,
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = gateway)]
        gateway: Address,
    },
    /// State what a lease has used today, in all. Its gateway signs; saying it again changes nothing.
    Settle {
        /// Number of the lease.
        id: U256,
        /// Dollars used in the epoch in all, such as 12.5USD.
        #[arg(value_parser = usd)]
        used: Amount,
        /// The epoch (UTC day since 1970) that the statement is about: refused once it is over. By default today.
        #[arg(long)]
        epoch: Option<u64>,
    },
    /// Hand the lease on to somebody else.
    Transfer {
        /// Number of the lease.
        id: U256,
        /// The new lessee.
        #[arg(value_parser = address)]
        to: Address,
    },
    /// Give the credit of a lease that is over back to its lessor; anybody may.
    Close {
        /// Number of the lease.
        id: U256,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum GatewayCommand {
    /// Register a gateway, or let a revoked one back. The owner signs.
    Set {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// Name the gateway of all who never chose, or nobody: from the day after tomorrow on. The owner signs.
    Default {
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = gateway)]
        gateway: Address,
    },
    /// Stop a gateway at once. The guardian signs, or the owner.
    Revoke {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// All gateways that were ever registered, and the default.
    List,
    /// One gateway: registered or revoked, default or not.
    Show {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// Run a gateway here: `diem-gateway serve` with this node, this deployment and this key.
    Run {
        /// What else `diem-gateway serve` is told, such as `--upstream http://127.0.0.1:11434/v1`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct DeployArgs {
    /// VVV, on a chain that is no devnet and has none in the list of networks.
    #[arg(long, value_parser = address)]
    pub(crate) vvv: Option<Address>,
    /// Who shall own the contracts: offered to it after the wiring, to be accepted by it.
    #[arg(long, value_parser = address)]
    pub(crate) owner: Option<Address>,
    /// Who receives the yield fee; by default the owner.
    #[arg(long, value_parser = address)]
    pub(crate) treasury: Option<Address>,
    /// sVVV per DIEM at supply 0.
    #[arg(long, value_parser = svvv, default_value = "90sVVV")]
    pub(crate) base_rate: Amount,
    /// DIEM at which the rate is e^2 times the base rate; the cap is twice as much.
    #[arg(long, value_parser = diem, default_value = "40000DIEM")]
    pub(crate) target_supply: Amount,
    /// VVV emitted per second from the funded reserve.
    #[arg(long, value_parser = vvv, default_value = "0.25VVV")]
    pub(crate) emission_rate: Amount,
    /// The highest emission rate that the owner can ever set, per second: for good.
    #[arg(long, value_parser = vvv, default_value = "1VVV")]
    pub(crate) max_emission_rate: Amount,
    /// How the contracts shall run; by default as Stylus programs where the chain runs Stylus, as EVM code elsewhere.
    #[arg(long, value_enum)]
    pub(crate) target: Option<Target>,
    /// Directory of the modules that scripts/build-wasm makes.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    pub(crate) wasm_dir: PathBuf,
    /// Directory of the creation code that evm/build.mjs makes.
    #[arg(long, value_name = "DIR", default_value = "target/evm")]
    pub(crate) evm_dir: PathBuf,
    /// Do not put the programs in the chain's cache.
    #[arg(long)]
    pub(crate) no_cache: bool,
}

fn of(text: &str, token: Token) -> Result<Amount, String> {
    let amount: Amount = text.parse()?;
    if amount.token == token {
        Ok(amount)
    } else {
        Err(format!("this is counted in {}", token.symbol()))
    }
}

fn vvv(text: &str) -> Result<Amount, String> {
    of(text, Token::Vvv)
}

fn svvv(text: &str) -> Result<Amount, String> {
    of(text, Token::Svvv)
}

fn diem(text: &str) -> Result<Amount, String> {
    of(text, Token::Diem)
}

fn eth(text: &str) -> Result<Amount, String> {
    of(text, Token::Eth)
}

fn usd(text: &str) -> Result<Amount, String> {
    of(text, Token::Usd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_help_never_shows_the_address_of_the_node_that_the_environment_names() {
        let hidden = Args::command()
            .get_arguments()
            .filter(|argument| {
                argument
                    .get_env()
                    .is_some_and(|name| name == "DIEM_RPC_URL")
            })
            .all(clap::Arg::is_hide_env_values_set);
        assert!(hidden);
    }

    #[test]
    fn amounts_of_the_wrong_token_are_refused() {
        assert!(Args::try_parse_from(["diem", "burn", "5sVVV"]).is_err());
        assert!(Args::try_parse_from(["diem", "burn", "5DIEM"]).is_ok());
    }
}
