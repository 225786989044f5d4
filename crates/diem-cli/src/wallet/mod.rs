//! Who signs: where the key comes from, and how it is kept.
//!
//! A key is a secret: it comes from a file, the environment or a prompt, never from the
//! command line, and never shows up in an answer, the story or an error.

mod hardware;
mod keystore;
mod mnemonic;
mod secret;
mod signing;

pub(crate) use keystore::{Keystore, directory, list};
pub(crate) use mnemonic::{derive, fresh};
pub(crate) use secret::Secret;
pub(crate) use signing::Signing;

use crate::args::KeyArgs;
use crate::{Failure, Result};
use alloy::signers::local::PrivateKeySigner;
use std::path::Path;
use zeroize::Zeroizing;

/// Variable that may hold the key.
pub(crate) const KEY_VARIABLE: &str = "DIEM_PRIVATE_KEY";
/// Variable that may name a file with the key.
const KEY_FILE_VARIABLE: &str = "DIEM_KEY_FILE";
/// Variable that may name a keystore file.
const WALLET_VARIABLE: &str = "DIEM_WALLET";
/// Variable that may hold the mnemonic.
pub(crate) const MNEMONIC_VARIABLE: &str = "DIEM_MNEMONIC";
/// Variable that may hold the password of a keystore file.
pub(crate) const PASSWORD_VARIABLE: &str = "DIEM_PASSWORD";

/// Who was named to sign, if anybody was: by a flag, else by the environment.
///
/// # Errors
/// The key cannot be read, or is none; the device does not answer.
pub(crate) async fn signing(keys: &KeyArgs) -> Result<Option<Signing>> {
    match hardware::device(keys).await? {
        Some(device) => Ok(Some(device)),
        None => Ok(signer(keys)?.map(Signing::Local)),
    }
}

fn signer(keys: &KeyArgs) -> Result<Option<PrivateKeySigner>> {
    if let Some(name) = &keys.wallet {
        return unlocked(keys, name).map(Some);
    }
    if keys.mnemonic || keys.mnemonic_file.is_some() {
        return derived(keys).map(Some);
    }
    if let Some(path) = &keys.key_file {
        return from_file(path).map(Some);
    }
    if let Some(name) = std::env::var_os(WALLET_VARIABLE) {
        return unlocked(keys, Path::new(&name)).map(Some);
    }
    if let Some(path) = std::env::var_os(KEY_FILE_VARIABLE) {
        return from_file(Path::new(&path)).map(Some);
    }
    if let Ok(text) = std::env::var(KEY_VARIABLE) {
        return parse(&Zeroizing::new(text), KEY_VARIABLE).map(Some);
    }
    if std::env::var_os(MNEMONIC_VARIABLE).is_some() {
        return derived(keys).map(Some);
    }
    Ok(None)
}

fn unlocked(keys: &KeyArgs, name: &Path) -> Result<PrivateKeySigner> {
    let keystore = Keystore::find(name)?;
    let password = Secret::password(keys.password_file.as_deref()).read("password: ")?;
    keystore.unlock(&password)
}

fn derived(keys: &KeyArgs) -> Result<PrivateKeySigner> {
    let phrase = Secret::mnemonic(keys.mnemonic_file.as_deref()).read("mnemonic: ")?;
    derive(&phrase, &keys.path())
}

/// A key in hex, alone in a file.
fn from_file(path: &Path) -> Result<PrivateKeySigner> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::broken("cannot read the key", error.to_string())
            .with("file", path.display())
            .hint("--key-file names a file that holds the key in hex and nothing else")
    })?;
    parse(&Zeroizing::new(text), &path.display().to_string())
}

/// A key in hex. The text itself must never show up in an error.
pub(crate) fn parse(text: &str, origin: &str) -> Result<PrivateKeySigner> {
    text.trim().parse().map_err(|_| {
        Failure::broken("not a private key", "expected 32 bytes in hex")
            .with("from", origin)
            .hint(
                "64 hex digits, with or without 0x, and nothing else; a keystore file is named \
                 with --wallet",
            )
    })
}
