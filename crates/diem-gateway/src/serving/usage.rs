//! What an answer says of its usage, and the gateway's own count where it says nothing.

use serde_json::{Map, Value};

use super::{admit::Admitted, ending::Used};
use crate::{
    ledger::CountedBy,
    pricing::{Counts, Family, own_count},
};

/// The counts of a `usage` object; `None` where it is none. Both spellings are read: chat's and responses'.
fn told(usage: &Value, family: Family) -> Option<Counts> {
    let count = |names: [&str; 2]| {
        names
            .iter()
            .find_map(|name| usage.get(*name))
            .and_then(Value::as_u64)
    };
    let input = count(["prompt_tokens", "input_tokens"])?;
    let details = ["prompt_tokens_details", "input_tokens_details"]
        .iter()
        .find_map(|name| usage.get(*name));
    let cached = details
        .and_then(|details| details.get("cached_tokens"))
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let output = count(["completion_tokens", "output_tokens"]);
    let output = if family == Family::Embeddings {
        output.unwrap_or(0)
    } else {
        output?
    };
    Some(Counts {
        input,
        cached: cached.min(input),
        output,
        ..Counts::default()
    })
}

/// The usage in an answer, a chunk or an event, if it has one.
pub(super) fn in_answer(answer: &Value, family: Family) -> Option<Counts> {
    let usage = answer.get("usage").or_else(|| {
        answer
            .get("response")
            .and_then(|response| response.get("usage"))
    })?;
    told(usage, family)
}

/// What a whole answer used.
pub(super) fn of_whole(
    family: Family,
    request: &Map<String, Value>,
    answer: &Value,
    admitted: &Admitted,
) -> Used {
    let told = in_answer(answer, family);
    if family == Family::Images {
        let images = answer
            .get("data")
            .and_then(Value::as_array)
            .map(|data| data.len() as u64);
        let Some(images) = images else {
            return Used {
                counts: Counts::default(),
                by: CountedBy::Reservation,
            };
        };
        let counts = Counts {
            images,
            pixels: admitted.bound.pixels,
            ..told.unwrap_or_default()
        };
        // A model that is paid by what it writes must say what it wrote.
        let unknown = told.is_none() && (admitted.price.output.0 > 0 || admitted.price.input.0 > 0);
        return Used {
            counts,
            by: if unknown {
                CountedBy::Reservation
            } else {
                CountedBy::Upstream
            },
        };
    }
    match told {
        Some(counts) => Used {
            counts,
            by: CountedBy::Upstream,
        },
        None => {
            let mut words = String::new();
            spoken(answer, &mut words);
            own(family, request, &words, admitted)
        }
    }
}

/// The gateway's own count: of the request's texts, at most what they were bounded by, and of the answer's.
pub(super) fn own(
    family: Family,
    request: &Map<String, Value>,
    words: &str,
    admitted: &Admitted,
) -> Used {
    if family == Family::Images {
        return Used {
            counts: Counts::default(),
            by: CountedBy::Reservation,
        };
    }
    let mut read = String::new();
    for field in ["messages", "prompt", "input", "instructions", "tools"] {
        request
            .get(field)
            .into_iter()
            .for_each(|value| texts(value, &mut read));
    }
    let tokens = request
        .get("input")
        .or_else(|| request.get("prompt"))
        .map_or(0, numbers);
    let input = (own_count(&read) + tokens).min(admitted.input);
    Used {
        counts: Counts {
            input,
            output: own_count(words),
            ..Counts::default()
        },
        by: CountedBy::Gateway,
    }
}

fn numbers(value: &Value) -> u64 {
    match value {
        Value::Number(_) => 1,
        Value::Array(items) => items.iter().map(numbers).sum(),
        _ => 0,
    }
}

fn texts(value: &Value, into: &mut String) {
    match value {
        Value::String(text) if !text.starts_with("data:") => {
            into.push_str(text);
            into.push(' ');
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, into)),
        _ => {}
    }
}

/// Adds what an answer, a chunk or an event says to `into`.
pub(super) fn spoken(answer: &Value, into: &mut String) {
    match answer.get("type").and_then(Value::as_str) {
        // An event: its piece of text, where it is one. The others repeat what the pieces said.
        Some(kind) if kind.starts_with("response.") => {
            if let Some(delta) = answer
                .get("delta")
                .and_then(Value::as_str)
                .filter(|_| kind.ends_with(".delta"))
            {
                into.push_str(delta);
            }
        }
        _ => {
            for field in ["choices", "output"] {
                answer
                    .get(field)
                    .into_iter()
                    .for_each(|value| said(value, into));
            }
        }
    }
}

fn said(value: &Value, into: &mut String) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| said(item, into)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    (
                        "content" | "text" | "reasoning_content" | "reasoning" | "refusal"
                        | "arguments",
                        Value::String(text),
                    ) => {
                        into.push_str(text);
                    }
                    ("logprobs", _) => {}
                    (_, nested) => said(nested, into),
                }
            }
        }
        _ => {}
    }
}
