//! The accumulator of messages to the parent chain.

use alloy_primitives::{B256, keccak256};

use super::storage::{Cell, Space, Storage};
use crate::gas_price::keccak_gas;

/// An inner node that an append completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MerkleNode {
    /// Height above the leaves.
    pub level: u64,
    /// Index of the leaf whose append completed it.
    pub leaf: u64,
    /// Hash of the subtree.
    pub hash: B256,
}

/// Number of leaves at key 0, the root of each complete subtree of 2^level leaves at key 2 + level.
#[derive(Clone, Copy, Debug)]
pub struct MerkleAccumulator(pub Space);

impl MerkleAccumulator {
    /// Number of leaves.
    pub fn size(self) -> Cell<u64> {
        self.0.cell(0)
    }

    /// Appends a leaf and returns the nodes it completed, lowest first.
    pub fn append<S: Storage>(
        self,
        storage: &mut S,
        item: B256,
    ) -> Result<Vec<MerkleNode>, S::Error> {
        let leaf = self.size().get(storage)?;
        self.size().set(storage, leaf + 1)?;
        let mut completed = Vec::new();
        let mut hash = keccak256(item);
        let mut level = 0;
        loop {
            let partial = self.partial(level);
            let left = if level == levels(leaf) {
                B256::ZERO
            } else {
                partial.get(storage)?
            };
            if left.is_zero() {
                partial.set(storage, hash)?;
                return Ok(completed);
            }
            storage.burn(keccak_gas(64))?;
            hash = join(left, hash);
            partial.set(storage, B256::ZERO)?;
            level += 1;
            completed.push(MerkleNode { level, leaf, hash });
        }
    }

    /// Roots of the complete subtrees by level, zero where there is none.
    pub fn partials<S: Storage>(self, storage: &mut S) -> Result<Vec<B256>, S::Error> {
        let size = self.size().get(storage)?;
        (0..levels(size))
            .map(|level| self.partial(level).get(storage))
            .collect()
    }

    /// Root over all leaves, missing ones taken as zero; zero when there are none.
    pub fn root<S: Storage>(self, storage: &mut S) -> Result<B256, S::Error> {
        let partials = self.partials(storage)?;
        let mut root: Option<(B256, u64)> = None;
        for (level, partial) in (0u64..).zip(partials) {
            if partial.is_zero() {
                continue;
            }
            let Some((mut right, mut height)) = root else {
                root = Some((partial, level));
                continue;
            };
            while height < level {
                storage.burn(keccak_gas(64))?;
                right = join(right, B256::ZERO);
                height += 1;
            }
            storage.burn(keccak_gas(64))?;
            root = Some((join(partial, right), level + 1));
        }
        Ok(root.map(|(hash, _)| hash).unwrap_or_default())
    }

    fn partial(self, level: u64) -> Cell<B256> {
        self.0.cell(2 + level)
    }
}

/// Levels in use with `size` leaves: the bit length of `size`.
fn levels(size: u64) -> u64 {
    u64::from(u64::BITS - size.leading_zeros())
}

fn join(left: B256, right: B256) -> B256 {
    keccak256([left.as_slice(), right.as_slice()].concat())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::state::storage::{Free, sure};

    #[test]
    fn the_root_equals_that_of_the_whole_tree() {
        let mut words = BTreeMap::new();
        let mut storage = Free(&mut words);
        let tree = MerkleAccumulator(Space::ROOT.region(&[5]));
        assert_eq!(sure(tree.root(&mut storage)), B256::ZERO);
        let mut leaves = Vec::new();
        for index in 0u8..9 {
            let item = B256::repeat_byte(index + 1);
            leaves.push(keccak256(item));
            let nodes = sure(tree.append(&mut storage, item));
            assert_eq!(nodes.len() as u32, (index + 1).trailing_zeros());
            assert_eq!(sure(tree.root(&mut storage)), whole_root(&leaves));
        }
    }

    fn whole_root(leaves: &[B256]) -> B256 {
        let mut row = leaves.to_vec();
        let mut empty = B256::ZERO;
        while row.len() > 1 {
            if row.len() % 2 == 1 {
                row.push(empty);
            }
            row = row.chunks(2).map(|pair| join(pair[0], pair[1])).collect();
            empty = B256::ZERO;
        }
        row[0]
    }
}
