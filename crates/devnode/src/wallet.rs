//! Whose transactions the node sends without being handed a signature.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use alloy_consensus::{SignableTransaction, TxEnvelope, TypedTransaction};
use alloy_primitives::{Address, Signature, U256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use parking_lot::RwLock;
use tokio::sync::Mutex;

use crate::accounts::DevAccounts;

/// Keys of the dev accounts, and accounts that are impersonated.
#[derive(Debug)]
pub struct Wallet {
    accounts: DevAccounts,
    impersonated: RwLock<HashSet<Address>>,
    everybody: AtomicBool,
    /// Held from choosing a nonce until the transaction waits or is in a block, so that two
    /// requests never choose the same one.
    pub(crate) turn: Mutex<()>,
}

/// A transaction ready to be sent, and whether its signature is made up.
#[derive(Debug)]
pub struct Signed {
    /// The transaction.
    pub envelope: TxEnvelope,
    /// The sender did not sign.
    pub impersonated: bool,
}

/// Nobody here can sign for this account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown account {0}: neither a dev account nor impersonated")]
pub struct UnknownAccount(pub Address);

impl Wallet {
    /// The dev accounts, nobody impersonated.
    pub fn new(accounts: DevAccounts) -> Self {
        Self {
            accounts,
            impersonated: RwLock::default(),
            everybody: AtomicBool::new(false),
            turn: Mutex::new(()),
        }
    }

    /// The dev accounts.
    pub fn accounts(&self) -> &DevAccounts {
        &self.accounts
    }

    /// Dev accounts, then impersonated ones.
    pub fn addresses(&self) -> Vec<Address> {
        let mut addresses: Vec<_> = self.accounts.addresses().collect();
        let mut others: Vec<_> = self.impersonated.read().iter().copied().collect();
        others.sort_unstable();
        addresses.extend(
            others
                .into_iter()
                .filter(|a| self.accounts.signer(*a).is_none()),
        );
        addresses
    }

    /// Sends for `address` from now on.
    pub fn impersonate(&self, address: Address) {
        self.impersonated.write().insert(address);
    }

    /// Stops sending for `address`.
    pub fn stop_impersonating(&self, address: Address) {
        self.impersonated.write().remove(&address);
    }

    /// Sends for everybody, or no longer.
    pub fn impersonate_everybody(&self, yes: bool) {
        self.everybody.store(yes, Ordering::Release);
    }

    /// The key for `address`.
    pub fn signer(&self, address: Address) -> Result<&PrivateKeySigner, UnknownAccount> {
        self.accounts.signer(address).ok_or(UnknownAccount(address))
    }

    /// Signs with the key of `from`, or makes a signature up if `from` is impersonated.
    pub fn sign(&self, from: Address, tx: TypedTransaction) -> Result<Signed, UnknownAccount> {
        if let Some(signer) = self.accounts.signer(from) {
            let signature = signer
                .sign_hash_sync(&tx.signature_hash())
                .map_err(|_| UnknownAccount(from))?;
            return Ok(Signed {
                envelope: tx.into_envelope(signature),
                impersonated: false,
            });
        }
        if !self.everybody.load(Ordering::Acquire) && !self.impersonated.read().contains(&from) {
            return Err(UnknownAccount(from));
        }
        // The sender goes in, so that two impersonated senders never share a transaction hash.
        let signature = Signature::new(U256::from_be_slice(from.as_slice()), U256::ONE, false);
        Ok(Signed {
            envelope: tx.into_envelope(signature),
            impersonated: true,
        })
    }
}
