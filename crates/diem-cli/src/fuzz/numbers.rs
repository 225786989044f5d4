//! Seconds to wait, and seconds as the calendar has them.

use super::try_cases;
use crate::args::seconds;
use crate::told::time;
use proptest::prelude::*;
use std::time::Duration;

const CASES: u32 = 2_000;

#[test]
fn a_wait_is_taken_exactly_when_a_clock_can_tell_it_from_nothing_and_from_ever() {
    let texts = prop_oneof![
        any::<f64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:e}")),
        (0.0..100_000.0).prop_map(|number: f64| number.to_string()),
        "[-+]?[0-9]{0,6}(\\.[0-9]{0,6})?([eE][-+]?[0-9]{1,3})?",
        any::<String>(),
    ];
    try_cases(CASES, &texts, |text| {
        let Ok(taken) = seconds(&text) else {
            let number = text.parse::<f64>();
            let outside = number.is_ok_and(|number| (0.001..=86_400.0).contains(&number));
            prop_assert!(!outside, "{:?} is refused", text);
            return Ok(());
        };
        let wait = Duration::from_secs_f64(taken);
        let day = Duration::from_secs(86_400);
        prop_assert!(
            wait >= Duration::from_millis(1) && wait <= day,
            "{:?}",
            text
        );
        Ok(())
    });
}

/// Days of a month of a year, by the Gregorian rule.
fn length(year: u64, month: u64) -> u64 {
    let every = |years: u64| year.is_multiple_of(years);
    let leap = every(400) || (every(4) && !every(100));
    match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Seconds since 1970 of a time that was told.
fn told(text: &str) -> Option<u128> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let date: Vec<u64> = date
        .split('-')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let clock: Vec<u64> = clock
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let ([year, month, day], [hour, minute, second]) =
        (date[..].try_into().ok()?, clock[..].try_into().ok()?);
    let real = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    if !real || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Leap years before a year, those before 1970 apart.
    let leaps = |year: u64| (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    let months: u64 = (1..month).map(|month| length(year, month)).sum();
    let days = 365 * (year - 1970) + leaps(year) - leaps(1970) + months + day - 1;
    Some(u128::from(days) * 86_400 + u128::from(hour * 3_600 + minute * 60 + second))
}

#[test]
fn a_time_that_was_told_is_the_second_that_it_was() {
    let seconds = prop_oneof![
        any::<u64>(),
        0..10_000_000_000_u64,
        (0..60_u64).prop_map(|it| u64::MAX - it)
    ];
    try_cases(CASES, &seconds, |seconds| {
        let text = time(seconds);
        prop_assert_eq!(told(&text), Some(u128::from(seconds)), "{}", text);
        Ok(())
    });
}
