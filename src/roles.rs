//! Roles: the owner sets treasury, gateways and guardian; the guardian may pause minting.
//! Nobody can mint DIEM, move tokens, change fee, curve or cooldowns, or upgrade anything.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;
use crate::storage::{GATEWAYS, GUARDIAN, OWNER, PAUSED_BIT, STAKED_VVV, TREASURY};
use alloy_primitives::Address;
use contract_kit::event;
use contract_kit::word::{ToWord, address};

impl Diem {
    pub(crate) fn set_gateway(&mut self, gateway: Address, allowed: bool) -> Result<()> {
        OWNER.check(&self.store)?;
        if gateway.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        let entry = self.store.entry(GATEWAYS, &gateway);
        self.store.set_at(entry, 0, allowed.to_word());
        event!(self.store.vm(), IDiem::GatewaySet, [gateway], [allowed]);
        Ok(())
    }

    pub(crate) fn is_gateway(&self, account: Address) -> bool {
        !self
            .store
            .get_at(self.store.entry(GATEWAYS, &account), 0)
            .is_zero()
    }

    pub(crate) fn set_treasury(&mut self, treasury: Address) -> Result<()> {
        OWNER.check(&self.store)?;
        self.write_treasury(treasury)
    }

    pub(crate) fn write_treasury(&mut self, treasury: Address) -> Result<()> {
        if treasury.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        self.store.set(TREASURY, treasury.to_word());
        event!(self.store.vm(), IDiem::TreasuryUpdated, [], [treasury]);
        Ok(())
    }

    pub(crate) fn set_guardian(&mut self, guardian: Address) -> Result<()> {
        OWNER.check(&self.store)?;
        self.store.set(GUARDIAN, guardian.to_word());
        event!(self.store.vm(), IDiem::GuardianUpdated, [], [guardian]);
        Ok(())
    }

    pub(crate) fn pause_mint(&mut self) -> Result<()> {
        let caller = self.store.caller();
        // Nobody calls from the zero address except in a simulation.
        if caller.is_zero() || caller != self.guardian() {
            return Err(refuse!(IDiem::OnlyGuardian));
        }
        self.write_paused(true);
        event!(self.store.vm(), IDiem::MintPaused, [], []);
        Ok(())
    }

    pub(crate) fn unpause_mint(&mut self) -> Result<()> {
        OWNER.check(&self.store)?;
        self.write_paused(false);
        event!(self.store.vm(), IDiem::MintUnpaused, [], []);
        Ok(())
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

    pub(crate) fn renounce_ownership(&mut self) -> Result<()> {
        OWNER.renounce(&mut self.store)
    }
}
