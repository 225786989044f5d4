//! Calls and transactions, signed ones too.

use alloy_consensus::{
    SignableTransaction, TxEip1559, TxEip2930, TxEip7702, TxLegacy, TypedTransaction,
};
use alloy_eips::{
    eip2718::Encodable2718,
    eip2930::{AccessList, AccessListItem},
    eip7702::{Authorization, SignedAuthorization},
};
use alloy_primitives::{Address, Bytes, TxKind, U256, hex};
use alloy_signer::SignerSync;
use arbitrary::Result;
use serde_json::{Value, json};

use super::{Speaker, Word};
use crate::{
    heard::recall,
    world::{KEYS, RICH},
};

/// Chain id of the node.
const CHAIN_ID: u64 = 412_346;
/// Wei per gas that is enough for any block.
const ENOUGH: u128 = 1_000_000_000;
/// Gas limits: less than anything needs, a transfer's, enough for calls, for deployments.
const GAS: [u64; 6] = [0x100, 21_000, 200_000, 1_000_000, 1_000_000, 6_000_000];
/// Key of an account that has sent nothing yet.
const FRESH: usize = 1;
/// Types in front of a list that is no transaction of theirs.
const TYPES: [u8; 10] = [1, 2, 3, 4, 0x64, 0x66, 0x68, 0x69, 0x6a, 0x78];

impl Speaker<'_, '_> {
    /// A call or transaction as a client writes it.
    pub(super) fn call(&mut self) -> Result<Value> {
        let mut call = self.fields(&[
            ("from", Word::Account),
            ("to", Word::Account),
            ("value", Word::Number),
            ("gas", Word::Number),
            ("gasPrice", Word::Number),
            ("maxFeePerGas", Word::Number),
            ("maxPriorityFeePerGas", Word::Number),
            ("accessList", Word::Anything),
            ("type", Word::Number),
            ("chainId", Word::Number),
        ])?;
        if !self.one_in(6)? {
            call = self.plausible_call()?;
        }
        if self.one_in(64)? {
            call["nonce"] = self.draw(Word::Index)?;
        }
        if self.one_in(4)? {
            call.as_object_mut().expect("an object").remove("to");
            call["data"] = json!(hex::encode_prefixed(self.initcode()?));
        } else {
            let (to, data) = self.errand()?;
            let data_key = if self.u.arbitrary()? { "data" } else { "input" };
            call["to"] = json!(to);
            call[data_key] = json!(hex::encode_prefixed(data));
        }
        if self.one_in(12)? {
            let authorization = self.authorization()?;
            call["authorizationList"] = json!([authorization]);
        }
        Ok(call)
    }

    /// Sender, value and gas such that the call is likely to run.
    fn plausible_call(&mut self) -> Result<Value> {
        let mut call = json!({ "from": self.u.choose(&RICH)? });
        if self.one_in(3)? {
            call["value"] = json!(format!("{:#x}", self.u.arbitrary::<u64>()?));
        }
        // Without a limit, what loops burns all that calls may use, which takes long here.
        if !self.one_in(16)? {
            call["gas"] = json!(format!("{:#x}", self.u.choose(&GAS)?));
        }
        match self.u.int_in_range(0..=5u8)? {
            0 => call["gasPrice"] = json!(format!("{ENOUGH:#x}")),
            1 => call["maxFeePerGas"] = json!(format!("{ENOUGH:#x}")),
            _ => {}
        }
        if self.one_in(6)? {
            call["accessList"] = json!(self.access_list()?);
        }
        Ok(call)
    }

    /// A signed transaction: one that was heard, a new one, a damaged one, or rubbish.
    pub(super) fn raw_transaction(&mut self) -> Result<Value> {
        if self.one_in(4)? {
            return Ok(json!(hex::encode_prefixed(self.transaction_like()?)));
        }
        if self.one_in(32)? {
            // Of an account that has sent nothing: damage makes it another one's, whose turn it is too.
            let mut raw = self.signed_transaction(FRESH)?;
            let at = self.u.choose_index(raw.len())?;
            raw[at] = self.u.arbitrary()?;
            return Ok(json!(hex::encode_prefixed(raw)));
        }
        let heard = match self.one_in(4)? {
            true => recall(&self.heard.raw, self.u)?,
            false => None,
        };
        let raw = match heard.map(hex::decode) {
            Some(Ok(raw)) => raw,
            _ => {
                let key = self.u.choose_index(RICH.len())?;
                self.signed_transaction(key)?
            }
        };
        Ok(json!(hex::encode_prefixed(raw)))
    }

    fn signed_transaction(&mut self, key: usize) -> Result<Vec<u8>> {
        let tx = self.transaction(key)?;
        let signature = KEYS.signers()[key].sign_hash_sync(&tx.signature_hash());
        let envelope = tx.into_envelope(signature.expect("a key that signs"));
        Ok(envelope.encoded_2718())
    }

    fn transaction(&mut self, key: usize) -> Result<TypedTransaction> {
        let (to, data) = if self.one_in(4)? {
            (TxKind::Create, self.initcode()?)
        } else {
            let (to, data) = self.errand()?;
            (TxKind::Call(to), data)
        };
        let input = Bytes::from(data);
        let known = self.heard.nonces.get(key).copied().unwrap_or_default();
        // A gap costs a second: the node waits for what fills it.
        let nonce = match self.u.arbitrary::<u8>()? {
            250..=253 => self.u.int_in_range(0..=known)?,
            254 => known + 1,
            255 => self.u.arbitrary()?,
            _ => known,
        };
        let gas_limit = *self.u.choose(&GAS)?;
        let value = U256::from(self.u.arbitrary::<u16>()?);
        let price = if self.one_in(8)? {
            self.u.arbitrary()?
        } else {
            ENOUGH
        };
        Ok(match self.u.int_in_range(0..=3u8)? {
            0 => TypedTransaction::Legacy(TxLegacy {
                chain_id: (!self.one_in(3)?).then_some(CHAIN_ID),
                nonce,
                gas_price: price,
                gas_limit,
                to,
                value,
                input,
            }),
            1 => TypedTransaction::Eip2930(TxEip2930 {
                chain_id: CHAIN_ID,
                nonce,
                gas_price: price,
                gas_limit,
                to,
                value,
                input,
                access_list: self.access_list()?,
            }),
            2 => TypedTransaction::Eip1559(TxEip1559 {
                chain_id: CHAIN_ID,
                nonce,
                gas_limit,
                max_fee_per_gas: price,
                max_priority_fee_per_gas: u128::from(self.u.arbitrary::<u8>()?),
                to,
                value,
                access_list: self.access_list()?,
                input,
            }),
            _ => TypedTransaction::Eip7702(TxEip7702 {
                chain_id: CHAIN_ID,
                nonce,
                gas_limit,
                max_fee_per_gas: price,
                max_priority_fee_per_gas: 0,
                to: to.into_to().unwrap_or_default(),
                value,
                access_list: AccessList::default(),
                authorization_list: vec![self.authorization()?],
                input,
            }),
        })
    }

    fn access_list(&mut self) -> Result<AccessList> {
        let mut items = Vec::new();
        for _ in 0..self.u.int_in_range(0..=2u8)? {
            items.push(AccessListItem {
                address: self.account()?,
                storage_keys: vec![self.hash()?],
            });
        }
        Ok(AccessList(items))
    }

    /// A delegation that one of the keys signed, or nobody.
    fn authorization(&mut self) -> Result<SignedAuthorization> {
        let key = self.u.choose_index(RICH.len())?;
        let known = self.heard.nonces.get(key).copied().unwrap_or_default();
        let address = if self.one_in(6)? {
            Address::ZERO
        } else {
            self.account()?
        };
        let authorization = Authorization {
            chain_id: U256::from(if self.one_in(3)? { 0 } else { CHAIN_ID }),
            address,
            // The sender's own nonce has gone up by one before the list is looked at.
            nonce: known + u64::from(self.u.arbitrary::<bool>()?),
        };
        if self.one_in(6)? {
            let (r, s) = (self.uint()?, self.uint()?);
            return Ok(SignedAuthorization::new_unchecked(authorization, 1, r, s));
        }
        let signature = KEYS.signers()[key].sign_hash_sync(&authorization.signature_hash());
        Ok(authorization.into_signed(signature.expect("a key that signs")))
    }

    /// An RLP list behind a type byte: the shape of a transaction, with anything in it.
    fn transaction_like(&mut self) -> Result<Vec<u8>> {
        let mut raw = Vec::new();
        if self.u.arbitrary()? {
            raw.push(*self.u.choose(&TYPES)?);
        }
        let mut payload = Vec::new();
        for _ in 0..self.u.int_in_range(0..=14usize)? {
            let item = match self.u.int_in_range(0..=3u8)? {
                0 => Vec::new(),
                1 => self.uint()?.to_be_bytes_trimmed_vec(),
                2 => self.account()?.to_vec(),
                _ => {
                    payload.push(0xc0);
                    continue;
                }
            };
            if item.len() != 1 || item[0] >= 0x80 {
                payload.push(0x80 + item.len() as u8);
            }
            payload.extend(item);
        }
        match u8::try_from(payload.len()) {
            Ok(short @ ..=55) => raw.push(0xc0 + short),
            Ok(long) => raw.extend([0xf8, long]),
            Err(_) => raw.extend([0xf9, (payload.len() >> 8) as u8, payload.len() as u8]),
        }
        raw.extend(payload);
        Ok(raw)
    }
}
