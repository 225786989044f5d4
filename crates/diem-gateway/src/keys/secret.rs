//! A key's secret: made here, shown once, kept as a hash.

use std::fmt;

use alloy::primitives::hex;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, OsRng, Payload, rand_core::RngCore as _},
};
use subtle::ConstantTimeEq as _;

/// What every secret begins with, so that scanners of leaked secrets know it.
const PREFIX: &str = "diem_";
const HASHED: &str = "diem-gateway 2026-11 hash of an API key's secret";
const SEALED: &str = "diem-gateway 2026-11 answers kept for an API key";
const NONCE_BYTES: usize = 24;

/// A secret. Never shown by `Debug`, and overwritten when dropped.
pub struct Secret(secrecy::SecretString);

/// A secret's hash, by which its key is found.
pub type SecretHash = [u8; 32];

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random bytes: {0}")]
pub struct NoRandomness(String);

/// A kept answer that cannot be sealed, or was not sealed by this key for this request.
#[derive(Debug, thiserror::Error)]
#[error("a kept answer was not sealed by this key for this request, or was changed since")]
pub struct NotSealed;

/// What seals the answers kept for a key. Known only while the secret is: the gateway alone cannot open them.
pub struct Seal(chacha20poly1305::Key);

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| NoRandomness(error.to_string()))?;
    Ok(bytes)
}

impl Secret {
    /// A new one, of 256 random bits.
    pub fn new() -> Result<Self, NoRandomness> {
        let bytes = random::<32>()?;
        Ok(Self(format!("{PREFIX}{}", hex::encode(bytes)).into()))
    }

    /// One that a client presents. `None` for a text that no secret is.
    pub fn presented(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let is = digits.len() == 64
            && digits
                .bytes()
                .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        is.then(|| Self(text.into()))
    }

    /// For the one answer that shows it.
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }

    /// Its last six characters, by which its owner knows it.
    pub fn last6(&self) -> String {
        let text = self.expose();
        text[text.len() - 6..].to_owned()
    }

    /// What the ledger keeps. The secret has 256 random bits, so that no slow hash is needed.
    pub fn hash(&self) -> SecretHash {
        blake3::derive_key(HASHED, self.expose().as_bytes())
    }

    /// What seals its answers.
    pub fn seal(&self) -> Seal {
        Seal(blake3::derive_key(SEALED, self.expose().as_bytes()).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Whether two hashes are the same, in a time that does not tell where they differ.
pub fn same(left: &SecretHash, right: &SecretHash) -> bool {
    left.ct_eq(right).into()
}

impl Seal {
    /// `plain`, sealed and bound to `context`.
    pub fn close(&self, plain: &[u8], context: &[u8]) -> Result<Vec<u8>, NotSealed> {
        let nonce = random::<NONCE_BYTES>().map_err(|_| NotSealed)?;
        let payload = Payload {
            msg: plain,
            aad: context,
        };
        let sealed = XChaCha20Poly1305::new(&self.0).encrypt(&XNonce::from(nonce), payload);
        let mut all = nonce.to_vec();
        all.extend(sealed.map_err(|_| NotSealed)?);
        Ok(all)
    }

    /// What was sealed, where it was by this key and for this context.
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, NotSealed> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(NotSealed)?;
        let payload = Payload {
            msg: rest,
            aad: context,
        };
        XChaCha20Poly1305::new(&self.0)
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| NotSealed)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_by_its_hash_and_never_shown() {
        let secret = Secret::new().unwrap();
        let again = Secret::presented(secret.expose()).unwrap();
        assert!(same(&secret.hash(), &again.hash()));
        assert!(!same(&secret.hash(), &Secret::new().unwrap().hash()));
        assert_eq!(
            format!("{secret:?}{:?}", secret.seal()),
            "Secret(..)Seal(..)"
        );
        assert!(secret.expose().ends_with(&secret.last6()));
        for text in [
            "",
            "diem_",
            "sk-abc",
            &secret.expose()[1..],
            &secret.expose().to_uppercase(),
        ] {
            assert!(Secret::presented(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_kept_answer_opens_by_its_key_for_its_request_alone() {
        let (mine, other) = (Secret::new().unwrap().seal(), Secret::new().unwrap().seal());
        let sealed = mine.close(b"an answer", b"request").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"answer"));
        assert_eq!(mine.open(&sealed, b"request").unwrap(), b"an answer");
        assert!(other.open(&sealed, b"request").is_err());
        assert!(mine.open(&sealed, b"another").is_err());
        assert!(mine.open(&sealed[..20], b"request").is_err());
    }
}
