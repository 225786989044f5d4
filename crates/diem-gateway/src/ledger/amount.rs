//! An amount in two columns, so that a guarded statement adds and compares with nothing but 64-bit integers.

use super::LedgerError;
use crate::money::{DOLLAR, Usd};

/// More dollars than any line can have (its 91 bits end at 2.5e9), and few enough that sums of columns stay in 64 bits.
const MOST_DOLLARS: u128 = 1 << 60;

/// Whole dollars and the units below one, `0 <= units < 1e18`. A change that takes away has negative dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) dollars: i64,
    pub(super) units: i64,
}

impl Parts {
    /// The columns of `amount`. Refuses `Amount` past 2^60 dollars.
    pub(super) fn of(amount: Usd) -> Result<Self, LedgerError> {
        Self::change(amount, Usd::ZERO)
    }

    /// What takes a column from `then` to `now`.
    pub(super) fn change(now: Usd, then: Usd) -> Result<Self, LedgerError> {
        for amount in [now, then] {
            if amount.0 / DOLLAR >= MOST_DOLLARS {
                return Err(LedgerError::Amount(amount));
            }
        }
        let (mut dollars, mut units) = (
            narrow(now.0 / DOLLAR)? - narrow(then.0 / DOLLAR)?,
            narrow(now.0 % DOLLAR)? - narrow(then.0 % DOLLAR)?,
        );
        if units < 0 {
            dollars -= 1;
            units += narrow(DOLLAR)?;
        }
        Ok(Self { dollars, units })
    }

    /// The amount of two columns.
    pub(super) fn amount(self) -> Result<Usd, LedgerError> {
        let corrupt = || LedgerError::Corrupt {
            what: "an amount",
            value: format!("{} dollars and {} units", self.dollars, self.units),
        };
        let dollars = u128::try_from(self.dollars).map_err(|_| corrupt())?;
        let units = u128::try_from(self.units).map_err(|_| corrupt())?;
        if units >= DOLLAR {
            return Err(corrupt());
        }
        Ok(Usd(dollars * DOLLAR + units))
    }
}

fn narrow(part: u128) -> Result<i64, LedgerError> {
    i64::try_from(part).map_err(|_| LedgerError::Amount(Usd(part)))
}

/// `SUM` of an amount's columns in three, none of which passes 64 bits: `name_d`, and `name_h` and `name_l` for the
/// thousand-millionths of a dollar and the units below them. PostgreSQL's sums are wider than its integers, hence the casts.
macro_rules! sum_of {
    ($dollars:literal, $units:literal, $name:literal) => {
        concat!(
            "CAST(COALESCE(SUM(",
            $dollars,
            "), 0) AS BIGINT) AS ",
            $name,
            "_d, ",
            "CAST(COALESCE(SUM((",
            $units,
            ") / 1000000000), 0) AS BIGINT) AS ",
            $name,
            "_h, ",
            "CAST(COALESCE(SUM((",
            $units,
            ") % 1000000000), 0) AS BIGINT) AS ",
            $name,
            "_l"
        )
    };
}
pub(super) use sum_of;

/// The amount of the three columns of `sum_of`.
pub(super) fn summed(dollars: i64, high: i64, low: i64) -> Result<Usd, LedgerError> {
    let corrupt = || LedgerError::Corrupt {
        what: "a sum",
        value: format!("{dollars}, {high}, {low}"),
    };
    let part = |part: i64| u128::try_from(part).map_err(|_| corrupt());
    let units = part(high)? * 1_000_000_000 + part(low)?;
    part(dollars)?
        .checked_mul(DOLLAR)
        .and_then(|dollars| dollars.checked_add(units))
        .map(Usd)
        .ok_or_else(corrupt)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed expectation is the test's failure

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn prop_a_change_applied_as_the_statements_do_it_is_exact(now in 0..(DOLLAR << 40), then in 0..(DOLLAR << 40)) {
            let (held, by) = (Parts::of(Usd(then)).unwrap(), Parts::change(Usd(now), Usd(then)).unwrap());
            let unit = DOLLAR as i64;
            prop_assert!((0..unit).contains(&by.units));
            let after = Parts {
                dollars: held.dollars + by.dollars + (held.units + by.units) / unit,
                units: (held.units + by.units) % unit,
            };
            prop_assert_eq!(after.amount().unwrap(), Usd(now));
        }
    }

    #[test]
    fn an_amount_that_no_line_can_have_is_refused_and_not_wrapped() {
        assert!(Parts::of(Usd(DOLLAR * MOST_DOLLARS - 1)).is_ok());
        for amount in [Usd(DOLLAR * MOST_DOLLARS), Usd(u128::MAX)] {
            assert!(matches!(Parts::of(amount), Err(LedgerError::Amount(a)) if a == amount));
        }
    }
}
