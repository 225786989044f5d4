//! The key of the gateway's account, from a file or from the environment.

use std::path::Path;

use alloy::signers::local::PrivateKeySigner;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, read};

/// Variable that may hold the key.
const VARIABLE: &str = "DIEM_GATEWAY_KEY";

pub(super) fn signer(file: Option<&Path>) -> Result<PrivateKeySigner, ConfigError> {
    let (text, from) = match file {
        Some(path) => (read(path)?, path.display().to_string()),
        None => {
            let text = std::env::var(VARIABLE).map_err(|_| ConfigError::Missing {
                what: "the key of the gateway's account",
                how: "key_file in the file, --key-file FILE, or the variable DIEM_GATEWAY_KEY",
            })?;
            (text, VARIABLE.to_owned())
        }
    };
    parse(&SecretString::from(text), &from)
}

fn parse(text: &SecretString, from: &str) -> Result<PrivateKeySigner, ConfigError> {
    // The parser's own words are left out: they might quote the key.
    let key = text.expose_secret().trim();
    key.parse().map_err(|_| {
        let cause = "it holds no private key: 64 hexadecimal digits";
        ConfigError::wrong("the key of the gateway's account", from, cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for text in ["secret words", "0x1234", ""] {
            let error = parse(&SecretString::from(text), "key.txt").unwrap_err();
            assert!(
                text.is_empty() || !error.to_string().contains(text),
                "{error}"
            );
            assert!(error.to_string().contains("key.txt"));
        }
    }
}
