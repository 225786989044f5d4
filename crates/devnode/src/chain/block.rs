//! Blocks with Nitro's headers.

use alloy_consensus::{EMPTY_OMMER_ROOT_HASH, Header, proofs::ordered_trie_root_encoded};
use alloy_primitives::{Address, B64, B256, Bloom, Bytes, U256};
use alloy_rlp::{Decodable, Encodable};
use arbos::block::HEADER_GAS_LIMIT;

use super::{Receipt, Transaction};

/// Delayed messages read from L1: only the one that initialised the chain.
const DELAYED_MESSAGES_READ: u64 = 1;

/// A block with everything in it.
#[derive(Clone, Debug)]
pub struct Block {
    /// Consensus header.
    pub header: Header,
    /// Hash of the header.
    pub hash: B256,
    /// The internal transaction first, except in genesis, which has none.
    pub transactions: Vec<Transaction>,
    /// One for each transaction.
    pub receipts: Vec<Receipt>,
}

/// What Nitro packs into the header fields that proof of work left free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArbitrumHeader {
    /// Root over all L2-to-L1 messages, as `extraData`.
    pub send_root: B256,
    /// Number of L2-to-L1 messages.
    pub send_count: u64,
    /// L1 height known to ArbOS.
    pub l1_block_number: u64,
    /// ArbOS version after the block.
    pub arbos_version: u64,
    /// Whether tips are collected (from ArbOS 60 on).
    pub collects_tips: bool,
}

impl ArbitrumHeader {
    /// The fields read back from a header.
    pub fn of(header: &Header) -> Self {
        let word = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&header.mix_hash[at..at + 8]);
            u64::from_be_bytes(bytes)
        };
        Self {
            send_root: B256::try_from(header.extra_data.as_ref()).unwrap_or_default(),
            send_count: word(0),
            l1_block_number: word(8),
            arbos_version: word(16),
            collects_tips: header.mix_hash[25] == 1,
        }
    }

    fn mix_hash(&self) -> B256 {
        let mut mix = B256::ZERO;
        mix[..8].copy_from_slice(&self.send_count.to_be_bytes());
        mix[8..16].copy_from_slice(&self.l1_block_number.to_be_bytes());
        mix[16..24].copy_from_slice(&self.arbos_version.to_be_bytes());
        mix[25] = u8::from(self.collects_tips);
        mix
    }
}

/// What a new block's header is made from, besides its content.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Hash of the block before.
    pub parent_hash: B256,
    /// Height.
    pub number: u64,
    /// Unix seconds.
    pub timestamp: u64,
    /// Wei per gas.
    pub base_fee: u64,
    /// Batch poster, or zero in genesis.
    pub coinbase: Address,
    /// Commitment to the state afterwards.
    pub state_root: B256,
    /// Nitro's own fields.
    pub arbitrum: ArbitrumHeader,
}

impl Block {
    /// Puts header, transactions and receipts together; all roots but the state's are Ethereum's own.
    pub fn seal(draft: Draft, transactions: Vec<Transaction>, receipts: Vec<Receipt>) -> Self {
        let encoded: Vec<Bytes> = transactions.iter().map(Transaction::encoded).collect();
        let receipts_encoded: Vec<Vec<u8>> = transactions
            .iter()
            .zip(&receipts)
            .map(|(tx, receipt)| {
                let mut out = Vec::new();
                receipt.encode_2718(tx.tx_type(), &mut out);
                out
            })
            .collect();
        let mut logs_bloom = Bloom::ZERO;
        for log in receipts.iter().flat_map(|receipt| &receipt.logs) {
            logs_bloom.accrue_log(log);
        }
        let header = Header {
            parent_hash: draft.parent_hash,
            ommers_hash: EMPTY_OMMER_ROOT_HASH,
            beneficiary: draft.coinbase,
            state_root: draft.state_root,
            transactions_root: ordered_trie_root_encoded(&encoded),
            receipts_root: ordered_trie_root_encoded(&receipts_encoded),
            logs_bloom,
            difficulty: U256::ONE,
            number: draft.number,
            gas_limit: HEADER_GAS_LIMIT,
            gas_used: receipts
                .last()
                .map_or(0, |receipt| receipt.cumulative_gas_used),
            timestamp: draft.timestamp,
            extra_data: draft.arbitrum.send_root.into(),
            mix_hash: draft.arbitrum.mix_hash(),
            nonce: B64::from(DELAYED_MESSAGES_READ),
            base_fee_per_gas: Some(draft.base_fee),
            ..Header::default()
        };
        Self {
            hash: header.hash_slow(),
            header,
            transactions,
            receipts,
        }
    }

    /// Height.
    pub fn number(&self) -> u64 {
        self.header.number
    }

    /// Wei per gas.
    pub fn base_fee(&self) -> u64 {
        self.header.base_fee_per_gas.unwrap_or_default()
    }

    /// Nitro's own header fields.
    pub fn arbitrum(&self) -> ArbitrumHeader {
        ArbitrumHeader::of(&self.header)
    }

    /// Gas that counts against the compute budget: all but what paid for L1 data.
    pub fn compute_gas(&self) -> u64 {
        let l1: u64 = self
            .receipts
            .iter()
            .map(|receipt| receipt.gas_used_for_l1)
            .sum();
        self.header.gas_used.saturating_sub(l1)
    }

    /// Bytes of the block as Ethereum encodes it: header, transactions and no uncles.
    pub fn size(&self) -> usize {
        let transactions = self.transactions.iter().map(Transaction::length_in_block);
        let payload = self.header.length() + list_length(transactions.sum()) + list_length(0);
        list_length(payload)
    }

    /// RLP of the block as Ethereum has it: header, transactions, no uncles.
    pub fn raw(&self) -> Bytes {
        let mut body = Vec::new();
        self.header.encode(&mut body);
        let transactions: Vec<u8> = self
            .transactions
            .iter()
            .flat_map(|tx| {
                let encoded = tx.encoded();
                if tx.tx_type() == 0 {
                    encoded.to_vec()
                } else {
                    alloy_rlp::encode(&encoded)
                }
            })
            .collect();
        let list = |payload: &[u8], out: &mut Vec<u8>| {
            let header = alloy_rlp::Header {
                list: true,
                payload_length: payload.len(),
            };
            header.encode(out);
            out.extend_from_slice(payload);
        };
        list(&transactions, &mut body);
        list(&[], &mut body);
        let mut block = Vec::new();
        list(&body, &mut block);
        block.into()
    }

    /// Index of the first log of transaction `index` within the block.
    pub fn first_log_index(&self, index: usize) -> usize {
        self.receipts
            .iter()
            .take(index)
            .map(|receipt| receipt.logs.len())
            .sum()
    }
}

/// Length of an RLP list whose members take `payload` bytes.
fn list_length(payload: usize) -> usize {
    payload + alloy_rlp::length_of_length(payload)
}

impl Encodable for Block {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        self.header.encode(out);
        self.transactions.encode(out);
        self.receipts.encode(out);
    }

    fn length(&self) -> usize {
        self.header.length() + self.transactions.length() + self.receipts.length()
    }
}

impl Decodable for Block {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let header = Header::decode(buf)?;
        Ok(Self {
            hash: header.hash_slow(),
            header,
            transactions: Decodable::decode(buf)?,
            receipts: Decodable::decode(buf)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Log, b256};
    use arbos::state::BATCH_POSTER;

    use super::*;
    use crate::chain::{InternalTx, UserTx};

    fn block() -> Block {
        let receipt = Receipt {
            success: true,
            gas_used: 21_500,
            cumulative_gas_used: 21_500,
            gas_used_for_l1: 500,
            effective_gas_price: 100_000_000,
            logs: vec![Log::new_unchecked(
                BATCH_POSTER,
                vec![B256::ZERO],
                Bytes::new(),
            )],
            contract_address: Some(BATCH_POSTER),
        };
        let internal = InternalTx {
            chain_id: 412_346,
            data: Bytes::from_static(&[1, 2, 3]),
        };
        let draft = Draft {
            parent_hash: B256::ZERO,
            number: 1,
            timestamp: 5,
            base_fee: 100_000_000,
            coinbase: BATCH_POSTER,
            state_root: B256::ZERO,
            arbitrum: ArbitrumHeader {
                send_root: B256::repeat_byte(1),
                send_count: 3,
                l1_block_number: 9,
                arbos_version: 51,
                collects_tips: true,
            },
        };
        Block::seal(draft, vec![Transaction::Internal(internal)], vec![receipt])
    }

    #[test]
    fn nitro_fields_come_back_from_the_header() {
        let arbitrum = block().arbitrum();
        assert_eq!(
            (
                arbitrum.send_count,
                arbitrum.l1_block_number,
                arbitrum.arbos_version
            ),
            (3, 9, 51)
        );
        assert_eq!(arbitrum.send_root, B256::repeat_byte(1));
        assert!(arbitrum.collects_tips);
    }

    #[test]
    fn a_block_survives_the_way_through_bytes() {
        let block = block();
        let bytes = alloy_rlp::encode(&block);
        let back = Block::decode(&mut bytes.as_slice()).expect("own bytes");
        assert_eq!(back.hash, block.hash);
        assert_eq!(back.receipts, block.receipts);
        assert_eq!(back.transactions[0].hash(), block.transactions[0].hash());
        assert_eq!(back.compute_gas(), 21_000);
    }

    #[test]
    fn a_block_without_content_has_the_empty_roots() {
        let empty = Block::seal(
            Draft {
                number: 0,
                ..draft_of(&block())
            },
            Vec::new(),
            Vec::new(),
        );
        let empty_root = b256!("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
        assert_eq!(empty.header.transactions_root, empty_root);
        assert_eq!(empty.header.receipts_root, empty_root);
    }

    #[test]
    fn the_size_of_a_block_is_the_length_of_its_rlp() {
        use alloy_consensus::{BlockBody, SignableTransaction, TxEip1559, TxEnvelope, TxLegacy};
        use alloy_primitives::Signature;

        let user = |envelope: TxEnvelope| {
            Transaction::User(Box::new(UserTx {
                envelope,
                from: BATCH_POSTER,
            }))
        };
        let signature = Signature::test_signature();
        let legacy = |size: usize| {
            let tx = TxLegacy {
                input: vec![7; size].into(),
                ..TxLegacy::default()
            };
            user(tx.into_signed(signature).into())
        };
        let typed = |size: usize| {
            let tx = TxEip1559 {
                input: vec![7; size].into(),
                ..TxEip1559::default()
            };
            user(tx.into_signed(signature).into())
        };
        let bodies: [Vec<Transaction>; 5] = [
            Vec::new(),
            vec![legacy(0)],
            vec![typed(0)],
            vec![legacy(300), typed(300), typed(0)],
            vec![typed(70_000), legacy(70_000)],
        ];
        for transactions in bodies {
            let block = Block::seal(draft_of(&block()), transactions.clone(), Vec::new());
            let envelopes = transactions.into_iter().filter_map(|tx| match tx {
                Transaction::User(tx) => Some(tx.envelope),
                Transaction::Internal(_) => None,
            });
            let whole = alloy_consensus::Block {
                header: block.header.clone(),
                body: BlockBody {
                    transactions: envelopes.collect(),
                    ommers: Vec::<Header>::new(),
                    withdrawals: None,
                },
            };
            assert_eq!(block.size(), whole.length());
        }
        let mut block = block();
        let size = block.size();
        let internal = block.transactions.pop().expect("the internal one");
        let length = internal.encoded().len();
        assert_eq!(
            size - block.size(),
            length + alloy_rlp::length_of_length(length)
        );
    }

    fn draft_of(block: &Block) -> Draft {
        Draft {
            parent_hash: block.header.parent_hash,
            number: block.number(),
            timestamp: block.header.timestamp,
            base_fee: block.base_fee(),
            coinbase: block.header.beneficiary,
            state_root: block.header.state_root,
            arbitrum: block.arbitrum(),
        }
    }
}
