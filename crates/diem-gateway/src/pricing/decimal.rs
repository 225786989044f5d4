//! Decimal text to whole units, without a float in between.

/// A text that is no amount.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{0:?} is no amount: digits, at most one point, an exponent, not negative, below 2^128 units"
)]
pub struct NotDecimal(String);

/// The amount that `text` writes, times `10^scale`, rounded up to a whole number.
///
/// Reads what JSON and TOML write: `0.15`, `15`, `1.5e-07`. Rounds up, so that a price below the unit is not nothing.
/// Fails for a sign, for anything that is no number, and past 128 bits.
pub fn decimal_up(text: &str, scale: u32) -> Result<u128, NotDecimal> {
    parse(text, scale).ok_or_else(|| NotDecimal(text.chars().take(64).collect()))
}

fn parse(text: &str, scale: u32) -> Option<u128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(part.bytes());
    if whole.is_empty()
        || digits().any(|digit| !digit.is_ascii_digit())
        || (mantissa.contains('.') && part.is_empty())
    {
        return None;
    }
    // The number of digits, from the first, that stand before the unit.
    let kept = i64::try_from(whole.len()).ok()? + i64::from(exponent) + i64::from(scale);
    let mut units = 0_u128;
    let mut rest = false;
    let mut place = 0_i64;
    for digit in digits() {
        if place < kept {
            units = units
                .checked_mul(10)?
                .checked_add(u128::from(digit - b'0'))?;
        } else {
            rest |= digit != b'0';
        }
        place += 1;
    }
    if units != 0 {
        let missing = u32::try_from((kept - place).max(0)).ok()?;
        units = units.checked_mul(10_u128.checked_pow(missing)?)?;
    }
    if rest {
        units.checked_add(1)
    } else {
        Some(units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_in_a_table_becomes_exactly_what_its_text_says() {
        assert_eq!(decimal_up("1.5e-07", 24), Ok(150_000_000_000_000_000));
        assert_eq!(decimal_up("3e-06", 18), Ok(3_000_000_000_000));
        assert_eq!(decimal_up("0.15", 18), Ok(150_000_000_000_000_000));
        assert_eq!(decimal_up("1E+2", 0), Ok(100));
        assert_eq!(decimal_up("0.0", 24), Ok(0));
        assert_eq!(decimal_up("0e99", 24), Ok(0));
    }

    #[test]
    fn what_is_below_a_unit_is_rounded_up() {
        assert_eq!(decimal_up("1e-30", 24), Ok(1));
        assert_eq!(decimal_up("1.0000001", 6), Ok(1_000_001));
        assert_eq!(decimal_up("1.10", 1), Ok(11));
        assert_eq!(decimal_up("1e-400", 24), Ok(1));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "-1",
            "+1",
            ".5",
            "1.",
            "1e",
            "1.2.3",
            "NaN",
            "1 ",
            "0x1",
            "1e2147483648",
            "1e40",
            "٣",
        ] {
            assert!(decimal_up(text, 24).is_err(), "{text:?}");
        }
    }
}
