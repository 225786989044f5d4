//! A key for a signature.

use alloy::primitives::{Address, hex};

use super::{NoRandomness, NotOurs, Secret, SignIn, VALID, secret};
use crate::{
    chain::{Accounts, ChainError},
    ledger::{KeyError, KeyId, KeyKind, Ledger, NewKey, NonceError, Period},
    line::Line,
    money::Usd,
};

const NONCE_BYTES: usize = 16;
/// The longest text or signature that is looked at.
const LONGEST: usize = 16 * 1024;

/// Where keys are made, as the texts to sign name it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The gateway's domain, with its port where it has one.
    pub domain: String,
    /// The door's address.
    pub uri: String,
    /// The chain of the ledger.
    pub chain_id: u64,
}

/// What a key is to be.
#[derive(Clone, Debug)]
pub struct KeyWish {
    /// What it may do.
    pub kind: KeyKind,
    /// The holder's words.
    pub description: String,
    /// Most dollars in one period; `None`: the line's allowance alone.
    pub limit: Option<Usd>,
    /// What the limit counts.
    pub period: Period,
    /// In seconds since 1970.
    pub expires_at: Option<u64>,
    /// A lease whose line it spends; `None`: the account's own.
    pub lease: Option<u64>,
}

/// A new key, and its secret, which nobody sees again.
#[derive(Debug)]
pub struct Made {
    /// The key.
    pub key: NewKey,
    /// Its secret.
    pub secret: Secret,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The text is not ours.
    #[error(transparent)]
    Text(#[from] NotOurs),
    /// The text was used, or its time has passed.
    #[error(transparent)]
    Nonce(NonceError),
    /// The text names another account than the one that is said to have signed.
    #[error("the token names the account {named}, the request {said}")]
    OtherAccount {
        /// In the text.
        named: Address,
        /// In the request.
        said: Address,
    },
    /// The signature is not the account's.
    #[error("the signature on the token is not that of {0}")]
    Signature(Address),
    /// The lease is not the account's.
    #[error("lease {id} is {}, not {account}'s", lessee.map_or_else(|| "nobody's".into(), |lessee| format!("{lessee}'s")))]
    Lease {
        /// The lease.
        id: u64,
        /// Whose it is.
        lessee: Option<Address>,
        /// Who asked.
        account: Address,
    },
    /// It would never work.
    #[error("the key would have expired before it is made")]
    Expired,
    /// The chain cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The key was not written.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// A text for `account` to sign, or for whoever signs it where the client does not say who.
pub async fn invite(
    ledger: &Ledger,
    place: &Place,
    account: Option<Address>,
    now: u64,
) -> Result<String, MakeError> {
    let nonce = hex::encode(secret::random::<NONCE_BYTES>()?);
    let sign_in = SignIn {
        domain: place.domain.clone(),
        account: account.unwrap_or_default(),
        uri: place.uri.clone(),
        chain_id: place.chain_id,
        nonce,
        issued_at: now,
    };
    ledger
        .give_nonce(&sign_in.nonce, now.saturating_add(VALID))
        .await
        .map_err(MakeError::Nonce)?;
    Ok(sign_in.text())
}

/// The key that `account` signed for. The text is used up by this, and by nothing that fails before it.
pub async fn make(
    ledger: &Ledger,
    accounts: &dyn Accounts,
    place: &Place,
    (account, text, signature): (Address, &str, &[u8]),
    wish: KeyWish,
    now: u64,
) -> Result<Made, MakeError> {
    if text.len() > LONGEST || signature.len() > LONGEST {
        return Err(MakeError::Signature(account));
    }
    let sign_in = SignIn::read(text, &place.domain, &place.uri, place.chain_id)?;
    if sign_in.account != account && sign_in.account != Address::ZERO {
        return Err(MakeError::OtherAccount {
            named: sign_in.account,
            said: account,
        });
    }
    if now >= sign_in.expires_at() {
        return Err(MakeError::Nonce(NonceError::Expired(sign_in.expires_at())));
    }
    if !accounts.signed_by(account, text, signature).await? {
        return Err(MakeError::Signature(account));
    }
    let line = line_of(accounts, account, wish.lease).await?;
    let made = fresh(account, line, wish, now)?;
    ledger
        .take_nonce(&sign_in.nonce, now)
        .await
        .map_err(MakeError::Nonce)?;
    ledger.add_key(made.key.clone()).await?;
    Ok(made)
}

/// A further key of an account whose ADMIN key asks for it.
pub async fn make_for(
    ledger: &Ledger,
    accounts: &dyn Accounts,
    account: Address,
    wish: KeyWish,
    now: u64,
) -> Result<Made, MakeError> {
    let line = line_of(accounts, account, wish.lease).await?;
    let made = fresh(account, line, wish, now)?;
    ledger.add_key(made.key.clone()).await?;
    Ok(made)
}

async fn line_of(
    accounts: &dyn Accounts,
    account: Address,
    lease: Option<u64>,
) -> Result<Line, MakeError> {
    let Some(id) = lease else {
        return Ok(Line::Account(account));
    };
    let lessee = accounts.lessee(id).await?;
    if lessee != Some(account) {
        return Err(MakeError::Lease {
            id,
            lessee,
            account,
        });
    }
    Ok(Line::Lease(id))
}

fn fresh(account: Address, line: Line, wish: KeyWish, now: u64) -> Result<Made, MakeError> {
    if wish.expires_at.is_some_and(|end| end <= now) {
        return Err(MakeError::Expired);
    }
    let secret = Secret::new()?;
    let key = NewKey {
        id: KeyId::new(),
        hash: secret.hash(),
        tail: secret.last6(),
        account,
        line,
        kind: wish.kind,
        description: wish.description,
        limit: wish.limit,
        period: wish.period,
        expires_at: wish.expires_at,
        created_at: now,
    };
    Ok(Made { key, secret })
}
