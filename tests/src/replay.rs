//! State rebuilt from events alone, as an indexer would: no view is asked.

use crate::abi::{IDiem, IStakedVvv, IVVV};
use crate::model::{Account, Contracts, DIEM_COOLDOWN, Lease, Model, VVV_COOLDOWN};
use alloy::sol_types::SolEventInterface;
use alloy_primitives::{Address, Log, U256};
use std::collections::{BTreeMap, BTreeSet};

/// What the events say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Balances, positions, stakes and credit of everybody; rewards are not in events.
    pub accounts: BTreeMap<Address, Account>,
    /// Open leases.
    pub leases: BTreeMap<U256, Lease>,
    /// Registered inference providers.
    pub gateways: BTreeSet<Address>,
    /// Receiver of fees.
    pub treasury: Address,
    /// May pause.
    pub guardian: Address,
    /// Owner of DIEM.
    pub owner: Address,
    /// Whether minting is paused.
    pub paused: bool,
    /// VVV wei per second.
    pub emission_rate: U256,
    /// Fees paid to the treasury.
    pub fees_collected: U256,
}

impl Replay {
    /// Applies all logs, each with the timestamp of its block.
    ///
    /// # Panics
    /// When an event is not one of the interface.
    pub fn of(contracts: &Contracts, logs: &[(u64, Log)]) -> Self {
        let mut replay = Self::default();
        for (timestamp, log) in logs {
            if log.address == contracts.vvv {
                replay.vvv(
                    IVVV::IVVVEvents::decode_log(log)
                        .expect("VVV's events")
                        .data,
                );
            } else if log.address == contracts.s_vvv {
                let event = IStakedVvv::IStakedVvvEvents::decode_log(log)
                    .expect("sVVV's events")
                    .data;
                replay.s_vvv(*timestamp, event);
            } else {
                let event = IDiem::IDiemEvents::decode_log(log)
                    .expect("DIEM's events")
                    .data;
                replay.diem(*timestamp, event);
            }
        }
        replay
            .accounts
            .retain(|_, account| *account != Account::default());
        replay
    }

    /// The same facts as the model knows them.
    pub fn expected(model: &Model) -> Self {
        let mut accounts = model.accounts.clone();
        for account in accounts.values_mut() {
            account.rewards = Default::default();
            account.yields = Default::default();
        }
        accounts.retain(|_, account| *account != Account::default());
        Self {
            accounts,
            leases: model.leases.clone(),
            gateways: model.gateways.clone(),
            treasury: model.treasury,
            guardian: model.guardian,
            owner: model.owner,
            paused: model.paused,
            emission_rate: model.emission_rate,
            fees_collected: model.fees_collected,
        }
    }

    fn entry(&mut self, address: Address) -> &mut Account {
        self.accounts.entry(address).or_default()
    }

    fn vvv(&mut self, event: IVVV::IVVVEvents) {
        if let IVVV::IVVVEvents::Transfer(e) = event {
            if !e.from.is_zero() {
                self.entry(e.from).vvv -= e.value;
            }
            self.entry(e.to).vvv += e.value;
        }
    }

    fn s_vvv(&mut self, timestamp: u64, event: IStakedVvv::IStakedVvvEvents) {
        use IStakedVvv::IStakedVvvEvents::*;
        match event {
            Transfer(e) if e.from.is_zero() => self.entry(e.to).free += e.value,
            Transfer(e) => self.entry(e.from).free -= e.value,
            UnstakeInitiated(e) => {
                let account = self.entry(e.user);
                account.cooling = e.amount;
                account.cooldown_end = timestamp + VVV_COOLDOWN;
            }
            UnstakeFinalized(e) => {
                let account = self.entry(e.user);
                account.cooling = U256::ZERO;
                account.cooldown_end = 0;
            }
            Locked(e) => {
                let account = self.entry(e.account);
                account.free -= e.amount;
                account.locked += e.amount;
            }
            Unlocked(e) => {
                let account = self.entry(e.account);
                account.locked -= e.amount;
                account.free += e.amount;
            }
            EmissionRateUpdated(e) => self.emission_rate = e.newEmissionRate,
            _ => {}
        }
    }

    fn diem(&mut self, timestamp: u64, event: IDiem::IDiemEvents) {
        use IDiem::IDiemEvents::*;
        match event {
            Transfer(e) => {
                if !e.from.is_zero() {
                    self.entry(e.from).diem -= e.value;
                }
                if !e.to.is_zero() {
                    self.entry(e.to).diem += e.value;
                }
            }
            Minted(e) => self.entry(e.account).outstanding += e.diemOut,
            Burned(e) => self.entry(e.account).outstanding -= e.diemAmount,
            FeesCollected(e) => self.fees_collected += e.amount,
            Staked(e) => self.entry(e.user).active += e.amount,
            UnstakeInitiated(e) => {
                let account = self.entry(e.user);
                account.active -= e.amount;
                account.bucket += e.amount;
                account.bucket_end = timestamp + DIEM_COOLDOWN;
            }
            Unstaked(e) => {
                let account = self.entry(e.user);
                account.bucket = U256::ZERO;
                account.bucket_end = 0;
            }
            GatewaySet(e) if e.allowed => {
                self.gateways.insert(e.gateway);
            }
            GatewaySet(e) => {
                self.gateways.remove(&e.gateway);
            }
            TreasuryUpdated(e) => self.treasury = e.newTreasury,
            GuardianUpdated(e) => self.guardian = e.newGuardian,
            MintPaused(_) => self.paused = true,
            MintUnpaused(_) => self.paused = false,
            OwnershipTransferred(e) => self.owner = e.newOwner,
            other => self.credits(other),
        }
    }

    fn credits(&mut self, event: IDiem::IDiemEvents) {
        use IDiem::IDiemEvents::*;
        match event {
            CreditsSpent(e) => {
                let (account, epoch) = (self.entry(e.account), e.epoch.to());
                account.used = account.used_in(epoch) + e.amount;
                account.used_epoch = epoch;
            }
            LeaseOpened(e) => {
                self.entry(e.lessor).leased += e.amount;
                let lease = Lease {
                    lessor: e.lessor,
                    lessee: e.lessee,
                    amount: e.amount,
                    start: e.startEpoch.to(),
                    end: e.endEpoch.to(),
                    used: U256::ZERO,
                    used_epoch: 0,
                };
                self.leases.insert(e.id, lease);
            }
            LeaseTransferred(e) => self.lease(e.id).lessee = e.to,
            LeaseSpent(e) => {
                let (lease, epoch) = (self.lease(e.id), e.epoch.to());
                lease.used = lease.used_in(epoch) + e.amount;
                lease.used_epoch = epoch;
            }
            LeaseClosed(e) => {
                self.leases.remove(&e.id);
                self.entry(e.lessor).leased -= e.amount;
            }
            _ => {}
        }
    }

    fn lease(&mut self, id: U256) -> &mut Lease {
        self.leases
            .get_mut(&id)
            .expect("a lease is opened before anything else happens to it")
    }
}
