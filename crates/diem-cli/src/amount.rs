//! Amounts as people write them: a decimal number and a unit, exact to the wei.

use alloy::primitives::U256;
use alloy::primitives::utils::{format_ether, parse_ether};
use std::fmt;
use std::str::FromStr;

/// What an amount counts. All have 18 decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The token that is staked.
    Vvv,
    /// Staked VVV.
    Svvv,
    /// Minted by locking sVVV.
    Diem,
    /// Pays for gas, activation and cache bids.
    Eth,
    /// Dollars of inference credit.
    Usd,
}

impl Token {
    const ALL: [Self; 5] = [Self::Svvv, Self::Vvv, Self::Diem, Self::Eth, Self::Usd];

    /// How the unit is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Vvv => "VVV",
            Self::Svvv => "sVVV",
            Self::Diem => "DIEM",
            Self::Eth => "ETH",
            Self::Usd => "USD",
        }
    }
}

/// An amount with its unit, such as `12.5DIEM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In wei of the token.
    pub wei: U256,
    /// What is counted.
    pub token: Token,
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let split = text
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let number = number.trim();
        let token = Token::ALL
            .into_iter()
            .find(|token| token.symbol().eq_ignore_ascii_case(unit.trim()))
            .ok_or_else(|| {
                format!(
                    "say what it counts: {number}VVV, {number}sVVV, {number}DIEM, {number}ETH or \
                     {number}USD"
                )
            })?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let whole = ungroup(whole)?;
        if !digits(&whole) || !digits(fraction) {
            return Err(format!("`{number}` is not a decimal number"));
        }
        if fraction.len() > 18 {
            return Err("18 decimals at most".to_owned());
        }
        let wei = parse_ether(&format!("{whole}.{fraction}")).map_err(|error| error.to_string())?;
        Ok(Self { wei, token })
    }
}

fn digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whole part of a number without its separators. They set thousands apart, all alike, and
/// nothing else: half of the world reads `1,5` as one and a half, and `0,001` as a thousandth.
fn ungroup(whole: &str) -> Result<String, String> {
    let Some(separator) = whole.chars().find(|c| matches!(c, ',' | '_')) else {
        return Ok(whole.to_owned());
    };
    let groups: Vec<&str> = whole.split(separator).collect();
    let proper = groups.iter().enumerate().all(|(at, group)| {
        let length = if at == 0 { 1..=3 } else { 3..=3 };
        digits(group) && length.contains(&group.len())
    });
    if !proper || whole.starts_with('0') {
        return Err(format!(
            "in `{whole}` the separators do not set thousands apart, as in 1,234,567.8; \
             decimals follow a point"
        ));
    }
    Ok(groups.concat())
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", show(self.wei), self.token.symbol())
    }
}

/// A WAD number with all its decimals that matter and thousands set apart.
#[must_use]
pub fn show(wei: U256) -> String {
    let text = format_ether(wei);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction.trim_end_matches('0') {
        "" => grouped,
        fraction => format!("{grouped}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn an_amount_is_read_to_the_wei_and_shown_with_its_unit() {
        let amount: Amount = "1234567.000000000000000001svvv".parse().unwrap();
        assert_eq!(amount.to_string(), "1,234,567.000000000000000001 sVVV");
        let amount: Amount = "2 DIEM".parse().unwrap();
        assert_eq!(
            (amount.to_string().as_str(), amount.token),
            ("2 DIEM", Token::Diem)
        );
    }

    #[test]
    fn an_amount_without_a_unit_or_with_too_many_decimals_is_refused() {
        for text in [
            "5",
            "",
            "DIEM",
            "-1DIEM",
            "1.2.3DIEM",
            "0.0000000000000000001VVV",
            "5EUR",
            ".5VVV",
            "5.VVV",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_separator_sets_thousands_apart_and_is_no_decimal_comma() {
        for (text, told) in [
            ("1,500DIEM", "1,500 DIEM"),
            ("1_234_567VVV", "1,234,567 VVV"),
            ("12,345.6789ETH", "12,345.6789 ETH"),
            ("999USD", "999 USD"),
        ] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), told);
        }
        for text in [
            "1,5DIEM",
            "1,50DIEM",
            ",,,5DIEM",
            "1,5000DIEM",
            "1234,567DIEM",
            "1,234,56DIEM",
            ",500DIEM",
            "1,500,DIEM",
            "1,,500DIEM",
            "0,001DIEM",
            "1,234_567DIEM",
            "1.000,5DIEM",
            "0.123,456DIEM",
            "1_0DIEM",
            "_DIEM",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }
}
