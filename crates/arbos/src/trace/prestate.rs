//! `prestateTracer`: accounts that mattered, as they were, or before and after.

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, U256};
use revm::state::{Account as EvmAccount, EvmState};
use serde_json::{Map, Value, json};

use super::{PrestateConfig, Trace};
use crate::{
    state::STATE_ADDRESS,
    world::{Account, State},
};

pub(super) fn trace(state: &dyn State, changes: &EvmState, config: &PrestateConfig) -> Trace {
    let mut touched: Vec<_> = changes
        .iter()
        .filter(|(address, _)| **address != STATE_ADDRESS)
        .collect();
    touched.sort_unstable_by_key(|(address, _)| **address);
    if config.diff_mode {
        diff(state, &touched, config)
    } else {
        before(state, &touched, config)
    }
}

fn before(
    state: &dyn State,
    touched: &[(&Address, &EvmAccount)],
    config: &PrestateConfig,
) -> Trace {
    let mut accounts = Map::new();
    for (address, account) in touched {
        let slots = account
            .storage
            .keys()
            .map(|slot| (*slot, state.storage(**address, *slot)));
        let known = state.account(**address).unwrap_or_default();
        accounts.insert(
            address.to_string().to_lowercase(),
            describe(state, &known, None, slots, config),
        );
    }
    Value::Object(accounts)
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
        if let Some(old) = old {
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
            }
        }
        post.insert(key, after);
    }
    json!({ "pre": pre, "post": post })
}

fn describe(
    state: &dyn State,
    account: &Account,
    code: Option<alloy_primitives::Bytes>,
    slots: impl Iterator<Item = (U256, U256)>,
    config: &PrestateConfig,
) -> Value {
    let mut fields = Map::new();
    fields.insert("balance".into(), json!(account.balance));
    if account.nonce != 0 {
        fields.insert("nonce".into(), json!(account.nonce));
    }
    if account.code_hash != KECCAK256_EMPTY && !config.disable_code {
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
