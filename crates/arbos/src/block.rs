//! What happens before the first transaction of a block.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U256, map::AddressMap};

use crate::{
    executor::{BlockContext, Executor},
    history::{HISTORY_ADDRESS, HISTORY_SINCE, history_slot},
    host::BlockEnv,
    precompiles::start_block_data,
    state::{ArbosState, BATCH_POSTER, STATE_ADDRESS, StateAccess},
    upgrades::{self, UpgradeHost},
    world::{Account, AccountDiff, Code, State, StateDiff},
};

/// Gas limit of every header: no limit in practice, the compute budget is ArbOS' own.
pub const HEADER_GAS_LIMIT: u64 = 1 << 50;

/// The block before the one to start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParentBlock {
    /// Its L2 height.
    pub number: u64,
    /// Its Unix time in seconds.
    pub timestamp: u64,
    /// Its hash.
    pub hash: B256,
}

/// A block whose start has been worked out.
#[derive(Debug)]
pub struct StartedBlock {
    /// What its transactions see.
    pub env: BlockEnv,
    /// What they share.
    pub context: BlockContext,
    /// Calldata of the internal transaction (type 0x6A, from and to [`ARBOS_ADDRESS`](crate::precompiles::ARBOS_ADDRESS)) at index 0.
    pub internal_data: Bytes,
    /// What the start changed.
    pub diff: StateDiff,
}

impl Executor {
    /// Starts the block after `parent` at `timestamp` (not before the parent's): fixes its base fee,
    /// applies a scheduled upgrade that is due, drains the gas backlog, prices the next block and
    /// remembers the parent's hash.
    pub fn start_block(
        &self,
        state: &dyn State,
        parent: &ParentBlock,
        timestamp: u64,
        l1_block_number: u64,
    ) -> StartedBlock {
        let mut words = Words::new(state);
        let seconds = timestamp.saturating_sub(parent.timestamp);
        let mut arbos = ArbosState::open_current(&mut words);
        let base_fee = arbos.current_base_fee(&mut words);
        arbos.update_base_fee(&mut words, seconds);
        let before = arbos.arbos_version();
        if let Some(version) =
            upgrades::due(&mut words, self.chain().allow_debug_precompiles, timestamp)
        {
            upgrades::apply(&mut words, before, version);
            arbos = ArbosState::open_current(&mut words);
        }
        let env = BlockEnv {
            number: parent.number + 1,
            timestamp,
            base_fee,
            l1_block_number,
            arbos_version: arbos.arbos_version(),
            coinbase: BATCH_POSTER,
            gas_limit: HEADER_GAS_LIMIT,
        };
        let mut diff = words.into_diff();
        if env.arbos_version >= HISTORY_SINCE {
            remember_parent(state, parent, &mut diff);
        }
        // What the parent chain charges: there is none.
        let internal_data = start_block_data(&env, U256::ZERO, seconds);
        StartedBlock {
            env,
            context: BlockContext::default(),
            internal_data,
            diff,
        }
    }

    /// What transactions would see in a block after `parent` that is never made: calls and estimates
    /// on top of it run in this. Its base fee is the one the chain stands at.
    pub fn pending_env(
        &self,
        state: &dyn State,
        parent: &ParentBlock,
        timestamp: u64,
        l1_block_number: u64,
    ) -> BlockEnv {
        let mut words = Words::new(state);
        let arbos = ArbosState::open_current(&mut words);
        BlockEnv {
            number: parent.number,
            timestamp,
            base_fee: arbos.current_base_fee(&mut words),
            l1_block_number,
            arbos_version: arbos.arbos_version(),
            coinbase: BATCH_POSTER,
            gas_limit: HEADER_GAS_LIMIT,
        }
    }
}

/// Writes the parent's hash where the EIP-2935 contract reads it.
fn remember_parent(state: &dyn State, parent: &ParentBlock, diff: &mut StateDiff) {
    let known = diff
        .accounts
        .get(&HISTORY_ADDRESS)
        .and_then(|contract| contract.account);
    let Some(account) = known.or_else(|| state.account(HISTORY_ADDRESS)) else {
        return;
    };
    let change = AccountDiff {
        account: Some(account),
        storage: vec![(history_slot(parent.number), parent.hash.into())],
        ..AccountDiff::default()
    };
    diff.extend(StateDiff {
        accounts: AddressMap::from_iter([(HISTORY_ADDRESS, change)]),
    });
}

/// The ArbOS state over chain state, changes kept aside.
pub(crate) struct Words<'a> {
    state: &'a dyn State,
    written: BTreeMap<U256, U256>,
    /// Accounts that an upgrade made contracts.
    contracts: BTreeMap<Address, (Account, Code)>,
}

impl<'a> Words<'a> {
    pub(crate) fn new(state: &'a dyn State) -> Self {
        Self {
            state,
            written: BTreeMap::new(),
            contracts: BTreeMap::new(),
        }
    }

    fn into_diff(self) -> StateDiff {
        let Self {
            state,
            written,
            contracts,
        } = self;
        let storage: Vec<_> = written
            .into_iter()
            .filter(|(slot, value)| state.storage(STATE_ADDRESS, *slot) != *value)
            .collect();
        let mut diff = StateDiff::default();
        if !storage.is_empty() {
            let account = Some(state.account(STATE_ADDRESS).unwrap_or_default());
            diff.accounts.insert(
                STATE_ADDRESS,
                AccountDiff {
                    account,
                    storage,
                    ..AccountDiff::default()
                },
            );
        }
        for (address, (account, code)) in contracts {
            let change = AccountDiff {
                account: Some(account),
                code: Some(code),
                ..AccountDiff::default()
            };
            diff.accounts.insert(address, change);
        }
        diff
    }
}

impl UpgradeHost for Words<'_> {
    fn balance(&mut self, address: Address) -> U256 {
        self.state.account(address).unwrap_or_default().balance
    }

    fn set_contract(&mut self, address: Address, nonce: u64, code: Bytes) {
        let code = Code::new(code);
        let before = self.state.account(address).unwrap_or_default();
        let account = Account {
            nonce: nonce.max(before.nonce),
            code_hash: code.hash(),
            ..before
        };
        self.contracts.insert(address, (account, code));
    }
}

impl StateAccess for Words<'_> {
    fn read(&mut self, slot: U256) -> U256 {
        self.written
            .get(&slot)
            .copied()
            .unwrap_or_else(|| self.state.storage(STATE_ADDRESS, slot))
    }

    fn write(&mut self, slot: U256, value: U256) {
        self.written.insert(slot, value);
    }
}
