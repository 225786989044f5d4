//! Times as RFC 3339 writes them, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds of a day.
pub const DAY: u64 = 86_400;

/// Days before 1970-01-01 since 0000-03-01, in the calendar carried back.
const SHIFT: i64 = 719_468;
/// Days of four hundred years.
const ERA: i64 = 146_097;

/// Seconds since 1970 by the machine's clock; 0 before.
pub fn machine_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |passed| passed.as_secs())
}

/// `2026-11-26T03:29:52Z`, from seconds since 1970. Years past 9999 are written as that year's last second.
pub fn written(seconds: u64) -> String {
    let seconds = seconds.min(253_402_300_799);
    let (year, month, day) = date(i64::try_from(seconds / DAY).unwrap_or(0));
    let rest = seconds % DAY;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Seconds since 1970 of a time or a day so written: `2026-11-26T03:29:52.123+01:00`, `2026-11-26`. Parts of a second
/// are dropped. `None` for what is none, or lies before 1970.
pub fn read(text: &str) -> Option<u64> {
    let (day, time) = match text.split_once(['T', 't', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let mut part = |length: usize| {
        parts
            .next()
            .filter(|part| part.len() == length)
            .and_then(number)
    };
    let (year, month, date) = (part(4)?, part(2)?, part(2)?);
    let days = days(year, month, date)?;
    if parts.next().is_some() {
        return None;
    }
    let seconds = days * 86_400 + time.map_or(Some(0), seconds_of)?;
    u64::try_from(seconds).ok()
}

/// The seconds since midnight of `03:29:52.123+01:00`.
fn seconds_of(text: &str) -> Option<i64> {
    let zone = text.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = text.split_at_checked(zone)?;
    let clock = match clock.split_once('.') {
        Some((clock, part))
            if !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit()) =>
        {
            clock
        }
        Some(_) => return None,
        None => clock,
    };
    let minutes = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        let pair =
            (hour.len() == 2 && minute.len() == 2).then_some((number(hour)?, number(minute)?))?;
        (pair.0 < 24 && pair.1 < 60).then_some(pair.0 * 60 + pair.1)
    };
    let (clock, second) = clock.rsplit_once(':')?;
    let second = number(second).filter(|value| second.len() == 2 && *value < 60)?;
    let ahead = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        ("+", offset) => minutes(offset)?,
        ("-", offset) => -minutes(offset)?,
        _ => return None,
    };
    Some((minutes(clock)? - ahead) * 60 + second)
}

fn number(text: &str) -> Option<i64> {
    text.bytes()
        .all(|digit| digit.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// The day of the calendar, from days since 1970: years are counted from March, so that a leap day is a year's last.
const fn date(days: i64) -> (i64, i64, i64) {
    let days = days + SHIFT;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (
        year + era * 400 + if month <= 2 { 1 } else { 0 },
        month,
        date,
    )
}

/// Days since 1970, `None` for a day that no calendar has.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let from = year - i64::from(month <= 2);
    let (era, year_of) = (from.div_euclid(400), from.rem_euclid(400));
    let in_year = (153 * shifted + 2) / 5 + day - 1;
    let days = era * ERA + year_of * 365 + year_of / 4 - year_of / 100 + in_year - SHIFT;
    (date(days) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read_alike() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_663_792, "2026-11-26T03:29:52Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
        ] {
            assert_eq!(written(seconds), text);
            assert_eq!(read(text), Some(seconds));
        }
        assert_eq!(written(u64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(
            read("2023-10-01T12:00:00.000Z"),
            read("2023-10-01T14:00:00+02:00")
        );
        assert_eq!(read("2023-10-01"), read("2023-10-01T00:00:00Z"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2023-02-29",
            "2023-13-01",
            "1969-12-31",
            "2023-10-01T24:00:00Z",
            "2023-10-01T12:00:00",
            "2023-10-01T12:00Z",
            "2023-10-1",
            "20231001",
            "2023-10-01T12:00:00.Z",
            "2023-10-01T12:00:00Zx",
            "٢٠٢٣-10-01",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
