//! Blocks as clients name them: a height, a tag, a hash, or an object with one of them (EIP-1898).

use alloy_eips::{BlockNumberOrTag, RpcBlockHash};
use alloy_primitives::B256;
use serde::Deserialize;

use super::{
    Param, plain,
    shape::{Shape, kind, quantity, text},
};
use crate::chain::BlockId;

/// Digits of a hash with its prefix.
const HASH_LENGTH: usize = 66;

impl Param for BlockNumberOrTag {
    fn read(json: &str) -> Result<Self, String> {
        let Some(text) = text(json) else {
            return Err(format!(
                "cannot unmarshal {} into a block number",
                kind(json).name()
            ));
        };
        number_or_tag(&text)
    }
}

impl Param for BlockId {
    fn read(json: &str) -> Result<Self, String> {
        if let Some(text) = text(json) {
            return if text.len() == HASH_LENGTH {
                B256::read(json).map(Self::from)
            } else {
                number_or_tag(&text).map(Self::from)
            };
        }
        Fields::read(json)?.into_id()
    }
}

fn number_or_tag(text: &str) -> Result<BlockNumberOrTag, String> {
    Ok(match text {
        "latest" => BlockNumberOrTag::Latest,
        "pending" => BlockNumberOrTag::Pending,
        "earliest" => BlockNumberOrTag::Earliest,
        "safe" => BlockNumberOrTag::Safe,
        "finalized" => BlockNumberOrTag::Finalized,
        number => {
            quantity(number, 64)?;
            match u64::from_str_radix(&number[2..], 16) {
                Ok(number) if i64::try_from(number).is_ok() => BlockNumberOrTag::Number(number),
                _ => return Err("block number larger than int64".to_owned()),
            }
        }
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    block_number: Option<serde_json::Value>,
    block_hash: Option<serde_json::Value>,
    require_canonical: Option<bool>,
}

impl Fields {
    fn read(json: &str) -> Result<Self, String> {
        match kind(json) {
            super::shape::Kind::Object => plain(json),
            kind => Err(format!("cannot unmarshal {} into string", kind.name())),
        }
    }

    fn into_id(self) -> Result<BlockId, String> {
        match (self.block_number, self.block_hash) {
            (Some(_), Some(_)) => Err(
                "cannot specify both BlockHash and BlockNumber, choose one or the other".to_owned(),
            ),
            (Some(number), None) => BlockNumberOrTag::read(&number.to_string()).map(BlockId::from),
            (None, Some(hash)) => {
                let hash = hash.to_string();
                Shape::HASH.check(&hash)?;
                Ok(BlockId::Hash(RpcBlockHash {
                    block_hash: plain(&hash)?,
                    require_canonical: self.require_canonical,
                }))
            }
            (None, None) => {
                Err("invalid arguments: neither block number nor hash specified".to_owned())
            }
        }
    }
}
