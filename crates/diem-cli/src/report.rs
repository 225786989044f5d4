//! The answer of a command that does the same to several things: one document, whatever
//! its number of parts, also when it stops half way.

use crate::output;
use serde_json::Value;

/// Parts of an answer, in the order they came about.
#[derive(Debug, Default)]
pub(crate) struct Report {
    values: Vec<Value>,
    lines: Vec<String>,
}

impl Report {
    /// Adds a part, as JSON and as the text that says the same.
    pub(crate) fn add(&mut self, value: Value, text: String) {
        self.values.push(value);
        self.lines.push(text);
    }

    /// Answers with all parts: a line each, or one JSON array. Nothing at all when the
    /// command stopped before its first part.
    pub(crate) fn answer(self, json: bool) {
        if !self.values.is_empty() {
            output::answer(json, &Value::Array(self.values), &self.lines.join("\n"));
        }
    }
}
