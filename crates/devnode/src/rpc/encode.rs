//! Blocks, transactions, receipts and logs in the form JSON-RPC gives them.

use std::sync::Arc;

use alloy_consensus::{Transaction as _, TxEnvelope};
use alloy_eips::{eip2930::AccessList, eip7702::SignedAuthorization};
use alloy_primitives::{Address, B64, B256, Bloom, Bytes, Log, U64, U256};
use serde::Serialize;

use crate::chain::{Block, LogEntry, Transaction};

/// A block. Fields that Nitro's headers do not have are absent.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BlockJson {
    #[serde(flatten)]
    header: FullHeaderJson,
    size: U64,
    transactions: TransactionsJson,
    uncles: [B256; 0],
}

/// A header with what Nitro adds, as `eth_getHeaderByNumber` gives it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FullHeaderJson {
    #[serde(flatten)]
    header: HeaderJson,
    l1_block_number: U64,
    send_root: B256,
    send_count: U64,
}

/// A header, as `newHeads` gives it: without what blocks repeat from `extraData` and `mixHash`.
/// web3.py takes a message with unknown fields for something else.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HeaderJson {
    number: U64,
    hash: Option<B256>,
    parent_hash: B256,
    nonce: Option<B64>,
    mix_hash: B256,
    sha3_uncles: B256,
    logs_bloom: Bloom,
    state_root: B256,
    miner: Option<Address>,
    difficulty: U256,
    extra_data: Bytes,
    gas_limit: U64,
    gas_used: U64,
    timestamp: U64,
    transactions_root: B256,
    receipts_root: B256,
    base_fee_per_gas: U64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum TransactionsJson {
    Hashes(Vec<B256>),
    Full(Vec<TransactionJson>),
}

/// A transaction, with its place where it has one.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionJson {
    block_hash: Option<B256>,
    block_number: Option<U64>,
    transaction_index: Option<U64>,
    hash: B256,
    #[serde(rename = "type")]
    tx_type: U64,
    from: Address,
    to: Option<Address>,
    value: U256,
    nonce: U64,
    gas: U64,
    gas_price: U256,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_fee_per_gas: Option<U256>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_priority_fee_per_gas: Option<U256>,
    input: Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    chain_id: Option<U64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_list: Option<AccessList>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_list: Option<Vec<SignedAuthorization>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y_parity: Option<U64>,
    v: U256,
    r: U256,
    s: U256,
}

/// A receipt with Nitro's additions.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptJson {
    block_hash: B256,
    block_number: U64,
    transaction_hash: B256,
    transaction_index: U64,
    #[serde(rename = "type")]
    tx_type: U64,
    from: Address,
    to: Option<Address>,
    contract_address: Option<Address>,
    status: U64,
    gas_used: U64,
    cumulative_gas_used: U64,
    effective_gas_price: U256,
    gas_used_for_l1: U64,
    l1_block_number: U64,
    timeboosted: bool,
    logs: Vec<LogJson>,
    logs_bloom: Bloom,
}

/// A log with its place.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogJson {
    address: Address,
    topics: Vec<B256>,
    data: Bytes,
    block_hash: B256,
    block_number: U64,
    block_timestamp: U64,
    transaction_hash: B256,
    transaction_index: U64,
    log_index: U64,
    removed: bool,
}

/// Encodes a block, its transactions in full or as hashes.
pub(super) fn block(block: &Block, full: bool) -> BlockJson {
    let transactions = if full {
        TransactionsJson::Full(
            (0..block.transactions.len())
                .map(|i| placed(block, i))
                .collect(),
        )
    } else {
        TransactionsJson::Hashes(block.transactions.iter().map(Transaction::hash).collect())
    };
    BlockJson {
        header: full_header(block),
        size: U64::from(block.size()),
        transactions,
        uncles: [],
    }
}

impl BlockJson {
    /// As the block that is to be made next.
    pub(super) fn pending(self) -> Self {
        let header = self.header.pending();
        Self { header, ..self }
    }
}

impl FullHeaderJson {
    /// As of the block that is to be made next: what it will be called is not known yet.
    pub(super) fn pending(mut self) -> Self {
        let header = &mut self.header;
        (header.hash, header.nonce, header.miner) = (None, None, None);
        self
    }
}

/// Encodes a header with what Nitro adds.
pub(super) fn full_header(block: &Block) -> FullHeaderJson {
    let arbitrum = block.arbitrum();
    FullHeaderJson {
        header: header(block),
        l1_block_number: U64::from(arbitrum.l1_block_number),
        send_root: arbitrum.send_root,
        send_count: U64::from(arbitrum.send_count),
    }
}

/// Encodes a header.
pub(super) fn header(block: &Block) -> HeaderJson {
    let header = &block.header;
    HeaderJson {
        number: U64::from(header.number),
        hash: Some(block.hash),
        parent_hash: header.parent_hash,
        nonce: Some(header.nonce),
        mix_hash: header.mix_hash,
        sha3_uncles: header.ommers_hash,
        logs_bloom: header.logs_bloom,
        state_root: header.state_root,
        miner: Some(header.beneficiary),
        difficulty: header.difficulty,
        extra_data: header.extra_data.clone(),
        gas_limit: U64::from(header.gas_limit),
        gas_used: U64::from(header.gas_used),
        timestamp: U64::from(header.timestamp),
        transactions_root: header.transactions_root,
        receipts_root: header.receipts_root,
        base_fee_per_gas: U64::from(block.base_fee()),
    }
}

/// Encodes transaction `index` of a block, which must exist.
pub(super) fn placed(block: &Block, index: usize) -> TransactionJson {
    let tx = &block.transactions[index];
    let mut json = match tx {
        Transaction::User(user) => waiting(&user.envelope, user.from),
        Transaction::Internal(internal) => TransactionJson {
            hash: tx.hash(),
            tx_type: U64::from(tx.tx_type()),
            from: tx.from(),
            to: tx.to(),
            input: internal.data.clone(),
            chain_id: Some(U64::from(internal.chain_id)),
            ..TransactionJson::empty()
        },
    };
    json.block_hash = Some(block.hash);
    json.block_number = Some(U64::from(block.number()));
    json.transaction_index = Some(U64::from(index));
    if let Transaction::User(user) = tx {
        // What it offered in this block. Nitro charges the base fee alone, as the receipt says.
        let price = user.envelope.effective_gas_price(Some(block.base_fee()));
        json.gas_price = U256::from(price);
    }
    json
}

/// Encodes a transaction that is in no block yet.
pub(super) fn waiting(envelope: &TxEnvelope, from: Address) -> TransactionJson {
    let signature = envelope.signature();
    let parity = u64::from(signature.v());
    let (v, y_parity) = match envelope {
        TxEnvelope::Legacy(tx) => {
            let v = tx.tx().chain_id.map_or(27 + parity, |id| {
                id.saturating_mul(2).saturating_add(35 + parity)
            });
            (v, None)
        }
        _ => (parity, Some(U64::from(parity))),
    };
    TransactionJson {
        hash: *envelope.tx_hash(),
        tx_type: U64::from(u8::from(envelope.tx_type())),
        from,
        to: envelope.to(),
        value: envelope.value(),
        nonce: U64::from(envelope.nonce()),
        gas: U64::from(envelope.gas_limit()),
        gas_price: U256::from(envelope.max_fee_per_gas()),
        max_fee_per_gas: envelope
            .is_dynamic_fee()
            .then(|| U256::from(envelope.max_fee_per_gas())),
        max_priority_fee_per_gas: envelope.max_priority_fee_per_gas().map(U256::from),
        input: envelope.input().clone(),
        chain_id: envelope.chain_id().map(U64::from),
        access_list: envelope.access_list().cloned(),
        authorization_list: envelope.authorization_list().map(<[_]>::to_vec),
        y_parity,
        v: U256::from(v),
        r: signature.r(),
        s: signature.s(),
        ..TransactionJson::empty()
    }
}

impl TransactionJson {
    /// One line, as `txpool_inspect` has it.
    pub(super) fn summary(&self) -> String {
        let to = self
            .to
            .map_or_else(|| "contract creation".to_owned(), |to| to.to_string());
        format!(
            "{to}: {} wei + {} gas × {} wei",
            self.value, self.gas, self.gas_price
        )
    }

    fn empty() -> Self {
        Self {
            block_hash: None,
            block_number: None,
            transaction_index: None,
            hash: B256::ZERO,
            tx_type: U64::ZERO,
            from: Address::ZERO,
            to: None,
            value: U256::ZERO,
            nonce: U64::ZERO,
            gas: U64::ZERO,
            gas_price: U256::ZERO,
            max_fee_per_gas: None,
            max_priority_fee_per_gas: None,
            input: Bytes::new(),
            chain_id: None,
            access_list: None,
            authorization_list: None,
            y_parity: None,
            v: U256::ZERO,
            r: U256::ZERO,
            s: U256::ZERO,
        }
    }
}

/// Encodes the receipt of transaction `index` of a block, which must exist.
pub(super) fn receipt(block: &Arc<Block>, index: usize) -> ReceiptJson {
    let (tx, receipt) = (&block.transactions[index], &block.receipts[index]);
    let hash = tx.hash();
    ReceiptJson {
        block_hash: block.hash,
        block_number: U64::from(block.number()),
        transaction_hash: hash,
        transaction_index: U64::from(index),
        tx_type: U64::from(tx.tx_type()),
        from: tx.from(),
        to: tx.to(),
        contract_address: receipt.contract_address,
        status: U64::from(u8::from(receipt.success)),
        gas_used: U64::from(receipt.gas_used),
        cumulative_gas_used: U64::from(receipt.cumulative_gas_used),
        effective_gas_price: U256::from(receipt.effective_gas_price),
        gas_used_for_l1: U64::from(receipt.gas_used_for_l1),
        l1_block_number: U64::from(block.arbitrum().l1_block_number),
        timeboosted: false,
        logs: logs(block, index, block.first_log_index(index), &receipt.logs),
        logs_bloom: receipt.bloom(),
    }
}

/// Encodes logs as those of transaction `index` of a block, which must exist, counted from `first`.
pub(super) fn logs(block: &Block, index: usize, first: usize, logs: &[Log]) -> Vec<LogJson> {
    let place = LogPlace {
        block,
        hash: block.transactions[index].hash(),
        transaction: index,
    };
    (first..)
        .zip(logs)
        .map(|(index, log)| place.log(index, log))
        .collect()
}

/// Encodes a log found by a filter.
pub(super) fn log(entry: &LogEntry) -> LogJson {
    let hash = entry.block.transactions[entry.transaction].hash();
    let place = LogPlace {
        block: &entry.block,
        hash,
        transaction: entry.transaction,
    };
    place.log(entry.index, &entry.log)
}

/// Everything about a log's place but its index.
struct LogPlace<'b> {
    block: &'b Block,
    hash: B256,
    transaction: usize,
}

impl LogPlace<'_> {
    fn log(&self, index: usize, log: &Log) -> LogJson {
        LogJson {
            address: log.address,
            topics: log.topics().to_vec(),
            data: log.data.data.clone(),
            block_hash: self.block.hash,
            block_number: U64::from(self.block.number()),
            block_timestamp: U64::from(self.block.header.timestamp),
            transaction_hash: self.hash,
            transaction_index: U64::from(self.transaction),
            log_index: U64::from(index),
            removed: false,
        }
    }
}
