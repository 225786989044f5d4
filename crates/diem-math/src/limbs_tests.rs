//! Each operation against big integers, with limbs as wide as it takes them.

use super::*;
use num_bigint::BigUint;
use proptest::prelude::*;

const TIDY: u64 = MASK;
const ONE_MORE_BIT: u64 = (1 << 31) - 1;

fn big(limbs: &Limbs) -> BigUint {
    let Limbs(limbs) = limbs;
    limbs
        .iter()
        .rev()
        .fold(BigUint::ZERO, |sum, limb| (sum << LIMB_BITS) + limb)
}

fn word(ulps: &U256) -> BigUint {
    BigUint::from_bytes_le(&ulps.to_le_bytes::<32>())
}

/// Limbs of up to `most`, the last one of up to `top`: often as wide as can be, or nothing.
fn limbs(most: u64, top: u64) -> impl Strategy<Value = [u64; 6]> {
    let limb = move |most: u64| {
        prop_oneof![
            3 => 0..=most,
            1 => Just(most),
            1 => Just(0),
            1 => (0..u64::BITS).prop_map(move |bits| most >> bits),
        ]
    };
    (
        limb(most),
        limb(most),
        limb(most),
        limb(most),
        limb(most),
        limb(top),
    )
        .prop_map(|(a0, a1, a2, a3, a4, a5)| [a0, a1, a2, a3, a4, a5])
}

fn is_tidy(limbs: &Limbs) -> bool {
    let Limbs(limbs) = limbs;
    limbs.iter().all(|limb| *limb <= TIDY)
}

#[test]
fn only_nothing_is_zero() {
    assert!(Limbs::ZERO.is_zero());
    assert!(!Limbs::ONE.is_zero());
    for limb in 0..6 {
        for other in 0..6 {
            for bits in 0..30 {
                let mut limbs = [0; 6];
                limbs[limb] = 1 << bits;
                limbs[other] = 1 << bits;
                assert!(!Limbs(limbs).is_zero(), "{limbs:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn words_become_their_lowest_180_bits_tidily(words in any::<[u64; 4]>(), drop in 0..256_usize) {
        let ulps = U256::from_limbs(words) >> drop;
        let limbs = Limbs::from_ulps(&ulps);
        prop_assert!(is_tidy(&limbs));
        prop_assert_eq!(big(&limbs), word(&ulps) % (BigUint::from(1_u32) << 180));
    }

    #[test]
    fn loose_limbs_are_carried_into_their_word(limbs in limbs((1 << 63) - 1, (1 << 41) - 1)) {
        let limbs = Limbs(limbs);
        prop_assert_eq!(word(&limbs.ulps()), big(&limbs));
    }

    #[test]
    fn tidying_keeps_the_value(limbs in limbs((1 << 58) - 1, (1 << 29) - 1)) {
        let limbs = Limbs(limbs);
        let tidy = limbs.tidy();
        prop_assert!(is_tidy(&tidy));
        prop_assert_eq!(big(&tidy), big(&limbs));
    }

    #[test]
    fn products_are_rounded_down_by_little_more_than_an_ulp(
        left in limbs(ONE_MORE_BIT, (1 << 14) - 1), right in limbs(TIDY, (1 << 15) - 1),
    ) {
        let (left, right) = (Limbs(left), Limbs(right));
        let product = left.times(&right);
        prop_assert!(is_tidy(&product));
        let (product, exact) = (big(&product) << FRACTION_BITS, big(&left) * big(&right));
        prop_assert!(product <= exact, "{} > {}", product, exact);
        // 1 + 2^-26 ulps.
        let most = (BigUint::from((1_u32 << 26) + 1)) << (FRACTION_BITS - 26);
        prop_assert!(exact - product <= most);
    }

    #[test]
    fn scaling_rounds_down(
        limbs in limbs(TIDY, TIDY), denominator in 2..1_u64 << 33, share in 0..=58_u64,
    ) {
        let numerator = denominator * share / 100;
        let limbs = Limbs(limbs);
        let scaled = limbs.scaled(numerator, denominator);
        let Limbs(digits) = scaled;
        prop_assert!(digits.iter().all(|digit| *digit <= ONE_MORE_BIT));
        prop_assert_eq!(big(&scaled), big(&limbs) * numerator / denominator);
    }

    #[test]
    fn gathering_adds_multiples_limb_by_limb(
        start in limbs((1 << 60) - 1, (1 << 60) - 1),
        value in limbs(ONE_MORE_BIT, ONE_MORE_BIT),
        factor in 0..=385_u64,
    ) {
        let mut sum = Limbs(start);
        sum.gather(&Limbs(value), factor);
        let Limbs(sum) = sum;
        for ((sum, start), value) in sum.into_iter().zip(start).zip(value) {
            prop_assert_eq!(sum, start + value * factor);
        }
    }
}
