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
}

impl Token {
    const ALL: [Self; 4] = [Self::Svvv, Self::Vvv, Self::Diem, Self::Eth];

    /// How the unit is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Vvv => "VVV",
            Self::Svvv => "sVVV",
            Self::Diem => "DIEM",
            Self::Eth => "ETH",
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
        let number = number.trim().replace([',', '_'], "");
        let token = Token::ALL
            .into_iter()
            .find(|token| token.symbol().eq_ignore_ascii_case(unit.trim()))
            .ok_or_else(|| {
                format!(
                    "say what it counts: {number}VVV, {number}sVVV, {number}DIEM or {number}ETH"
                )
            })?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(format!("`{number}` is not a decimal number"));
        }
        if fraction.len() > 18 {
            return Err("18 decimals at most".to_owned());
        }
        let wei = parse_ether(&number).map_err(|error| error.to_string())?;
        Ok(Self { wei, token })
    }
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
            "5USD",
            ".5VVV",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }
}
