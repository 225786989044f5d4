//! The L1 blocks ArbOS has heard of.

use alloy_primitives::B256;

use super::storage::{Cell, Space, Storage};

/// Next L1 block number at key 0, the hash of block n at key 1 + n mod 256.
#[derive(Clone, Copy, Debug)]
pub struct BlockHashes(pub Space);

impl BlockHashes {
    /// One more than the newest L1 block whose hash is known.
    pub fn next_number(self) -> Cell<u64> {
        self.0.cell(0)
    }

    /// Hash of an L1 block among the last 256, `None` outside of them.
    pub fn hash<S: Storage>(self, storage: &mut S, number: u64) -> Result<Option<B256>, S::Error> {
        let next = self.next_number().get(storage)?;
        if number >= next || number + 256 < next {
            return Ok(None);
        }
        self.0.cell(1 + number % 256).get(storage).map(Some)
    }
}
