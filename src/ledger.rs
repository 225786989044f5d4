//! The daily ledger, pure: what a stake and a lease may spend, and how both are packed.
//!
//! A stake's words:
//!
//! | word | bits | content |
//! | --- | --- | --- |
//! | 0 | 0..96 | own stake: active DIEM less what is leased out |
//! | | 96..192 | credit spent in the epoch below |
//! | | 192..224 | the epoch of the last spending |
//! | | 224 | whether active stake reaches the minimum |
//! | 1 | 0..96 | leased out |
//! | | 96..192 | DIEM in the cooldown bucket |
//! | | 192..256 | when the bucket opens, seconds |
//!
//! The word of a lease's credit: dollars a day (0..96), spent (96..192) in an epoch
//! (192..224), and the epoch after the last (224..256).

use crate::storage::AMOUNT_BITS;
use alloy_primitives::U256;
use contract_kit::word::{at, field, from_u128, high, low, max};
use diem_math::epoch::MIN_CREDIT_STAKE;

/// Bits of an epoch. 2^32 days are 11 million years.
const EPOCH_BITS: usize = 32;
const SPENT_AT: usize = AMOUNT_BITS;
const EPOCH_AT: usize = 2 * AMOUNT_BITS;
const END_AT: usize = EPOCH_AT + EPOCH_BITS;
const QUALIFIES_BIT: usize = EPOCH_AT + EPOCH_BITS;

/// What was spent of a daily allowance, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meter {
    /// Spent in `epoch`.
    pub(crate) spent: u128,
    /// The epoch of the last spending.
    pub(crate) epoch: u64,
}

impl Meter {
    fn unpack(word: U256) -> Self {
        Self {
            spent: field(word, SPENT_AT, AMOUNT_BITS),
            epoch: field(word, EPOCH_AT, EPOCH_BITS) as u64,
        }
    }

    fn pack(&self) -> U256 {
        at(self.spent, SPENT_AT) | at(u128::from(self.epoch) & max(EPOCH_BITS), EPOCH_AT)
    }

    /// Spent in `epoch`; older spending is forgotten.
    pub(crate) const fn spent_in(&self, epoch: u64) -> u128 {
        if self.epoch == epoch { self.spent } else { 0 }
    }

    /// Spends within the allowance of `epoch`; gives back what is left. The error is what
    /// there was.
    #[inline(never)]
    fn spend(&mut self, allowance: u128, epoch: u64, amount: U256) -> Result<u128, u128> {
        let spent = self.spent_in(epoch);
        let remaining = allowance.saturating_sub(spent);
        if amount > from_u128(remaining) {
            return Err(remaining);
        }
        *self = Self {
            spent: spent.saturating_add(low(amount)),
            epoch,
        };
        Ok(remaining.saturating_sub(low(amount)))
    }
}

/// Word 0 of a stake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credit {
    /// Active stake less what is leased out. DIEM, which is dollars a day.
    pub(crate) own: u128,
    /// Spending.
    pub(crate) meter: Meter,
    /// Whether the active stake, leased part included, reaches the minimum.
    pub(crate) qualifies: bool,
}

impl Credit {
    pub(crate) fn unpack(word: U256) -> Self {
        Self {
            own: field(word, 0, AMOUNT_BITS),
            meter: Meter::unpack(word),
            qualifies: word.bit(QUALIFIES_BIT),
        }
    }

    /// Every field fits: amounts of DIEM by the curve's cap, epochs by the calendar.
    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.own) | self.meter.pack() | at(u128::from(self.qualifies), QUALIFIES_BIT)
    }

    /// Dollars a day.
    pub(crate) const fn allowance(&self) -> u128 {
        if self.qualifies { self.own } else { 0 }
    }

    /// Left in `epoch`.
    pub(crate) const fn remaining(&self, epoch: u64) -> u128 {
        self.allowance().saturating_sub(self.meter.spent_in(epoch))
    }

    /// Spends; gives back what is left. The error is what there was.
    pub(crate) fn spend(&mut self, epoch: u64, amount: U256) -> Result<u128, u128> {
        self.meter.spend(self.allowance(), epoch, amount)
    }

    /// Notes whether the stake reaches the minimum, after it changed.
    pub(crate) fn requalify(&mut self, leased: u128) {
        self.qualifies = self.own.saturating_add(leased) >= low(MIN_CREDIT_STAKE);
    }
}

/// Word 1 of a stake: what is leased out, and the cooldown bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Dollars a day that are leased out.
    pub(crate) leased: u128,
    /// DIEM in the bucket.
    pub(crate) cooling: u128,
    /// When it opens, seconds; 0 when empty.
    pub(crate) end: u64,
}

impl Bucket {
    pub(crate) fn unpack(word: U256) -> Self {
        Self {
            leased: field(word, 0, AMOUNT_BITS),
            cooling: field(word, AMOUNT_BITS, AMOUNT_BITS),
            end: (high(word) >> 64) as u64,
        }
    }

    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.leased) | at(self.cooling, AMOUNT_BITS) | at(u128::from(self.end), EPOCH_AT)
    }
}

/// The credit of a lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeaseCredit {
    /// Dollars a day.
    pub(crate) amount: u128,
    /// Spending.
    pub(crate) meter: Meter,
    /// The epoch after the last.
    pub(crate) end: u64,
}

impl LeaseCredit {
    /// A lease opened in epoch `today`, of which nothing is left.
    pub(crate) const fn open(amount: u128, today: u64, epochs: u32) -> Self {
        let end = today.saturating_add(1).saturating_add(epochs as u64);
        Self {
            amount,
            meter: Meter {
                spent: amount,
                epoch: today,
            },
            end,
        }
    }

    pub(crate) fn unpack(word: U256) -> Self {
        Self {
            amount: field(word, 0, AMOUNT_BITS),
            meter: Meter::unpack(word),
            end: field(word, END_AT, EPOCH_BITS) as u64,
        }
    }

    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.amount)
            | self.meter.pack()
            | at(u128::from(self.end) & max(EPOCH_BITS), END_AT)
    }

    /// Dollars in `epoch`: nothing after the end.
    pub(crate) const fn allowance(&self, epoch: u64) -> u128 {
        if epoch < self.end { self.amount } else { 0 }
    }

    /// Left in `epoch`.
    pub(crate) const fn remaining(&self, epoch: u64) -> u128 {
        self.allowance(epoch)
            .saturating_sub(self.meter.spent_in(epoch))
    }

    /// Spends; gives back what is left. The error is what there was.
    pub(crate) fn spend(&mut self, epoch: u64, amount: U256) -> Result<u128, u128> {
        self.meter.spend(self.allowance(epoch), epoch, amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOLLAR: u128 = 1_000_000_000_000_000_000;

    fn dollars(amount: u128) -> U256 {
        from_u128(amount * DOLLAR)
    }

    fn credit(own: u128, leased: u128) -> Credit {
        let mut credit = Credit {
            own,
            ..Credit::default()
        };
        credit.requalify(leased);
        credit
    }

    #[test]
    fn words_survive_packing_at_their_widest() {
        let widest = max(AMOUNT_BITS);
        let meter = Meter {
            spent: widest,
            epoch: u32::MAX.into(),
        };
        let credit = Credit {
            own: widest,
            meter,
            qualifies: true,
        };
        assert_eq!(Credit::unpack(credit.pack()), credit);
        let bucket = Bucket {
            leased: widest,
            cooling: widest,
            end: u64::MAX,
        };
        assert_eq!(Bucket::unpack(bucket.pack()), bucket);
        let lease = LeaseCredit {
            amount: widest,
            meter,
            end: u32::MAX.into(),
        };
        assert_eq!(LeaseCredit::unpack(lease.pack()), lease);
    }

    #[test]
    fn a_tenth_of_a_diem_has_credit_and_one_wei_less_has_none() {
        assert_eq!(credit(DOLLAR / 10, 0).allowance(), DOLLAR / 10);
        assert_eq!(credit(DOLLAR / 10 - 1, 0).allowance(), 0);
        assert_eq!(credit(1, DOLLAR / 10 - 1).allowance(), 1);
    }

    #[test]
    fn credit_is_spent_once_a_day_and_fresh_the_next() {
        let mut credit = credit(5 * DOLLAR, 0);
        assert_eq!(credit.spend(7, dollars(3)), Ok(2 * DOLLAR));
        assert_eq!(credit.spend(7, dollars(3)), Err(2 * DOLLAR));
        assert_eq!(credit.spend(7, dollars(2)), Ok(0));
        assert_eq!(credit.spend(7, U256::ONE), Err(0));
        assert_eq!(credit.remaining(8), 5 * DOLLAR);
        assert_eq!(credit.spend(8, dollars(5)), Ok(0));
    }

    #[test]
    fn stake_that_leaves_takes_its_credit_along_but_not_what_was_spent() {
        let mut credit = credit(5 * DOLLAR, 0);
        assert_eq!(credit.spend(7, dollars(4)), Ok(DOLLAR));
        credit.own = 2 * DOLLAR;
        assert_eq!(credit.remaining(7), 0);
        credit.own = 6 * DOLLAR;
        assert_eq!(credit.remaining(7), 2 * DOLLAR);
    }

    #[test]
    fn a_lease_serves_its_term_and_no_day_more() {
        let mut lease = LeaseCredit::open(DOLLAR, 10, 2);
        assert_eq!(lease.spend(10, U256::ONE), Err(0));
        assert_eq!(lease.spend(11, dollars(1)), Ok(0));
        assert_eq!(lease.spend(12, dollars(1)), Ok(0));
        assert_eq!(lease.spend(13, U256::ONE), Err(0));
        assert_eq!(lease.end, 13);
    }

    #[test]
    fn an_absurd_amount_is_refused_like_any_other() {
        assert_eq!(credit(DOLLAR, 0).spend(1, U256::MAX), Err(DOLLAR));
    }
}
