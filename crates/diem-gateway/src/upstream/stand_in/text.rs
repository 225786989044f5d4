//! The words that the stand-in says, and its count of tokens: words, as white space parts them.

use serde_json::Value;

use super::Request;

const WORDS: [&str; 16] = [
    "amber", "birch", "cloud", "delta", "ember", "field", "grain", "heron", "inlet", "juniper",
    "kelp", "larch", "meadow", "north", "ocean", "pine",
];

/// Tokens that each message or tool adds.
const EACH: u64 = 4;

/// A number that depends on nothing but the text (FNV-1a).
pub(super) fn seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The next number after `state` (splitmix64).
pub(super) const fn next(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// An answer's words, and whether a limit cut it.
pub(super) fn words(request: &Request, seed: u64, limit: Option<u64>) -> (Vec<String>, bool) {
    let wanted = request.wish.words.unwrap_or(12);
    let count = limit.map_or(wanted, |limit| limit.min(wanted));
    let mut state = seed;
    let words = (0..count).map(|index| {
        state = next(state);
        let word = WORDS[(state % 16) as usize];
        if index == 0 {
            word.to_owned()
        } else {
            format!(" {word}")
        }
    });
    (words.collect(), count < wanted)
}

/// The tokens of a prompt.
pub(super) fn tokens(value: &Value) -> u64 {
    match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::String(text) => text.split_whitespace().count() as u64,
        Value::Array(items) => items.iter().map(tokens).sum(),
        Value::Object(fields) => EACH + fields.values().map(tokens).sum::<u64>(),
    }
}

/// How much of a prompt counts as cached: whole hundreds of twenty-eight, from a thousand and twenty-four tokens on, as
/// servers do whose caches keep blocks.
pub(super) fn cached(request: &Request, prompt: u64) -> u64 {
    let blocks = if prompt >= 1024 {
        prompt / 128 * 128
    } else {
        0
    };
    request.wish.cached.unwrap_or(blocks).min(prompt)
}
