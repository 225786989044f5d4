//! The few operations on 256-bit words the crate needs, by reference.
//!
//! The contracts are built for size and pay for every byte of their module in each
//! call. A word handed over by value is copied at every call, which made the curve
//! three times as large; and the full-width product below is a quarter of the size of
//! the library's.

use crate::MathError;
use crate::limbs::FRACTION_BITS;
use ruint::aliases::U256;

/// Digits of a product of two words, 32 bits each, least first, and a spare one on top
/// for the divisor's normalisation.
const PRODUCT_DIGITS: usize = 17;
/// Digits of one word.
const WORD_DIGITS: usize = 8;
/// Bits of one digit. Half a machine word, so that digit products fit in one.
const DIGIT_BITS: u32 = 32;
const DIGIT_MASK: u64 = u32::MAX as u64;
/// Digits that the fraction of a product of fixed-point numbers fills, ...
const FRACTION_DIGITS: usize = FRACTION_BITS.div_ceil(DIGIT_BITS as usize);
/// ... and the bits that are missing to the last one.
const FRACTION_SHIFT: u32 = FRACTION_DIGITS as u32 * DIGIT_BITS - FRACTION_BITS as u32;

/// `a + b` modulo `2^256`.
#[inline(never)]
pub(crate) fn add(a: &U256, b: &U256) -> U256 {
    let (mut sum, mut carry) = ([0; 4], false);
    for ((out, a), b) in sum.iter_mut().zip(a.as_limbs()).zip(b.as_limbs()) {
        let (partial, first) = a.overflowing_add(*b);
        let (total, second) = partial.overflowing_add(u64::from(carry));
        (*out, carry) = (total, first | second);
    }
    U256::from_limbs(sum)
}

/// `a - b` modulo `2^256`, and whether `b` is larger.
#[inline(never)]
pub(crate) fn sub(a: &U256, b: &U256) -> (U256, bool) {
    let (mut difference, mut borrow) = ([0; 4], false);
    for ((out, a), b) in difference.iter_mut().zip(a.as_limbs()).zip(b.as_limbs()) {
        let (partial, first) = a.overflowing_sub(*b);
        let (total, second) = partial.overflowing_sub(u64::from(borrow));
        (*out, borrow) = (total, first | second);
    }
    (U256::from_limbs(difference), borrow)
}

/// `a * b` modulo `2^256`.
pub(crate) fn mul(a: &U256, b: &U256) -> U256 {
    let mut product = [0; PRODUCT_DIGITS];
    multiply(a, b, &mut product);
    pack(&product)
}

/// `floor(a * b / divisor)` at full width, and whether it is exact.
///
/// Fails with `DivisionByZero`, and with `Overflow` when it needs more than 256 bits.
#[inline(never)]
pub(crate) fn mul_div(a: &U256, b: &U256, divisor: &U256) -> Result<(U256, bool), MathError> {
    let mut product = [0; PRODUCT_DIGITS];
    multiply(a, b, &mut product);
    divide(&mut product, divisor)
}

/// `floor(a * b / divisor)`, or the largest word when there is no such word.
#[inline(never)]
pub(crate) fn mul_div_saturating(a: &U256, b: &U256, divisor: &U256) -> U256 {
    match mul_div(a, b, divisor) {
        Ok((quotient, _)) => quotient,
        Err(_) => U256::MAX,
    }
}

/// `floor(a * b / 2^150)`: multiplication by a fixed-point number. It shifts, which costs each
/// mint and burn 57 gas less than a division.
///
/// Fails with `Overflow` when it needs more than 256 bits.
pub(crate) fn scale_down(a: &U256, b: &U256) -> Result<U256, MathError> {
    let mut product = [0; PRODUCT_DIGITS];
    multiply(a, b, &mut product);
    // To the left, into the spare digit, until the fraction ends where a digit does.
    shift_left(&mut product, FRACTION_SHIFT);
    let whole = &product[FRACTION_DIGITS..];
    if significant(whole) > WORD_DIGITS {
        return Err(MathError::Overflow);
    }
    Ok(pack(&whole[..WORD_DIGITS]))
}

fn digits(value: &U256) -> [u64; WORD_DIGITS] {
    let mut digits = [0; WORD_DIGITS];
    for (pair, limb) in digits.chunks_exact_mut(2).zip(value.as_limbs()) {
        pair[0] = limb & DIGIT_MASK;
        pair[1] = limb >> DIGIT_BITS;
    }
    digits
}

/// The word made of the lowest digits.
fn pack(digits: &[u64]) -> U256 {
    let mut limbs = [0; 4];
    for (limb, pair) in limbs.iter_mut().zip(digits.chunks_exact(2)) {
        *limb = pair[1] << DIGIT_BITS | pair[0];
    }
    U256::from_limbs(limbs)
}

/// Count of digits up to and including the highest one that is not zero.
fn significant(digits: &[u64]) -> usize {
    let mut count = digits.len();
    while count > 0 && digits[count - 1] == 0 {
        count -= 1;
    }
    count
}

/// Schoolbook product into digits that are zero.
#[inline(never)]
fn multiply(a: &U256, b: &U256, product: &mut [u64; PRODUCT_DIGITS]) {
    let (a, b) = (digits(a), digits(b));
    let b = &b[..significant(&b)];
    for (i, a) in a.iter().enumerate() {
        if *a == 0 {
            continue;
        }
        let mut carry = 0;
        for (place, b) in product[i..].iter_mut().zip(b) {
            // At most (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1: never overflows.
            let sum = a * b + *place + carry;
            *place = sum & DIGIT_MASK;
            carry = sum >> DIGIT_BITS;
        }
        product[i + b.len()] = carry;
    }
}

/// Long division (Knuth, volume 2, algorithm D): the quotient and whether it is exact.
#[inline(never)]
fn divide(rest: &mut [u64; PRODUCT_DIGITS], divisor: &U256) -> Result<(U256, bool), MathError> {
    // One zero digit below, so that a divisor of one digit has a second one too.
    let mut divisor_digits = [0; WORD_DIGITS + 1];
    divisor_digits[1..].copy_from_slice(&digits(divisor));
    let len = significant(&divisor_digits);
    if len == 0 {
        return Err(MathError::DivisionByZero);
    }
    let shift = divisor_digits[len - 1].leading_zeros() - DIGIT_BITS;
    shift_left(&mut divisor_digits[1..len], shift);
    // Normalising may need one digit more; what lies above stays zero and is not visited.
    let used = PRODUCT_DIGITS.min(significant(rest) + 1);
    let rest = &mut rest[..used];
    shift_left(rest, shift);
    let divisor = &divisor_digits[1..len];
    let (top, next) = (divisor_digits[len - 1], divisor_digits[len - 2]);

    let mut quotient = [0; WORD_DIGITS];
    for at in (0..(used + 1).saturating_sub(len)).rev() {
        let window = &mut rest[at..at + len];
        let [.., last, first] = window else { break };
        if *first | *last == 0 {
            continue;
        }
        let high = *first << DIGIT_BITS | *last;
        let low = if len > 2 { window[len - 3] } else { 0 };
        let digit = subtract_multiple(window, divisor, estimate(high, low, top, next));
        if digit != 0 {
            *quotient.get_mut(at).ok_or(MathError::Overflow)? = digit;
        }
    }
    Ok((pack(&quotient), significant(rest) == 0))
}

/// Shifts left by less than one digit. What leaves the top is zero by construction.
fn shift_left(digits: &mut [u64], shift: u32) {
    let mut carry = 0;
    for digit in digits {
        let shifted = *digit << shift | carry;
        *digit = shifted & DIGIT_MASK;
        carry = shifted >> DIGIT_BITS;
    }
}

/// One quotient digit from the three leading digits of the rest and the two of the
/// divisor: exact, or one too large.
fn estimate(high: u64, low: u64, top: u64, next: u64) -> u64 {
    let mut digit = high / top;
    let mut remainder = high % top;
    while digit > DIGIT_MASK || digit * next > (remainder << DIGIT_BITS | low) {
        digit -= 1;
        remainder += top;
        if remainder > DIGIT_MASK {
            break;
        }
    }
    digit
}

/// Takes `digit * divisor` from `rest`, one digit longer, or once less when that is too
/// much. Returns the digit that was used.
fn subtract_multiple(rest: &mut [u64], divisor: &[u64], digit: u64) -> u64 {
    let [low @ .., top] = rest else { return 0 };
    let (mut carry, mut borrow) = (0, 0);
    for (place, part) in low.iter_mut().zip(divisor) {
        let product = digit * part + carry;
        carry = product >> DIGIT_BITS;
        let difference = place
            .wrapping_sub(product & DIGIT_MASK)
            .wrapping_sub(borrow);
        *place = difference & DIGIT_MASK;
        borrow = difference >> 63;
    }
    // The digit is at most one too large, so that one addition brings the top back to zero.
    let short = *top < carry + borrow;
    *top = 0;
    if !short {
        return digit;
    }
    let mut carry = 0;
    for (place, part) in low.iter_mut().zip(divisor) {
        let sum = *place + part + carry;
        *place = sum & DIGIT_MASK;
        carry = sum >> DIGIT_BITS;
    }
    digit - 1
}

#[cfg(test)]
#[path = "word_tests.rs"]
mod tests;
