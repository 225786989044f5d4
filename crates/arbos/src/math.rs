//! Integer arithmetic that ArbOS prices with.

/// `exp(bips / 10,000)` in basis points, by a Taylor series of `terms` terms in Horner form, each
/// division rounded down, saturating.
pub fn approx_exp_bips(bips: u64, terms: u32) -> u64 {
    const ONE: u64 = 10_000;
    let terms = u64::from(terms);
    let Some(innermost) = bips.checked_div(terms) else {
        return ONE;
    };
    (1..terms)
        .rev()
        .fold(ONE.saturating_add(innermost), |sum, term| {
            ONE.saturating_add(sum.saturating_mul(bips) / (term * ONE))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_gives_the_factors_of_the_data_fee() {
        // stylus-vm section 2.6: the per-byte factor for three demands.
        for (bips, factor) in [(280, 10_283), (468, 10_479), (561, 10_576)] {
            assert_eq!(approx_exp_bips(bips, 12), factor);
        }
    }

    #[test]
    fn the_series_saturates_instead_of_wrapping() {
        assert_eq!(approx_exp_bips(u64::MAX, 12), u64::MAX / 10_000 + 10_000);
        assert_eq!(approx_exp_bips(0, 4), 10_000);
    }
}
