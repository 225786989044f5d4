//! One position: locked sVVV, outstanding DIEM, and the yield of the lock.
//!
//! **Yield without rounding.** With `debt` the debt word, the gross yield that a position
//! earned and did not get is `locked * index - debt`, at scale 1e36 and modulo 2^256:
//! whenever `locked` changes by `d` at an index `i`, `debt` changes by `d * i`. The
//! difference is the exact sum over the position's history; sVVV bounds all that can ever
//! be earned far below 2^256.

use crate::errors::{Result, refuse};
use crate::interface::IDiem;
use alloy_primitives::U256;
use contract_kit::word::{Entry, add, from_u128, low, mul, sub};
use diem_math::index::INDEX_SCALE;
use diem_math::wad::mul_div_down;

/// The words of a position, unpacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// Where the words stand.
    pub(crate) at: Entry,
    /// sVVV locked. sVVV keeps it below 2^120.
    pub(crate) locked: u128,
    /// DIEM owed. The curve keeps it below 2^91.
    pub(crate) outstanding: u128,
    /// Yield debt, scale 1e36, modulo 2^256.
    pub(crate) debt: U256,
}

impl Position {
    /// Books a mint.
    pub(crate) fn add(&mut self, locked: U256, diem: U256, index: U256) {
        // Within the widths above.
        self.locked = self.locked.saturating_add(low(locked));
        self.outstanding = self.outstanding.saturating_add(low(diem));
        self.debt = add(self.debt, mul(locked, index));
    }

    /// What burning `diem` unlocks: its part of the lock, rounded down; all for all.
    pub(crate) fn part(&self, diem: U256) -> Result<U256> {
        let outstanding = self.outstanding;
        if diem > from_u128(outstanding) {
            return Err(refuse!(IDiem::InsufficientOutstanding, outstanding, diem));
        }
        // Fails for nothing out of nothing only.
        let part = mul_div_down(diem, from_u128(self.locked), from_u128(outstanding));
        Ok(part.unwrap_or_default())
    }

    /// Books a burn of `diem` that unlocks `part`, which `part` has computed.
    pub(crate) fn remove(&mut self, part: U256, diem: U256, index: U256) {
        self.locked = self.locked.saturating_sub(low(part));
        self.outstanding = self.outstanding.saturating_sub(low(diem));
        self.debt = sub(self.debt, mul(part, index));
    }

    /// Gross yield pending, VVV, rounded down.
    pub(crate) fn gross(&self, index: U256) -> U256 {
        let raw = sub(mul(from_u128(self.locked), index), self.debt);
        // Cannot fail: the quotient is below the word it divides.
        mul_div_down(raw, U256::ONE, INDEX_SCALE).unwrap_or_default()
    }

    /// Takes the whole gross yield; a fraction of a wei stays for the next time.
    pub(crate) fn take_gross(&mut self, index: U256) -> U256 {
        let gross = self.gross(index);
        self.debt = add(self.debt, mul(gross, INDEX_SCALE));
        gross
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: u64) -> U256 {
        U256::from(value)
    }

    fn position() -> Position {
        let mut position = Position::default();
        position.add(number(900), number(10), U256::ZERO);
        position
    }

    #[test]
    fn a_part_rounds_down_and_all_unlocks_all() {
        let mut position = position();
        position.add(number(1), U256::ZERO, U256::ZERO);
        assert_eq!(position.part(number(3)), Ok(number(270)));
        assert_eq!(position.part(number(10)), Ok(number(901)));
        assert_eq!(position.part(U256::ZERO), Ok(U256::ZERO));
    }

    #[test]
    fn burning_more_than_is_owed_is_refused() {
        let eleven = number(11);
        assert_eq!(
            position().part(eleven),
            Err(refuse!(IDiem::InsufficientOutstanding, 10_u128, eleven))
        );
        assert_eq!(
            Position::default().part(U256::ONE),
            Err(refuse!(IDiem::InsufficientOutstanding, 0_u128, U256::ONE))
        );
    }

    #[test]
    fn yield_follows_the_lock_through_mints_and_burns_and_is_taken_once() {
        let mut position = position();
        position.add(number(100), number(1), INDEX_SCALE * number(2));
        position.remove(number(600), number(5), INDEX_SCALE * number(3));
        let index = INDEX_SCALE * number(4);
        assert_eq!(position.gross(index), number(900 * 2 + 1_000 + 400));
        assert_eq!(position.take_gross(index), number(3_200));
        assert_eq!(position.take_gross(index), U256::ZERO);
    }
}
