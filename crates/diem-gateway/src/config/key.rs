//! The key of the gateway's account: in hex from a file or from the environment, or from an encrypted keystore.

use std::path::Path;

use alloy::signers::local::PrivateKeySigner;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, read};

/// Variable that may hold the key.
const VARIABLE: &str = "DIEM_GATEWAY_KEY";
/// Variable that may hold the password of a keystore.
const PASSWORD: &str = "DIEM_GATEWAY_KEY_PASSWORD";
const WHAT: &str = "the key of the gateway's account";

/// The signer of the key in `file`, or in the environment. A keystore's password is the first line of `password`, or
/// comes from the environment.
pub(super) fn signer(
    file: Option<&Path>,
    password: Option<&Path>,
) -> Result<PrivateKeySigner, ConfigError> {
    let Some(path) = file else {
        let text = std::env::var(VARIABLE).map_err(|_| ConfigError::Missing {
            what: WHAT,
            how: "key_file in the file, --key-file FILE, or the variable DIEM_GATEWAY_KEY",
        })?;
        return plain(&SecretString::from(text), VARIABLE);
    };
    let text = SecretString::from(read(path)?);
    if text.expose_secret().trim_start().starts_with('{') {
        return keystore(path, &words(password)?);
    }
    plain(&text, &path.display().to_string())
}

fn plain(text: &SecretString, from: &str) -> Result<PrivateKeySigner, ConfigError> {
    // The parser's own words are left out: they might quote the key.
    let key = text.expose_secret().trim();
    key.parse().map_err(|_| {
        let cause = "it holds no private key: 64 hexadecimal digits, or a keystore";
        ConfigError::wrong(WHAT, from, cause)
    })
}

/// The key of a keystore, version 3, as geth, Foundry and others write it.
fn keystore(path: &Path, password: &SecretString) -> Result<PrivateKeySigner, ConfigError> {
    diem_keyfile::unlock(path, password.expose_secret()).map_err(|refusal| {
        let cause = format!(
            "the keystore cannot be opened: {refusal}; {}",
            refusal.hint()
        );
        ConfigError::wrong(WHAT, path.display().to_string(), cause)
    })
}

fn words(file: Option<&Path>) -> Result<SecretString, ConfigError> {
    if let Some(path) = file {
        let text = SecretString::from(read(path)?);
        // An editor ends the line; a password may begin or end with a space.
        let line = text.expose_secret().lines().next().unwrap_or_default();
        return Ok(SecretString::from(line));
    }
    let words = std::env::var(PASSWORD).map_err(|_| ConfigError::Missing {
        what: "the password of the keystore",
        how: "key_password_file in the file, --key-password-file FILE, or the variable DIEM_GATEWAY_KEY_PASSWORD",
    })?;
    Ok(SecretString::from(words))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for text in ["secret words", "0x1234", ""] {
            let error = plain(&SecretString::from(text), "key.txt").unwrap_err();
            assert!(
                text.is_empty() || !error.to_string().contains(text),
                "{error}"
            );
            assert!(error.to_string().contains("key.txt"));
        }
    }

    /// One key by each of the ways from a password to it: as the Web3 Secret Storage Definition has it, and as eth_account
    /// writes it.
    const PBKDF2: &str = r#"{"crypto": {"cipher": "aes-128-ctr",
        "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46", "kdf": "pbkdf2",
        "kdfparams": {"c": 262144, "dklen": 32, "prf": "hmac-sha256",
            "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6", "version": 3}"#;
    const SCRYPT: &str = r#"{"crypto": {"cipher": "aes-128-ctr",
        "cipherparams": {"iv": "61072a8699f4040d0b9acca886ad5ee4"},
        "ciphertext": "61ed109db9cc5e2ce82a72a45c953e24a8e7efe0ce422a50c827cea95d0b194b", "kdf": "scrypt",
        "kdfparams": {"dklen": 32, "n": 16384, "p": 1, "r": 8,
            "salt": "c537207ceb2c4bb47d13aeff1382b67d"},
        "mac": "28f9da4259e61d790b9c25efe8896a520da0ac5f5a1aa0635ab1c10f731ab3be"},
        "id": "ba940f12-9489-46e9-a981-d82dc98282b3", "version": 3}"#;
    const KEY: &str = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    /// Such a file ended the process before it was looked at.
    #[test]
    fn a_damaged_keystore_is_refused_and_ends_nothing() {
        let name = format!("diem-gateway-damaged-{}.json", std::process::id());
        let file = std::env::temp_dir().join(name);
        let password = SecretString::from("testpassword");
        for (whole, damaged, cause) in [
            (r#""dklen": 32, "n""#, r#""dklen": 16, "n""#, "too short"),
            (r#""n": 16384"#, r#""n": 2147483648"#, "gigabyte"),
            (r#""version": 3}"#, r#""version": 3"#, "no keystore"),
        ] {
            assert!(SCRYPT.contains(whole));
            fs::write(&file, SCRYPT.replace(whole, damaged)).unwrap();
            let error = keystore(&file, &password).unwrap_err().to_string();
            fs::remove_file(&file).unwrap();
            assert!(error.contains(cause), "{error}");
        }
    }

    #[test]
    fn a_keystore_opens_with_its_password_alone() {
        let folder =
            std::env::temp_dir().join(format!("diem-gateway-keystore-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (file, password) = (folder.join("keystore.json"), folder.join("password"));
        let expected: PrivateKeySigner = KEY.parse().unwrap();
        for text in [PBKDF2, SCRYPT] {
            fs::write(&file, text).unwrap();
            fs::write(&password, "testpassword\n").unwrap();
            let signer = signer(Some(&file), Some(&password)).unwrap();
            assert_eq!(signer.address(), expected.address());
        }
        fs::write(&password, "Sesam99").unwrap();
        let error = signer(Some(&file), Some(&password))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("keystore.json") && !error.contains("Sesam99"),
            "{error}"
        );
        let error = signer(Some(&file), None).unwrap_err().to_string();
        assert!(error.contains("--key-password-file"), "{error}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
