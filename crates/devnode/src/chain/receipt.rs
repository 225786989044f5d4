//! Receipts, in the compact form in which the chain keeps them.

use alloy_primitives::{Address, Bloom, Log};
use alloy_rlp::{Encodable, Header, RlpDecodable, RlpEncodable};

/// What a transaction left behind. Hashes, indexes and blooms follow from the block.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
#[rlp(trailing)]
pub struct Receipt {
    /// Whether the transaction's changes were kept.
    pub success: bool,
    /// Gas paid for, L1 share included.
    pub gas_used: u64,
    /// Gas of the block up to and including this transaction.
    pub cumulative_gas_used: u64,
    /// The part of `gas_used` that pays for L1 data.
    pub gas_used_for_l1: u64,
    /// Wei per gas charged.
    pub effective_gas_price: u128,
    /// Logs in order.
    pub logs: Vec<Log>,
    /// Contract made by a creation transaction.
    pub contract_address: Option<Address>,
}

impl Receipt {
    /// Bloom over the logs.
    pub fn bloom(&self) -> Bloom {
        self.logs.iter().collect()
    }

    /// Appends the consensus encoding, which the receipts root is made of.
    pub fn encode_2718(&self, tx_type: u8, out: &mut dyn alloy_rlp::BufMut) {
        if tx_type != 0 {
            out.put_u8(tx_type);
        }
        let bloom = self.bloom();
        let payload_length = self.success.length()
            + self.cumulative_gas_used.length()
            + bloom.length()
            + self.logs.length();
        Header {
            list: true,
            payload_length,
        }
        .encode(out);
        self.success.encode(out);
        self.cumulative_gas_used.encode(out);
        bloom.encode(out);
        self.logs.encode(out);
    }
}
