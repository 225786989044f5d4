//! What the executor reads from.

use alloy_primitives::{Address, B256, U256};
use arbos::{
    Account, Code,
    state::{ArbosState, STATE_ADDRESS, StateAccess},
};

use super::State;

/// Hashes of the last blocks, newest last.
#[derive(Clone, Debug, Default)]
pub struct BlockHashes {
    /// Number of the block that the next pushed hash belongs to.
    next: u64,
    hashes: imbl::Vector<B256>,
}

impl BlockHashes {
    /// How far back a contract can see.
    pub const DEPTH: usize = 256;

    /// Appends the hash of block `number`, which must follow the last one.
    pub fn push(&mut self, number: u64, hash: B256) {
        if self.hashes.len() == Self::DEPTH {
            self.hashes.pop_front();
        }
        self.hashes.push_back(hash);
        self.next = number + 1;
    }

    /// Hash of block `number` if it is among the remembered ones.
    pub fn get(&self, number: u64) -> Option<B256> {
        let back = usize::try_from(self.next.checked_sub(number)?).ok()?;
        self.hashes
            .get(self.hashes.len().checked_sub(back)?)
            .copied()
    }
}

/// A state together with the block hashes visible from it: everything execution reads.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The accounts.
    pub state: State,
    /// The recent block hashes.
    pub hashes: BlockHashes,
}

impl arbos::State for View {
    fn account(&self, address: Address) -> Option<Account> {
        self.state.account(&address).map(|account| account.info)
    }

    fn code(&self, hash: B256) -> Code {
        self.state.code_by_hash(&hash).cloned().unwrap_or_default()
    }

    fn storage(&self, address: Address, slot: U256) -> U256 {
        self.state.slot(&address, &slot)
    }

    fn block_hash(&self, number: u64) -> B256 {
        self.hashes.get(number).unwrap_or_default()
    }
}

/// Looks something up in the ArbOS state of a view.
pub fn arbos_state<T>(view: &View, look: impl FnOnce(ArbosState, &mut dyn StateAccess) -> T) -> T {
    let mut words = ReadOnly(view);
    let arbos = ArbosState::open_current(&mut words);
    look(arbos, &mut words)
}

struct ReadOnly<'v>(&'v View);

impl StateAccess for ReadOnly<'_> {
    fn read(&mut self, slot: U256) -> U256 {
        self.0.state.slot(&STATE_ADDRESS, &slot)
    }

    /// Looking never writes, so there is nothing to keep.
    fn write(&mut self, _: U256, _: U256) {}
}
