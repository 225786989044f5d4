//! Gateways: who is registered, who is revoked, and who serves lines that never chose.

use super::{Choice, Model, Outcome, refuse};
use crate::abi::IDiem::*;
use alloy_primitives::{Address, U256};
use std::collections::BTreeMap;

/// Epochs until a new default counts.
const DEFAULT_DELAY: u64 = 2;
/// How many can ever be registered.
pub const MOST_GATEWAYS: u64 = (1 << 24) - 2;

/// What the owner and the guardian set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gateways {
    /// Everybody who was ever registered, and whether it may settle.
    pub allowed: BTreeMap<Address, bool>,
    /// Every default that was set and not replaced before it counted, with its first epoch, oldest first.
    pub defaults: Vec<(u64, Address)>,
}

impl Gateways {
    /// Whether an account may settle the lines that are its own.
    pub fn allows(&self, account: Address) -> bool {
        self.allowed.get(&account) == Some(&true)
    }

    /// The default gateway of an epoch; zero for none.
    pub fn default_in(&self, epoch: u64) -> Address {
        let counting = self.defaults.iter().rev().find(|(from, _)| *from <= epoch);
        counting.map_or(Address::ZERO, |(_, gateway)| *gateway)
    }

    /// Sets the default from the next epoch but one on; a change that waits is replaced.
    pub fn set_default(&mut self, today: u64, gateway: Address) -> u64 {
        let from = today + DEFAULT_DELAY;
        self.defaults.retain(|(from, _)| *from <= today);
        self.defaults.push((from, gateway));
        from
    }

    /// The gateway behind a choice in an epoch; zero for nobody.
    pub fn behind(&self, choice: Choice, epoch: u64) -> Address {
        match choice {
            Choice::Never => self.default_in(epoch),
            Choice::Nobody => Address::ZERO,
            Choice::Gateway(gateway) => gateway,
        }
    }
}

impl Model {
    /// What naming `gateway` means; zero is nobody.
    pub(super) fn choice(&self, gateway: Address) -> Outcome<Choice> {
        if gateway.is_zero() {
            return Ok(Choice::Nobody);
        }
        if !self.gateways.allows(gateway) {
            return refuse(&UnknownGateway { gateway });
        }
        Ok(Choice::Gateway(gateway))
    }

    pub(super) fn set_gateway(
        &mut self,
        caller: Address,
        gateway: Address,
        allowed: bool,
    ) -> Outcome {
        self.diem_owner.require(caller)?;
        if gateway.is_zero() {
            return refuse(&ZeroAddress {});
        }
        let registered = self.gateways.allowed.len() as u64;
        if allowed || self.gateways.allowed.contains_key(&gateway) {
            if !self.gateways.allowed.contains_key(&gateway) && registered == MOST_GATEWAYS {
                let maximum = U256::from(MOST_GATEWAYS);
                return refuse(&TooManyGateways { maximum });
            }
            self.gateways.allowed.insert(gateway, allowed);
        }
        self.log_diem(&GatewaySet { gateway, allowed });
        Ok(())
    }

    pub(super) fn revoke_gateway(&mut self, caller: Address, gateway: Address) -> Outcome {
        self.require_guardian(caller)?;
        let Some(allowed) = self.gateways.allowed.get_mut(&gateway) else {
            return refuse(&UnknownGateway { gateway });
        };
        *allowed = false;
        self.log_diem(&GatewaySet {
            gateway,
            allowed: false,
        });
        Ok(())
    }

    pub(super) fn set_default_gateway(&mut self, caller: Address, gateway: Address) -> Outcome {
        self.diem_owner.require(caller)?;
        self.choice(gateway)?;
        let from = self.gateways.set_default(self.epoch(), gateway);
        self.log_diem(&DefaultGatewaySet {
            gateway,
            fromEpoch: U256::from(from),
        });
        Ok(())
    }
}
