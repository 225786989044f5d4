//! Whose transactions the node sends without being handed a signature.

use std::collections::HashSet;

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
    impersonations: RwLock<Impersonations>,
    /// As they were when each snapshot was taken.
    remembered: RwLock<Vec<(u64, Impersonations)>>,
    /// Held from choosing a nonce until the transaction waits or is in a block, so that two
    /// requests never choose the same one.
    pub(crate) turn: Mutex<()>,
}

/// Whom the node sends for besides the dev accounts.
#[derive(Clone, Debug, Default)]
struct Impersonations {
    some: HashSet<Address>,
    everybody: bool,
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
            impersonations: RwLock::default(),
            remembered: RwLock::default(),
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
        let mut others: Vec<_> = self.impersonations.read().some.iter().copied().collect();
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
        self.impersonations.write().some.insert(address);
    }

    /// Stops sending for `address`.
    pub fn stop_impersonating(&self, address: Address) {
        self.impersonations.write().some.remove(&address);
    }

    /// Sends for everybody, or no longer.
    pub fn impersonate_everybody(&self, yes: bool) {
        self.impersonations.write().everybody = yes;
    }

    /// Sends for the dev accounts only, as at the start.
    pub fn forget_impersonations(&self) {
        self.remembered.write().clear();
        *self.impersonations.write() = Impersonations::default();
    }

    /// Keeps whom it sends for with snapshot `id`.
    pub fn remember(&self, id: u64) {
        let now = self.impersonations.read().clone();
        self.remembered.write().push((id, now));
    }

    /// Sends for whom it sent for at snapshot `id`, which is used up with all later ones. A
    /// snapshot of an earlier run of the node changes nothing.
    pub fn go_back(&self, id: u64) {
        let mut remembered = self.remembered.write();
        if let Some((_, then)) = remembered.iter().find(|(known, _)| *known == id) {
            *self.impersonations.write() = then.clone();
        }
        remembered.retain(|(known, _)| *known < id);
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
        let sends_for = {
            let Impersonations { some, everybody } = &*self.impersonations.read();
            *everybody || some.contains(&from)
        };
        if !sends_for {
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
