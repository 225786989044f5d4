//! What answers named: hashes and ids that later requests of the same input can speak of.

use alloy_primitives::B256;
use arbitrary::{Result, Unstructured};
use serde_json::Value;

/// Most things of one kind remembered; later ones take the place of the newest before them.
const CAPACITY: usize = 48;
/// Most values of one answer looked at: traces are long.
const ATTENTION: usize = 400;
/// Characters of a 32-byte word in hex with its prefix.
const WORD_CHARS: usize = 66;
/// Most characters of a 64-bit number in hex with its prefix.
const NUMBER_CHARS: usize = 18;
/// Most characters of a 128-bit number in hex with its prefix.
const SUBSCRIPTION_CHARS: usize = 34;

/// Things that answers named.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Hashes of transactions.
    pub(crate) transactions: Vec<B256>,
    /// Hashes of blocks.
    pub(crate) blocks: Vec<B256>,
    /// Other words: storage keys and values, topics.
    pub(crate) words: Vec<B256>,
    /// Numbers that were all of an answer: ids of filters and snapshots among them.
    pub(crate) numbers: Vec<String>,
    /// Ids of subscriptions.
    pub(crate) subscriptions: Vec<String>,
    /// Signed transactions.
    pub(crate) raw: Vec<String>,
    /// Slots that ArbOS uses.
    pub(crate) arbos_slots: Vec<B256>,
    /// Nonces of the accounts with keys before the input.
    pub(crate) nonces: Vec<u64>,
}

impl Heard {
    /// Remembers what an answer, or a row of them, names.
    pub(crate) fn learn(&mut self, answer: &Value) {
        let answers = match answer {
            Value::Array(answers) => answers.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut attention = ATTENTION;
        for result in answers.iter().filter_map(|answer| answer.get("result")) {
            match result {
                Value::String(text) if text.len() == WORD_CHARS => {
                    self.text("transactionHash", text);
                }
                Value::String(text) if text.len() <= NUMBER_CHARS => {
                    remember(&mut self.numbers, text.clone());
                }
                Value::String(text) if text.len() <= SUBSCRIPTION_CHARS => {
                    remember(&mut self.subscriptions, text.clone());
                }
                other => self.walk("", other, &mut attention),
            }
        }
    }

    fn walk(&mut self, key: &str, value: &Value, attention: &mut usize) {
        if *attention == 0 {
            return;
        }
        *attention -= 1;
        match value {
            Value::String(text) => self.text(key, text),
            Value::Array(items) => items.iter().for_each(|it| self.walk(key, it, attention)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.text("", name);
                    self.walk(name, field, attention);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        if key == "raw" {
            remember(&mut self.raw, text.to_owned());
        } else if text.len() == WORD_CHARS
            && let Ok(word) = text.parse()
        {
            let kind = match key {
                "transactionHash" | "transactions" | "txHash" => &mut self.transactions,
                "blockHash" | "parentHash" => &mut self.blocks,
                _ => &mut self.words,
            };
            remember(kind, word);
        }
    }
}

fn remember<T: PartialEq>(known: &mut Vec<T>, item: T) {
    if known.contains(&item) {
        return;
    }
    if known.len() == CAPACITY {
        known.pop();
    }
    known.push(item);
}

/// One of the things heard, often the last; nothing where nothing was heard.
pub(crate) fn recall<T: Clone>(known: &[T], u: &mut Unstructured<'_>) -> Result<Option<T>> {
    if known.is_empty() {
        return Ok(None);
    }
    let last = u.ratio(1u8, 2)?;
    Ok(if last {
        known.last()
    } else {
        Some(u.choose(known)?)
    }
    .cloned())
}
