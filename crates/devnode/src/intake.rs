//! From bytes that a client sent to a transaction the sequencer can run.
//!
//! All of this happens on the client's side of the sequencer: decoding and signature
//! recovery are the expensive part of a plain transfer.

use alloy_consensus::{Transaction, TxEnvelope, TxType};
use alloy_eips::eip2718::{Decodable2718, Encodable2718};
use alloy_primitives::{Address, B512, Bytes, U256};
use arbos::{TxError, TxInput};

use crate::{chain::UserTx, sequencer::Pending, wallet::Signed};

/// Largest signed encoding accepted, in bytes.
const MAX_SIZE: usize = 95_000;

/// Largest fee (gas limit times fee cap) accepted, in wei: 1 ETH.
const FEE_CAP: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// Why a transaction did not even reach the sequencer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IntakeError {
    /// Not a transaction.
    #[error("{0}")]
    Malformed(String),
    /// More than [`MAX_SIZE`] bytes.
    #[error("oversized data: transaction size {0}, limit 95000")]
    Oversized(usize),
    /// Offers to burn a fortune, most likely by mistake.
    #[error("tx fee ({0} wei) exceeds the configured cap (1.00 ether)")]
    FeeAboveCap(U256),
    /// The signature is no signature.
    #[error("invalid transaction v, r, s values")]
    InvalidSignature,
    /// Of a kind, or for a chain, that does not run here.
    #[error(transparent)]
    Refused(#[from] TxError),
}

/// Takes a signed transaction apart and recovers its sender.
pub(crate) fn signed(bytes: &Bytes, chain_id: u64) -> Result<Pending, IntakeError> {
    if bytes.len() > MAX_SIZE {
        return Err(IntakeError::Oversized(bytes.len()));
    }
    check_type(bytes)?;
    let envelope = TxEnvelope::decode_2718_exact(bytes)
        .map_err(|error| IntakeError::Malformed(error.to_string()))?;
    let from = sender(&envelope)?;
    prepare(envelope, from, bytes.clone(), false, chain_id)
}

/// Takes a transaction that this node's wallet has signed, or pretends to have.
pub(crate) fn own(signed: Signed, from: Address, chain_id: u64) -> Result<Pending, IntakeError> {
    let encoded: Bytes = signed.envelope.encoded_2718().into();
    if encoded.len() > MAX_SIZE {
        return Err(IntakeError::Oversized(encoded.len()));
    }
    prepare(
        signed.envelope,
        from,
        encoded,
        signed.impersonated,
        chain_id,
    )
}

/// First byte of a list, which a transaction without a type is.
const FIRST_LIST: u8 = 0xc0;

fn check_type(bytes: &[u8]) -> Result<(), IntakeError> {
    let refused = |why: &str| Err(IntakeError::Malformed(why.to_owned()));
    match bytes {
        [FIRST_LIST..=u8::MAX, ..] => Ok(()),
        [] | [_] => refused("typed transaction too short"),
        [tx_type, ..] if TxType::try_from(*tx_type).is_err() => {
            refused("transaction type not supported")
        }
        _ => Ok(()),
    }
}

fn prepare(
    envelope: TxEnvelope,
    from: Address,
    encoded: Bytes,
    impersonated: bool,
    chain_id: u64,
) -> Result<Pending, IntakeError> {
    if let Some(have) = envelope.chain_id()
        && have != chain_id
    {
        return Err(TxError::WrongChain {
            have,
            want: chain_id,
        }
        .into());
    }
    let fee =
        U256::from(envelope.gas_limit()).saturating_mul(U256::from(envelope.max_fee_per_gas()));
    if fee > FEE_CAP {
        return Err(IntakeError::FeeAboveCap(fee));
    }
    let input = TxInput::from_signed(&envelope, from, encoded)?;
    Ok(Pending {
        tx: Box::new(UserTx { envelope, from }),
        input,
        impersonated,
    })
}

/// Recovers the sender. Signatures with a high `s` are refused, as on Ethereum since Homestead.
fn sender(envelope: &TxEnvelope) -> Result<Address, IntakeError> {
    let signature = envelope.signature();
    if signature.normalize_s().is_some() {
        return Err(IntakeError::InvalidSignature);
    }
    let mut rs = B512::ZERO;
    rs[..32].copy_from_slice(&signature.r().to_be_bytes::<32>());
    rs[32..].copy_from_slice(&signature.s().to_be_bytes::<32>());
    let recovered = revm::precompile::secp256k1::ecrecover(
        &rs,
        u8::from(signature.v()),
        &envelope.signature_hash(),
    )
    .map_err(|_| IntakeError::InvalidSignature)?;
    Ok(Address::from_word(recovered))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)] // a failed expectation is the test's failure

    use alloy_primitives::{b256, hex};

    use super::*;

    /// The factory's own transaction: no chain id, and a signature nobody made.
    const CREATE2_FACTORY: &[u8] = &hex!(
        "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222"
    );

    #[test]
    fn the_presigned_factory_transaction_is_accepted_as_it_is() {
        let pending = signed(&CREATE2_FACTORY.into(), 412_346).expect("a valid transaction");
        assert_eq!(
            pending.hash(),
            b256!("eddf9e61fb9d8f5111840daef55e5fde0041f5702856532cdbb5a02998033d26")
        );
        assert_eq!(
            pending.tx.from,
            alloy_primitives::address!("3fab184622dc19b6109349b94811493bf2a45362")
        );
    }

    #[test]
    fn rubbish_is_refused_without_a_panic() {
        for rubbish in [
            &[][..],
            &[0x02],
            &[0xff; 40],
            &[0xc0],
            &[0x6a, 0xc0],
            &[0x03, 0xc0],
        ] {
            assert!(
                signed(&Bytes::copy_from_slice(rubbish), 1).is_err(),
                "{rubbish:?}"
            );
        }
        let mut cut = CREATE2_FACTORY.to_vec();
        cut.pop();
        assert!(signed(&cut.into(), 1).is_err());
        assert!(matches!(
            signed(&vec![0; MAX_SIZE + 1].into(), 1),
            Err(IntakeError::Oversized(_))
        ));
    }
}
