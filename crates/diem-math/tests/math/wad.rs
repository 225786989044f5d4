//! Full-width multiplication and division against big integers.

use crate::draw::config;
use crate::support::{big, u};
use diem_math::wad::{mul_div_down, mul_div_up};
use diem_math::{MathError, U256};
use num_bigint::BigUint;
use proptest::prelude::*;

/// Words of every length, with runs of ones and zeros, where long division goes wrong.
fn word() -> impl Strategy<Value = U256> {
    let shaped =
        (any::<[u64; 4]>(), any::<[u8; 4]>(), 0..256_usize).prop_map(|(limbs, shape, drop)| {
            let mut limbs = limbs;
            for (limb, shape) in limbs.iter_mut().zip(shape) {
                match shape % 6 {
                    0 => *limb = 0,
                    1 => *limb = u64::MAX,
                    2 => *limb = 1 << 63,
                    3 => *limb |= 0xffff_ffff_0000_0000,
                    _ => {}
                }
            }
            U256::from_limbs(limbs) >> drop
        });
    prop_oneof![shaped, Just(U256::MAX), (0..5_u64).prop_map(U256::from)]
}

proptest! {
    #![proptest_config(config(50_000))]

    #[test]
    fn mul_div_is_the_floor_and_the_ceiling(a in word(), b in word(), divisor in word()) {
        let (down, up) = (mul_div_down(a, b, divisor), mul_div_up(a, b, divisor));
        if divisor.is_zero() {
            prop_assert_eq!(down, Err(MathError::DivisionByZero));
            prop_assert_eq!(up, Err(MathError::DivisionByZero));
            return Ok(());
        }
        let (product, divisor) = (big(a) * big(b), big(divisor));
        let check = |answer: Result<U256, MathError>, exact: BigUint| match answer {
            Ok(value) => assert_eq!(big(value), exact),
            Err(error) => {
                assert_eq!(error, MathError::Overflow);
                assert!(exact.bits() > 256);
            }
        };
        check(down, &product / &divisor);
        check(up, (product + &divisor - 1_u32) / divisor);
    }
}

#[test]
fn a_ceiling_that_does_not_fit_overflows() {
    // floor(MAX * MAX / (MAX - 1)) is MAX + 1 or so; floor(x * 1 / 1) at the top is exact.
    assert_eq!(
        mul_div_up(U256::MAX, U256::MAX, U256::MAX - u(1)),
        Err(MathError::Overflow)
    );
    assert_eq!(mul_div_up(U256::MAX, u(1), u(1)), Ok(U256::MAX));
    // (2^256 - 1) * 2 / 2 needs the ceiling of an exact quotient.
    assert_eq!(mul_div_up(U256::MAX, u(2), u(2)), Ok(U256::MAX));
}
