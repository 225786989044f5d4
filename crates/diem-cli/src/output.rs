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
