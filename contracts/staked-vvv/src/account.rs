//! One account: free and locked sVVV, and the rewards of the free part.
//!
//! **Rewards without rounding.** With `debt` the reward debt word, the reward pending is
//! `free * index - debt`, at scale 1e36. Whenever `free` changes by `d` at an index `i`,
//! `debt` changes by `d * i`: so the difference stays the sum of balance times index
//! growth over the account's whole history, exactly. Both terms may pass 2^256; their
//! difference, which is what the account earned, never does (bound in `emissions`), so
//! arithmetic modulo 2^256 gives it exactly. One word per account, one multiplication per
//! touch, and nothing is lost however often an account is touched.

use crate::errors::{Result, refuse};
use crate::interface::IStakedVvv;
use crate::storage::BALANCE_BITS;
use alloy_primitives::U256;
use contract_kit::word::{Entry, add, at, field, from_u128, high, low, max, mul, pair, sub};
use diem_math::index::INDEX_SCALE;
use diem_math::wad::mul_div_down;

/// Bit that says whether the account ever locked.
const SETTLES_BIT: usize = 2 * BALANCE_BITS;
const _: () = assert!(SETTLES_BIT < 256);

/// The largest amount of VVV or sVVV that any field holds.
pub(crate) const MAX_AMOUNT: u128 = max_balance();

const fn max_balance() -> u128 {
    u128::MAX >> (128 - BALANCE_BITS)
}

/// The words of an account, unpacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// Where the words stand.
    pub(crate) at: Entry,
    /// sVVV that can be unstaked or locked.
    pub(crate) free: u128,
    /// sVVV locked behind DIEM.
    pub(crate) locked: u128,
    /// Whether DIEM may hold yield for the account.
    pub(crate) settles: bool,
    /// Reward debt, scale 1e36, modulo 2^256.
    pub(crate) debt: U256,
}

impl Account {
    pub(crate) fn unpack(at: Entry, balances: U256, debt: U256) -> Self {
        Self {
            at,
            free: field(balances, 0, BALANCE_BITS),
            locked: field(balances, BALANCE_BITS, BALANCE_BITS),
            settles: balances.bit(SETTLES_BIT),
            debt,
        }
    }

    /// The balances word. Both balances fit: their sum never passes `MAX_AMOUNT`.
    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.free)
            | at(self.locked, BALANCE_BITS)
            | at(u128::from(self.settles), SETTLES_BIT)
    }

    /// Adds free sVVV. The caller keeps the total within `MAX_AMOUNT`.
    pub(crate) fn credit(&mut self, amount: u128, index: U256) {
        self.free += amount;
        self.debt = add(self.debt, mul(from_u128(amount), index));
    }

    /// Takes free sVVV; `InsufficientUnlocked` when there is less.
    pub(crate) fn debit(&mut self, amount: U256, index: U256) -> Result<u128> {
        let unlocked = self.free;
        if amount > from_u128(unlocked) {
            return Err(refuse!(IStakedVvv::InsufficientUnlocked, unlocked, amount));
        }
        self.free -= low(amount);
        self.debt = sub(self.debt, mul(amount, index));
        Ok(low(amount))
    }

    /// Moves free sVVV to the lock; `InsufficientUnlocked` when there is less.
    pub(crate) fn lock(&mut self, amount: U256, index: U256) -> Result<u128> {
        let amount = self.debit(amount, index)?;
        self.locked += amount;
        self.settles = true;
        Ok(amount)
    }

    /// Moves locked sVVV back; `InsufficientLocked` when there is less.
    pub(crate) fn unlock(&mut self, amount: U256, index: U256) -> Result<u128> {
        let locked = self.locked;
        if amount > from_u128(locked) {
            return Err(refuse!(IStakedVvv::InsufficientLocked, locked, amount));
        }
        self.locked -= low(amount);
        self.credit(low(amount), index);
        Ok(low(amount))
    }

    /// VVV that the free sVVV has earned and not got, rounded down.
    pub(crate) fn pending(&self, index: U256) -> U256 {
        let raw = sub(mul(from_u128(self.free), index), self.debt);
        whole(raw)
    }

    /// Takes what is pending; a fraction of a wei stays for the next time.
    pub(crate) fn take_pending(&mut self, index: U256) -> U256 {
        let reward = self.pending(index);
        self.debt = add(self.debt, mul(reward, INDEX_SCALE));
        reward
    }
}

/// VVV on its way out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cooldown {
    /// VVV to be paid.
    pub(crate) amount: u128,
    /// From when on, seconds.
    pub(crate) end: u64,
}

impl Cooldown {
    pub(crate) const fn unpack(word: U256) -> Self {
        Self {
            amount: low(word),
            end: high(word) as u64,
        }
    }

    pub(crate) const fn pack(&self) -> U256 {
        pair(self.amount, self.end as u128)
    }
}

/// A raw reward (scale 1e36) in whole wei, rounded down.
pub(crate) fn whole(raw: U256) -> U256 {
    // Cannot fail: the quotient is below the word it divides.
    mul_div_down(raw, U256::ONE, INDEX_SCALE).unwrap_or_default()
}

/// An amount to be added somewhere: not zero, and within every field.
pub(crate) fn amount(value: U256) -> Result<u128> {
    if value.is_zero() {
        return Err(refuse!(IStakedVvv::ZeroAmount));
    }
    let maximum = from_u128(max(BALANCE_BITS));
    if value > maximum {
        return Err(refuse!(IStakedVvv::AmountTooLarge, value, maximum));
    }
    Ok(low(value))
}
