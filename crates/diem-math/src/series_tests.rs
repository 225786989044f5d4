//! What a point knows of the curve around it.

use super::*;
use crate::limbs::FRACTION_BITS;
use num_bigint::BigUint;
use proptest::prelude::*;

fn big(word: &U256) -> BigUint {
    BigUint::from_bytes_le(&word.to_le_bytes::<32>())
}

/// A number under `2^whole` in ulps, often a short one.
fn ulps(whole: usize) -> impl Strategy<Value = U256> {
    (any::<[u64; 4]>(), 0..FRACTION_BITS).prop_map(move |(words, drop)| {
        U256::from_limbs(words) >> (256 - FRACTION_BITS - whole + drop)
    })
}

proptest! {
    #[test]
    fn a_point_bends_by_three_squares_times_the_rest(x in ulps(1), rest in ulps(19)) {
        let exact = (big(&x) * big(&x) * big(&rest) * 3_u32) >> (2 * FRACTION_BITS);
        let bend = big(&Point::at(&x).bend(&rest));
        prop_assert!(bend <= exact, "{} > {}", bend, exact);
        // The square is short by little more than an ulp, and so is its product with the rest.
        let most = ((big(&rest) >> FRACTION_BITS) + 2_u32) * 4_u32;
        prop_assert!(&exact - &bend <= most, "{} << {}", bend, exact);
    }
}
