//! What can happen to a chain, in memory and on disk.

use std::sync::Arc;

use alloy_rlp::{BufMut, Decodable, Encodable};
use arbos::StateDiff;

use super::Block;
use crate::state::{decode_diff, encode_diff};

/// The first block and the state it starts from.
#[derive(Clone, Debug)]
pub struct Genesis {
    /// Block 0.
    pub block: Arc<Block>,
    /// From nothing to the first state.
    pub diff: StateDiff,
}

/// One move of the chain.
#[derive(Clone, Debug)]
pub enum Event {
    /// A block was made.
    Block {
        /// The block.
        block: Arc<Block>,
        /// What its transactions changed.
        diff: StateDiff,
        /// `diff` as bytes; the block's state root was made from them.
        encoded: Vec<u8>,
    },
    /// A developer changed the state by hand.
    Edit {
        /// What changed.
        diff: StateDiff,
        /// `diff` as bytes.
        encoded: Vec<u8>,
    },
    /// A snapshot was taken; ids count up from 1.
    Snapshot,
    /// The chain went back to a snapshot, which is thereby used up.
    Revert {
        /// Which snapshot.
        id: u64,
    },
    /// The chain went back to its genesis; all snapshots are used up.
    Reset,
}

const BLOCK: u8 = 1;
const EDIT: u8 = 2;
const SNAPSHOT: u8 = 3;
const REVERT: u8 = 4;
const RESET: u8 = 5;

impl Event {
    /// An edit, encoded on the way.
    pub fn edit(diff: StateDiff) -> Self {
        Self::Edit {
            encoded: encode_diff(&diff),
            diff,
        }
    }

    /// Appends the event as bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Block { block, encoded, .. } => {
                out.put_u8(BLOCK);
                block.encode(out);
                out.put_slice(encoded);
            }
            Self::Edit { encoded, .. } => {
                out.put_u8(EDIT);
                out.put_slice(encoded);
            }
            Self::Snapshot => out.put_u8(SNAPSHOT),
            Self::Revert { id } => {
                out.put_u8(REVERT);
                id.encode(out);
            }
            Self::Reset => out.put_u8(RESET),
        }
    }

    /// The event that [`Event::write`] wrote.
    pub fn read(mut bytes: &[u8]) -> alloy_rlp::Result<Self> {
        let Some((kind, rest)) = bytes.split_first() else {
            return Err(alloy_rlp::Error::InputTooShort);
        };
        bytes = rest;
        match *kind {
            BLOCK => {
                let block = Arc::new(Block::decode(&mut bytes)?);
                let encoded = bytes.to_vec();
                Ok(Self::Block {
                    block,
                    diff: decode_diff(&mut bytes)?,
                    encoded,
                })
            }
            EDIT => {
                let encoded = bytes.to_vec();
                Ok(Self::Edit {
                    diff: decode_diff(&mut bytes)?,
                    encoded,
                })
            }
            SNAPSHOT => Ok(Self::Snapshot),
            REVERT => Ok(Self::Revert {
                id: Decodable::decode(&mut bytes)?,
            }),
            RESET => Ok(Self::Reset),
            _ => Err(alloy_rlp::Error::Custom("unknown event")),
        }
    }
}

impl Genesis {
    /// Appends the genesis as bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        self.block.encode(out);
        out.put_slice(&encode_diff(&self.diff));
    }

    /// The genesis that [`Genesis::write`] wrote.
    pub fn read(mut bytes: &[u8]) -> alloy_rlp::Result<Self> {
        let block = Arc::new(Block::decode(&mut bytes)?);
        Ok(Self {
            block,
            diff: decode_diff(&mut bytes)?,
        })
    }
}
