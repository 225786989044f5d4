//! The one transaction under way: signed, journalled, sent, sent again, replaced, and found in a block or lost.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::Encodable2718,
    network::TxSignerSync,
    primitives::{B256, Bytes, TxKind, U256},
};

use super::{Batch, Fees, SettleError, Settler, Stated};
use crate::{
    chain::ChainError,
    ledger::{SentStatement, StatementError, Total},
    line::Epoch,
    steps::{Side, Step, pass},
};

/// Gas beyond the estimate: what L1 data costs may rise until the transaction runs.
const SPARE_GAS_DIVISOR: u64 = 4;

/// Where the transactions of a nonce stand.
pub(super) enum Flight {
    /// One of them, or a stranger's, has taken the nonce.
    Landed,
    /// One of them has, and failed there.
    Reverted,
    /// None has yet.
    Under,
}

/// What became of handing a transaction to the node.
pub(super) enum Sent {
    /// It has it, or may have it.
    Under,
    /// It wants higher fees.
    TooCheap,
    /// It will not take it.
    Refused(ChainError),
}

impl Settler {
    /// Signs a statement, journals it, and sends it.
    pub(super) async fn state(
        &mut self,
        epoch: Epoch,
        batch: &Batch,
        nonce: u64,
        gas: u64,
        fees: Fees,
        replaces: Option<B256>,
    ) -> Result<(B256, Sent), SettleError> {
        let total = |(line, total): &Stated| Total {
            line: *line,
            epoch,
            total: *total,
        };
        let totals: Vec<Total> = batch.stated().iter().map(total).collect();
        let mut fees = fees;
        let (hash, raw) = loop {
            let (hash, raw) = self.sign(batch.call(epoch), nonce, gas, fees)?;
            let statement = SentStatement {
                hash,
                epoch,
                nonce,
                raw: raw.clone(),
                max_fee: fees.max,
                tip: fees.tip,
                totals: totals.clone(),
                replaces,
                sent_at: machine(),
            };
            match self.ledger.statement_sent(statement).await {
                Ok(()) => break (hash, raw),
                // The same was refused before. A wei more makes it another one.
                Err(StatementError::Twice(_)) => fees.max = fees.max.saturating_add(1),
                Err(error) => return Err(error.into()),
            }
        };
        metrics::counter!("diem_settle_transactions_total").increment(1);
        tracing::info!(epoch, nonce, %hash, lines = batch.stated().len(), max_fee = fees.max, "states what was used");
        Ok((hash, self.hand_over(&raw).await?))
    }

    /// Gives a transaction to the node, for the first time or again.
    pub(super) async fn hand_over(&self, raw: &[u8]) -> Result<Sent, SettleError> {
        pass(Step::HandOver, Side::Before);
        let sent = self.chain.node().send(raw).await;
        pass(Step::HandOver, Side::After);
        let Err(error) = sent else {
            return Ok(Sent::Under);
        };
        let ChainError::Refused { cause, .. } = &error else {
            // Silence: it may have arrived, and is looked for.
            tracing::warn!(%error, "no answer to a statement; it is looked for and sent again");
            return Ok(Sent::Under);
        };
        let words = cause.to_lowercase();
        let says = |known: &[&str]| known.iter().any(|word| words.contains(word));
        Ok(
            if says(&[
                "already known",
                "known transaction",
                "nonce too low",
                "already imported",
            ]) {
                Sent::Under
            } else if says(&["underpriced", "max fee per gas", "fee cap", "base fee"]) {
                Sent::TooCheap
            } else {
                Sent::Refused(error)
            },
        )
    }

    /// Looks where the transactions of one nonce are.
    pub(super) async fn look_for(&self, flights: &[SentStatement]) -> Result<Flight, SettleError> {
        let Some(nonce) = flights.first().map(|flight| flight.nonce) else {
            return Ok(Flight::Landed);
        };
        // The nonce first: whatever it says is in a block, the receipts asked for afterwards know.
        let taken = self.chain.node().nonce(self.signer.address()).await? > nonce;
        for flight in flights {
            let Some(receipt) = self.chain.node().receipt(flight.hash).await? else {
                continue;
            };
            let block = receipt.block_number.unwrap_or_default();
            if receipt.status() {
                self.ledger.statement_mined(flight.hash, block).await?;
                tracing::info!(hash = %flight.hash, block, gas = receipt.gas_used, "a statement stands");
                metrics::counter!("diem_settle_gas_total").increment(receipt.gas_used);
                metrics::counter!("diem_settle_lines_total").increment(flight.totals.len() as u64);
            } else {
                let reason = format!("reverted in block {block}");
                self.ledger.statement_failed(flight.hash, &reason).await?;
                tracing::warn!(hash = %flight.hash, block, "a statement was mined and reverted");
            }
            return Ok(if receipt.status() {
                Flight::Landed
            } else {
                Flight::Reverted
            });
        }
        if !taken {
            return Ok(Flight::Under);
        }
        for flight in flights {
            let reason = format!("another transaction took nonce {nonce}");
            self.ledger.statement_failed(flight.hash, &reason).await?;
        }
        tracing::warn!(
            nonce,
            "a transaction of the gateway's account that is none of its own took a nonce"
        );
        Ok(Flight::Landed)
    }

    /// How long a transaction may be under way before it is replaced.
    pub(super) fn replace_after(&self) -> Duration {
        if self.clock().closes() {
            self.settings.hurry_after
        } else {
            self.settings.replace_after
        }
    }

    fn sign(
        &self,
        input: Bytes,
        nonce: u64,
        gas: u64,
        fees: Fees,
    ) -> Result<(B256, Vec<u8>), SettleError> {
        let mut transaction = TxEip1559 {
            chain_id: self.chain.node().id(),
            nonce,
            gas_limit: gas.saturating_add(gas / SPARE_GAS_DIVISOR),
            max_fee_per_gas: fees.max,
            max_priority_fee_per_gas: fees.tip,
            to: TxKind::Call(self.chain.diem()),
            value: U256::ZERO,
            input,
            ..TxEip1559::default()
        };
        let signature = self
            .signer
            .sign_transaction_sync(&mut transaction)
            .map_err(|error| SettleError::Signature(error.to_string()))?;
        let envelope = TxEnvelope::from(transaction.into_signed(signature));
        Ok((*envelope.tx_hash(), envelope.encoded_2718()))
    }
}

/// The machine's clock, in seconds since 1970.
pub(super) fn machine() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
