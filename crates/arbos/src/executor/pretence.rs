//! What a call pretends besides the block's figures and the state.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, map::AddressMap};

/// Things that are otherwise than on the chain, for one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pretence {
    /// What `DIFFICULTY` and `PREVRANDAO` return.
    pub prevrandao: Option<B256>,
    /// Hashes of blocks, by number.
    pub block_hashes: BTreeMap<u64, B256>,
    /// A call that pays nothing sees the block's base fee nevertheless.
    pub keeps_base_fee: bool,
    /// Precompiles that are not where they belong, and where they are instead. One of ArbOS works
    /// nowhere else: there its calls revert.
    pub precompiles: AddressMap<Option<Address>>,
}

impl Pretence {
    /// The precompile that is at `address` by pretence: `Some(None)` where one is gone.
    pub(crate) fn precompile_at(&self, address: Address) -> Option<Option<Address>> {
        let moved = self
            .precompiles
            .iter()
            .find(|(_, to)| **to == Some(address));
        match moved {
            Some((original, _)) => Some(Some(*original)),
            None => self.precompiles.contains_key(&address).then_some(None),
        }
    }
}
