//! From revm's journal to what changed.

use alloy_primitives::{KECCAK256_EMPTY, map::AddressMap};
use revm::state::{Account as EvmAccount, EvmState};

use crate::world::{Account, AccountDiff, State, StateDiff};

/// What `changes` did to `state`.
pub(crate) fn diff(state: &dyn State, changes: EvmState) -> StateDiff {
    let mut accounts = AddressMap::default();
    for (address, changed) in changes {
        if changed.is_touched()
            && let Some(diff) = account_diff(state.account(address), changed)
        {
            accounts.insert(address, diff);
        }
    }
    StateDiff { accounts }
}

fn account_diff(before: Option<Account>, changed: EvmAccount) -> Option<AccountDiff> {
    let destroyed = changed.is_selfdestructed();
    if destroyed || changed.info.is_empty() {
        return before.map(|_| AccountDiff {
            account: None,
            code: None,
            wiped: true,
            storage: Vec::new(),
        });
    }
    let after = Account {
        balance: changed.info.balance,
        nonce: changed.info.nonce,
        code_hash: changed.info.code_hash,
    };
    let storage: Vec<_> = changed
        .storage
        .iter()
        .filter(|(_, slot)| slot.is_changed())
        .map(|(key, slot)| (*key, slot.present_value))
        .collect();
    if before == Some(after) && storage.is_empty() {
        return None;
    }
    let code_changed =
        before.map_or(KECCAK256_EMPTY, |account| account.code_hash) != after.code_hash;
    let code = if code_changed {
        changed.info.code.map(Into::into)
    } else {
        None
    };
    Some(AccountDiff {
        account: Some(after),
        code,
        wiped: false,
        storage,
    })
}
