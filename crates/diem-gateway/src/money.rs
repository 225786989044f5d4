//! Dollars in whole units of 1e-18, as the chain counts credit.

use std::fmt;

/// Units in a dollar.
pub const DOLLAR: u128 = 1_000_000_000_000_000_000;

/// An amount of dollars in units of 1e-18. A line's allowance has at most 91 bits, so sums of it never pass 128.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(pub u128);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum, or `None` past 128 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// What is left after taking `other`; nothing where `other` is more.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// All digits, no exponent, no trailing zeros: `0.000000000000000001`, `12.5`, `3`.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / DOLLAR, self.0 % DOLLAR);
        if part == 0 {
            return f.pad(&whole.to_string());
        }
        let part = format!("{part:018}");
        f.pad(&format!("{whole}.{}", part.trim_end_matches('0')))
    }
}
