//! The text that a wallet signs for a key (EIP-4361), written and read by hand.

use alloy::primitives::Address;

use crate::utc;

/// What the signer is told.
const STATEMENT: &str = "Make an API key that spends this account's daily DIEM credit, or the credit of a lease that it holds.";
const HEADER: &str = " wants you to sign in with your Ethereum account:";
/// How long a text can be used, in seconds.
pub const VALID: u64 = 15 * 60;

/// A text to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The gateway's domain, with its port where it has one.
    pub domain: String,
    /// Who signs; the zero address where the client did not say beforehand.
    pub account: Address,
    /// The door.
    pub uri: String,
    /// The chain of the ledger.
    pub chain_id: u64,
    /// Used once.
    pub nonce: String,
    /// In seconds since 1970.
    pub issued_at: u64,
}

/// A text that is not one of ours.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the token is not a text of this gateway: {0}")]
pub struct NotOurs(&'static str);

impl SignIn {
    /// In seconds since 1970.
    pub const fn expires_at(&self) -> u64 {
        self.issued_at.saturating_add(VALID)
    }

    /// The text.
    pub fn text(&self) -> String {
        let Self {
            domain,
            account,
            uri,
            chain_id,
            nonce,
            issued_at,
        } = self;
        let account = account.to_checksum(None);
        let (issued, expires) = (utc::written(*issued_at), utc::written(self.expires_at()));
        format!(
            "{domain}{HEADER}\n{account}\n\n{STATEMENT}\n\nURI: {uri}\nVersion: 1\nChain ID: {chain_id}\nNonce: {nonce}\nIssued At: {issued}\nExpiration Time: {expires}"
        )
    }

    /// The text read back: exactly as [`SignIn::text`] writes it, and for this domain, address and chain.
    pub fn read(text: &str, domain: &str, uri: &str, chain_id: u64) -> Result<Self, NotOurs> {
        let mut lines = text.split('\n');
        let mut line = |lead: &str| lines.next().and_then(|line| line.strip_prefix(lead));
        let whose = line("")
            .and_then(|line| line.strip_suffix(HEADER))
            .ok_or(NotOurs("it does not begin as one"))?;
        if whose != domain {
            return Err(NotOurs("it is for another domain"));
        }
        let account = line("").and_then(|line| Address::parse_checksummed(line, None).ok());
        let account = account.ok_or(NotOurs("its account is none"))?;
        if (line(""), line(""), line("")) != (Some(""), Some(STATEMENT), Some("")) {
            return Err(NotOurs("its statement is another"));
        }
        if line("URI: ") != Some(uri) {
            return Err(NotOurs("it is for another address"));
        }
        line("Version: ").ok_or(NotOurs("it has no version"))?;
        if line("Chain ID: ").and_then(|id| id.parse().ok()) != Some(chain_id) {
            return Err(NotOurs("it is for another chain"));
        }
        let nonce = line("Nonce: ")
            .ok_or(NotOurs("it has no nonce"))?
            .to_owned();
        let issued_at = line("Issued At: ")
            .and_then(utc::read)
            .ok_or(NotOurs("it does not say when it was issued"))?;
        let read = Self {
            domain: domain.into(),
            account,
            uri: uri.into(),
            chain_id,
            nonce,
            issued_at,
        };
        if read.text() == text {
            Ok(read)
        } else {
            Err(NotOurs("it was changed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_in() -> SignIn {
        SignIn {
            domain: "gateway.example:8787".into(),
            account: Address::repeat_byte(0xab),
            uri: "https://gateway.example/api/v1/api_keys/generate_web3_key".into(),
            chain_id: 42_161,
            nonce: "0123456789abcdef".into(),
            issued_at: 1_795_663_792,
        }
    }

    #[test]
    fn a_text_is_read_back_as_it_was_written() {
        let written = sign_in();
        let read = SignIn::read(&written.text(), &written.domain, &written.uri, 42_161);
        assert_eq!(read, Ok(written.clone()));
        assert!(
            written
                .text()
                .contains("Expiration Time: 2026-11-26T03:44:52Z"),
            "{}",
            written.text()
        );
    }

    #[test]
    fn a_text_for_another_place_or_time_is_not_ours() {
        let written = sign_in();
        let text = written.text();
        let read = |text: &str| SignIn::read(text, &written.domain, &written.uri, 42_161);
        for (from, to) in [
            ("gateway.example:8787", "evil.example"),
            ("Chain ID: 42161", "Chain ID: 1"),
            ("https://gateway", "https://evil"),
            ("03:44:52", "23:44:52"),
            ("Version: 1", "Version: 2"),
            ("Make an API key", "Make no API key"),
            ("\n\nURI", "\nURI"),
        ] {
            assert!(read(&text.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
        assert!(read(&format!("{text}\nResources:")).is_err());
        for cut in 0..text.len() {
            assert!(read(&text[..cut]).is_err());
        }
    }
}
