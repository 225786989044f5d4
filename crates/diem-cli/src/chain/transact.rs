//! Signing and sending a transaction, waiting for it, and finding out why it failed.

use super::{Call, Chain, Fees, Gas, Sent};
use crate::progress::Progress;
use crate::{Failure, Result, output};
use alloy::consensus::{Transaction as _, TxEnvelope};
use alloy::eips::eip2718::Encodable2718;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::network::{Ethereum, NetworkTransactionBuilder, NetworkWallet, TransactionBuilder};
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::transports::{RpcError, TransportErrorKind};
use std::time::{Duration, Instant};

/// How long a transaction may take to be mined.
const RECEIPT_TIMEOUT: Duration = Duration::from_secs(120);
/// First wait for a receipt; each further one is twice as long.
const RECEIPT_POLL: Duration = Duration::from_millis(4);
/// Longest wait between two looks for a receipt.
const RECEIPT_POLL_MAX: Duration = Duration::from_millis(500);
/// Wait between two looks at how far the parent chain is.
const CONFIRMATION_POLL: Duration = Duration::from_secs(2);

impl Chain {
    /// Sends a transaction and waits until it is done.
    ///
    /// # Errors
    /// It is refused, reverts, or is not mined in time.
    pub(crate) async fn carry_out(&self, from: Address, call: &Call) -> Result<Sent> {
        self.carry_out_noted(from, call, |_| Ok(())).await
    }

    /// Likewise; `note` is told the hash before the node hears of the transaction, and can
    /// keep it from being sent.
    ///
    /// # Errors
    /// It is refused, reverts, is not mined in time, or could not be noted.
    pub(crate) async fn carry_out_noted(
        &self,
        from: Address,
        call: &Call,
        note: impl FnOnce(B256) -> Result<()>,
    ) -> Result<Sent> {
        let (function, request) = (&call.function, call.request(from));
        let gas = self.gas_for(function, request.clone()).await?;
        let fees = self.fees().await?;
        let nonce = self.nonce(from).await?;
        let limit = Gas::estimated(gas).limit;
        let filled = request.clone().with_gas_limit(limit).with_nonce(nonce);
        let signed = self.sign(function, from, filled, fees).await?;
        note(*signed.tx_hash())?;
        let hash = self.hand_over(function, from, &signed).await?;
        let receipt = self.receipt(function, &[hash]).await?;
        self.done(function, request, receipt).await
    }

    /// What became of a transaction of `from` that was handed to a node before: waits while it
    /// waits. None where the node has not heard of it, or lost it.
    ///
    /// # Errors
    /// It reverted, or is not mined in time.
    pub(crate) async fn outcome(
        &self,
        from: Address,
        call: &Call,
        hash: B256,
    ) -> Result<Option<Sent>> {
        let function = &call.function;
        let known = self.provider.get_transaction_by_hash(hash).await;
        let known = known.map_err(|error| {
            self.endpoint
                .refusal(format!("look for {function}"), &error)
                .with("transaction", hash)
        })?;
        if known.is_none() {
            return Ok(None);
        }
        let receipt = self.receipt(function, &[hash]).await?;
        let sent = self.done(function, call.request(from), receipt).await?;
        Ok(Some(sent))
    }

    /// The nonce of the account's next transaction, those that wait counted.
    ///
    /// # Errors
    /// The node does not answer.
    pub(crate) async fn nonce(&self, account: Address) -> Result<u64> {
        let count = self.provider.get_transaction_count(account).pending().await;
        count.map_err(|error| self.endpoint.refusal("ask for a nonce".to_owned(), &error))
    }

    /// Signs and sends; the hash is known, and in the outbox, before the node hears of it.
    pub(super) async fn submit(
        &self,
        function: &str,
        from: Address,
        request: TransactionRequest,
        fees: Fees,
    ) -> Result<B256> {
        let signed = self.sign(function, from, request, fees).await?;
        self.hand_over(function, from, &signed).await
    }

    async fn sign(
        &self,
        function: &str,
        from: Address,
        request: TransactionRequest,
        fees: Fees,
    ) -> Result<TxEnvelope> {
        let what = format!("send {function}");
        let request = request
            .with_chain_id(self.id)
            .with_max_fee_per_gas(fees.max)
            .with_max_priority_fee_per_gas(fees.tip);
        if !NetworkWallet::<Ethereum>::has_signer_for(&self.wallet, &from) {
            return Err(Failure::broken(what, "there is no key to sign with").with("from", from));
        }
        request
            .build(&self.wallet)
            .await
            .map_err(|error| Failure::broken(what, error.to_string()).with("from", from))
    }

    async fn hand_over(&self, function: &str, from: Address, signed: &TxEnvelope) -> Result<B256> {
        let what = format!("send {function}");
        let (to, hash) = (signed.to(), *signed.tx_hash());
        self.outbox.sending(function, from, signed.nonce(), hash);
        let sent = self
            .provider
            .send_raw_transaction(&signed.encoded_2718())
            .await;
        match sent {
            Ok(_) => Ok(hash),
            Err(error) => {
                if error.as_error_resp().is_some() {
                    self.outbox.refused(hash);
                }
                let failure = self.endpoint.refusal(what, &error);
                Err(between(failure, from, to).with("transaction", hash))
            }
        }
    }

    /// What a receipt means; `replay` asks the node why it failed.
    pub(super) async fn done(
        &self,
        function: &str,
        replay: TransactionRequest,
        receipt: TransactionReceipt,
    ) -> Result<Sent> {
        let hash = receipt.transaction_hash;
        self.outbox.mined(hash);
        if !receipt.status() {
            let what = format!("send {function}");
            let failure = match self.reason(&what, &replay, &receipt).await {
                Ok(failure) | Err(failure) => failure,
            };
            let (from, to) = (receipt.from, TransactionBuilder::to(&replay));
            return Err(between(failure, from, to).with("transaction", hash));
        }
        if let Some(tag) = self.confirmation.tag() {
            self.settle(function, &receipt, tag).await?;
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

    /// The receipt of whichever of `hashes` is mined.
    pub(super) async fn receipt(
        &self,
        function: &str,
        hashes: &[B256],
    ) -> Result<TransactionReceipt> {
        let what = || format!("send {function}");
        let last = hashes.last().copied().unwrap_or_default();
        let _progress = Progress::of(format!("waiting until {last} is mined"));
        let (started, mut pause) = (Instant::now(), RECEIPT_POLL);
        loop {
            for hash in hashes {
                let receipt = self.provider.get_transaction_receipt(*hash).await;
                let receipt = receipt.map_err(|error| {
                    self.endpoint
                        .refusal(what(), &error)
                        .with("transaction", hash)
                })?;
                if let Some(receipt) = receipt {
                    return Ok(receipt);
                }
            }
            if started.elapsed() > RECEIPT_TIMEOUT {
                return Err(Failure::refused(what(), "the transaction is not mined yet")
                    .with("transaction", last)
                    .with("waited seconds", RECEIPT_TIMEOUT.as_secs())
                    .hint(format!(
                        "look for its receipt later and do not send it again; `diem replace {last}` \
                         offers a higher fee for it"
                    )));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RECEIPT_POLL_MAX);
        }
    }

    /// Waits until the block of `receipt` is as far as `tag`, and the transaction still in it.
    async fn settle(
        &self,
        function: &str,
        receipt: &TransactionReceipt,
        tag: BlockNumberOrTag,
    ) -> Result<()> {
        let hash = receipt.transaction_hash;
        let what = || format!("wait for {function}");
        let refusal = |error: RpcError<TransportErrorKind>| {
            self.endpoint
                .refusal(what(), &error)
                .with("transaction", hash)
        };
        let block = receipt.block_number.unwrap_or_default();
        output::story(&format!(
            "mined     in block {block}, waiting until it is {tag}"
        ));
        let _progress = Progress::of(format!("waiting until block {block} is {tag}"));
        loop {
            let reached = self.provider.get_block(tag.into()).await.map_err(refusal)?;
            if reached.is_some_and(|reached| reached.header.number >= block) {
                break;
            }
            tokio::time::sleep(CONFIRMATION_POLL).await;
        }
        let still = self.provider.get_transaction_receipt(hash).await;
        let still = still.map_err(refusal)?;
        if still.is_some_and(|still| still.block_hash == receipt.block_hash) {
            return Ok(());
        }
        Err(
            Failure::refused(what(), "its block was given up by the chain")
                .with("transaction", hash)
                .with("block", block)
                .hint("look for its receipt: it may be mined again in another block"),
        )
    }
}

/// A failure with who sends and, where there is one already, who receives.
pub(super) fn between(failure: Failure, from: Address, to: Option<Address>) -> Failure {
    let failure = failure.with("from", from);
    match to {
        Some(to) => failure.with("to", to),
        None => failure,
    }
}
