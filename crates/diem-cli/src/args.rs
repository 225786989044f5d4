//! What was typed, as it was typed. What is made of it stands in `settings`.

mod credit;
mod deploy;
mod keys;
mod owner;
mod signing;
mod timelock;
mod wallet;

pub(crate) use credit::{CreditCommand, GatewayCommand, LeaseCommand};
pub(crate) use deploy::DeployArgs;
pub(crate) use keys::{GatewayArgs, KeyCommand, LimitPeriod, NewKeyArgs};
pub(crate) use owner::OwnerAct;
pub use signing::refuse_secrets;
pub(crate) use signing::{KeyArgs, SendArgs};
pub(crate) use timelock::{Act, TimelockArgs, TimelockCommand};
pub(crate) use wallet::WalletCommand;

use crate::address::parse as address;
use crate::{Amount, Token};
use alloy::primitives::{Address, B256};
use clap::{Parser, Subcommand};
use clap_complete::Shell;
use std::net::SocketAddr;
use std::path::PathBuf;

/// DIEM on Arbitrum Stylus: one dollar of inference credit a day.
///
/// The answer goes to stdout, the story to stderr. Exit codes: 0 done, 1 refused or not
/// found, 2 wrong use or broken, 130 interrupted. Amounts carry their unit: 100VVV, 2.5DIEM,
/// 0.01ETH, 30USD. A value is taken from the flag, else from the environment, else from the
/// deployment file, else from the default. A key never stands on the command line: it is that
/// of --wallet, else of --mnemonic, else of --key-file, else of DIEM_PRIVATE_KEY or
/// DIEM_MNEMONIC; on a devnet the node's dev account signs else. What signs shows first what
/// it is about to do and what it costs; it pays at most three times the base fee of then.
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
    /// The node to talk to; by default the public endpoint of --network, else http://127.0.0.1:8547. Of its address only
    /// scheme, host and port are ever shown or written.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "DIEM_RPC_URL",
        hide_env_values = true
    )]
    pub(crate) rpc: Option<String>,
    /// The chain to talk to, as `diem networks` calls it: a node of another one is refused.
    #[arg(long, global = true, value_name = "NAME", env = "DIEM_NETWORK")]
    pub(crate) network: Option<String>,
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
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
    #[command(flatten)]
    pub(crate) sending: SendArgs,
}

/// Where a node of one's own listens.
const LOCAL_NODE: &str = "http://127.0.0.1:8547";

impl Common {
    /// The node's address.
    ///
    /// # Errors
    /// There is no such network, or it has no public endpoint.
    pub(crate) fn endpoint(&self) -> crate::Result<String> {
        if let Some(rpc) = &self.rpc {
            return Ok(rpc.clone());
        }
        let Some(name) = &self.network else {
            return Ok(LOCAL_NODE.to_owned());
        };
        let network = crate::networks::named(name, self.networks.as_deref())?;
        network.rpc.ok_or_else(|| {
            crate::Failure::broken("do not know where a node is", "the network lists none")
                .with("network", network.name)
                .hint("name one with --rpc or DIEM_RPC_URL")
        })
    }
}

/// Shortest and longest wait that can be asked for: what the clock can tell from nothing, and a day.
const TIMEOUT_SECONDS: std::ops::RangeInclusive<f64> = 0.001..=86_400.0;

pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if TIMEOUT_SECONDS.contains(&seconds) => Ok(seconds),
        _ => Err("say at least 0.001 and at most 86400 seconds".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the chains that --network knows: endpoints, what guards against another chain, explorers.
    Networks {
        /// Print a list to start from for a chain of one's own, an Orbit chain say; --networks reads it.
        #[arg(long)]
        template: bool,
    },
    /// Deploy the contracts and hand them over; write deployments/<chain id>.json after each step.
    Deploy(DeployArgs),
    /// Hold the contracts' code on the chain against what the local build made.
    Verify {
        /// Directory of the modules that scripts/build-wasm makes.
        #[arg(long, value_name = "DIR", default_value = "target/wasm")]
        wasm_dir: PathBuf,
        /// Directory of the code that evm/build.mjs makes.
        #[arg(long, value_name = "DIR", default_value = "target/evm")]
        evm_dir: PathBuf,
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
    /// What an account has locked, owes and earns: its position on the mint curve.
    Position {
        /// The account; by default the one that signs.
        #[arg(value_parser = address)]
        account: Option<Address>,
    },
    /// Send VVV, DIEM or ETH to somebody.
    Transfer {
        /// What to send.
        amount: Amount,
        /// Who receives it.
        #[arg(value_parser = address)]
        to: Address,
    },
    /// Let somebody move your VVV or DIEM, up to an amount; 0DIEM takes it back.
    Approve {
        /// The most that may be moved; takes the place of what was allowed before.
        amount: Amount,
        /// Who may move it.
        #[arg(value_parser = address)]
        spender: Address,
    },
    /// What happened to an account, from the events of sVVV and DIEM.
    History {
        /// The account; by default the one that signs.
        #[arg(value_parser = address)]
        account: Option<Address>,
        /// First block to read; by default that of the deployment.
        #[arg(long, value_name = "BLOCK")]
        from_block: Option<u64>,
        /// Last block to read; by default the latest.
        #[arg(long, value_name = "BLOCK")]
        to_block: Option<u64>,
        /// Answer with a table: block,time,transaction,contract,event,fields.
        #[arg(long, conflicts_with = "json")]
        csv: bool,
    },
    /// Tell what happens as it happens, a line or a JSON document for each event, until Ctrl-C.
    Watch {
        /// Whose events; by default everybody's.
        #[arg(value_parser = address)]
        account: Option<Address>,
        /// End after so many.
        #[arg(long, value_name = "N")]
        count: Option<u64>,
    },
    /// Draw the mint curve, and where it stands now.
    Curve {
        /// Draw it to this file too.
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
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
    /// Put VVV into the reserve that pays rewards; anybody may.
    FundRewards {
        /// VVV, which does not come back.
        #[arg(value_parser = vvv)]
        amount: Amount,
    },
    /// As the guardian: stop minting until the owner lets it go on.
    #[command(visible_alias = "pause")]
    PauseMint,
    #[command(flatten)]
    Owner(OwnerAct),
    /// Encrypted files of the keys that sign: made, brought in and listed.
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// Offer a transaction that is not mined yet at a higher fee: by an eighth or what is due now.
    Replace {
        /// Hash of the transaction.
        hash: B256,
        /// Put nothing in its place, so that it never happens.
        #[arg(long)]
        cancel: bool,
    },
    /// The owner's acts through a timelock: announced, waited for, carried out.
    Timelock(TimelockArgs),
    /// Keys of an inference gateway, which spend your daily credit there.
    #[command(subcommand)]
    Key(KeyCommand),
    /// What a key's credit was spent on at its gateway, and what is left of the day.
    Usage {
        #[command(flatten)]
        at: GatewayArgs,
    },
    /// What makes a shell complete this command line: `source <(diem completions bash)`.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// The man page; with --dir a page for each command too, written there.
    Man {
        /// Directory to write the pages to.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// The reference of this command line, in Markdown.
    #[command(hide = true)]
    Reference,
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

    /// A clock that ticks every zero seconds is refused by who makes it, with a panic.
    #[test]
    fn a_wait_that_rounds_to_nothing_is_refused() {
        for nothing in ["0", "1e-10", "1e-320", "-1", "NaN", "inf"] {
            assert!(seconds(nothing).is_err(), "{nothing}");
        }
        assert_eq!(seconds("0.001"), Ok(0.001));
    }

    #[test]
    fn amounts_of_the_wrong_token_are_refused() {
        assert!(Args::try_parse_from(["diem", "burn", "5sVVV"]).is_err());
        assert!(Args::try_parse_from(["diem", "burn", "5DIEM"]).is_ok());
    }
}
