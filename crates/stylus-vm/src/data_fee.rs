//! The price of keeping native code: a fee that rises with recent demand.

use alloy_primitives::U256;

/// Basis points in one.
const ONE_IN_BIPS: u64 = 10_000;
/// Terms of the exponential series.
const SERIES_TERMS: u64 = 12;

/// The data pricer's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataPricer {
    /// Bytes recently activated and not yet worked off.
    pub demand: u32,
    /// Bytes of demand worked off each second.
    pub bytes_per_second: u32,
    /// Unix seconds of the last update.
    pub last_update: u64,
    /// Wei of a byte without demand.
    pub min_price: u32,
    /// Bytes of demand that multiply the price by e.
    pub inertia: u32,
}

impl Default for DataPricer {
    /// The values a chain starts with.
    fn default() -> Self {
        Self {
            demand: 0,
            bytes_per_second: 34_865,
            last_update: 1_421_388_000,
            min_price: 82_928_201,
            inertia: 21_360_419,
        }
    }
}

impl DataPricer {
    /// Adds `bytes` of native code at time `now` (Unix seconds) and returns their fee in wei.
    /// Rounds down, as the chain does.
    pub fn add(&mut self, bytes: u32, now: u64) -> U256 {
        let passed = u32::try_from(now.saturating_sub(self.last_update)).unwrap_or(u32::MAX);
        let worked_off = self.bytes_per_second.saturating_mul(passed);
        self.demand = self.demand.saturating_sub(worked_off).saturating_add(bytes);
        self.last_update = now;
        self.fee(bytes)
    }

    /// Fee in wei of `bytes` at the present demand.
    fn fee(&self, bytes: u32) -> U256 {
        // An inertia of zero cannot be stored by the chain's own methods; read it as one.
        let exponent = ONE_IN_BIPS * u64::from(self.demand) / u64::from(self.inertia.max(1));
        let multiplier = exp_bips(exponent);
        let per_byte = u64::from(self.min_price).saturating_mul(multiplier) / ONE_IN_BIPS;
        U256::from(per_byte.saturating_mul(u64::from(bytes)))
    }
}

/// `e^x` by its series, `x` and the result in basis points. Integer on purpose:
/// floating point gives different fees.
fn exp_bips(x: u64) -> u64 {
    let mut sum = ONE_IN_BIPS + x / SERIES_TERMS;
    for term in (1..SERIES_TERMS).rev() {
        sum = ONE_IN_BIPS.saturating_add(sum.saturating_mul(x) / (term * ONE_IN_BIPS));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_fees_hold() {
        for (before, bytes, fee) in [
            (0, 600_000, 51_165_041_400_000_u64),
            (0, 1_000_000, 86_900_461_000_000),
            (600_000, 600_000, 52_622_919_000_000),
        ] {
            let mut pricer = DataPricer {
                demand: before,
                ..Default::default()
            };
            let now = pricer.last_update;
            assert_eq!(pricer.add(bytes, now), U256::from(fee));
        }
    }

    #[test]
    fn demand_is_worked_off_with_time() {
        let mut pricer = DataPricer {
            demand: 100_000,
            ..Default::default()
        };
        let now = pricer.last_update + 2;
        pricer.add(5, now);
        assert_eq!(pricer.demand, 100_000 - 2 * 34_865 + 5);
        assert_eq!(pricer.last_update, now);
    }
}
