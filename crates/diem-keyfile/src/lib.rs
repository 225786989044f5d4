//! Encrypted key files (Web3 Secret Storage, version 3), as `cast wallet`, geth and others write them.
//!
//! A file comes from anywhere, and may be damaged: so it is looked at before its password is tried, and the key that it
//! gives is held against the account that it tells.

mod form;

use alloy::primitives::Address;
use alloy::signers::local::PrivateKeySigner;
use serde_json::Value;
use std::path::Path;

/// Why a file was not opened. None of the texts quotes the file or the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who decrypts would take bytes that are not there.
    #[error("its derived key or its iv is too short")]
    Short,
    /// Numbers that scrypt cannot have.
    #[error("its scrypt parameters are not those of RFC 7914")]
    Odd,
    /// Numbers that take the memory, or the day.
    #[error("to try its password takes more than a gigabyte or several minutes")]
    Costly,
    /// The seal is broken by this password.
    #[error("the password is wrong")]
    Password,
    /// Anything else.
    #[error("it is no keystore of version 3")]
    NoKeystore,
    /// The iv is under no seal: another one makes another key of the right password.
    #[error("its key is not that of the account that it tells")]
    OtherAccount,
}

impl Refusal {
    /// What to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Short => "restore the file: a part of it is missing",
            Self::Odd => "let the tool that made it write it anew, with r = 8 as usual",
            Self::Costly => "let the tool that made it write it anew, with the usual parameters",
            Self::Password => "the password is that which the file was made with",
            Self::NoKeystore => "a key in hex is no key file",
            Self::OtherAccount => "restore the file: a part of it has changed",
        }
    }
}

/// What the file says.
fn content(path: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(path).ok()?;
    serde_json::from_str(&text).ok()
}

/// The account that a key file tells, where it tells one: without a password.
#[must_use]
pub fn account(path: &Path) -> Option<Address> {
    told(&content(path)?)
}

fn told(content: &Value) -> Option<Address> {
    content["crypto"].as_object()?;
    content["address"].as_str()?.parse().ok()
}

/// The key in the file at `path`.
///
/// # Errors
/// The password is wrong, the file is no keystore or asks for more than is reasonable, or its key is not that of the
/// account that it tells.
pub fn unlock(path: &Path, password: &str) -> Result<PrivateKeySigner, Refusal> {
    let content = content(path).ok_or(Refusal::NoKeystore)?;
    form::check(&content)?;
    let signer = PrivateKeySigner::decrypt_keystore(path, password).map_err(|error| {
        if error.to_string().contains("Mac Mismatch") {
            Refusal::Password
        } else {
            Refusal::NoKeystore
        }
    })?;
    if told(&content).is_some_and(|told| told != signer.address()) {
        return Err(Refusal::OtherAccount);
    }
    Ok(signer)
}
