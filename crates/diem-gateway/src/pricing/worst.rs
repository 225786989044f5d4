//! The most that a request can use, read from its body before it is sent.

use serde_json::{Map, Value};

use super::{ModelPrice, Rate};
use crate::money::Usd;

/// Tokens that a template puts around each message or tool, and around the whole.
const EACH: u64 = 16;
const WHOLE: u64 = 64;

/// The families of requests that are sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `/chat/completions`
    Chat,
    /// `/completions`
    Completions,
    /// `/embeddings`
    Embeddings,
    /// `/images/generations`
    Images,
    /// `/responses`
    Responses,
}

/// A request whose cost has no bound that its body tells.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unbounded {
    /// A field that must be a count is none.
    #[error("{0} must be a whole number, at least {1}")]
    NoCount(&'static str, u64),
    /// The upstream adds what it kept from before, and the table does not say how much the model reads at most.
    #[error("{0} cannot be priced: the table states no max_input for this model")]
    Kept(&'static str),
    /// An answer that comes after the request's end cannot be paid by it.
    #[error("background cannot be true: the cost must be known when the request ends")]
    Background,
    /// The number of tokens is past what can be counted.
    #[error("the request is past every count")]
    Past,
}

/// What a request asks for at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Tokens that each answer may have; `None` where the request does not say.
    pub output: Option<u64>,
    /// How many answers, or images.
    pub choices: u64,
    /// Pixels of an image.
    pub pixels: u64,
}

/// The most tokens that the body can be read as.
///
/// No tokenizer makes more tokens than bytes, so the texts' bytes bound them; each message, tool and part adds what
/// templates put around it, each image or file what the model's price says. The model's own limit bounds all.
pub fn input_bound(
    family: Family,
    body: &Map<String, Value>,
    price: &ModelPrice,
) -> Result<u64, Unbounded> {
    for kept in ["previous_response_id", "conversation", "prompt"] {
        let is_kept =
            family == Family::Responses && body.get(kept).is_some_and(|value| !value.is_null());
        if is_kept {
            return price.max_input.ok_or(Unbounded::Kept(kept));
        }
    }
    let mut sum = WHOLE;
    let fields: &[&str] = match family {
        Family::Chat => &["messages", "tools", "functions", "response_format"],
        Family::Completions | Family::Images => &["prompt", "suffix"],
        Family::Embeddings => &["input"],
        Family::Responses => &["input", "instructions", "tools", "text"],
    };
    for value in fields.iter().filter_map(|field| body.get(*field)) {
        sum = sum
            .checked_add(read_as(value, price))
            .ok_or(Unbounded::Past)?;
    }
    Ok(price.max_input.map_or(sum, |limit| sum.min(limit)))
}

fn read_as(value: &Value, price: &ModelPrice) -> u64 {
    match value {
        Value::Null => 0,
        // In an embedding's or completion's input a number is a token; elsewhere it is a few digits.
        Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) if text.starts_with("data:") => price.image_input,
        Value::String(text) => text.len() as u64,
        Value::Array(items) if items.iter().all(Value::is_u64) => items.len() as u64,
        Value::Array(items) => items
            .iter()
            .map(|item| read_as(item, price))
            .fold(0, u64::saturating_add),
        Value::Object(fields) => {
            let picture = [
                "image_url",
                "input_audio",
                "file",
                "file_id",
                "file_data",
                "file_url",
                "image",
            ]
            .iter()
            .any(|name| fields.contains_key(*name));
            let own = fields
                .iter()
                .map(|(name, value)| (name.len() as u64).saturating_add(read_as(value, price)));
            let own = own.fold(EACH, u64::saturating_add);
            // What is inside counts besides: a picture's address may as well be read as text.
            if picture {
                own.saturating_add(price.image_input)
            } else {
                own
            }
        }
    }
}

/// What the body asks for at most in its answer.
pub fn output_bound(family: Family, body: &Map<String, Value>) -> Result<Bound, Unbounded> {
    let count = |field: &'static str, least: u64| match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64() {
            Some(count) if count >= least => Ok(Some(count)),
            _ => Err(Unbounded::NoCount(field, least)),
        },
    };
    if family == Family::Responses && body.get("background").and_then(Value::as_bool) == Some(true)
    {
        return Err(Unbounded::Background);
    }
    let output = match family {
        Family::Chat => match count("max_completion_tokens", 1)? {
            Some(limit) => Some(count("max_tokens", 1)?.map_or(limit, |other| other.max(limit))),
            None => count("max_tokens", 1)?,
        },
        Family::Completions => count("max_tokens", 1)?,
        Family::Responses => count("max_output_tokens", 1)?,
        Family::Embeddings | Family::Images => Some(0),
    };
    let choices = match family {
        Family::Chat | Family::Images => count("n", 1)?.unwrap_or(1),
        // Each prompt of a list has its answers.
        Family::Completions => {
            let prompts = match body.get("prompt") {
                Some(Value::Array(prompts)) if !prompts.iter().all(Value::is_u64) => {
                    prompts.len() as u64
                }
                _ => 1,
            };
            let each = count("n", 1)?
                .unwrap_or(1)
                .max(count("best_of", 1)?.unwrap_or(1));
            each.checked_mul(prompts).ok_or(Unbounded::Past)?
        }
        Family::Embeddings | Family::Responses => 1,
    };
    let pixels = match (family, body.get("size").and_then(Value::as_str)) {
        (Family::Images, Some(size)) => {
            let sides = size
                .split_once('x')
                .and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?)));
            match sides {
                Some((width, height)) => width.checked_mul(height).ok_or(Unbounded::Past)?,
                None => LARGEST_PIXELS,
            }
        }
        (Family::Images, None) => LARGEST_PIXELS,
        _ => 0,
    };
    Ok(Bound {
        output,
        choices,
        pixels,
    })
}

/// An image whose size the request leaves to the model.
const LARGEST_PIXELS: u64 = 2048 * 2048;

/// Whether a model with this price can be sold to this family: images need a price for images or for what is written,
/// texts one that counts tokens or the request.
pub fn sold_with(family: Family, price: &ModelPrice) -> bool {
    match family {
        Family::Images => {
            price.image > Usd::ZERO || price.pixel > Rate(0) || price.output > Rate(0)
        }
        _ => price.image == Usd::ZERO && price.pixel == Rate(0),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::pricing::Prices;

    fn price(extra: &str) -> ModelPrice {
        let text = format!("[models.m]\ninput = \"1\"\noutput = \"2\"\n{extra}");
        Prices::from_toml(&text).unwrap().of("m").unwrap().clone()
    }

    fn input(family: Family, body: Value, extra: &str) -> Result<u64, Unbounded> {
        input_bound(family, body.as_object().unwrap(), &price(extra))
    }

    #[test]
    fn a_prompt_never_has_more_tokens_than_its_bound() {
        let text = "word ".repeat(100);
        let bound = input(
            Family::Chat,
            json!({"messages": [{"role": "user", "content": text}]}),
            "",
        )
        .unwrap();
        assert!((500..700).contains(&bound), "{bound}");
        assert_eq!(
            input(Family::Embeddings, json!({"input": [1, 2, 3]}), ""),
            Ok(67)
        );
        assert_eq!(
            input(Family::Embeddings, json!({"input": [[1, 2, 3], [4]]}), ""),
            Ok(68)
        );
    }

    #[test]
    fn a_picture_is_bounded_by_the_model_not_by_its_bytes() {
        let picture = format!("data:image/png;base64,{}", "A".repeat(1_000_000));
        let content = json!([{"type": "image_url", "image_url": {"url": picture}}]);
        let body = json!({"messages": [{"role": "user", "content": content}]});
        let bound = input(Family::Chat, body.clone(), "image_input = 1000").unwrap();
        assert!((1000..3000).contains(&bound), "{bound}");
        assert_eq!(input(Family::Chat, body, "max_input = 900"), Ok(900));
    }

    #[test]
    fn what_the_upstream_kept_is_bounded_by_the_model_or_refused() {
        let body = json!({"input": "and then?", "previous_response_id": "resp_1"});
        assert_eq!(
            input(Family::Responses, body.clone(), ""),
            Err(Unbounded::Kept("previous_response_id"))
        );
        assert_eq!(input(Family::Responses, body, "max_input = 8000"), Ok(8000));
    }

    #[test]
    fn answers_are_bounded_by_their_number_and_length() {
        let bound = |family, body: Value| output_bound(family, body.as_object().unwrap());
        let chat = bound(
            Family::Chat,
            json!({"max_tokens": 10, "max_completion_tokens": 20, "n": 3}),
        )
        .unwrap();
        assert_eq!(
            chat,
            Bound {
                output: Some(20),
                choices: 3,
                pixels: 0
            }
        );
        let list = bound(
            Family::Completions,
            json!({"prompt": ["a", "b"], "n": 2, "best_of": 5}),
        )
        .unwrap();
        assert_eq!(
            list,
            Bound {
                output: None,
                choices: 10,
                pixels: 0
            }
        );
        let image = bound(Family::Images, json!({"size": "1024x512", "n": 2})).unwrap();
        assert_eq!(
            image,
            Bound {
                output: Some(0),
                choices: 2,
                pixels: 524_288
            }
        );
        assert_eq!(
            bound(Family::Chat, json!({"n": 0})),
            Err(Unbounded::NoCount("n", 1))
        );
        assert_eq!(
            bound(Family::Chat, json!({"max_tokens": -1})),
            Err(Unbounded::NoCount("max_tokens", 1))
        );
        assert_eq!(
            bound(Family::Responses, json!({"background": true})),
            Err(Unbounded::Background)
        );
    }
}
