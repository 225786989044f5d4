//! `prestateTracer`: accounts that mattered, as they were, or before and after.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256};
use revm::state::Account as EvmAccount;
use serde_json::{Map, Value, json};

use super::{PrestateConfig, Scene, Trace, always_read};
use crate::{
    state::STATE_ADDRESS,
    world::{Account, State},
};

pub(super) fn trace(scene: &Scene<'_>, config: &PrestateConfig) -> Trace {
    let mut touched: Vec<_> = scene.changes.iter().collect();
    touched.sort_unstable_by_key(|(address, _)| **address);
    if config.diff_mode {
        diff(scene.state, &touched, config)
    } else {
        before(scene, &touched, config)
    }
}

fn before(
    scene: &Scene<'_>,
    touched: &[(&Address, &EvmAccount)],
    config: &PrestateConfig,
) -> Trace {
    let state = scene.state;
    let mut read: BTreeMap<Address, BTreeSet<U256>> = BTreeMap::new();
    for address in always_read::ACCOUNTS {
        read.entry(address).or_default();
    }
    read.entry(STATE_ADDRESS)
        .or_default()
        .extend(always_read::slots(scene.arbos_version));
    for (address, account) in touched {
        read.entry(**address)
            .or_default()
            .extend(account.storage.keys());
    }
    let mut accounts = Map::new();
    for (address, slots) in read {
        let slots = slots
            .into_iter()
            .map(|slot| (slot, state.storage(address, slot)));
        // What is not there has no state.
        if let Some(known) = state.account(address).filter(|known| !is_nobody(known)) {
            accounts.insert(
                address.to_string().to_lowercase(),
                describe(state, &known, None, slots, config),
            );
        }
    }
    Value::Object(accounts)
}

fn is_nobody(account: &Account) -> bool {
    account.balance.is_zero() && account.nonce == 0 && account.code_hash == KECCAK256_EMPTY
}

/// Only accounts that changed. `post` says what is new; what it leaves out is as before.
fn diff(state: &dyn State, touched: &[(&Address, &EvmAccount)], config: &PrestateConfig) -> Trace {
    let (mut pre, mut post) = (Map::new(), Map::new());
    for (address, account) in touched {
        let old = state.account(**address);
        let new = Account {
            balance: account.info.balance,
            nonce: account.info.nonce,
            code_hash: account.info.code_hash,
        };
        let changed: Vec<_> = account
            .storage
            .iter()
            .filter(|(_, slot)| slot.is_changed())
            .collect();
        if !account.is_touched() || (old.unwrap_or_default() == new && changed.is_empty()) {
            continue;
        }
        let key = address.to_string().to_lowercase();
        if let Some(old) = old.filter(|old| !is_nobody(old)) {
            let slots = changed
                .iter()
                .map(|(slot, value)| (**slot, value.original_value()));
            let slots = slots.filter(|(_, value)| !value.is_zero());
            pre.insert(key.clone(), describe(state, &old, None, slots, config));
        }
        if account.is_selfdestructed() || account.info.is_empty() {
            continue;
        }
        let slots = changed
            .iter()
            .map(|(slot, value)| (**slot, value.present_value()));
        let slots = slots.filter(|(_, value)| !value.is_zero());
        let code = account.info.code.as_ref().map(|code| code.original_bytes());
        let mut after = describe(state, &new, code, slots, config);
        if let (Value::Object(fields), Some(old)) = (&mut after, old) {
            if old.balance == new.balance {
                fields.remove("balance");
            }
            if old.nonce == new.nonce {
                fields.remove("nonce");
            }
            if old.code_hash == new.code_hash {
                fields.remove("code");
                fields.remove("codeHash");
            }
        }
        post.insert(key, after);
    }
    json!({ "pre": pre, "post": post })
}

fn describe(
    state: &dyn State,
    account: &Account,
    code: Option<Bytes>,
    slots: impl Iterator<Item = (U256, U256)>,
    config: &PrestateConfig,
) -> Value {
    let mut fields = Map::new();
    fields.insert("balance".into(), json!(account.balance));
    if account.nonce != 0 {
        fields.insert("nonce".into(), json!(account.nonce));
    }
    if account.code_hash != KECCAK256_EMPTY && !config.disable_code {
        fields.insert("codeHash".into(), json!(account.code_hash));
        fields.insert(
            "code".into(),
            json!(code.unwrap_or_else(|| state.code(account.code_hash).bytes())),
        );
    }
    if !config.disable_storage {
        let mut slots: Vec<_> = slots.collect();
        slots.sort_unstable();
        let storage: Map<String, Value> = slots
            .into_iter()
            .map(|(slot, value)| (B256::from(slot).to_string(), json!(B256::from(value))))
            .collect();
        if !storage.is_empty() {
            fields.insert("storage".into(), Value::Object(storage));
        }
    }
    Value::Object(fields)
}
