//! The first block.

use std::sync::Arc;

use alloy_primitives::{Address, B256, U256};
use arbos::genesis::{GenesisConfig, GenesisError, GenesisState};

use crate::{
    accounts::DevAccounts,
    chain::{Block, Draft, Genesis},
    config::NodeConfig,
    sequencer::arbitrum_header,
    state::{State, View, commit, encode_diff},
};

/// Makes the first block of a chain as `config` wants it.
pub(crate) fn genesis(
    config: &NodeConfig,
    accounts: &DevAccounts,
) -> Result<Genesis, GenesisError> {
    let base = if config.ready_made {
        GenesisConfig::ready_made()
    } else {
        GenesisConfig::default()
    };
    let diff = GenesisState::new(&GenesisConfig {
        chain_id: config.chain_id,
        arbos_version: config.arbos_version,
        accounts: accounts
            .addresses()
            .map(|address| (address, config.balance))
            .collect(),
        base_fee: U256::from(config.base_fee),
        ..base
    })?
    .into_diff();
    let mut state = State::default();
    state.apply(&diff);
    let view = View {
        state,
        ..View::default()
    };
    let draft = Draft {
        parent_hash: B256::ZERO,
        number: 0,
        timestamp: config.genesis_timestamp,
        base_fee: config.base_fee,
        coinbase: Address::ZERO,
        state_root: commit(B256::ZERO, &encode_diff(&diff)),
        arbitrum: arbitrum_header(&view, 0),
    };
    let block = Arc::new(Block::seal(draft, Vec::new(), Vec::new()));
    Ok(Genesis { block, diff })
}
