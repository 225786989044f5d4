//! The one list of what may differ, and why.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{compare::Difference, vectors};

/// What clients look for in the texts of errors.
const PHRASES: [&str; 8] = [
    "nonce too low",
    "insufficient funds",
    "intrinsic gas too low",
    "execution reverted",
    "already known",
    "max fee per gas less than block base fee",
    "gas required exceeds allowance",
    "header not found",
];

/// Where an exception may be more than the wording of an error: elsewhere only hashes of blocks may.
const REASONED: [&str; 2] = ["rpc", "traces"];

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// The wording of an error; its code, data and phrases are equal.
    Text,
    /// The hash of a block, which covers its state root.
    Hash,
    /// An answer that is ours on purpose.
    Reason,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// How many entries it excuses in each transcript (`51/evm`).
    counts: BTreeMap<String, usize>,
    /// Names of entries; `*` stands for anything.
    entries: String,
    kind: Kind,
    /// What the recorded wording of an error must be; `*` stands for anything.
    #[serde(default)]
    recorded: Option<String>,
    /// Numbers that differ, each with what is recorded and what is answered: at these paths nothing
    /// else is excused.
    #[serde(default)]
    numbers: BTreeMap<String, [String; 2]>,
    /// Where in the answer a difference with a reason may be: `*` stands for anything.
    #[serde(default)]
    paths: Vec<String>,
    reason: String,
}

impl Exception {
    /// Whether nothing differs outside its paths.
    fn spans(&self, differences: &[Difference]) -> bool {
        differences.iter().all(|difference| {
            if let Some([recorded, given]) = self.numbers.get(&difference.path) {
                return difference.recorded == **recorded && difference.given == **given;
            }
            self.paths
                .iter()
                .any(|pattern| matches(pattern, &difference.path))
        })
    }

    /// Whether only the wording of an error differs, and from a wording that it speaks of.
    fn rewords(&self, differences: &[Difference]) -> bool {
        let [difference] = differences else {
            return false;
        };
        let wording = difference.recorded.as_str().unwrap_or_default();
        let spoken_of = |pattern: &String| matches(pattern, wording);
        is_text(difference) && self.recorded.as_ref().is_none_or(spoken_of)
    }
}

/// How many entries were excused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) texts: usize,
    pub(crate) reasons: usize,
}

/// The exceptions of one transcript, and what each has excused so far.
pub(crate) struct Exceptions {
    file: String,
    transcript: String,
    list: Vec<(Exception, usize)>,
}

fn all() -> Vec<Exception> {
    let text = std::fs::read_to_string(vectors().join("exceptions.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Every transcript that has an exception.
pub(crate) fn named() -> Vec<(u64, String)> {
    all()
        .into_iter()
        .flat_map(|it| it.counts.into_keys())
        .map(|name| {
            let (version, file) = name.split_once('/').unwrap();
            (version.parse().unwrap(), file.to_owned())
        })
        .collect()
}

impl Exceptions {
    pub(crate) fn of(version: u64, file: &str) -> Self {
        let transcript = format!("{version}/{file}");
        let list = all()
            .into_iter()
            .filter(|it| it.counts.contains_key(&transcript))
            .map(|it| {
                assert!(it.reason.len() > 10, "{it:?} needs a reason");
                (it, 0)
            })
            .collect();
        Self {
            file: file.to_owned(),
            transcript,
            list,
        }
    }

    /// Whether an exception covers all that differs. Receipts and blocks are never covered.
    pub(crate) fn excuse(&mut self, entry: &Value, differences: &[Difference]) -> bool {
        let name = entry["name"].as_str().unwrap();
        let reasoned = REASONED.contains(&self.file.as_str()) && entry.get("raw").is_none();
        let found = self.list.iter_mut().find(|(exception, _)| {
            let covers = match exception.kind {
                Kind::Text => exception.rewords(differences),
                Kind::Hash => differences.iter().all(is_hash),
                Kind::Reason => reasoned && exception.spans(differences),
            };
            covers && matches(&exception.entries, name)
        });
        let Some((_, excused)) = found else {
            return false;
        };
        *excused += 1;
        true
    }

    /// Each exception has excused what it says, and nothing more.
    pub(crate) fn finish(self) -> Count {
        let mut count = Count::default();
        for (exception, excused) in self.list {
            assert_eq!(
                excused, exception.counts[&self.transcript],
                "entries of {} that '{}' excuses",
                self.transcript, exception.entries
            );
            match exception.kind {
                Kind::Text => count.texts += excused,
                Kind::Hash | Kind::Reason => count.reasons += excused,
            }
        }
        count
    }
}

fn is_text(difference: &Difference) -> bool {
    let (Value::String(recorded), Value::String(given)) = (&difference.recorded, &difference.given)
    else {
        return false;
    };
    difference.path == "error.message"
        && PHRASES
            .iter()
            .all(|phrase| recorded.contains(phrase) == given.contains(phrase))
}

/// Names of fields that hold a hash of a block or of a state.
const HASHES: [&str; 4] = ["blockHash", "hash", "parentHash", "stateRoot"];

/// Whether a hash of a block differs, or in a block's RLP the root of its state alone.
fn is_hash(difference: &Difference) -> bool {
    let (Value::String(recorded), Value::String(given)) = (&difference.recorded, &difference.given)
    else {
        return false;
    };
    if recorded.len() != given.len() || !recorded.starts_with("0x") || !given.starts_with("0x") {
        return false;
    }
    let field = difference.path.rsplit('.').next().unwrap_or_default();
    let is_word = recorded.len() == 66;
    if is_word {
        return field == "result" || HASHES.contains(&field);
    }
    let differs: Vec<usize> = recorded
        .bytes()
        .zip(given.bytes())
        .enumerate()
        .filter_map(|(at, (left, right))| (left != right).then_some(at))
        .collect();
    let (Some(first), Some(last)) = (differs.first(), differs.last()) else {
        return false;
    };
    difference.path == "result" && last - first < 64
}

/// Whether `name` is `pattern`, whose stars stand for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(name) = name.strip_prefix(head) else {
        return false;
    };
    (0..=name.len())
        .filter(|at| name.is_char_boundary(*at))
        .any(|at| matches(rest, &name[at..]))
}
