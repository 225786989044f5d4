//! How far a transaction has to come.

use alloy::eips::BlockNumberOrTag;

/// When a transaction counts as done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Confirmation {
    /// When it is in a block.
    #[default]
    Latest,
    /// When its block is safe: posted to the parent chain.
    Safe,
    /// When its block is final: the parent chain cannot take it back.
    Finalized,
}

impl Confirmation {
    /// The block up to which all is so far; none where a receipt is enough.
    pub(super) fn tag(self) -> Option<BlockNumberOrTag> {
        match self {
            Self::Latest => None,
            Self::Safe => Some(BlockNumberOrTag::Safe),
            Self::Finalized => Some(BlockNumberOrTag::Finalized),
        }
    }
}
