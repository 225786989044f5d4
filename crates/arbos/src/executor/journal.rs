//! Access to the journal that leaves EIP-2929 alone, for what ArbOS itself reads and writes.

use std::convert::Infallible;

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, U256};
use revm::{
    bytecode::Bytecode,
    context_interface::{JournalTr, journaled_state::account::JournaledAccountTr},
};

use super::context::Ctx;
use crate::{
    state::{STATE_ADDRESS, StateAccess},
    world::Code,
};

/// Takes the value out of a result that cannot be an error.
pub(crate) fn sure<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

/// Loads an account and keeps it as cold as it was.
pub(crate) fn load_quietly(ctx: &mut Ctx<'_>, address: Address) {
    let was_cold = sure(ctx.journaled_state.load_account_with_code(address)).is_cold;
    if was_cold && let Some(account) = ctx.journaled_state.inner.state.get_mut(&address) {
        account.mark_cold();
    }
}

/// Code of `address` and its hash, following an EIP-7702 delegation, without warming anything.
pub(crate) fn resolved_code(ctx: &mut Ctx<'_>, address: Address) -> (B256, Bytecode) {
    let (hash, code) = stored_code(ctx, address);
    match code.eip7702_address() {
        Some(delegate) => stored_code(ctx, delegate),
        None => (hash, code),
    }
}

/// Code of `address` and its hash as stored, without warming anything.
pub(crate) fn stored_code(ctx: &mut Ctx<'_>, address: Address) -> (B256, Bytecode) {
    load_quietly(ctx, address);
    match ctx.journaled_state.inner.state.get(&address) {
        Some(account) => (
            account.info.code_hash,
            account.info.code.clone().unwrap_or_default(),
        ),
        None => (KECCAK256_EMPTY, Bytecode::default()),
    }
}

/// Storage of any account, journaled but unpriced.
pub(crate) fn sload(ctx: &mut Ctx<'_>, address: Address, slot: U256) -> U256 {
    load_quietly(ctx, address);
    sure(ctx.journaled_state.sload(address, slot)).data
}

/// Writes storage of any account, journaled but unpriced, and marks the account touched.
pub(crate) fn sstore(ctx: &mut Ctx<'_>, address: Address, slot: U256, value: U256) {
    load_quietly(ctx, address);
    ctx.journaled_state.touch_account(address);
    sure(ctx.journaled_state.sstore(address, slot, value));
}

/// Adds wei to an account.
pub(crate) fn credit(ctx: &mut Ctx<'_>, address: Address, amount: U256) {
    if !amount.is_zero() {
        load_quietly(ctx, address);
        sure(ctx.journaled_state.balance_incr(address, amount));
    }
}

/// Balance of an account.
pub(crate) fn balance(ctx: &mut Ctx<'_>, address: Address) -> U256 {
    load_quietly(ctx, address);
    ctx.journaled_state
        .inner
        .state
        .get(&address)
        .map_or(U256::ZERO, |account| account.info.balance)
}

/// Replaces the code of an account.
pub(crate) fn set_code(ctx: &mut Ctx<'_>, address: Address, code: Code) {
    load_quietly(ctx, address);
    let hash = code.hash();
    ctx.journaled_state
        .set_code_with_hash(address, code.into_inner(), hash);
}

/// Value of a slot as the transaction would read it now, without loading it.
pub(crate) fn peek_slot(ctx: &Ctx<'_>, address: Address, slot: U256) -> U256 {
    let account = ctx.journaled_state.inner.state.get(&address);
    if let Some(loaded) = account.and_then(|account| account.storage.get(&slot)) {
        return loaded.present_value();
    }
    if account.is_some_and(|account| account.is_created()) {
        return U256::ZERO;
    }
    ctx.chain.state.storage(address, slot)
}

/// Bytes of an account's code as the transaction would read it now, without loading it.
pub(crate) fn peek_code_size(ctx: &Ctx<'_>, address: Address) -> usize {
    let account = ctx.journaled_state.inner.state.get(&address);
    if let Some(code) = account.and_then(|account| account.info.code.as_ref()) {
        return code.original_byte_slice().len();
    }
    let hash = match account {
        Some(account) => account.info.code_hash,
        None => ctx
            .chain
            .state
            .account(address)
            .map_or(KECCAK256_EMPTY, |known| known.code_hash),
    };
    if hash == KECCAK256_EMPTY || hash.is_zero() {
        0
    } else {
        ctx.chain.state.code(hash).bytes().len()
    }
}

/// The ArbOS state through the journal.
pub(crate) struct JournalAccess<'c, 'a>(pub(crate) &'c mut Ctx<'a>);

impl StateAccess for JournalAccess<'_, '_> {
    fn read(&mut self, slot: U256) -> U256 {
        sload(self.0, STATE_ADDRESS, slot)
    }

    fn write(&mut self, slot: U256, value: U256) {
        sstore(self.0, STATE_ADDRESS, slot, value);
    }
}

/// Takes wei from an account; false, and nothing taken, when it has too little.
pub(crate) fn debit(ctx: &mut Ctx<'_>, address: Address, amount: U256) -> bool {
    let was_cold = sure(ctx.journaled_state.load_account(address)).is_cold;
    let taken = sure(ctx.journaled_state.load_account_mut(address))
        .data
        .decr_balance(amount);
    if was_cold && let Some(account) = ctx.journaled_state.inner.state.get_mut(&address) {
        account.mark_cold();
    }
    taken
}

/// Whether there is such an account. One that this transaction touched exists until its end, empty
/// or not.
pub(crate) fn exists(ctx: &mut Ctx<'_>, address: Address) -> bool {
    load_quietly(ctx, address);
    ctx.journaled_state
        .inner
        .state
        .get(&address)
        .is_some_and(|account| !account.is_empty() || account.is_touched())
}

/// Hash of the code of an account; zero when the account does not exist.
pub(crate) fn code_hash(ctx: &mut Ctx<'_>, address: Address) -> B256 {
    if exists(ctx, address) {
        stored_code(ctx, address).0
    } else {
        B256::ZERO
    }
}

/// Nonce of an account.
pub(crate) fn nonce(ctx: &mut Ctx<'_>, address: Address) -> u64 {
    load_quietly(ctx, address);
    ctx.journaled_state
        .inner
        .state
        .get(&address)
        .map_or(0, |account| account.info.nonce)
}
