//! A transaction that waits, offered again at a higher fee.

use super::{Call, Chain, Fees, Sent};
use crate::{Failure, Result};
use alloy::consensus::Transaction as _;
use alloy::network::{TransactionBuilder, TransactionResponse};
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;

/// A transaction that waits, as its account sees it.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    hash: B256,
    nonce: u64,
    gas: u64,
    max_fee: u128,
    tip: u128,
    /// What it does.
    pub(crate) call: Call,
}

/// What is offered in its place.
#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    /// The nonce of both.
    pub(crate) nonce: u64,
    /// What it does.
    pub(crate) call: Call,
    /// Gas limit.
    pub(crate) gas: u64,
    /// What it offers.
    pub(crate) fees: Fees,
}

impl Chain {
    /// A transaction of `account` that is not mined yet.
    ///
    /// # Errors
    /// The node does not know it, it is mined, or it is somebody else's.
    pub(crate) async fn waiting(&self, account: Address, hash: B256) -> Result<Waiting> {
        let what = "cannot replace this transaction";
        let refused = |cause: &str| Failure::refused(what, cause).with("transaction", hash);
        let found = self.provider.get_transaction_by_hash(hash).await;
        let found = found.map_err(|error| self.endpoint.refusal(what.to_owned(), &error))?;
        let found = found.ok_or_else(|| {
            refused("the node does not know it")
                .hint("it was dropped, or never came there: send it again")
        })?;
        if let Some(block) = found.block_number {
            return Err(refused("it is mined already")
                .with("block", block)
                .hint("nothing waits any more: what it did stands"));
        }
        if found.from() != account {
            return Err(refused("another account sent it")
                .with("from", found.from())
                .with("signing", account)
                .hint("sign with the key of its account"));
        }
        let to = found.to().ok_or_else(|| {
            refused("it makes a contract").hint("take it back with --cancel, from another tool")
        })?;
        let selector = found
            .input()
            .get(..4)
            .map_or_else(|| "ETH".to_owned(), alloy::primitives::hex::encode_prefixed);
        Ok(Waiting {
            hash,
            nonce: found.nonce(),
            gas: found.gas_limit(),
            max_fee: found.inner.max_fee_per_gas(),
            tip: found.inner.max_priority_fee_per_gas().unwrap_or_default(),
            call: Call {
                function: selector,
                to,
                value: found.value(),
                data: found.input().clone(),
            },
        })
    }

    /// What would take the place of `waiting`: the same at a higher fee, or nothing at all.
    ///
    /// # Errors
    /// The node does not answer.
    pub(crate) async fn replacement(
        &self,
        account: Address,
        waiting: &Waiting,
        cancel: bool,
    ) -> Result<Replacement> {
        let fees = self.fees().await?;
        let fees = fees.replacing(waiting.max_fee, waiting.tip);
        let (call, gas) = if cancel {
            let nothing = Call::ether(account, U256::ZERO);
            let gas = self.gas_of(account, &nothing).await?;
            (nothing, gas)
        } else {
            (waiting.call.clone(), waiting.gas)
        };
        Ok(Replacement {
            nonce: waiting.nonce,
            call,
            gas,
            fees,
        })
    }

    /// Offers `instead` in the place of `waiting` and waits until either is mined. Tells
    /// whether it was the replacement.
    ///
    /// # Errors
    /// The node refuses it, or what is mined reverts.
    pub(crate) async fn replace(
        &self,
        account: Address,
        waiting: &Waiting,
        instead: &Replacement,
    ) -> Result<(Sent, bool)> {
        let Replacement {
            nonce,
            call,
            gas,
            fees,
        } = instead;
        let request = call
            .request(account)
            .with_gas_limit(*gas)
            .with_nonce(*nonce);
        let hash = self.submit(&call.function, account, request, *fees).await?;
        let receipt = self.receipt(&call.function, &[waiting.hash, hash]).await?;
        let replaced = receipt.transaction_hash == hash;
        let mined = if replaced { call } else { &waiting.call };
        let replay = mined.request(account);
        let sent = self.done(&mined.function, replay, receipt).await?;
        Ok((sent, replaced))
    }
}
