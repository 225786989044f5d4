//! Words and paths that keys are derived from, against BIP-39's own rule of the checksum.

use super::try_cases;
use crate::wallet::{derive, parse};
use alloy::signers::local::coins_bip39::{English, Wordlist};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sha2::{Digest, Sha256};
use std::cell::Cell;

/// Deriving a key takes two thousand hashes.
const CASES: u32 = 150;
const PATH: &str = "m/44'/60'/0'/0/0";
/// Bits of a word.
const BITS: usize = 11;

/// Whether words are a mnemonic: of 12 to 24, the last bits being the hash of the others.
fn checksummed(words: &[u16]) -> bool {
    if ![12, 15, 18, 21, 24].contains(&words.len()) {
        return false;
    }
    let bit = |at: usize| words[at / BITS] >> (BITS - 1 - at % BITS) & 1 == 1;
    let entropy = words.len() * BITS * 32 / 33;
    let bytes: Vec<u8> = (0..entropy / 8)
        .map(|byte| {
            (0..8).fold(0, |value, place| {
                value << 1 | u8::from(bit(8 * byte + place))
            })
        })
        .collect();
    let hash = Sha256::digest(&bytes);
    (entropy..words.len() * BITS).all(|at| {
        let place = at - entropy;
        bit(at) == (hash[place / 8] >> (7 - place % 8) & 1 == 1)
    })
}

#[test]
fn words_are_a_mnemonic_exactly_when_their_checksum_fits() {
    let lengths = select(&[12_usize, 15, 18, 21, 24, 12, 12, 11, 13, 0, 1][..]);
    let words = lengths.prop_flat_map(|length| vec(0..2_048_u16, length));
    let taken = Cell::new(0_u32);
    try_cases(CASES, &(words, any::<bool>()), |(mut words, mend)| {
        // One word in sixteen, or fewer, fits by chance: the last one is looked for.
        if let Some(last) = words.len().checked_sub(1).filter(|_| mend) {
            let fitting = (0..2_048).find(|word| {
                words[last] = *word;
                checksummed(&words)
            });
            taken.set(taken.get() + u32::from(fitting.is_some()));
        }
        let spelled = words
            .iter()
            .map(|word| English::get(usize::from(*word)).unwrap());
        let phrase = spelled.collect::<Vec<_>>().join(" ");
        let key = derive(&phrase, PATH);
        prop_assert_eq!(key.is_ok(), checksummed(&words), "{}", phrase);
        Ok(())
    });
    assert!(taken.get() > 0, "no words were a mnemonic");
}

#[test]
fn no_text_as_words_a_path_or_a_key_panics_or_is_repeated() {
    let phrase = "test test test test test test test test test test test junk";
    let phrases = prop_oneof![
        Just(phrase.to_owned()),
        "([a-z]{3,8} ){11}[a-z]{3,8}",
        any::<String>()
    ];
    let paths = prop_oneof![
        "m(/[0-9]{1,11}'?){0,8}",
        "[mM]?(/-?[0-9hH']{0,4}){0,5}",
        any::<String>(),
    ];
    let keys = prop_oneof!["(0x)?[0-9a-fA-F]{60,68}", "(0x)?[0f]{64}", any::<String>()];
    try_cases(CASES, &(phrases, paths, keys), |(phrase, path, key)| {
        if let Err(failure) = derive(&phrase, &path) {
            let told = failure.to_string();
            let shown = phrase
                .split(' ')
                .filter(|word| word.len() > 12)
                .any(|word| told.contains(word));
            prop_assert!(!shown, "{}", told);
        }
        if let Err(failure) = parse(&key, "a test") {
            let told = failure.to_string();
            prop_assert!(
                key.trim().len() < 20 || !told.contains(key.trim()),
                "{}",
                told
            );
        }
        Ok(())
    });
}
