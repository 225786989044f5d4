//! Numbers as development tools send them: hex quantities, decimal strings, or plain numbers.

use alloy_primitives::U256;
use serde::Deserialize;

use super::param::{Param, plain, plain_params};

/// A number in any of the usual spellings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Spelling")]
pub(super) struct Quantity(U256);

#[derive(Deserialize)]
#[serde(untagged)]
enum Spelling {
    Number(u64),
    Text(String),
}

plain_params! { Quantity, }

impl TryFrom<Spelling> for Quantity {
    type Error = String;

    fn try_from(spelling: Spelling) -> Result<Self, String> {
        match spelling {
            Spelling::Number(number) => Ok(Self(U256::from(number))),
            Spelling::Text(text) => text
                .parse()
                .map(Self)
                .map_err(|_| format!("not a number: {text:.80}")),
        }
    }
}

impl Quantity {
    pub(super) fn word(self) -> U256 {
        self.0
    }

    /// The number, or the largest one where it does not fit.
    pub(super) fn saturating_u64(self) -> u64 {
        self.0.saturating_to()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_usual_spelling() {
        for text in ["255", "\"0xff\"", "\"255\"", "\"0x00ff\""] {
            let quantity: Quantity = serde_json::from_str(text).expect("a number");
            assert_eq!(quantity.word(), U256::from(255), "{text}");
        }
        for text in ["-1", "1.5", "\"ff\"", "\"0xzz\"", "[]", "true"] {
            assert!(serde_json::from_str::<Quantity>(text).is_err(), "{text}");
        }
    }
}
