//! Keys from words (BIP-39) and a path (BIP-32).

use crate::{Failure, Result};
use alloy::signers::local::coins_bip39::{English, Mnemonic};
use alloy::signers::local::{MnemonicBuilder, PrivateKeySigner};
use zeroize::Zeroizing;

/// Words of a new mnemonic: 128 bits, as much as the curve holds.
const WORDS: usize = 12;

/// The key at `path` below `phrase`.
///
/// # Errors
/// Not a mnemonic, or not a path. The words never show up in it.
pub(crate) fn derive(phrase: &str, path: &str) -> Result<PrivateKeySigner> {
    let builder = MnemonicBuilder::<English>::default()
        .phrase(phrase.trim())
        .derivation_path(path)
        .map_err(|_| {
            Failure::broken(
                "not a derivation path",
                "expected steps such as m/44'/60'/0'/0/0",
            )
            .with("path", path)
            .hint("leave --derivation-path out for the usual one, or count with --index")
        })?;
    builder.build().map_err(|_| {
        Failure::broken(
            "not a mnemonic",
            "a word is not in the English list, or the checksum is wrong",
        )
        .with("words", phrase.split_whitespace().count())
        .hint("12 to 24 words of BIP-39, in their order, with single spaces")
    })
}

/// New words.
///
/// # Errors
/// The system gives no random numbers.
pub(crate) fn fresh() -> Result<Zeroizing<String>> {
    let mut random = alloy::signers::k256::elliptic_curve::rand_core::OsRng;
    Mnemonic::<English>::new_with_count(&mut random, WORDS)
        .map(|mnemonic| Zeroizing::new(mnemonic.to_phrase()))
        .map_err(|error| {
            Failure::broken("cannot make a mnemonic", error.to_string()).with("words", WORDS)
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use alloy::primitives::address;

    const TEST_WORDS: &str = "test test test test test test test test test test test junk";

    #[test]
    fn words_and_path_give_the_published_accounts() {
        for (path, account) in [
            (
                "m/44'/60'/0'/0/0",
                address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
            ),
            (
                "m/44'/60'/0'/0/1",
                address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
            ),
        ] {
            assert_eq!(derive(TEST_WORDS, path).unwrap().address(), account);
        }
    }

    #[test]
    fn a_wrong_mnemonic_is_never_repeated() {
        for wrong in [
            "hunter2 hunter2",
            "test test test test test test test test test test test test",
        ] {
            let told = derive(wrong, "m/44'/60'/0'/0/0").unwrap_err().to_string();
            assert!(told.contains("not a mnemonic"));
            assert!(
                !told.contains("hunter2") && !told.contains("test"),
                "{told}"
            );
        }
        let told = derive(TEST_WORDS, "44 60").unwrap_err().to_string();
        assert!(
            told.contains("not a derivation path") && !told.contains("junk"),
            "{told}"
        );
    }

    #[test]
    fn fresh_words_are_a_mnemonic() {
        let words = fresh().unwrap();
        assert_eq!(words.split(' ').count(), WORDS);
        derive(&words, "m/44'/60'/0'/0/0").unwrap();
    }
}
