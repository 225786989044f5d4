//! A transaction as the executor takes it: signed, or made up from a call request.

use alloy_consensus::{Transaction, TxEnvelope, Typed2718};
use alloy_eips::{eip2930::AccessList, eip7702::SignedAuthorization};
use alloy_primitives::{Address, Bytes, TxKind, U256};

use crate::error::TxError;

/// What a sender offers to pay, in wei per gas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fees {
    /// Nothing said: only calls may do that. The base fee then reads as zero.
    #[default]
    Free,
    /// One price for all, before EIP-1559.
    Legacy {
        /// Wei per gas.
        gas_price: u128,
    },
    /// A cap and a tip.
    Dynamic {
        /// Most that may be charged.
        max_fee: u128,
        /// Offered on top of the base fee. Nitro does not charge it unless the owner says so.
        max_priority_fee: u128,
    },
}

impl Fees {
    /// The most that may be charged.
    pub fn cap(&self) -> u128 {
        match *self {
            Self::Free => 0,
            Self::Legacy { gas_price } => gas_price,
            Self::Dynamic { max_fee, .. } => max_fee,
        }
    }

    /// The price a message carries: tip plus base fee, but not above the cap.
    pub fn message_price(&self, base_fee: u128) -> u128 {
        match *self {
            Self::Free => 0,
            Self::Legacy { gas_price } => gas_price,
            Self::Dynamic {
                max_fee,
                max_priority_fee,
            } => max_fee.min(base_fee.saturating_add(max_priority_fee)),
        }
    }
}

/// A transaction or call to execute.
#[derive(Clone, Debug, Default)]
pub struct TxInput {
    /// EIP-2718 type.
    pub tx_type: u8,
    /// Recovered or claimed sender.
    pub from: Address,
    /// Target, or none for a creation.
    pub to: Option<Address>,
    /// Wei to move.
    pub value: U256,
    /// Calldata or initcode.
    pub data: Bytes,
    /// Gas limit, L1 share included.
    pub gas_limit: u64,
    /// What the sender pays.
    pub fees: Fees,
    /// Nonce; checked only when the mode is a signed transaction's.
    pub nonce: Option<u64>,
    /// Chain id; checked when given.
    pub chain_id: Option<u64>,
    /// EIP-2930 list.
    pub access_list: AccessList,
    /// EIP-7702 list.
    pub authorization_list: Vec<SignedAuthorization>,
    /// Signed typed encoding, which L1 data is priced by; none for calls.
    pub encoded: Option<Bytes>,
}

impl TxInput {
    /// From a signed transaction, its recovered sender and its EIP-2718 encoding.
    /// Fails for blob transactions.
    pub fn from_signed(tx: &TxEnvelope, from: Address, encoded: Bytes) -> Result<Self, TxError> {
        let fees = match tx {
            TxEnvelope::Legacy(_) | TxEnvelope::Eip2930(_) => Fees::Legacy {
                gas_price: tx.gas_price().unwrap_or_default(),
            },
            TxEnvelope::Eip1559(_) | TxEnvelope::Eip7702(_) => Fees::Dynamic {
                max_fee: tx.max_fee_per_gas(),
                max_priority_fee: tx.max_priority_fee_per_gas().unwrap_or_default(),
            },
            TxEnvelope::Eip4844(_) => return Err(TxError::TypeNotSupported),
        };
        Ok(Self {
            tx_type: tx.ty(),
            from,
            to: tx.to(),
            value: tx.value(),
            data: tx.input().clone(),
            gas_limit: tx.gas_limit(),
            fees,
            nonce: Some(tx.nonce()),
            chain_id: tx.chain_id(),
            access_list: tx.access_list().cloned().unwrap_or_default(),
            authorization_list: tx.authorization_list().unwrap_or_default().to_vec(),
            encoded: Some(encoded),
        })
    }

    /// Target as alloy's kind.
    pub fn kind(&self) -> TxKind {
        self.to.map_or(TxKind::Create, TxKind::Call)
    }
}
