//! `/images/generations`: one grey pixel, whatever was asked for.

use serde_json::{Value, json};

use super::{Answer, Request, embeddings::base64, text::tokens};

/// A picture of one grey pixel, in the format of Netpbm: small enough to write by hand, and a real picture.
const PIXEL: &[u8] = b"P5 1 1 255\n\x80";

pub(super) fn draw(request: &Request) -> Answer {
    let Some(prompt) = request.body.get("prompt").and_then(Value::as_str) else {
        return Answer::Wrong("prompt is no text".into());
    };
    let count = request
        .body
        .get("n")
        .and_then(Value::as_u64)
        .unwrap_or(1)
        .min(16);
    let picture = json!({"b64_json": base64(PIXEL), "revised_prompt": prompt});
    let mut answer = json!({"created": 0, "data": vec![picture; count as usize]});
    if !request.wish.without_usage {
        let input = tokens(&json!(prompt));
        answer["usage"] = json!({"input_tokens": input, "output_tokens": 0, "total_tokens": input});
    }
    Answer::Whole(answer)
}
