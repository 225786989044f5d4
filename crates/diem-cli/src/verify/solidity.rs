//! EVM code against what evm/build.mjs compiled. What only a constructor knows (Solidity's
//! immutables) stands in the code on the chain and nowhere else: it is left out of the
//! comparison and shown.

use super::{Contract, Verdict, digest};
use crate::{Failure, Result};
use alloy::primitives::{Address, B256, U256, keccak256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The build's description, beside its codes.
const DESCRIPTION: &str = "build.json";
const HINT: &str = "compile with `node evm/build.mjs`, or name the directory with --evm-dir";

/// Of what and how the codes were made: what somebody else needs to make the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Solidity {
    /// SHA-256 of the standard JSON inputs' digests.
    pub sources: String,
    /// Release of the compiler.
    pub compiler: String,
    /// Release of OpenZeppelin's contracts.
    pub openzeppelin: String,
    /// What decides about the bytes.
    pub settings: serde_json::Value,
    /// The contracts by name.
    pub contracts: BTreeMap<String, Compiled>,
}

/// A contract that the build made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Compiled {
    /// Its file, by the name that the compiler was given.
    pub source: String,
    /// Its name there.
    pub contract: String,
    /// SHA-256 of the standard JSON input.
    pub input_sha256: String,
    /// Bytes of the creation code without arguments.
    pub creation_bytes: u64,
    /// SHA-256 of it.
    pub creation_sha256: String,
    /// Bytes of the code on the chain.
    pub bytes: u64,
    /// SHA-256 of it with zeros for its immutables.
    pub sha256: String,
    /// What only the constructor knows.
    pub immutables: Vec<Immutable>,
}

/// A variable that is set once, in the code itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Immutable {
    /// Name in the source.
    pub name: String,
    /// Type in the source.
    #[serde(rename = "type")]
    pub kind: String,
    /// All places where the code holds it.
    pub at: Vec<Place>,
}

/// A part of the code, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First byte.
    pub start: usize,
    /// Number of bytes.
    pub length: usize,
}

/// What an immutable is on the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Name in the source.
    pub name: String,
    /// Type in the source.
    #[serde(rename = "type")]
    pub kind: String,
    /// Addresses as such, numbers in decimals, short strings in quotes, all else in hex.
    pub value: String,
}

impl Solidity {
    /// Reads the description in the directory of the build.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn read(directory: &Path) -> Result<Self> {
        let path = directory.join(DESCRIPTION);
        let text = read(&path)?;
        serde_json::from_slice(&text).map_err(|error| broken(&path, error.to_string()))
    }

    /// The code that the build made of a name, with zeros for its immutables, and its description.
    ///
    /// # Errors
    /// The build made no such contract, or the file is not the one it made.
    pub(super) fn runtime(&self, directory: &Path, name: &str) -> Result<(Vec<u8>, &Compiled)> {
        let path = directory.join(format!("{name}.runtime"));
        let made = self
            .contracts
            .get(name)
            .ok_or_else(|| broken(&path, "the build made no such contract".to_owned()))?;
        let runtime = read(&path)?;
        if digest(&runtime) == made.sha256 {
            Ok((runtime, made))
        } else {
            Err(broken(&path, "it is not what the build made".to_owned()))
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| broken(path, error.to_string()))
}

fn broken(path: &Path, cause: String) -> Failure {
    Failure::broken("cannot read what was compiled", cause)
        .with("file", path.display())
        .hint(HINT)
}

/// Compares the code at `address` with what was compiled.
pub(super) fn compare(
    name: &'static str,
    address: Address,
    found: &[u8],
    expected: &[u8],
    made: &Compiled,
) -> Contract {
    let mut masked = found.to_vec();
    let values: std::result::Result<Vec<Held>, String> = made
        .immutables
        .iter()
        .map(|variable| take(&mut masked, variable))
        .collect();
    let cause = match &values {
        _ if found.is_empty() => Some("there is no code".to_owned()),
        Err(cause) => Some(cause.clone()),
        Ok(_) if masked != expected => Some("other code".to_owned()),
        Ok(_) => None,
    };
    let verdict = match &cause {
        None if made.immutables.is_empty() => Verdict::Same,
        None => Verdict::SameButImmutables,
        Some(_) => Verdict::Different,
    };
    Contract {
        name,
        address,
        codehash: keccak256(found),
        compressed_sha256: None,
        sha256: Some(digest(&masked)),
        verdict,
        // What stands at those places of other code says nothing.
        immutables: values.ok().filter(|_| cause.is_none()).unwrap_or_default(),
        cause,
    }
}

/// Reads a variable out of `code` and leaves zeros in its places.
fn take(code: &mut [u8], variable: &Immutable) -> std::result::Result<Held, String> {
    let mut word = None;
    for place in &variable.at {
        let found = place
            .start
            .checked_add(place.length)
            .and_then(|end| code.get_mut(place.start..end))
            .filter(|found| found.len() == B256::len_bytes())
            .ok_or_else(|| "other code: it is too short".to_owned())?;
        let here = B256::from_slice(found);
        if word.is_some_and(|word| word != here) {
            return Err(format!("other code: {} has two values", variable.name));
        }
        word = Some(here);
        found.fill(0);
    }
    Ok(Held {
        name: variable.name.clone(),
        kind: variable.kind.clone(),
        value: shown(&variable.kind, word.unwrap_or_default()),
    })
}

/// Bytes that OpenZeppelin's ShortString holds at the most; its last byte is their number.
const SHORT_STRING_BYTES: usize = 31;

fn shown(kind: &str, word: B256) -> String {
    let text = || {
        let length = usize::from(word[SHORT_STRING_BYTES]);
        let text = word.get(..length.min(SHORT_STRING_BYTES))?;
        std::str::from_utf8(text)
            .ok()
            .map(|text| format!("{text:?}"))
    };
    match kind {
        "ShortString" => text().unwrap_or_else(|| word.to_string()),
        _ if kind.starts_with("uint") => U256::from_be_bytes(word.0).to_string(),
        _ if kind == "address" || kind.starts_with("contract ") => {
            Address::from_word(word).to_string()
        }
        _ => word.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(at: &[(usize, usize)]) -> Compiled {
        let at = at.iter().map(|&(start, length)| Place { start, length });
        Compiled {
            source: "a.sol".to_owned(),
            contract: "A".to_owned(),
            input_sha256: String::new(),
            creation_bytes: 0,
            creation_sha256: String::new(),
            bytes: 70,
            sha256: String::new(),
            immutables: vec![Immutable {
                name: "limit".to_owned(),
                kind: "uint256".to_owned(),
                at: at.collect(),
            }],
        }
    }

    #[test]
    fn immutables_are_read_and_whatever_else_differs_is_found() {
        let mut code = vec![0x5b; 70];
        for start in [2, 36] {
            code[start..start + 32].fill(0);
        }
        let (expected, made) = (code.clone(), made(&[(2, 32), (36, 32)]));
        code[33] = 7;
        code[67] = 7;
        let same = compare("a", Address::ZERO, &code, &expected, &made);
        assert_eq!(same.verdict, Verdict::SameButImmutables);
        assert_eq!(same.immutables[0].value, "7");

        let mut other = code.clone();
        other[0] = 0;
        let mut two = code.clone();
        two[67] = 8;
        for (code, cause) in [
            (&other[..], "other code"),
            (&two, "two values"),
            (&code[..40], "too short"),
            (&code[..69], "other code"),
            (&[], "there is no code"),
        ] {
            let told = compare("a", Address::ZERO, code, &expected, &made);
            assert_eq!(told.verdict, Verdict::Different, "{cause}");
            assert!(
                told.cause.is_some_and(|told| told.contains(cause)),
                "{cause}"
            );
            assert!(told.immutables.is_empty(), "{cause}");
        }
    }

    #[test]
    fn values_are_shown_as_their_types_are_read() {
        let word = |last: u8| B256::with_last_byte(last);
        let mut name = B256::ZERO;
        name[..3].copy_from_slice(b"VVV");
        name[31] = 3;
        assert_eq!(shown("uint256", word(9)), "9");
        assert_eq!(
            shown("address", word(1)),
            Address::with_last_byte(1).to_string()
        );
        assert_eq!(shown("ShortString", name), "\"VVV\"");
        assert_eq!(
            shown("ShortString", B256::repeat_byte(0xff)),
            B256::repeat_byte(0xff).to_string()
        );
        assert_eq!(shown("bytes32", word(2)), word(2).to_string());
    }
}
