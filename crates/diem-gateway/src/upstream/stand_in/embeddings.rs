//! `/embeddings`: vectors that depend on the text alone.

use serde_json::{Value, json};

use super::{
    Answer, Request,
    text::{next, seed, tokens},
};

const DIMENSIONS: u64 = 8;
const MOST_DIMENSIONS: u64 = 4096;

pub(super) fn embed(request: &Request) -> Answer {
    let Some(input) = request.body.get("input") else {
        return Answer::Wrong("input is missing".into());
    };
    let inputs = match input {
        Value::Array(items) if !items.iter().all(Value::is_u64) => items.clone(),
        one => vec![one.clone()],
    };
    let dimensions = request
        .body
        .get("dimensions")
        .and_then(Value::as_u64)
        .unwrap_or(DIMENSIONS)
        .min(MOST_DIMENSIONS);
    let packed = request.body.get("encoding_format").and_then(Value::as_str) == Some("base64");
    let data: Vec<Value> = inputs
        .iter()
        .enumerate()
        .map(|(index, input)| {
            let vector = vector(&input.to_string(), dimensions);
            let embedding = if packed {
                let bytes: Vec<u8> = vector
                    .iter()
                    .flat_map(|number| number.to_le_bytes())
                    .collect();
                json!(base64(&bytes))
            } else {
                json!(vector)
            };
            json!({"object": "embedding", "index": index, "embedding": embedding})
        })
        .collect();
    let mut answer = json!({"object": "list", "data": data, "model": request.model});
    if !request.wish.without_usage {
        let count = tokens(input);
        answer["usage"] = json!({"prompt_tokens": count, "total_tokens": count});
    }
    Answer::Whole(answer)
}

/// Numbers between -1 and 1.
fn vector(text: &str, dimensions: u64) -> Vec<f32> {
    let mut state = seed(text);
    let numbers = (0..dimensions).map(|_| {
        state = next(state);
        // 24 bits fit a float exactly.
        (state >> 40) as f32 / 8_388_608.0 - 1.0
    });
    numbers.collect()
}

pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_the_one_of_rfc_4648() {
        let pairs = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in pairs {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
