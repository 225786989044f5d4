//! A two-step, renounceable owner, with OpenZeppelin's errors and events.

use crate::error::Result;
use crate::store::Store;
use crate::word::{ToWord, address};
use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;

sol! {
    /// The ownership part of a contract's interface.
    interface IOwnable {
        #[allow(missing_docs)]
        event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner);
        #[allow(missing_docs)]
        event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);
        #[allow(missing_docs)]
        error OwnableUnauthorizedAccount(address account);
        #[allow(missing_docs)]
        error OwnableInvalidOwner(address owner);
    }
}

/// Where the owner stands; the pending owner stands in the slot after it.
#[derive(Clone, Copy, Debug)]
pub struct Owner(pub u64);

impl Owner {
    const PENDING: u64 = 1;

    /// Sets the first owner, not zero.
    pub fn construct(self, store: &mut Store, owner: Address) -> Result<()> {
        if owner.is_zero() {
            return Err(crate::refuse!(IOwnable::OwnableInvalidOwner, owner));
        }
        self.hand_over(store, owner);
        Ok(())
    }

    /// The owner; zero when renounced.
    #[must_use]
    pub fn get(self, store: &Store) -> Address {
        address(store.get(self.0))
    }

    /// Who may accept the ownership.
    #[must_use]
    pub fn pending(self, store: &Store) -> Address {
        address(store.get(self.0 + Self::PENDING))
    }

    /// Refuses everybody but the owner.
    pub fn check(self, store: &Store) -> Result<()> {
        only(store, self.get(store))
    }

    /// Offers the ownership.
    pub fn offer(self, store: &mut Store, to: Address) -> Result<()> {
        self.check(store)?;
        store.set(self.0 + Self::PENDING, to.to_word());
        let from = self.get(store);
        crate::event!(
            store.vm(),
            IOwnable::OwnershipTransferStarted,
            [from, to],
            []
        );
        Ok(())
    }

    /// Takes the offered ownership.
    pub fn accept(self, store: &mut Store) -> Result<()> {
        let pending = self.pending(store);
        only(store, pending)?;
        self.hand_over(store, pending);
        Ok(())
    }

    /// Leaves the contract without an owner.
    pub fn renounce(self, store: &mut Store) -> Result<()> {
        self.check(store)?;
        self.hand_over(store, Address::ZERO);
        Ok(())
    }

    fn hand_over(self, store: &mut Store, to: Address) {
        let from = self.get(store);
        store.set(self.0, to.to_word());
        store.set(self.0 + Self::PENDING, U256::ZERO);
        crate::event!(store.vm(), IOwnable::OwnershipTransferred, [from, to], []);
    }
}

fn only(store: &Store, allowed: Address) -> Result<()> {
    let account = store.caller();
    // Nobody calls from the zero address except in a simulation.
    if account.is_zero() || account != allowed {
        return Err(crate::refuse!(
            IOwnable::OwnableUnauthorizedAccount,
            account
        ));
    }
    Ok(())
}
