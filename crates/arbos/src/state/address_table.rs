//! A numbered list of addresses that calldata may refer to by index.

use alloy_primitives::{Address, U256};

use super::storage::{Cell, Space, Storage, Word};

/// Number of addresses at key 0, each address at its index + 1, and an unnamed sub-space mapping
/// each address to that key.
#[derive(Clone, Copy, Debug)]
pub struct AddressTable(pub Space);

impl AddressTable {
    /// Number of addresses.
    pub fn size(self) -> Cell<u64> {
        self.0.cell(0)
    }

    /// Index of `address`; `None` when it is not in the table. One read.
    pub fn lookup<S: Storage>(
        self,
        storage: &mut S,
        address: Address,
    ) -> Result<Option<u64>, S::Error> {
        let key = u64::from_word(self.key_of(address).get(storage)?);
        Ok(key.checked_sub(1))
    }

    /// Address at `index`; `None` past the end. One read, two within the table.
    pub fn at<S: Storage>(self, storage: &mut S, index: u64) -> Result<Option<Address>, S::Error> {
        if index >= self.size().get(storage)? {
            return Ok(None);
        }
        self.0.cell(index + 1).get(storage).map(Some)
    }

    /// Index of `address`, which is added if it is not there.
    pub fn register<S: Storage>(self, storage: &mut S, address: Address) -> Result<u64, S::Error> {
        if let Some(index) = self.lookup(storage, address)? {
            return Ok(index);
        }
        let index = self.size().get(storage)?;
        self.size().set(storage, index + 1)?;
        self.0.cell(index + 1).set(storage, address)?;
        self.key_of(address).set(storage, U256::from(index + 1))?;
        Ok(index)
    }

    fn key_of(self, address: Address) -> Cell<U256> {
        self.0.region(&[]).cell_at(Address::into_word(&address))
    }
}
