//! A set of addresses that can be listed.

use alloy_primitives::{Address, B256, U256};

use super::storage::{Cell, Space, Storage, Word};

/// Size at key 0, members at keys 1…size in insertion order, and sub-space 0 mapping each member
/// to its key.
#[derive(Clone, Copy, Debug)]
pub struct AddressSet(pub Space);

impl AddressSet {
    /// ArbOS version from which removal keeps the moved member's place right.
    const FIXED_REMOVAL: u64 = 11;
    /// More members than this are never listed.
    const LIST_LIMIT: u64 = 65_536;

    /// Whether `address` is a member. One read.
    pub fn contains<S: Storage>(self, storage: &mut S, address: Address) -> Result<bool, S::Error> {
        self.place(address)
            .get(storage)
            .map(|place| !place.is_zero())
    }

    /// Whether there are no members. One read.
    pub fn is_empty<S: Storage>(self, storage: &mut S) -> Result<bool, S::Error> {
        self.size().get(storage).map(|size| size == 0)
    }

    /// Members in order: one read for the size and one for each.
    pub fn members<S: Storage>(self, storage: &mut S) -> Result<Vec<Address>, S::Error> {
        let size = self.size().get(storage)?.min(Self::LIST_LIMIT);
        (1..=size)
            .map(|index| self.0.cell(index).get(storage))
            .collect()
    }

    /// Adds `address`; nothing happens if it is there already.
    pub fn add<S: Storage>(self, storage: &mut S, address: Address) -> Result<(), S::Error> {
        if self.contains(storage, address)? {
            return Ok(());
        }
        let place = self.size().get(storage)? + 1;
        self.place(address).set(storage, U256::from(place))?;
        self.0.cell(place).set(storage, address)?;
        let size = self.size().get(storage)?;
        self.size().set(storage, size + 1)
    }

    /// Removes `address`, moving the last member into its place; nothing happens if it is not there.
    pub fn remove<S: Storage>(
        self,
        storage: &mut S,
        address: Address,
        arbos_version: u64,
    ) -> Result<(), S::Error> {
        let place = u64::from_word(self.place(address).get(storage)?);
        if place == 0 {
            return Ok(());
        }
        self.place(address).set(storage, U256::ZERO)?;
        let size = self.size().get(storage)?;
        if place < size {
            let last: B256 = self.0.cell(size).get(storage)?;
            self.0.cell(place).set(storage, last)?;
            if arbos_version >= Self::FIXED_REMOVAL {
                self.places()
                    .cell_at(last)
                    .set(storage, U256::from(place))?;
            }
        }
        self.0.cell(size).set(storage, U256::ZERO)?;
        let size = self.size().get(storage)?;
        self.size().set(storage, size.saturating_sub(1))
    }

    /// Repairs the place of a member that an old removal left wrong; false when there is nothing to
    /// repair.
    pub fn rectify<S: Storage>(self, storage: &mut S, address: Address) -> Result<bool, S::Error> {
        if !self.contains(storage, address)? {
            return Ok(false);
        }
        let place: u64 = self
            .places()
            .cell_at(Address::into_word(&address))
            .get(storage)?;
        let there: Address = self.0.cell(place).get(storage)?;
        if there == address && place <= self.size().get(storage)? {
            return Ok(false);
        }
        self.place(address).set(storage, U256::ZERO)?;
        self.add(storage, address)?;
        Ok(true)
    }

    fn size(self) -> Cell<u64> {
        self.0.cell(0)
    }

    fn places(self) -> Space {
        self.0.region(&[0])
    }

    fn place(self, address: Address) -> Cell<U256> {
        self.places().cell_at(Address::into_word(&address))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::state::storage::{Free, sure};

    #[test]
    fn a_removed_member_is_replaced_by_the_last() {
        let mut words = BTreeMap::new();
        let mut storage = Free(&mut words);
        let set = AddressSet(Space::ROOT.region(&[4]));
        let [a, b, c] = [1, 2, 3].map(Address::repeat_byte);
        for member in [a, b, c, b] {
            sure(set.add(&mut storage, member));
        }
        assert_eq!(sure(set.members(&mut storage)), [a, b, c]);
        sure(set.remove(&mut storage, a, 51));
        assert_eq!(sure(set.members(&mut storage)), [c, b]);
        sure(set.remove(&mut storage, c, 51));
        assert_eq!(sure(set.members(&mut storage)), [b]);
        assert!(!sure(set.contains(&mut storage, c)));
        sure(set.remove(&mut storage, b, 51));
        assert!(words.is_empty());
    }
}
