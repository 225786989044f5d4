//! What a node is started with.

use std::{net::IpAddr, path::PathBuf};

use alloy_primitives::U256;

use crate::{accounts::DEFAULT_MNEMONIC, sequencer::Mining};

/// Everything that can be chosen about a node. The default is what tests want: a fresh chain
/// with everything deployed, on a free port of this machine.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Interface to listen on.
    pub host: IpAddr,
    /// Port for HTTP and WebSocket; 0 takes any free one.
    pub port: u16,
    /// A second port for the same; 0 takes any free one. Nitro has its WebSocket on one of its own.
    pub ws_port: Option<u16>,
    /// What the node calls itself when asked by `web3_clientVersion`.
    pub client_version: String,
    /// Unix seconds of the first block.
    pub genesis_timestamp: u64,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// ArbOS version at genesis.
    pub arbos_version: u64,
    /// Phrase of the funded accounts.
    pub mnemonic: String,
    /// How many accounts of the phrase are funded, besides Nitro's dev account.
    pub accounts: usize,
    /// Wei each funded account starts with.
    pub balance: U256,
    /// Minimum and first base fee, wei per gas.
    pub base_fee: u64,
    /// When blocks are made.
    pub mining: Mining,
    /// CREATE2 factory, StylusDeployer, CacheManager and Multicall3 in place, the dev account as
    /// chain owner, L1 data for free. Otherwise the chain is as `nitro --dev` leaves it.
    pub ready_made: bool,
    /// Largest contract code in bytes.
    pub max_code_size: usize,
    /// File that the chain is kept in.
    pub state: Option<PathBuf>,
    /// How many of the latest blocks keep their state for calls and traces.
    pub history: usize,
    /// Most gas of a call, an estimate or a traced call.
    pub call_gas_cap: u64,
    /// Height of the parent chain, which `NUMBER` tells, in block 1; it grows with block time.
    /// Without it `NUMBER` is 0 for ever.
    pub l1_block_number: Option<u64>,
}

impl NodeConfig {
    /// Where Nitro's dev node listens.
    pub const DEFAULT_PORT: u16 = 8547;
    /// Tools look for `nitro` to tell Arbitrum nodes from others.
    pub const DEFAULT_CLIENT_VERSION: &str =
        concat!("nitro/stylus-devnode/v", env!("CARGO_PKG_VERSION"), "/rust");
    /// Hardhat's tools look for this beginning to tell development nodes from others.
    pub const HARDHAT_CLIENT_VERSION: &str = concat!(
        "HardhatNetwork/stylus-devnode/v",
        env!("CARGO_PKG_VERSION"),
        "/rust"
    );
    /// Accounts of the phrase that are funded.
    pub const DEFAULT_ACCOUNTS: usize = 10;
    /// 10,000 ETH in wei.
    pub const DEFAULT_BALANCE: U256 = U256::from_limbs([0x19e0_c9ba_b240_0000, 0x21e, 0, 0]);
    /// 0.1 gwei, Nitro's minimum base fee.
    pub const DEFAULT_BASE_FEE: u64 = 100_000_000;
    /// Highest ArbOS version that `nitro --dev` starts at.
    pub const DEFAULT_ARBOS_VERSION: u64 = 51;
    /// Blocks whose state is kept.
    pub const DEFAULT_HISTORY: usize = 256;
    /// Nitro's cap. There is no limit of time besides: most loops end within 5 seconds, the slowest
    /// seen, `memory.fill` of single bytes, took 19 on a busy machine.
    pub const DEFAULT_CALL_GAS_CAP: u64 = arbos::estimate::RPC_GAS_CAP;
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 0,
            ws_port: None,
            client_version: Self::DEFAULT_CLIENT_VERSION.to_owned(),
            genesis_timestamp: 0,
            chain_id: arbos::ChainConfig::DEV_CHAIN_ID,
            arbos_version: Self::DEFAULT_ARBOS_VERSION,
            mnemonic: DEFAULT_MNEMONIC.to_owned(),
            accounts: Self::DEFAULT_ACCOUNTS,
            balance: Self::DEFAULT_BALANCE,
            base_fee: Self::DEFAULT_BASE_FEE,
            mining: Mining::Instant,
            ready_made: true,
            max_code_size: arbos::ChainConfig::DEFAULT_MAX_CODE_SIZE,
            state: None,
            history: Self::DEFAULT_HISTORY,
            call_gas_cap: Self::DEFAULT_CALL_GAS_CAP,
            l1_block_number: None,
        }
    }
}

impl NodeConfig {
    /// What `nitro --dev` leaves: the dev account with its 1,000 ETH, a chain owner from birth, and
    /// nobody and nothing else.
    pub fn bare() -> Self {
        Self {
            ready_made: false,
            accounts: 0,
            balance: arbos::genesis::DEV_BALANCE,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_balance_is_ten_thousand_ether() {
        assert_eq!(
            NodeConfig::DEFAULT_BALANCE,
            U256::from(10_000) * U256::from(10).pow(U256::from(18))
        );
    }
}
