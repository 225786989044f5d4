//! Adds to an upstream's JSON without writing the rest of it anew: every digit of it stays as it came.

use serde_json::Value;

use super::Facts;
use crate::money::Usd;

/// `"cost":{"diem":0.000126,"usd":0.000126}`: exact decimal numbers.
pub(super) fn cost(cost: Usd) -> String {
    format!("\"cost\":{{\"diem\":{cost},\"usd\":{cost}}}")
}

/// What a stream's end tells, that an answer at once tells in its headers.
pub(super) fn told(facts: &Facts) -> String {
    let receipt = facts.receipt.as_deref().unwrap_or_default();
    let receipt = Value::from(receipt);
    let Facts {
        request,
        epoch,
        reserved,
        balance,
        ..
    } = facts;
    format!(
        "\"diem\":{{\"request\":\"{request}\",\"epoch\":{epoch},\"reserved\":\"{reserved}\",\"balance\":\"{balance}\",\"receipt\":{receipt}}}"
    )
}

/// The object `text` with `fields` at its end. `text` unchanged where it is no object.
pub(super) fn with(text: &str, fields: &str) -> String {
    let trimmed = text.trim_end();
    let Some(open) = trimmed
        .strip_suffix('}')
        .filter(|open| open.trim_start().starts_with('{'))
    else {
        return text.to_owned();
    };
    let comma = if open.trim_end().ends_with('{') {
        ""
    } else {
        ","
    };
    format!("{open}{comma}{fields}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_leaves_the_rest_as_it_was() {
        assert_eq!(with("{\"a\":1.10}\n", "\"b\":2"), "{\"a\":1.10,\"b\":2}");
        assert_eq!(with("{ }", "\"b\":2"), "{ \"b\":2}");
        assert_eq!(with("[1]", "\"b\":2"), "[1]");
        let text = format!("{{{}}}", cost(Usd(1)));
        assert_eq!(
            text,
            "{\"cost\":{\"diem\":0.000000000000000001,\"usd\":0.000000000000000001}}"
        );
        assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
