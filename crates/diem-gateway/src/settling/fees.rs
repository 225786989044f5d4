//! What a statement offers for its gas: room for the base fee to rise, and more where it is stuck.

/// How many times the base fee a transaction may pay at most. Arbitrum charges the base fee and no more, so the room
/// costs nothing.
const ROOM: u128 = 3;
/// What part of a fee is added to replace it. A node asks for a tenth on both fees; an eighth passes wherever that is
/// rounded.
const RAISE: u128 = 8;

/// EIP-1559 fees, in wei per gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    /// The most that is paid for gas in all.
    pub max: u128,
    /// What of it goes to who makes the block.
    pub tip: u128,
}

impl Fees {
    /// For a transaction that replaces none, at this base fee.
    #[must_use]
    pub fn fresh(base: u128, tip: u128) -> Self {
        Self {
            max: base.saturating_mul(ROOM).saturating_add(tip).max(1),
            tip,
        }
    }

    /// For a replacement of a transaction with these fees: an eighth more, or what the base fee asks by now.
    #[must_use]
    pub fn raised(self, base: u128, tip: u128) -> Self {
        let fresh = Self::fresh(base, tip);
        let tip = raise(self.tip).max(fresh.tip);
        Self {
            max: raise(self.max).max(fresh.max).max(tip),
            tip,
        }
    }
}

fn raise(fee: u128) -> u128 {
    fee.saturating_add(fee.div_ceil(RAISE).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_fee_has_room_for_three_times_the_base_fee() {
        assert_eq!(Fees::fresh(100, 2), Fees { max: 302, tip: 2 });
        assert_eq!(Fees::fresh(0, 0), Fees { max: 1, tip: 0 });
    }

    #[test]
    fn a_raised_fee_is_more_than_a_tenth_above_and_never_below_what_the_base_fee_asks() {
        for base in [0, 1, 7, 100, 1_000_000_007, u128::MAX] {
            for old in [0, 1, 9, 10, 11, 100, 12_345_678_901, u128::MAX / 2] {
                let old = Fees {
                    max: old,
                    tip: old / 3,
                };
                let new = old.raised(base, 0);
                assert!(new.max > old.max && new.tip > old.tip, "{old:?} {new:?}");
                assert!(new.max - old.max >= old.max / 10, "{old:?} {new:?}");
                assert!(new.max >= Fees::fresh(base, 0).max && new.max >= new.tip);
            }
        }
    }
}
