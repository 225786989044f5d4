//! Amounts, against the digits themselves: no number of any kind takes part in what is expected.

use super::try_cases;
use crate::{Amount, Token, command, show};
use alloy::primitives::U256;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::cell::Cell;

const CASES: u32 = 2_000;
const UNITS: [(&str, Token); 5] = [
    ("vvv", Token::Vvv),
    ("svvv", Token::Svvv),
    ("diem", Token::Diem),
    ("eth", Token::Eth),
    ("usd", Token::Usd),
];
const DECIMALS: usize = 18;
/// What may get into a number by mistake: signs, exponents, digits of other scripts, blanks that are none.
const STRAY: [char; 21] = [
    ',', '_', '.', '-', '+', 'e', 'E', 'x', ' ', '\u{a0}', '\u{202f}', '٣', '１', '²', '½', '\'',
    '\0', '0', '1', '9', '\u{2212}',
];

/// What an amount says, in wei, by its digits alone; none of what is no amount.
fn expected(text: &str) -> Option<(String, Token)> {
    let number: String = text
        .chars()
        .take_while(|c| !c.is_ascii_alphabetic())
        .collect();
    let unit = text[number.len()..].trim().to_ascii_lowercase();
    let (_, token) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    let number = number.trim();
    let (whole, fraction) = match number.find('.') {
        Some(point) => (&number[..point], &number[point + 1..]),
        None => (number, "0"),
    };
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let grouped = |separator: char| {
        let groups: Vec<&str> = whole.split(separator).collect();
        groups.len() > 1
            && groups.iter().all(|group| plain(group))
            && (1..=3).contains(&groups[0].len())
            && groups[1..].iter().all(|group| group.len() == 3)
            && !whole.starts_with('0')
    };
    if !plain(whole) && !grouped(',') && !grouped('_') {
        return None;
    }
    if !plain(fraction) || fraction.len() > DECIMALS {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let wei = format!("{digits}{fraction:0<DECIMALS$}");
    let wei = wei.trim_start_matches('0');
    let most = U256::MAX.to_string();
    let fits = wei.len() < most.len() || (wei.len() == most.len() && wei <= most.as_str());
    let wei = if wei.is_empty() { "0" } else { wei };
    fits.then(|| (wei.to_owned(), token))
}

/// A number as people write it, mostly a good one.
fn typed() -> impl Strategy<Value = String> {
    let whole = prop_oneof![
        4 => "[0-9]{1,9}",
        1 => "[0-9]{55,80}",
        // About the largest that there is.
        1 => (0..60_u64).prop_map(|below| (U256::MAX - U256::from(below)).to_string()[..60].to_owned()),
        2 => "[1-9][0-9]{0,2}(,[0-9]{3}){1,4}",
        1 => "[0-9]{1,3}(_[0-9]{3}){1,4}",
        1 => "[0-9]{1,4}([,_][0-9]{2,4}){1,3}",
    ];
    let fraction = prop_oneof![
        3 => Just(String::new()),
        3 => "\\.[0-9]{1,18}",
        1 => "\\.[0-9]{0,20}",
        1 => Just(format!(".{}", &U256::MAX.to_string()[60..])),
    ];
    let unit = prop_oneof![
        8 => select(&["VVV", "sVVV", "DIEM", "ETH", "USD", "svvv", "Diem"][..]).prop_map(str::to_owned),
        1 => "[A-Za-z]{0,5}",
    ];
    let blank = select(&["", "", " ", "  ", "\t"][..]);
    let strays = prop_oneof![
        3 => Just(Vec::new()),
        1 => vec((any::<Index>(), select(&STRAY[..])), 1..3),
    ];
    (whole, fraction, blank, unit, strays).prop_map(|(whole, fraction, blank, unit, strays)| {
        let mut text: Vec<char> = format!("{whole}{fraction}{blank}{unit}").chars().collect();
        for (place, stray) in strays {
            let at = place.index(text.len() + 1);
            text.insert(at, stray);
        }
        text.into_iter().collect()
    })
}

#[test]
fn an_amount_is_taken_to_the_last_digit_or_refused_by_name() {
    let texts = prop_oneof![9 => typed(), 1 => any::<String>()];
    let (taken, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    let command = command();
    try_cases(CASES, &texts, |text| {
        let read = text.parse::<Amount>();
        let told = read.as_ref().ok().map(|it| (it.wei.to_string(), it.token));
        prop_assert_eq!(told, expected(&text), "{:?}", text);
        let count = if read.is_ok() { &taken } else { &refused };
        count.set(count.get() + 1);
        let Err(told) = read else { return Ok(()) };
        prop_assert!(!told.is_empty());
        // What looks like a flag is refused as one, an empty word as missing; what acts on a terminal is not shown.
        if text.starts_with('-') || text.is_empty() || text.contains(char::is_control) {
            return Ok(());
        }
        let to = "0x0000000000000000000000000000000000000001";
        let line = ["diem", "transfer", &text, to];
        let error = command.clone().try_get_matches_from(line).unwrap_err();
        let error = error.to_string();
        prop_assert!(error.contains(&text), "{:?}: {}", text, error);
        Ok(())
    });
    let (taken, refused) = (taken.get(), refused.get());
    let all = taken + refused;
    assert!(
        taken > all / 5 && refused > all / 5,
        "{taken} taken, {refused} refused"
    );
}

#[test]
fn an_amount_that_was_shown_is_read_as_the_same() {
    let wei = prop_oneof![
        any::<[u8; 32]>().prop_map(U256::from_be_bytes),
        any::<u128>().prop_map(U256::from),
        (0..80_u32, 1..1_000_u64).prop_map(|(power, digits)| {
            U256::from(10)
                .pow(U256::from(power))
                .wrapping_mul(U256::from(digits))
        }),
    ];
    try_cases(CASES, &(wei, select(&UNITS[..])), |(wei, (_, token))| {
        let amount = Amount { wei, token };
        prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        let digits = show(wei).replace(',', "");
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let shown = format!("{whole}{fraction:0<DECIMALS$}");
        prop_assert_eq!(shown.parse(), Ok(wei));
        Ok(())
    });
}
