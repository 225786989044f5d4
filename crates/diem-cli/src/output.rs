//! The two channels: stdout is the answer, stderr is the story. What a chain says reaches a
//! terminal only as text that can be seen.

use crate::progress::aside;
use std::io::Write;

/// Writes a line of the story: progress, notices, errors.
pub fn story(line: &str) {
    let _ = aside(|| writeln!(std::io::stderr().lock(), "{}", visible(line)));
}

/// Writes the answer: as text, or as the JSON value that says the same.
///
/// A closed pipe ends the output silently, as it does for any other tool.
pub fn answer(json: bool, value: &serde_json::Value, text: &str) {
    let said = if json {
        visible_json(&format!("{value:#}"))
    } else {
        visible(text)
    };
    let _ = aside(|| writeln!(std::io::stdout().lock(), "{said}"));
}

/// Writes an answer that is a file of ours: as it is.
pub(crate) fn raw(file: &[u8]) {
    let _ = std::io::stdout().lock().write_all(file);
}

/// Writes a part of an answer that goes on, as text.
pub(crate) fn lines(text: &str) {
    let _ = aside(|| writeln!(std::io::stdout().lock(), "{}", visible(text)));
}

/// Writes a part of an answer that goes on, as a JSON document on a line of its own.
pub(crate) fn document(value: &serde_json::Value) {
    let text = visible_json(&value.to_string());
    let _ = aside(|| writeln!(std::io::stdout().lock(), "{text}"));
}

/// Whether a character acts on a terminal, or is not seen there: controls, and what turns
/// the direction of writing or takes no room.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// A text with all that acts on a terminal spelled out, except ends of lines.
#[must_use]
pub fn visible(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(one_line).collect();
    lines.join("\n")
}

/// Likewise, ends of lines included: a value from elsewhere cannot pose as a further line.
#[must_use]
pub(crate) fn one_line(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            told.extend(c.escape_unicode());
        } else {
            told.push(c);
        }
    }
    told
}

/// The same for a JSON document, which escapes some of them itself, in its own way.
fn visible_json(document: &str) -> String {
    let mut told = String::with_capacity(document.len());
    for c in document.chars() {
        if acts(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                told.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            told.push(c);
        }
    }
    told
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
    fn what_acts_on_a_terminal_is_spelled_out() {
        assert_eq!(
            visible("a\u{1b}[2Jb\r\nc\u{9b}31m"),
            "a\\u{1b}[2Jb\\u{d}\nc\\u{9b}31m"
        );
        assert_eq!(one_line("a\nb\u{202e}c"), "a\\u{a}b\\u{202e}c");
        assert_eq!(visible("Größe 5 €, 直"), "Größe 5 €, 直");
    }

    #[test]
    fn a_json_answer_stays_the_same_value_without_what_acts_on_a_terminal() {
        let value = serde_json::json!({ "said": "\u{1b}\u{9b}\u{202e}\u{e0001}\n\u{7f}ü" });
        let told = visible_json(&format!("{value:#}"));
        assert!(!told.chars().any(|c| acts(c) && c != '\n'), "{told}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&told).ok(),
            Some(value)
        );
    }

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
