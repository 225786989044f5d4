//! A list of what was asked and how it was answered, to see how far inputs reach.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;

/// Names the file that the list is written to; nothing is written without it.
const FILE: &str = "STYLUS_FUZZ_LEDGER";

static LEDGER: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let path = std::env::var_os(FILE)?;
    let file = OpenOptions::new().create(true).append(true).open(path);
    Some(Mutex::new(file.expect("a file to write to")))
});

/// Whether the list is asked for.
pub(crate) fn is_kept() -> bool {
    LEDGER.is_some()
}

/// Writes one line for each request of a body: its method, the milliseconds until the body was
/// answered, and `ok` or the error.
pub(crate) fn note(request: &Value, answer: &Value, elapsed: Duration) {
    let Some(ledger) = LEDGER.as_ref() else {
        return;
    };
    let mut lines = String::new();
    for (request, answer) in row(request).iter().zip(row(answer)) {
        let method = request["method"].as_str().unwrap_or("-");
        let millis = elapsed.as_millis();
        let outcome = answer
            .get("error")
            .map_or("ok".to_owned(), Value::to_string);
        lines.push_str(&format!("{method} {millis} {outcome}\n"));
    }
    let mut file = ledger.lock().unwrap_or_else(PoisonError::into_inner);
    file.write_all(lines.as_bytes()).expect("written");
}

fn row(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}
