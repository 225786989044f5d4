//! What was typed, and what is built from it.

use std::{
    net::IpAddr,
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use alloy_primitives::U256;
use clap::{Parser, ValueEnum};
use stylus_devnode::{NodeConfig, accounts::DEFAULT_MNEMONIC, sequencer::Mining};

const AFTER_HELP: &str = "\
Examples:
  stylus-devnode                          a fresh chain on http://127.0.0.1:8547
  stylus-devnode --state chain.db         the same chain again next time
  stylus-devnode --block-time 2 --port 0  a block every two seconds, on any free port
  stylus-devnode --bare                   as `nitro --dev` leaves it: do the set-up yourself
  stylus-devnode --compat hardhat         for a Hardhat project that uses hardhat-network-helpers

Exit codes: 0 stopped when asked to, 2 wrong use or could not start.";

/// A Nitro-compatible Stylus dev node: EVM and WASM contracts, no container, ready at once.
#[derive(Debug, Parser)]
#[command(name = "stylus-devnode", version, after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Port for HTTP and WebSocket JSON-RPC; 0 takes any free one
    #[arg(long, short, default_value_t = NodeConfig::DEFAULT_PORT, help_heading = "Server")]
    port: u16,

    /// Interface to listen on
    #[arg(long, default_value = "127.0.0.1", help_heading = "Server")]
    host: IpAddr,

    /// A second port with the same JSON-RPC, for tools that expect WebSocket elsewhere
    #[arg(long, help_heading = "Server")]
    ws_port: Option<u16>,

    /// Whose tools the node is to suit
    #[arg(
        long,
        value_name = "TOOLS",
        default_value = "nitro",
        help_heading = "Server"
    )]
    compat: Compat,

    /// Print nothing
    #[arg(long, short, help_heading = "Server")]
    pub(crate) silent: bool,

    /// Most gas of a call, an estimate or a traced call: how long they can take depends on it
    #[arg(long, value_name = "GAS", default_value_t = NodeConfig::DEFAULT_CALL_GAS_CAP, value_parser = clap::value_parser!(u64).range(MIN_CALL_GAS..=arbos::block::HEADER_GAS_LIMIT), help_heading = "Server")]
    call_gas_cap: u64,

    /// Chain id
    #[arg(long, default_value_t = arbos::ChainConfig::DEV_CHAIN_ID, help_heading = "Chain")]
    chain_id: u64,

    /// ArbOS version to start at (up to 60)
    #[arg(long, value_name = "VERSION", default_value_t = NodeConfig::DEFAULT_ARBOS_VERSION, help_heading = "Chain")]
    arbos: u64,

    /// Leave out the ready-made contracts, settings and funds: no CREATE2 factory, StylusDeployer,
    /// CacheManager or Multicall3, L1 data at 50 gwei per unit, 1,000 ETH for Nitro's dev account and
    /// nothing for others unless asked for
    #[arg(long, help_heading = "Chain")]
    bare: bool,

    /// Minimum and first base fee, in wei per gas
    #[arg(long, value_name = "WEI", default_value_t = NodeConfig::DEFAULT_BASE_FEE, help_heading = "Chain")]
    base_fee: u64,

    /// Height of the parent chain to start at: what NUMBER (Solidity's block.number) tells on
    /// Arbitrum. It then grows by one every 12 seconds of block time, however many blocks are made
    /// here. Without this option there is no parent chain and NUMBER is 0
    #[arg(long, value_name = "NUMBER", help_heading = "Chain")]
    l1_block_number: Option<u64>,

    /// Largest contract code, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = arbos::ChainConfig::DEFAULT_MAX_CODE_SIZE, help_heading = "Chain")]
    max_code_size: usize,

    /// Make a block every so many seconds, instead of as soon as there is a transaction
    #[arg(long, short, value_name = "SECONDS", value_parser = seconds, help_heading = "Mining")]
    block_time: Option<Duration>,

    /// Make blocks only when asked to (evm_mine)
    #[arg(long, conflicts_with = "block_time", help_heading = "Mining")]
    no_mining: bool,

    /// Number of accounts to fund, besides Nitro's dev account [default: 10, with --bare 0]
    #[arg(long, short, help_heading = "Accounts")]
    accounts: Option<usize>,

    /// Phrase that the accounts come from
    #[arg(long, short, env = "DEVNODE_MNEMONIC", default_value = DEFAULT_MNEMONIC, hide_env_values = true, help_heading = "Accounts")]
    mnemonic: String,

    /// Balance of each account, in ether [default: 10000, with --bare 1000]
    #[arg(long, value_name = "ETHER", help_heading = "Accounts")]
    balance: Option<u64>,

    /// File to keep the chain in; it survives restarts and kills
    #[arg(long, value_name = "FILE", help_heading = "State")]
    state: Option<PathBuf>,

    /// How many of the latest blocks keep their state for calls and traces
    #[arg(long, value_name = "BLOCKS", default_value_t = NodeConfig::DEFAULT_HISTORY, help_heading = "State")]
    history: usize,
}

impl Args {
    /// What the node is built from.
    pub(crate) fn into_config(self) -> NodeConfig {
        let mining = match (self.block_time, self.no_mining) {
            (Some(every), _) => Mining::Interval(every),
            (None, true) => Mining::Manual,
            (None, false) => Mining::Instant,
        };
        let base = if self.bare {
            NodeConfig::bare()
        } else {
            NodeConfig::default()
        };
        NodeConfig {
            host: self.host,
            port: self.port,
            ws_port: self.ws_port,
            client_version: self.compat.client_version().to_owned(),
            genesis_timestamp: self.compat.genesis_timestamp(),
            chain_id: self.chain_id,
            arbos_version: self.arbos,
            mnemonic: self.mnemonic,
            accounts: self.accounts.unwrap_or(base.accounts),
            balance: self
                .balance
                .map_or(base.balance, |ether| U256::from(ether) * WEI_PER_ETHER),
            base_fee: self.base_fee,
            mining,
            ready_made: !self.bare,
            max_code_size: self.max_code_size,
            state: self.state,
            history: self.history,
            call_gas_cap: self.call_gas_cap,
            l1_block_number: self.l1_block_number,
        }
    }
}

/// Whose tools to suit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Compat {
    /// Calls itself nitro, and its first block has no time, as Nitro's
    Nitro,
    /// Calls itself HardhatNetwork, which hardhat-network-helpers insist on, and its first block
    /// has the time of the start, from which fixtures count
    Hardhat,
}

impl Compat {
    fn client_version(self) -> &'static str {
        match self {
            Self::Nitro => NodeConfig::DEFAULT_CLIENT_VERSION,
            Self::Hardhat => NodeConfig::HARDHAT_CLIENT_VERSION,
        }
    }

    fn genesis_timestamp(self) -> u64 {
        match self {
            Self::Nitro => 0,
            Self::Hardhat => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
        }
    }
}

/// With less than what a transfer takes, no call could succeed.
const MIN_CALL_GAS: u64 = 21_000;

const WEI_PER_ETHER: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// Longest interval between blocks: a year.
const MAX_SECONDS: f64 = 365.0 * 86_400.0;

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    if seconds > 0.0 && seconds <= MAX_SECONDS {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("must be more than 0 and at most a year".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn without_arguments_the_node_is_where_tools_expect_it() {
        let config = Args::parse_from(["stylus-devnode"]).into_config();
        assert_eq!((config.port, config.chain_id), (8547, 412_346));
        assert_eq!(config.balance, NodeConfig::DEFAULT_BALANCE);
        assert!(config.ready_made);
        assert!(config.client_version.starts_with("nitro/"));
        assert_eq!(config.genesis_timestamp, 0);
        assert_eq!(config.mining, Mining::Instant);
    }

    #[test]
    fn hardhats_tools_find_a_name_that_they_know_and_a_first_block_of_today() {
        let config = Args::parse_from(["stylus-devnode", "--compat", "hardhat"]).into_config();
        assert!(config.client_version.starts_with("HardhatNetwork/"));
        assert!(config.genesis_timestamp > 1_700_000_000);
    }

    #[test]
    fn block_times_may_be_fractions_but_not_nonsense() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        for wrong in ["0", "-1", "NaN", "inf", "1e300", "soon"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
