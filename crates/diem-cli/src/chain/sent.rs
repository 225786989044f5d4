//! Sending a transaction, waiting for it, and finding out why it failed.

use super::Chain;
use crate::{Failure, Result};
use alloy::consensus::Transaction as _;
use alloy::eips::BlockId;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::{Log, TransactionReceipt, TransactionRequest};
use alloy::sol_types::SolEvent;
use alloy::transports::{RpcError, TransportErrorKind};
use std::time::{Duration, Instant};

/// How long a transaction may take to be mined.
const RECEIPT_TIMEOUT: Duration = Duration::from_secs(120);
/// First wait for a receipt; each further one is twice as long.
const RECEIPT_POLL: Duration = Duration::from_millis(4);
/// Longest wait between two looks for a receipt.
const RECEIPT_POLL_MAX: Duration = Duration::from_millis(500);
/// A transaction that went through.
#[derive(Clone, Debug)]
pub struct Sent {
    receipt: TransactionReceipt,
    timestamp: u64,
}

impl Chain {
    /// Creates a contract and waits until it is mined; its address and the transaction.
    ///
    /// # Errors
    /// It is refused, reverts, or is not mined in time.
    pub async fn create(
        &self,
        from: Address,
        name: &str,
        init_code: Bytes,
    ) -> Result<(Address, Sent)> {
        let request = TransactionRequest::default()
            .with_from(from)
            .with_deploy_code(init_code);
        let what = format!("create {name}");
        let sent = self.transact(what.clone(), request).await?;
        let address = sent.receipt.contract_address.ok_or_else(|| {
            Failure::broken(what, "the receipt names no contract").with("transaction", sent.hash())
        })?;
        Ok((address, sent))
    }

    pub(super) async fn transact(&self, what: String, request: TransactionRequest) -> Result<Sent> {
        let replay = request.clone();
        let refusal = |error: &RpcError<TransportErrorKind>| {
            self.endpoint
                .refusal(what.clone(), error)
                .with("from", replay.from.unwrap_or_default())
                .with("to", TransactionBuilder::to(&replay).unwrap_or_default())
        };
        let pending = self
            .provider
            .send_transaction(request)
            .await
            .map_err(|error| refusal(&error))?;
        let hash = *pending.tx_hash();
        let receipt = self.receipt(&what, hash).await?;
        if !receipt.status() {
            let failure = match self.reason(&what, &replay, &receipt).await {
                Ok(failure) | Err(failure) => failure,
            };
            return Err(failure
                .with("from", replay.from.unwrap_or_default())
                .with("to", TransactionBuilder::to(&replay).unwrap_or_default())
                .with("transaction", hash));
        }
        let timestamp = self.timestamp(receipt.block_number).await?;
        Ok(Sent { receipt, timestamp })
    }

    /// Why a transaction was mined and failed.
    async fn reason(
        &self,
        what: &str,
        replay: &TransactionRequest,
        receipt: &TransactionReceipt,
    ) -> Result<Failure> {
        let refusal =
            |error: &RpcError<TransportErrorKind>| self.endpoint.refusal(what.to_owned(), error);
        let sent = self
            .provider
            .get_transaction_by_hash(receipt.transaction_hash)
            .await
            .map_err(|error| refusal(&error))?;
        let limit = sent.map(|sent| sent.gas_limit());
        // Whatever else fails gives back what is left.
        if let Some(limit) = limit.filter(|limit| receipt.gas_used >= *limit) {
            return Ok(Failure::refused(what, "the transaction ran out of gas")
                .with("gas limit", limit)
                .with("gas used", receipt.gas_used)
                .hint("try again: the chain changed between the estimate and the transaction"));
        }
        let block = BlockId::from(receipt.block_number.unwrap_or_default());
        let free = self.provider.call(replay.clone()).block(block).await;
        // A contract in the middle may have run short where the whole did not.
        let outcome = match (free, limit) {
            (Ok(_), Some(limit)) => {
                let same = replay.clone().with_gas_limit(limit);
                self.provider.call(same).block(block).await
            }
            (outcome, _) => outcome,
        };
        Ok(match outcome {
            Err(error) => refusal(&error),
            Ok(_) => Failure::refused(what, "the transaction was mined and reverted")
                .hint("try again: after its block the same would go through"),
        })
    }

    async fn receipt(&self, what: &str, hash: B256) -> Result<TransactionReceipt> {
        let (started, mut pause) = (Instant::now(), RECEIPT_POLL);
        loop {
            let receipt = self.provider.get_transaction_receipt(hash).await;
            if let Some(receipt) =
                receipt.map_err(|error| self.endpoint.refusal(what.to_owned(), &error))?
            {
                return Ok(receipt);
            }
            if started.elapsed() > RECEIPT_TIMEOUT {
                return Err(Failure::refused(what, "the transaction is not mined yet")
                    .with("transaction", hash)
                    .with("waited seconds", RECEIPT_TIMEOUT.as_secs())
                    .hint("look for its receipt later; do not send it again"));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RECEIPT_POLL_MAX);
        }
    }
}

impl Sent {
    /// The first event of this kind that `contract` emitted.
    ///
    /// # Errors
    /// There is none.
    pub fn event<E: SolEvent>(&self, contract: Address) -> Result<E> {
        self.event_if_any(contract).ok_or_else(|| {
            Failure::refused("read an event", format!("{} is missing", E::SIGNATURE))
                .with("transaction", self.hash())
        })
    }

    /// The first event of this kind that `contract` emitted, if it did.
    #[must_use]
    pub fn event_if_any<E: SolEvent>(&self, contract: Address) -> Option<E> {
        let from = |log: &&Log| log.address() == contract;
        let mut logs = self.receipt.inner.logs().iter().filter(from);
        logs.find_map(|log| log.log_decode::<E>().ok())
            .map(|log| log.inner.data)
    }

    /// Whether it emitted nothing at all.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.receipt.inner.logs().is_empty()
    }

    /// Gas used.
    #[must_use]
    pub fn gas(&self) -> u64 {
        self.receipt.gas_used
    }

    /// Transaction hash.
    #[must_use]
    pub fn hash(&self) -> B256 {
        self.receipt.transaction_hash
    }

    /// Block number.
    #[must_use]
    pub fn block(&self) -> Option<u64> {
        self.receipt.block_number
    }

    /// Time of its block, in seconds since 1970.
    #[must_use]
    pub fn timestamp(&self) -> u64 {
        self.timestamp
    }
}
