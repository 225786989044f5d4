//! Encrypted key files (Web3 Secret Storage, version 3), as `cast wallet` and geth have them.

use crate::{Failure, Result};
use alloy::primitives::{Address, hex};
use alloy::signers::k256::elliptic_curve::rand_core::OsRng;
use alloy::signers::local::PrivateKeySigner;
use diem_keyfile::Refusal;
use serde_json::Value;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Variable that names the directory of the keystore files.
pub(crate) const DIRECTORY_VARIABLE: &str = "DIEM_KEYSTORES";
/// A directory that only its owner may look into.
const PRIVATE_DIRECTORY: u32 = 0o700;
/// A file that only its owner may read.
const PRIVATE_FILE: u32 = 0o600;

/// One key file.
#[derive(Clone, Debug)]
pub(crate) struct Keystore {
    path: PathBuf,
}

impl Keystore {
    /// The file `name`: a path where it has a separator or is there, else one of the directory.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn find(name: &Path) -> Result<Self> {
        let mut tried = name.to_owned();
        if !tried.is_file() && name.components().count() == 1 {
            tried = directory()?.join(name);
        }
        if tried.is_file() {
            return Ok(Self { path: tried });
        }
        Err(
            Failure::broken("no such key file", "there is none of this name")
                .with("file", tried.display())
                .hint("`diem wallet list` shows them, `diem wallet new` and `import` make them"),
        )
    }

    /// Encrypts the key of `signer` under `password` in a new file of the directory.
    ///
    /// # Errors
    /// There is one of this name, the name is none, or the file cannot be written.
    pub(crate) fn create(name: &str, signer: &PrivateKeySigner, password: &str) -> Result<Self> {
        let path = Self::vacant(name)?;
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        let broken = |cause: String| {
            Failure::broken("cannot write the key file", cause)
                .with("file", path.display())
                .hint(format!("name another directory with {DIRECTORY_VARIABLE}"))
        };
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(PRIVATE_DIRECTORY);
        builder
            .create(&directory)
            .map_err(|error| broken(error.to_string()))?;
        // Written beside and renamed: never half a key under its name.
        let draft = format!(".{name}.new");
        let key = Zeroizing::new(signer.to_bytes().0);
        let written = PrivateKeySigner::encrypt_keystore(
            &directory,
            &mut OsRng,
            key.as_slice(),
            password,
            Some(&draft),
        );
        written.map_err(|error| broken(error.to_string()))?;
        let draft = directory.join(draft);
        label(&draft, signer.address()).map_err(broken)?;
        std::fs::rename(&draft, &path).map_err(|error| broken(error.to_string()))?;
        Ok(Self { path })
    }

    /// Where a new file of this name would be.
    ///
    /// # Errors
    /// There is one, or the name is none.
    pub(crate) fn vacant(name: &str) -> Result<PathBuf> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(Failure::broken(
                "not a name for a key file",
                "letters, digits, points, hyphens and underscores make one",
            )
            .with("name", name)
            .hint("such as `diem wallet new main`"));
        }
        let path = directory()?.join(name);
        if path.exists() {
            return Err(Failure::refused(
                "nothing was written",
                "there is a key file of this name",
            )
            .with("file", path.display())
            .hint("choose another name; an old key is never overwritten"));
        }
        Ok(path)
    }

    /// The key.
    ///
    /// # Errors
    /// The password is wrong, the file is no keystore or asks for more than is reasonable, or its key is not that of
    /// the account that it tells.
    pub(crate) fn unlock(&self, password: &str) -> Result<PrivateKeySigner> {
        diem_keyfile::unlock(&self.path, password).map_err(|refusal| {
            let hint = match refusal {
                Refusal::Password => "type it again, or see --password-file",
                Refusal::NoKeystore => "a key in hex is named with --key-file",
                other => other.hint(),
            };
            Failure::broken("cannot unlock the key", refusal.to_string())
                .with("file", self.path.display())
                .hint(hint)
        })
    }

    /// The account, where the file tells it: without a password.
    pub(crate) fn address(&self) -> Option<Address> {
        diem_keyfile::account(&self.path)
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Adds the account to a file that was just written, as geth does, and closes it to others.
fn label(path: &Path, account: Address) -> std::result::Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    value["address"] = hex::encode(account).into();
    std::fs::write(path, format!("{value:#}\n")).map_err(|error| error.to_string())?;
    let permissions = std::fs::Permissions::from_mode(PRIVATE_FILE);
    std::fs::set_permissions(path, permissions).map_err(|error| error.to_string())
}

/// The directory of the key files.
///
/// # Errors
/// Neither it nor a home is named by the environment.
pub(crate) fn directory() -> Result<PathBuf> {
    if let Some(directory) = std::env::var_os(DIRECTORY_VARIABLE) {
        return Ok(directory.into());
    }
    std::env::var_os("HOME")
        .map(|home| PathBuf::from(home).join(".diem/keystores"))
        .ok_or_else(|| {
            Failure::broken("do not know where key files are", "there is no HOME")
                .with("variable", DIRECTORY_VARIABLE)
                .hint(format!("set {DIRECTORY_VARIABLE} to a directory"))
        })
}

/// All key files of the directory, by name.
///
/// # Errors
/// The directory cannot be read.
pub(crate) fn list() -> Result<Vec<Keystore>> {
    let directory = directory()?;
    let broken = |error: std::io::Error| {
        Failure::broken("cannot list the key files", error.to_string())
            .with("directory", directory.display())
            .hint(format!("name another with {DIRECTORY_VARIABLE}"))
    };
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&directory).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_file() && !hidden {
            found.push(Keystore { path });
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    /// What proves the password says nothing of the iv, with which the key is decrypted.
    #[test]
    fn a_key_file_whose_iv_was_changed_does_not_unlock_another_account() {
        let directory = std::env::temp_dir().join(format!("diem-{}-iv", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let signer = PrivateKeySigner::random();
        let (key, rng) = (signer.to_bytes(), &mut OsRng);
        PrivateKeySigner::encrypt_keystore(&directory, rng, key, "word", Some("key")).unwrap();
        let path = directory.join("key");
        label(&path, signer.address()).unwrap();
        let keystore = Keystore { path };
        let unlocked = keystore.unlock("word").map(|found| found.address());
        let text = std::fs::read_to_string(&keystore.path).unwrap();
        let mut value: Value = serde_json::from_str(&text).unwrap();
        let iv = &value["crypto"]["cipherparams"]["iv"];
        let mut bytes = hex::decode(iv.as_str().unwrap()).unwrap();
        bytes[0] ^= 1;
        value["crypto"]["cipherparams"]["iv"] = hex::encode(bytes).into();
        std::fs::write(&keystore.path, value.to_string()).unwrap();
        let told = keystore.unlock("word").map(|found| found.address());
        std::fs::remove_dir_all(&directory).unwrap();
        assert_eq!(unlocked.unwrap(), signer.address());
        let told = told.unwrap_err().to_string();
        assert!(told.contains("not that of the account"), "{told}");
    }
}
