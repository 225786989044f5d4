//! The two channels: stdout is the answer, stderr is the story.

use std::io::Write;

/// Writes a line of the story: progress, notices, errors.
pub fn story(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Writes the answer: as text, or as the JSON value that says the same.
///
/// A closed pipe ends the output silently, as it does for any other tool.
pub fn answer(json: bool, value: &serde_json::Value, text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = if json {
        writeln!(out, "{value:#}")
    } else {
        writeln!(out, "{text}")
    };
}

/// Lines up `(label, value)` pairs.
#[must_use]
pub fn columns(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    let lines: Vec<String> = rows
        .iter()
        .map(|(label, value)| format!("{label:width$}  {value}"))
        .collect();
    lines.join("\n")
}

/// A span for people: the two largest units that are not zero.
#[must_use]
pub fn span(seconds: u64) -> String {
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .skip_while(|(count, _)| *count == 0)
        .take(2)
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if parts.is_empty() {
        "0 s".to_owned()
    } else {
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_by_its_two_largest_units() {
        for (seconds, told) in [
            (0, "0 s"),
            (59, "59 s"),
            (86_400, "1 d"),
            (604_799, "6 d 23 h"),
            (90_061, "1 d 1 h"),
        ] {
            assert_eq!(span(seconds), told);
        }
    }
}
