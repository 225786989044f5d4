//! Transactions as they stand in blocks.

use alloy_consensus::{Transaction as _, TxEnvelope, Typed2718};
use alloy_eips::eip2718::{Decodable2718, Encodable2718};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_rlp::{Decodable, Encodable, Header};
use arbos::precompiles::ARBOS_ADDRESS;

/// EIP-2718 type of the transaction that starts every block.
pub const INTERNAL_TX_TYPE: u8 = 0x6a;

/// A transaction in a block.
#[derive(Clone, Debug)]
pub enum Transaction {
    /// The block's start, at index 0.
    Internal(InternalTx),
    /// Sent by somebody.
    User(Box<UserTx>),
}

/// ArbOS telling itself that a block starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InternalTx {
    /// Chain id, part of what is hashed.
    pub chain_id: u64,
    /// ABI-encoded `startBlock` call.
    pub data: Bytes,
}

/// A transaction with its sender.
#[derive(Clone, Debug)]
pub struct UserTx {
    /// As sent. An impersonated sender's signature is made up.
    pub envelope: TxEnvelope,
    /// Recovered, or impersonated.
    pub from: Address,
}

impl InternalTx {
    fn fields_length(&self) -> usize {
        self.chain_id.length() + self.data.length()
    }
}

impl Transaction {
    /// Transaction hash.
    pub fn hash(&self) -> B256 {
        match self {
            Self::Internal(_) => keccak256(self.encoded()),
            Self::User(tx) => *tx.envelope.tx_hash(),
        }
    }

    /// EIP-2718 type.
    pub fn tx_type(&self) -> u8 {
        match self {
            Self::Internal(_) => INTERNAL_TX_TYPE,
            Self::User(tx) => tx.envelope.ty(),
        }
    }

    /// Sender.
    pub fn from(&self) -> Address {
        match self {
            Self::Internal(_) => ARBOS_ADDRESS,
            Self::User(tx) => tx.from,
        }
    }

    /// Target, none for a creation.
    pub fn to(&self) -> Option<Address> {
        match self {
            Self::Internal(_) => Some(ARBOS_ADDRESS),
            Self::User(tx) => tx.envelope.to(),
        }
    }

    /// Wei moved.
    pub fn value(&self) -> U256 {
        match self {
            Self::Internal(_) => U256::ZERO,
            Self::User(tx) => tx.envelope.value(),
        }
    }

    /// Sender's nonce; zero for the internal one.
    pub fn nonce(&self) -> u64 {
        match self {
            Self::Internal(_) => 0,
            Self::User(tx) => tx.envelope.nonce(),
        }
    }

    /// Calldata.
    pub fn input(&self) -> &Bytes {
        match self {
            Self::Internal(tx) => &tx.data,
            Self::User(tx) => tx.envelope.input(),
        }
    }

    /// EIP-2718 encoding.
    pub fn encoded(&self) -> Bytes {
        let mut out = Vec::new();
        self.encode_2718(&mut out);
        out.into()
    }

    /// Bytes of the encoding that blocks have in them: a list as it is, all else as a string.
    pub fn length_in_block(&self) -> usize {
        let length = match self {
            Self::Internal(tx) => {
                1 + tx.fields_length() + alloy_rlp::length_of_length(tx.fields_length())
            }
            Self::User(tx) => tx.envelope.encode_2718_len(),
        };
        match self {
            Self::User(tx) if tx.envelope.is_legacy() => length,
            _ => length + alloy_rlp::length_of_length(length),
        }
    }

    /// Appends the EIP-2718 encoding.
    pub fn encode_2718(&self, out: &mut dyn alloy_rlp::BufMut) {
        match self {
            Self::Internal(tx) => {
                out.put_u8(INTERNAL_TX_TYPE);
                Header {
                    list: true,
                    payload_length: tx.fields_length(),
                }
                .encode(out);
                tx.chain_id.encode(out);
                tx.data.encode(out);
            }
            Self::User(tx) => tx.envelope.encode_2718(out),
        }
    }
}

/// On disk: sender and EIP-2718 bytes, so that loading need not recover senders.
impl Encodable for Transaction {
    fn encode(&self, out: &mut dyn alloy_rlp::BufMut) {
        (self.from(), self.encoded()).encode_pair(out);
    }

    fn length(&self) -> usize {
        (self.from(), self.encoded()).pair_length()
    }
}

impl Decodable for Transaction {
    fn decode(buf: &mut &[u8]) -> alloy_rlp::Result<Self> {
        let mut fields = Header::decode_bytes(buf, true)?;
        let from = Address::decode(&mut fields)?;
        let encoded = Bytes::decode(&mut fields)?;
        if let Some(mut internal) = encoded.strip_prefix(&[INTERNAL_TX_TYPE]) {
            let mut fields = Header::decode_bytes(&mut internal, true)?;
            return Ok(Self::Internal(InternalTx {
                chain_id: Decodable::decode(&mut fields)?,
                data: Decodable::decode(&mut fields)?,
            }));
        }
        let envelope = TxEnvelope::decode_2718(&mut encoded.as_ref())
            .map_err(|_| alloy_rlp::Error::Custom("transaction"))?;
        Ok(Self::User(Box::new(UserTx { envelope, from })))
    }
}

/// A two-element RLP list.
trait Pair {
    fn pair_length(&self) -> usize;
    fn encode_pair(&self, out: &mut dyn alloy_rlp::BufMut);
}

impl<A: Encodable, B: Encodable> Pair for (A, B) {
    fn pair_length(&self) -> usize {
        let payload = self.0.length() + self.1.length();
        payload + alloy_rlp::length_of_length(payload)
    }

    fn encode_pair(&self, out: &mut dyn alloy_rlp::BufMut) {
        Header {
            list: true,
            payload_length: self.0.length() + self.1.length(),
        }
        .encode(out);
        self.0.encode(out);
        self.1.encode(out);
    }
}
