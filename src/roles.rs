//! Roles: the owner sets treasury, gateways, the default gateway and the guardian; the
//! guardian may pause minting and revoke a gateway, nothing else. Nobody can mint DIEM, move
//! tokens, change fee, curve or cooldowns, or upgrade anything.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;
use crate::storage::{GUARDIAN, OWNER, PAUSED_BIT, STAKED_VVV, TREASURY};
use alloy_primitives::Address;
use contract_kit::event;
use contract_kit::word::{ToWord, address};

impl Diem {
    pub(crate) fn set_treasury(&mut self, treasury: Address) -> Result<()> {
        OWNER.check(&self.store)?;
        self.write_treasury(treasury)
    }

    pub(crate) fn write_treasury(&mut self, treasury: Address) -> Result<()> {
        if treasury.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        // The system's own contracts have no way to give VVV back.
        let system = [self.store.here(), self.staked_vvv(), self.venice()?];
        if system.contains(&treasury) {
            return Err(refuse!(IDiem::InvalidTreasury, treasury));
        }
        self.store.set(TREASURY, treasury.to_word());
        event!(self.store.vm(), IDiem::TreasuryUpdated, [], [treasury]);
        Ok(())
    }

    pub(crate) fn set_guardian(&mut self, guardian: Address) -> Result<()> {
        OWNER.check(&self.store)?;
        self.write_guardian(guardian);
        Ok(())
    }

    fn write_guardian(&mut self, guardian: Address) {
        self.store.set(GUARDIAN, guardian.to_word());
        event!(self.store.vm(), IDiem::GuardianUpdated, [], [guardian]);
    }

    pub(crate) fn only_guardian(&self) -> Result<()> {
        let caller = self.store.caller();
        // Nobody calls from the zero address except in a simulation.
        if caller.is_zero() || caller != self.guardian() {
            return Err(refuse!(IDiem::OnlyGuardian));
        }
        Ok(())
    }

    pub(crate) fn pause_mint(&mut self) -> Result<()> {
        self.only_guardian()?;
        self.write_paused(true);
        event!(self.store.vm(), IDiem::MintPaused, [], []);
        Ok(())
    }

    pub(crate) fn unpause_mint(&mut self) -> Result<()> {
        OWNER.check(&self.store)?;
        self.unpause();
        Ok(())
    }

    fn unpause(&mut self) {
        self.write_paused(false);
        event!(self.store.vm(), IDiem::MintUnpaused, [], []);
    }

    fn write_paused(&mut self, paused: bool) {
        let mut word = self.store.get(STAKED_VVV);
        word.set_bit(PAUSED_BIT, paused);
        self.store.set(STAKED_VVV, word);
    }

    pub(crate) fn mint_paused(&self) -> bool {
        self.store.get(STAKED_VVV).bit(PAUSED_BIT)
    }

    pub(crate) fn treasury(&self) -> Address {
        address(self.store.get(TREASURY))
    }

    pub(crate) fn guardian(&self) -> Address {
        address(self.store.get(GUARDIAN))
    }

    pub(crate) fn owner(&self) -> Address {
        OWNER.get(&self.store)
    }

    pub(crate) fn pending_owner(&self) -> Address {
        OWNER.pending(&self.store)
    }

    pub(crate) fn transfer_ownership(&mut self, new_owner: Address) -> Result<()> {
        OWNER.offer(&mut self.store, new_owner)
    }

    pub(crate) fn accept_ownership(&mut self) -> Result<()> {
        OWNER.accept(&mut self.store)
    }

    /// A pause could be lifted by nobody, so it goes, and who could set it again.
    pub(crate) fn renounce_ownership(&mut self) -> Result<()> {
        OWNER.renounce(&mut self.store)?;
        if !self.guardian().is_zero() {
            self.write_guardian(Address::ZERO);
        }
        if self.mint_paused() {
            self.unpause();
        }
        Ok(())
    }
}
