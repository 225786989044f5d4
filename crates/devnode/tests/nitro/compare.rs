//! Where two answers differ.

use serde_json::Value;

use crate::play::Answers;

/// Stands for anything in a recording.
const ELIDED: &str = "elided";

/// One value that differs; null where a side has none.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// Keys and indices that lead there.
    pub(crate) path: String,
    pub(crate) recorded: Value,
    pub(crate) given: Value,
}

pub(crate) fn differences(answers: &Answers) -> Vec<Difference> {
    let mut found = Vec::new();
    walk("", &answers.recorded, &answers.given, &mut found);
    found
}

fn walk(path: &str, recorded: &Value, given: &Value, found: &mut Vec<Difference>) {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    match (recorded, given) {
        (Value::String(text), _) if text == ELIDED => {}
        (Value::Object(left), Value::Object(right)) => {
            let missing = right.keys().filter(|key| !left.contains_key(*key));
            for key in left.keys().chain(missing) {
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => walk(&below(key), left, right, found),
                    (left, right) => found.push(Difference {
                        path: below(key),
                        recorded: left.cloned().unwrap_or_default(),
                        given: right.cloned().unwrap_or_default(),
                    }),
                }
            }
        }
        (Value::Array(left), right)
            if path.ends_with("structLogs") && left.iter().any(is_own_step) =>
        {
            let (own, left): (Vec<_>, Vec<_>) = left.iter().cloned().partition(is_own_step);
            found.push(Difference {
                path: below("own"),
                recorded: own.len().into(),
                given: Value::Null,
            });
            walk(path, &left.into(), right, found);
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                walk(&below(&index.to_string()), left, right, found);
            }
        }
        // 1 and 1.0 are one number.
        (Value::Number(left), Value::Number(right))
            if left.is_f64() != right.is_f64() && left.as_f64() == right.as_f64() => {}
        _ if recorded == given => {}
        _ => found.push(Difference {
            path: path.to_owned(),
            recorded: recorded.clone(),
            given: given.clone(),
        }),
    }
}

/// Whether a step of a struct log is a slot that ArbOS read or wrote for itself: those are free, and
/// there is no gas to show beside them.
fn is_own_step(step: &Value) -> bool {
    let touches_storage = step["op"] == "SLOAD" || step["op"] == "SSTORE";
    touches_storage && step["gas"] == 0 && step["gasCost"] == 0
}
