//! Who owns a contract, in two steps; and the doors that no owner opens.

use super::{Model, Outcome, refuse};
use crate::abi::{IDiem, IStakedVvv};
use crate::action::{Door, Owned};
use alloy_primitives::Address;

/// An owner, and who may become it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    /// Zero when renounced.
    pub owner: Address,
    /// Zero when nobody may accept.
    pub pending: Address,
}

impl Ownership {
    /// Of a fresh contract.
    pub fn of(owner: Address) -> Self {
        let pending = Address::ZERO;
        Self { owner, pending }
    }

    pub(super) fn require(&self, caller: Address) -> Outcome {
        only(caller, self.owner)
    }
}

fn only(account: Address, allowed: Address) -> Outcome {
    if account != allowed {
        return refuse(&IDiem::OwnableUnauthorizedAccount { account });
    }
    Ok(())
}

impl Model {
    /// Who owns a contract.
    pub fn ownership(&self, of: Owned) -> Ownership {
        match of {
            Owned::SVvv => self.s_vvv_owner,
            Owned::Diem => self.diem_owner,
        }
    }

    fn ownership_mut(&mut self, of: Owned) -> &mut Ownership {
        match of {
            Owned::SVvv => &mut self.s_vvv_owner,
            Owned::Diem => &mut self.diem_owner,
        }
    }

    pub(super) fn offer_ownership(&mut self, of: Owned, caller: Address, to: Address) -> Outcome {
        let ownership = self.ownership_mut(of);
        ownership.require(caller)?;
        ownership.pending = to;
        let event = IDiem::OwnershipTransferStarted {
            previousOwner: caller,
            newOwner: to,
        };
        self.log(self.contracts.owned(of), &event);
        Ok(())
    }

    pub(super) fn accept_ownership(&mut self, of: Owned, caller: Address) -> Outcome {
        only(caller, self.ownership(of).pending)?;
        self.hand_over(of, caller);
        Ok(())
    }

    /// DIEM's pause could be lifted by nobody, so it goes, and who could set it again.
    pub(super) fn renounce_ownership(&mut self, of: Owned, caller: Address) -> Outcome {
        self.ownership(of).require(caller)?;
        self.hand_over(of, Address::ZERO);
        if of == Owned::Diem && !self.guardian.is_zero() {
            self.guardian = Address::ZERO;
            self.log_diem(&IDiem::GuardianUpdated {
                newGuardian: Address::ZERO,
            });
        }
        if of == Owned::Diem && self.paused {
            self.paused = false;
            self.log_diem(&IDiem::MintUnpaused {});
        }
        Ok(())
    }

    fn hand_over(&mut self, of: Owned, to: Address) {
        let ownership = self.ownership_mut(of);
        let previous = ownership.owner;
        *ownership = Ownership::of(to);
        let event = IDiem::OwnershipTransferred {
            previousOwner: previous,
            newOwner: to,
        };
        self.log(self.contracts.owned(of), &event);
    }

    /// Wiring happened before any history begins.
    pub(super) fn wire_diem(&self, caller: Address, diem: Address) -> Outcome {
        self.s_vvv_owner.require(caller)?;
        if diem.is_zero() {
            return refuse(&IStakedVvv::ZeroAddress {});
        }
        refuse(&IStakedVvv::AlreadyWired {})
    }

    /// No account is one of the contracts.
    pub(super) fn trespass(&self, door: Door) -> Outcome {
        match door {
            Door::Lock | Door::Unlock | Door::PayLockedYield => refuse(&IStakedVvv::OnlyDiem {}),
            Door::MintLocked | Door::BurnUnlocked | Door::SettleYield => {
                refuse(&IDiem::OnlyStakedVvv {})
            }
            Door::TransferSVvv | Door::TransferFromSVvv => refuse(&IStakedVvv::NonTransferable {}),
        }
    }
}
