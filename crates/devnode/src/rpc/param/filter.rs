//! What is wrong with a filter for logs.

use alloy_eips::BlockNumberOrTag;
use serde_json::Value;

use super::{
    Param, plain,
    shape::{Shape, kind},
};
use crate::chain::LogFilter;

/// Topics that a log can have.
const MAX_TOPICS: usize = 4;

impl Param for LogFilter {
    fn read(json: &str) -> Result<Self, String> {
        let filter: Value = plain(json)?;
        if !filter.is_object() {
            return Err(format!(
                "cannot unmarshal {} into a filter",
                kind(json).name()
            ));
        }
        check(&filter)?;
        plain(json)
    }
}

impl Param for Box<LogFilter> {
    fn read(json: &str) -> Result<Self, String> {
        LogFilter::read(json).map(Box::new)
    }
}

fn check(filter: &Value) -> Result<(), String> {
    let given = |field: &str| filter.get(field).filter(|value| !value.is_null());
    let bounds = [given("fromBlock"), given("toBlock")];
    if let Some(hash) = given("blockHash") {
        if bounds.iter().any(Option::is_some) {
            return Err(
                "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other"
                    .to_owned(),
            );
        }
        Shape::HASH.check(&hash.to_string())?;
    }
    for bound in bounds.into_iter().flatten() {
        BlockNumberOrTag::read(&bound.to_string())?;
    }
    if let Some(address) = given("address") {
        for address in one_or_more(address).ok_or("invalid addresses in query")? {
            fixed(address, 20, "address").map_err(|why| format!("invalid address: {why}"))?;
        }
    }
    if let Some(topics) = given("topics") {
        let topics = topics.as_array().ok_or("invalid topics in query")?;
        if topics.len() > MAX_TOPICS {
            return Err("exceed max topics".to_owned());
        }
        for topic in topics.iter().filter(|topic| !topic.is_null()) {
            let alternatives = one_or_more(topic).ok_or("invalid topic(s)")?;
            for topic in alternatives.iter().filter(|topic| !topic.is_null()) {
                fixed(topic, 32, "topic")?;
            }
        }
    }
    Ok(())
}

/// A text, or the members of a list.
fn one_or_more(value: &Value) -> Option<&[Value]> {
    match value {
        Value::String(_) => Some(std::slice::from_ref(value)),
        Value::Array(values) => Some(values),
        _ => None,
    }
}

fn fixed(value: &Value, count: usize, what: &str) -> Result<(), String> {
    Shape::Data.check(&value.to_string())?;
    let digits = value
        .as_str()
        .map_or(0, |text| text.len().saturating_sub(2));
    if digits == count * 2 {
        return Ok(());
    }
    let have = digits / 2;
    Err(format!(
        "hex has invalid length {have} after decoding; expected {count} for {what}"
    ))
}
