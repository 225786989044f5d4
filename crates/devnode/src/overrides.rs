//! State and block overrides of calls and traces, as clients write them. Fields that nobody knows
//! are passed over.

use std::{collections::BTreeMap, sync::Arc};

use alloy_primitives::{Address, B256, Bytes, U64, U256, map::AddressMap};
use arbos::is_any_precompile;
use serde::{Deserialize, de::IgnoredAny};

use crate::{
    simulate::Scene,
    state::{Edit, State},
};

/// Accounts that are different.
pub(crate) type StateOverrides = AddressMap<AccountOverride>;

/// How one account is different.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AccountOverride {
    balance: Option<U256>,
    nonce: Option<U64>,
    code: Option<Bytes>,
    state: Option<BTreeMap<B256, B256>>,
    state_diff: Option<BTreeMap<B256, B256>>,
    #[serde(alias = "MovePrecompileToAddress")]
    move_precompile_to_address: Option<Address>,
}

/// How the block is different.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BlockOverrides {
    /// L2 height, which `ArbSys` tells; `NUMBER` stays the parent chain's.
    number: Option<U256>,
    difficulty: Option<U256>,
    time: Option<U64>,
    gas_limit: Option<U64>,
    fee_recipient: Option<Address>,
    base_fee_per_gas: Option<U256>,
    block_hash: BTreeMap<U64, B256>,
    beacon_root: Option<B256>,
    withdrawals: Option<IgnoredAny>,
}

impl BlockOverrides {
    /// L2 height, if it is given.
    pub(crate) fn height(&self) -> Option<u64> {
        self.number.map(|number| number.saturating_to())
    }

    /// What the header says instead of 1, if it is given.
    pub(crate) fn difficulty(&self) -> Option<U256> {
        self.difficulty
    }

    /// The root of the beacon chain, which only simulations take.
    pub(crate) fn take_beacon_root(&mut self) -> Option<B256> {
        self.beacon_root.take()
    }

    /// Unix seconds, if they are given.
    pub(crate) fn stamp(&self) -> Option<u64> {
        self.time.map(|time| time.to())
    }
}

/// An override that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OverrideError {
    /// Both all of the storage and a part of it were given.
    #[error("account {0} has both 'state' and 'stateDiff'")]
    StateTwice(Address),
    /// Only precompiles can be moved.
    #[error("account {0} is not a precompile")]
    NoPrecompile(Address),
    /// A precompile was moved to where something else was put.
    #[error("account {0} has already been overridden by a precompile")]
    Occupied(Address),
    /// What no block of this chain has.
    #[error("block override \"{0}\" is not supported for this RPC method")]
    NotSupported(&'static str),
}

impl Scene {
    /// Pretends that these accounts are different. A precompile that is overridden in any way is
    /// one no more.
    pub(crate) fn override_state(
        &mut self,
        overrides: StateOverrides,
    ) -> Result<(), OverrideError> {
        let version = self.env.arbos_version;
        let pretence = Arc::make_mut(&mut self.pretence);
        for (address, account) in &overrides {
            if account.state.is_some() && account.state_diff.is_some() {
                return Err(OverrideError::StateTwice(*address));
            }
            let to = account.move_precompile_to_address;
            if is_any_precompile(*address, version) {
                pretence.precompiles.insert(*address, to);
            } else if to.is_some() {
                return Err(OverrideError::NoPrecompile(*address));
            }
            if let Some(to) = to.filter(|to| overrides.contains_key(to)) {
                return Err(OverrideError::Occupied(to));
            }
        }
        for (address, account) in overrides {
            let diff = edited(&self.view.state, address, account).finish();
            self.view.state.apply(&diff);
        }
        Ok(())
    }

    /// Pretends that the block says something else.
    pub(crate) fn override_block(
        &mut self,
        overrides: BlockOverrides,
    ) -> Result<(), OverrideError> {
        if overrides.beacon_root.is_some() {
            return Err(OverrideError::NotSupported("beaconRoot"));
        }
        if overrides.withdrawals.is_some() {
            return Err(OverrideError::NotSupported("withdrawals"));
        }
        let env = &mut self.env;
        let or = |field: Option<U64>, old: u64| field.map_or(old, |new| new.to());
        if let Some(number) = overrides.number {
            env.number = number.saturating_to();
        }
        env.timestamp = or(overrides.time, env.timestamp);
        env.gas_limit = or(overrides.gas_limit, env.gas_limit);
        env.coinbase = overrides.fee_recipient.unwrap_or(env.coinbase);
        env.base_fee = overrides.base_fee_per_gas.unwrap_or(env.base_fee);
        let pretence = Arc::make_mut(&mut self.pretence);
        if let Some(difficulty) = overrides.difficulty {
            pretence.prevrandao = Some(difficulty.into());
        }
        let hashes = overrides.block_hash.into_iter();
        pretence
            .block_hashes
            .extend(hashes.map(|(number, hash)| (number.to(), hash)));
        Ok(())
    }
}

fn edited(state: &State, address: Address, account: AccountOverride) -> Edit<'_> {
    let mut edit = Edit::of(state);
    if let Some(balance) = account.balance {
        edit = edit.balance(address, balance);
    }
    if let Some(nonce) = account.nonce {
        edit = edit.nonce(address, nonce.to());
    }
    if let Some(code) = account.code {
        edit = edit.code(address, code);
    }
    let words = |slots: BTreeMap<B256, B256>| {
        slots
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect::<Vec<_>>()
    };
    if let Some(slots) = account.state {
        edit = edit.storage(address, words(slots));
    }
    for (key, value) in account.state_diff.map(words).unwrap_or_default() {
        edit = edit.slot(address, key, value);
    }
    edit
}
