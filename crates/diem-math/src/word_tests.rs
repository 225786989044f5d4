//! Each operation against big integers or the library's own.

use super::*;
use num_bigint::BigUint;
use proptest::prelude::*;

fn big(word: &U256) -> BigUint {
    BigUint::from_bytes_le(&word.to_le_bytes::<32>())
}

/// Words of every length with runs of ones and zeros, where carries and estimates go wrong.
fn word() -> impl Strategy<Value = U256> {
    (any::<[u32; 8]>(), any::<[u8; 8]>(), 0..256_usize).prop_map(|(digits, shapes, drop)| {
        let digit = |at: usize| -> u64 {
            match shapes[at] % 6 {
                0 => 0,
                1 => u32::MAX.into(),
                2 => 1 << 31,
                3 => 1,
                _ => digits[at].into(),
            }
        };
        let limb = |at: usize| digit(2 * at) | digit(2 * at + 1) << DIGIT_BITS;
        U256::from_limbs([limb(0), limb(1), limb(2), limb(3)]) >> drop
    })
}

proptest! {
    #[test]
    fn sums_and_products_wrap_and_differences_say_so(a in word(), b in word()) {
        prop_assert_eq!(add(&a, &b), a.wrapping_add(b));
        prop_assert_eq!(mul(&a, &b), a.wrapping_mul(b));
        prop_assert_eq!(sub(&a, &b), a.overflowing_sub(b));
        prop_assert_eq!(sub(&a, &a), (U256::ZERO, false));
    }

    #[test]
    fn quotients_are_floors_and_say_whether_they_are_exact(
        a in word(), b in word(), divisor in word(),
    ) {
        let answer = mul_div(&a, &b, &divisor);
        let saturated = mul_div_saturating(&a, &b, &divisor);
        if divisor.is_zero() {
            prop_assert_eq!(answer, Err(MathError::DivisionByZero));
            prop_assert_eq!(saturated, U256::MAX);
            return Ok(());
        }
        let (product, divisor) = (big(&a) * big(&b), big(&divisor));
        let (quotient, exact) = (&product / &divisor, &product % &divisor == BigUint::ZERO);
        match answer {
            Ok((floor, said)) => {
                prop_assert_eq!((big(&floor), said), (quotient, exact));
                prop_assert_eq!(saturated, floor);
            }
            Err(error) => {
                prop_assert_eq!(error, MathError::Overflow);
                prop_assert!(quotient.bits() > 256);
                prop_assert_eq!(saturated, U256::MAX);
            }
        }
    }

    #[test]
    fn a_multiple_of_the_divisor_is_an_exact_quotient(a in word(), b in word()) {
        prop_assume!(!b.is_zero());
        prop_assert_eq!(mul_div(&a, &b, &b), Ok((a, true)));
    }

    #[test]
    fn a_product_of_fixed_point_numbers_loses_its_fraction(a in word(), b in word()) {
        let exact = (big(&a) * big(&b)) >> FRACTION_BITS;
        match scale_down(&a, &b) {
            Ok(product) => prop_assert_eq!(big(&product), exact),
            Err(error) => {
                prop_assert_eq!(error, MathError::Overflow);
                prop_assert!(exact.bits() > 256);
            }
        }
    }

    #[test]
    fn an_estimated_digit_is_exact_or_one_too_large(
        top in 1_u64 << 31..1 << 32, next in 0..=DIGIT_MASK, low in 0..=DIGIT_MASK, high in any::<u64>(),
        edge in 0..4_u8,
    ) {
        // The rest is below the divisor: its two first digits are at most the divisor's first.
        let highest = top << DIGIT_BITS | DIGIT_MASK;
        let high = match edge {
            0 => highest - high % 3,
            1 => (top << DIGIT_BITS) - high % 3,
            _ => high % highest,
        };
        let wide = |high: u64, low: u64| u128::from(high) << DIGIT_BITS | u128::from(low);
        let exact = (wide(high, low) / wide(top, next)).min(DIGIT_MASK.into());
        let digit = u128::from(estimate(high, low, top, next));
        prop_assert!(digit == exact || digit == exact + 1, "{} for {}", digit, exact);
    }
}
