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

#[cfg(test)]
mod tests {
    use super::*;

    fn index(wei: u64) -> U256 {
        U256::from(wei) * INDEX_SCALE
    }

    fn account(free: u128) -> Account {
        let mut account = Account::default();
        account.credit(free, U256::ZERO);
        account
    }

    #[test]
    fn words_survive_packing_at_their_widest() {
        let account = Account {
            free: MAX_AMOUNT,
            locked: MAX_AMOUNT,
            settles: true,
            debt: U256::MAX,
            ..Account::default()
        };
        assert_eq!(
            Account::unpack(account.at, account.pack(), account.debt),
            account
        );
        let cooldown = Cooldown {
            amount: u128::MAX,
            end: u64::MAX,
        };
        assert_eq!(Cooldown::unpack(cooldown.pack()), cooldown);
    }

    #[test]
    fn the_fields_of_an_account_do_not_overlap() {
        let base = Account::default();
        let fields = [
            Account {
                free: MAX_AMOUNT,
                ..base
            },
            Account {
                locked: MAX_AMOUNT,
                ..base
            },
            Account {
                settles: true,
                ..base
            },
        ];
        let mut seen = U256::ZERO;
        for field in fields {
            let word = field.pack();
            assert_eq!(Account::unpack(field.at, word, U256::ZERO), field);
            assert_eq!(seen & word, U256::ZERO);
            seen |= word;
        }
    }

    #[test]
    fn the_fields_of_a_cooldown_do_not_overlap() {
        let amount = Cooldown {
            amount: u128::MAX,
            end: 0,
        };
        let end = Cooldown {
            amount: 0,
            end: u64::MAX,
        };
        for field in [amount, end] {
            assert_eq!(Cooldown::unpack(field.pack()), field);
        }
        assert_eq!(amount.pack() & end.pack(), U256::ZERO);
    }

    #[test]
    fn rewards_follow_the_balance_through_credits_debits_locks_and_unlocks() {
        let mut account = account(100);
        // 100 free while the index grows by 3, 150 while by 2, 30 while by 5, 90 while by 1.
        account.credit(50, index(3));
        assert!(account.debit(U256::from(120), index(5)).is_ok());
        assert!(account.lock(U256::from(20), index(10)).is_ok());
        assert!(account.unlock(U256::from(20), index(12)).is_ok());
        let earned = 100 * 3 + 150 * 2 + 30 * 5 + 10 * 2 + 30;
        assert_eq!(account.pending(index(13)), U256::from(earned));
    }

    #[test]
    fn a_fraction_of_a_wei_is_kept_for_the_next_claim() {
        let mut account = account(1);
        let third = INDEX_SCALE / U256::from(3);
        for _ in 0..3 {
            account.take_pending(third);
        }
        assert_eq!(account.take_pending(third * U256::from(2)), U256::ZERO);
        let almost = third * U256::from(3) + U256::ONE;
        assert_eq!(account.take_pending(almost), U256::ONE);
    }

    #[test]
    fn rewards_are_exact_where_balance_times_index_passes_the_word() {
        let start = U256::MAX >> 41;
        let mut account = Account::default();
        account.credit(MAX_AMOUNT, start);
        let grown = start + U256::from(7_u64);
        let exact = U256::from(MAX_AMOUNT) * U256::from(7_u64) / INDEX_SCALE;
        assert_eq!(account.pending(grown), exact);
    }

    #[test]
    fn taking_more_than_there_is_is_refused_with_both_numbers_and_changes_nothing() {
        let mut account = account(5);
        let before = account;
        let six = U256::from(6_u64);
        assert_eq!(
            account.debit(six, index(1)),
            Err(refuse!(IStakedVvv::InsufficientUnlocked, 5_u128, six))
        );
        assert_eq!(
            account.lock(U256::MAX, index(1)),
            Err(refuse!(IStakedVvv::InsufficientUnlocked, 5_u128, U256::MAX))
        );
        assert_eq!(
            account.unlock(U256::ONE, index(1)),
            Err(refuse!(IStakedVvv::InsufficientLocked, 0_u128, U256::ONE))
        );
        assert_eq!(account, before);
    }

    #[test]
    fn all_there_is_can_be_taken_locked_and_unlocked() {
        let five = U256::from(5_u64);
        let mut account = account(5);
        assert_eq!(account.lock(five, index(0)), Ok(5));
        assert_eq!((account.free, account.locked), (0, 5));
        assert_eq!(account.unlock(five, index(0)), Ok(5));
        assert_eq!(account.debit(five, index(0)), Ok(5));
        assert_eq!((account.free, account.locked), (0, 0));
    }

    #[test]
    fn amounts_are_positive_and_within_the_fields() {
        assert_eq!(amount(U256::ZERO), Err(refuse!(IStakedVvv::ZeroAmount)));
        assert_eq!(amount(from_u128(MAX_AMOUNT)), Ok(MAX_AMOUNT));
        let above = from_u128(MAX_AMOUNT + 1);
        let maximum = from_u128(MAX_AMOUNT);
        assert_eq!(
            amount(above),
            Err(refuse!(IStakedVvv::AmountTooLarge, above, maximum))
        );
    }
}
