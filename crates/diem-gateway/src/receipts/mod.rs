//! Signed receipts: what a request cost, in words that a holder can check against the chain.
//!
//! A receipt is one line of ASCII, so that it fits a header, and is signed as wallets sign texts (EIP-191): whoever has
//! it recovers the gateway's address from it without the gateway. The costs of a line's receipts in an epoch add up to
//! what is settled for it.

use std::fmt::Write as _;

use alloy::{
    primitives::{Address, B256, Signature, hex},
    signers::{SignerSync, local::PrivateKeySigner},
};

use crate::{
    line::{Epoch, Line},
    money::Usd,
    pricing::{Counts, ModelPrice},
};

/// What every receipt begins with.
const FORM: &str = "diem-receipt/1";
/// What parts the text from its signature.
const SIGNED: &str = ";signature=";

/// What a receipt says.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The chain on which it is settled.
    pub chain_id: u64,
    /// The DIEM contract there.
    pub diem: Address,
    /// Who served.
    pub gateway: Address,
    /// Who pays.
    pub line: Line,
    /// Of which day.
    pub epoch: Epoch,
    /// The request's id.
    pub request: uuid::Uuid,
    /// Keccak-256 of the request's body as it came.
    pub body: B256,
    /// The model, as the request named it.
    pub model: &'a str,
    /// What was used.
    pub counts: Counts,
    /// Who counted: `upstream`, `gateway` or `reservation`.
    pub counted_by: &'a str,
    /// At which prices.
    pub price: &'a ModelPrice,
    /// What it cost, in units of 1e-18 dollar.
    pub cost: Usd,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// A receipt that cannot be signed, or one that was not.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The key does not sign.
    #[error("the receipt cannot be signed: {0}")]
    Sign(alloy::signers::Error),
    /// No receipt.
    #[error("this is no receipt: {0}")]
    Form(&'static str),
    /// Signed by nobody who can be told.
    #[error("the receipt's signature is none: {0}")]
    Signature(String),
}

impl Receipt<'_> {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let Self {
            chain_id,
            diem,
            gateway,
            line,
            epoch,
            request,
            body,
            counts,
            counted_by,
            price,
            at,
            ..
        } = self;
        let mut text = format!(
            "{FORM};chain={chain_id};diem={diem:#x};gateway={gateway:#x};line={line};epoch={epoch};request={request};body={body:#x};model="
        );
        // Writing to a string does not fail.
        for byte in self.model.bytes() {
            match byte {
                b'a'..=b'z'
                | b'A'..=b'Z'
                | b'0'..=b'9'
                | b'-'
                | b'_'
                | b'.'
                | b'/'
                | b':'
                | b'@' => text.push(char::from(byte)),
                _ => _ = write!(text, "%{byte:02X}"),
            }
        }
        let Counts {
            input,
            cached,
            output,
            images,
            pixels,
        } = counts;
        let price = format_args!(
            "{}/{}/{}/{}/{}/{}",
            price.input.0,
            price.cached.0,
            price.output.0,
            price.pixel.0,
            price.image.0,
            price.request.0
        );
        _ = write!(
            text,
            ";input={input};cached={cached};output={output};images={images};pixels={pixels};price={price};counted={counted_by};cost={};at={at}",
            self.cost.0
        );
        text
    }

    /// The text with its signature behind it.
    pub fn signed(&self, signer: &PrivateKeySigner) -> Result<String, ReceiptError> {
        let mut text = self.text();
        let signature = signer
            .sign_message_sync(text.as_bytes())
            .map_err(ReceiptError::Sign)?;
        text.push_str(SIGNED);
        text.push_str(&hex::encode_prefixed(signature.as_bytes()));
        Ok(text)
    }
}

/// Who signed a receipt.
pub fn signer_of(receipt: &str) -> Result<Address, ReceiptError> {
    let (text, signature) = receipt
        .rsplit_once(SIGNED)
        .ok_or(ReceiptError::Form("it has no signature"))?;
    if !text.starts_with(FORM) {
        return Err(ReceiptError::Form("it does not begin as one"));
    }
    let bytes =
        hex::decode(signature).map_err(|error| ReceiptError::Signature(error.to_string()))?;
    let signature =
        Signature::from_raw(&bytes).map_err(|error| ReceiptError::Signature(error.to_string()))?;
    signature
        .recover_address_from_msg(text.as_bytes())
        .map_err(|error| ReceiptError::Signature(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::Prices;

    #[test]
    fn a_receipt_names_its_signer_and_no_changed_one_does() {
        let signer = PrivateKeySigner::from_slice(&[7; 32]).unwrap();
        let prices = Prices::from_toml("[models.m]\ninput = \"1\"\noutput = \"2\"").unwrap();
        let receipt = Receipt {
            chain_id: 412_346,
            diem: Address::repeat_byte(1),
            gateway: signer.address(),
            line: Line::Account(Address::repeat_byte(2)),
            epoch: 20_783,
            request: uuid::Uuid::nil(),
            body: B256::repeat_byte(3),
            model: "my;model\u{e9}",
            counts: Counts {
                input: 10,
                cached: 4,
                output: 5,
                ..Counts::default()
            },
            counted_by: "upstream",
            price: prices.of("m").unwrap(),
            cost: Usd(20_000_000_000_000),
            at: 1_795_663_792,
        };
        let signed = receipt.signed(&signer).unwrap();
        assert!(
            signed.is_ascii() && signed.contains(";model=my%3Bmodel%C3%A9;"),
            "{signed}"
        );
        assert_eq!(signer_of(&signed).unwrap(), signer.address());
        let changed = signed.replace("cost=20000000000000", "cost=10000000000000");
        assert_ne!(signed, changed);
        assert_ne!(signer_of(&changed).ok(), Some(signer.address()));
        assert!(signer_of("cost=1").is_err());
    }
}
