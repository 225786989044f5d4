//! Units, and multiplication followed by division at full width.

use crate::MathError;
use ruint::aliases::U256;

/// One whole token, one whole dollar, one whole rate: 1e18.
pub const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// Digits of a product of two 256-bit numbers, 32 bits each, least first.
const PRODUCT_DIGITS: usize = 16;
/// Digits of a 256-bit number.
const WORD_DIGITS: usize = 8;
/// Bits of one digit. Half a machine word, so that digit products fit in one.
const DIGIT_BITS: u32 = 32;
const DIGIT_MASK: u64 = u32::MAX as u64;

/// `a - b`, or zero when `b` is larger.
#[must_use]
pub fn zero_floor_sub(a: U256, b: U256) -> U256 {
    a.saturating_sub(b)
}

/// `floor(a * b / divisor)`, the product at full 512 bits.
///
/// Fails with `DivisionByZero`, and with `Overflow` when the quotient needs more
/// than 256 bits.
pub fn mul_div_down(a: U256, b: U256, divisor: U256) -> Result<U256, MathError> {
    divide(multiply(a, b), divisor).map(|(quotient, _)| quotient)
}

/// `ceil(a * b / divisor)`, the product at full 512 bits.
///
/// Fails like [`mul_div_down`].
pub fn mul_div_up(a: U256, b: U256, divisor: U256) -> Result<U256, MathError> {
    match divide(multiply(a, b), divisor)? {
        (quotient, true) => Ok(quotient),
        (quotient, false) => quotient.checked_add(U256::ONE).ok_or(MathError::Overflow),
    }
}

fn digits(value: U256) -> [u64; WORD_DIGITS] {
    let mut digits = [0; WORD_DIGITS];
    for (pair, limb) in digits.chunks_exact_mut(2).zip(value.as_limbs()) {
        pair[0] = limb & DIGIT_MASK;
        pair[1] = limb >> DIGIT_BITS;
    }
    digits
}

/// Count of digits up to and including the highest one that is not zero.
fn significant(digits: &[u64]) -> usize {
    let mut count = digits.len();
    while count > 0 && digits[count - 1] == 0 {
        count -= 1;
    }
    count
}

/// Schoolbook product. One spare digit on top, for the divisor's normalisation.
fn multiply(a: U256, b: U256) -> [u64; PRODUCT_DIGITS + 1] {
    let (a, b) = (digits(a), digits(b));
    let (a_len, b_len) = (significant(&a), significant(&b));
    let mut product = [0; PRODUCT_DIGITS + 1];
    for i in 0..a_len {
        let mut carry = 0;
        for j in 0..b_len {
            // At most (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1: never overflows.
            let sum = a[i] * b[j] + product[i + j] + carry;
            product[i + j] = sum & DIGIT_MASK;
            carry = sum >> DIGIT_BITS;
        }
        product[i + b_len] = carry;
    }
    product
}

/// Long division (Knuth, volume 2, algorithm D): the quotient and whether it is exact.
fn divide(mut rest: [u64; PRODUCT_DIGITS + 1], divisor: U256) -> Result<(U256, bool), MathError> {
    let mut divisor = digits(divisor);
    let len = significant(&divisor);
    if len == 0 {
        return Err(MathError::DivisionByZero);
    }
    let shift = divisor[len - 1].leading_zeros() - DIGIT_BITS;
    shift_left(&mut divisor[..len], shift);
    shift_left(&mut rest, shift);

    let mut quotient = [0; WORD_DIGITS];
    let top = divisor[len - 1];
    let next = if len > 1 { divisor[len - 2] } else { 0 };
    let rest_len = significant(&rest);
    for at in (0..(rest_len + 1)
        .saturating_sub(len)
        .min(PRODUCT_DIGITS + 1 - len))
        .rev()
    {
        let high = rest[at + len] << DIGIT_BITS | rest[at + len - 1];
        let low = if len > 1 { rest[at + len - 2] } else { 0 };
        let digit = estimate(high, low, top, next);
        let digit = subtract_multiple(&mut rest[at..=at + len], &divisor[..len], digit);
        if digit != 0 {
            *quotient.get_mut(at).ok_or(MathError::Overflow)? = digit;
        }
    }

    let mut limbs = [0; 4];
    for (limb, pair) in limbs.iter_mut().zip(quotient.chunks_exact(2)) {
        *limb = pair[1] << DIGIT_BITS | pair[0];
    }
    Ok((U256::from_limbs(limbs), significant(&rest) == 0))
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

/// Takes `digit * divisor` from `rest`, or once less when that is too much. Returns
/// the digit that was used.
fn subtract_multiple(rest: &mut [u64], divisor: &[u64], digit: u64) -> u64 {
    let len = divisor.len();
    let (mut carry, mut borrow) = (0, 0);
    for (place, part) in rest.iter_mut().zip(divisor) {
        let product = digit * part + carry;
        carry = product >> DIGIT_BITS;
        let difference = place
            .wrapping_sub(product & DIGIT_MASK)
            .wrapping_sub(borrow);
        *place = difference & DIGIT_MASK;
        borrow = difference >> 63;
    }
    let difference = rest[len].wrapping_sub(carry).wrapping_sub(borrow);
    rest[len] = difference & DIGIT_MASK;
    if difference >> 63 == 0 {
        return digit;
    }
    let mut carry = 0;
    for (place, part) in rest.iter_mut().zip(divisor) {
        let sum = *place + part + carry;
        *place = sum & DIGIT_MASK;
        carry = sum >> DIGIT_BITS;
    }
    rest[len] = (rest[len] + carry) & DIGIT_MASK;
    digit - 1
}
