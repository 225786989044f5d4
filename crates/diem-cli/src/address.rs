//! Addresses as people write them: a checksum that is there has to be right.

use alloy::primitives::Address;
use serde::{Deserialize, Deserializer, de};

/// Digits of an address in hex.
const DIGITS: usize = 40;

/// Reads an address. One case throughout carries no checksum and is taken as it is; mixed
/// case is an EIP-55 checksum and must be right.
///
/// # Errors
/// Not 20 bytes in hex, or a checksum that does not fit.
pub(crate) fn parse(text: &str) -> Result<Address, String> {
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err("an address is 0x and 40 hex digits".to_owned());
    }
    let address: Address = digits
        .to_ascii_lowercase()
        .parse()
        .map_err(|error| format!("{error}"))?;
    let has = |case: fn(&u8) -> bool| digits.as_bytes().iter().any(case);
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let checksummed = address.to_checksum(None);
    if mixed && checksummed.strip_prefix("0x") != Some(digits) {
        return Err(
            "the checksum (EIP-55, upper and lower case) is wrong: a digit is mistyped; copy the \
             address again, and write it in lower case only if you are sure of it"
                .to_owned(),
        );
    }
    Ok(address)
}

/// A gateway to choose: an address, or `nobody`, which is the zero address.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_or_nobody(text: &str) -> Result<Address, String> {
    if text.eq_ignore_ascii_case("nobody") {
        return Ok(Address::ZERO);
    }
    parse(text).map_err(|error| format!("{error}, or `nobody`"))
}

/// An address for people: the zero address is nobody.
pub(crate) fn name(address: Address) -> String {
    if address.is_zero() {
        "nobody".to_owned()
    } else {
        address.to_string()
    }
}

/// For files that people edit.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Address, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).map_err(|error| de::Error::custom(format!("{text}: {error}")))
}

/// Likewise, for an address that may be missing.
pub(crate) fn deserialize_some<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Address>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else {
        return Ok(None);
    };
    let address = parse(&text).map_err(|error| de::Error::custom(format!("{text}: {error}")))?;
    Ok(Some(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    #[test]
    fn a_mistyped_address_is_told_by_its_checksum() {
        assert!(parse(RIGHT).is_ok());
        for wrong in [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAec",
            "5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        ] {
            assert!(
                parse(wrong).is_err_and(|told| told.contains("EIP-55")),
                "{wrong}"
            );
        }
    }

    #[test]
    fn an_address_in_one_case_carries_no_checksum() {
        let expected = parse(RIGHT);
        for same in [
            RIGHT.to_lowercase(),
            RIGHT.to_uppercase(),
            format!("0x{}", RIGHT[2..].to_uppercase()),
            RIGHT[2..].to_lowercase(),
        ] {
            assert_eq!(parse(&same), expected, "{same}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in [
            "",
            "0x",
            "0x12",
            "nobody",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedé",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_or_nobody("nobody"), Ok(Address::ZERO));
        assert_eq!(name(Address::ZERO), "nobody");
    }
}
