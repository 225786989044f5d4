//! A signed transaction in place of one that is not signed yet.

use std::sync::LazyLock;

use alloy_primitives::{B256, Bytes, TxKind, U256, keccak256};
use alloy_rlp::{Encodable, Header};

use crate::tx::{Fees, TxInput};

/// EIP-2718 type of the stand-in, whatever the request's.
const EIP1559: u8 = 2;
/// EIP-155 chain id of Arbitrum One, of which the stand-in's recovery field is made.
const ARBITRUM_ONE: u64 = 42_161;

/// What Nitro fills unknown fields with: hashes of their names, which do not compress.
static UNKNOWN: LazyLock<Unknown> = LazyLock::new(|| Unknown {
    nonce: leading(&keccak256("Nonce"), 8),
    tip: leading(&keccak256("GasTipCap"), 4),
    max_fee: leading(&keccak256("GasFeeCap"), 4),
    gas: leading(&keccak256("Gas"), 4),
    r: keccak256("R").into(),
    s: keccak256("S").into(),
});

struct Unknown {
    nonce: u64,
    tip: u64,
    max_fee: u64,
    gas: u64,
    r: U256,
    s: U256,
}

/// The first `bytes` of a hash as a number.
fn leading(hash: &B256, bytes: usize) -> u64 {
    hash.iter()
        .take(bytes)
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The transaction whose size Nitro takes for that of `tx`: nonce, fees and gas limit that are zero
/// count as unknown.
pub(crate) fn stand_in(tx: &TxInput) -> Bytes {
    let unknown = &*UNKNOWN;
    let or = |known: u128, unknown: u64| match known {
        0 => u128::from(unknown),
        known => known,
    };
    let (max_fee, tip) = match tx.fees {
        Fees::Free => (0, 0),
        Fees::Legacy { gas_price } => (gas_price, gas_price),
        Fees::Dynamic {
            max_fee,
            max_priority_fee,
        } => (max_fee, max_priority_fee),
    };
    // The chain id is left out.
    let chain_id = 0u64;
    let nonce = or(tx.nonce.unwrap_or_default().into(), unknown.nonce);
    let (tip, max_fee) = (or(tip, unknown.tip), or(max_fee, unknown.max_fee));
    let gas = or(tx.gas_limit.into(), unknown.gas);
    let to = tx.to.map_or(TxKind::Create, TxKind::Call);
    let recovery = ARBITRUM_ONE * 3;
    let fields: [&dyn Encodable; 12] = [
        &chain_id,
        &nonce,
        &tip,
        &max_fee,
        &gas,
        &to,
        &tx.value,
        &tx.data,
        &tx.access_list,
        &recovery,
        &unknown.r,
        &unknown.s,
    ];
    let mut encoded = vec![EIP1559];
    Header {
        list: true,
        payload_length: fields.iter().map(|field| field.length()).sum(),
    }
    .encode(&mut encoded);
    for field in fields {
        field.encode(&mut encoded);
    }
    encoded.into()
}
