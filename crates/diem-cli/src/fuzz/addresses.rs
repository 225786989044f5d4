//! Addresses, against alloy's own checksum.

use super::try_cases;
use crate::address::{name, parse, parse_or_nobody};
use alloy::primitives::Address;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

const CASES: u32 = 2_000;

/// Whether a text is an address that may be taken.
fn expected(text: &str) -> Option<Address> {
    let digits = text.strip_prefix("0x").or(text.strip_prefix("0X"));
    let digits = digits.unwrap_or(text);
    let address: Address = format!("0x{digits}").parse().ok()?;
    let one_case = digits == digits.to_ascii_lowercase() || digits == digits.to_ascii_uppercase();
    let checksummed = Address::parse_checksummed(format!("0x{digits}"), None).is_ok();
    (digits.len() == 40 && (one_case || checksummed)).then_some(address)
}

#[derive(Clone, Debug)]
enum Change {
    /// A letter of the other case.
    Case(Index),
    /// Another character.
    Char(Index, char),
    /// One fewer, or one more.
    Gone(Index),
    More(Index, char),
}

fn texts() -> impl Strategy<Value = String> {
    let written =
        (any::<[u8; 20]>(), 0..4_usize, any::<bool>()).prop_map(|(bytes, case, prefix)| {
            let text = Address::from(bytes).to_string();
            let digits = match case {
                0 => text[2..].to_lowercase(),
                1 => text[2..].to_uppercase(),
                _ => text[2..].to_owned(),
            };
            if prefix {
                format!("0x{digits}")
            } else {
                digits
            }
        });
    let char = prop_oneof![
        "[0-9a-fA-FxXg ]".prop_map(|it| it.chars().next().unwrap()),
        any::<char>()
    ];
    let change = prop_oneof![
        3 => any::<Index>().prop_map(Change::Case),
        2 => (any::<Index>(), char.clone()).prop_map(|(at, char)| Change::Char(at, char)),
        1 => any::<Index>().prop_map(Change::Gone),
        1 => (any::<Index>(), char).prop_map(|(at, char)| Change::More(at, char)),
    ];
    let spoiled = (written, vec(change, 0..3)).prop_map(|(text, changes)| {
        let mut text: Vec<char> = text.chars().collect();
        for change in changes {
            let length = text.len();
            match change {
                Change::Case(at) => {
                    let char = &mut text[at.index(length)];
                    *char = if char.is_ascii_lowercase() {
                        char.to_ascii_uppercase()
                    } else {
                        char.to_ascii_lowercase()
                    };
                }
                Change::Char(at, char) => text[at.index(length)] = char,
                Change::Gone(at) => drop(text.remove(at.index(length))),
                Change::More(at, char) => text.insert(at.index(length + 1), char),
            }
        }
        text.into_iter().collect()
    });
    prop_oneof![9 => spoiled, 1 => any::<String>()]
}

#[test]
fn an_address_is_taken_exactly_when_it_is_one_and_its_checksum_fits() {
    try_cases(CASES, &texts(), |text| {
        prop_assert_eq!(parse(&text).ok(), expected(&text), "{:?}", text);
        Ok(())
    });
}

#[test]
fn an_address_that_was_shown_is_read_as_the_same() {
    try_cases(CASES, &any::<[u8; 20]>(), |bytes| {
        let address = Address::from(bytes);
        prop_assert_eq!(parse_or_nobody(&name(address)), Ok(address));
        prop_assert_eq!(parse(&address.to_string()), Ok(address));
        Ok(())
    });
    assert_eq!(parse_or_nobody(&name(Address::ZERO)), Ok(Address::ZERO));
}
