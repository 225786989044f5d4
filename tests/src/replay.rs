//! State rebuilt from events alone, as an indexer would: no view is asked.

use crate::abi::{IDiem, IStakedVvv, IVVV};
use crate::model::{
    Account, Choice, Contracts, DAY, DIEM_COOLDOWN, Gateways, Lease, Line, Model, Ownership,
    VVV_COOLDOWN,
};
use alloy::sol_types::SolEventInterface;
use alloy_primitives::{Address, Log, U256};
use std::collections::BTreeMap;

/// What the events say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Balances, positions, stakes and credit of everybody; rewards are not in events.
    pub accounts: BTreeMap<Address, Account>,
    /// Open leases.
    pub leases: BTreeMap<U256, Lease>,
    /// Registered inference providers, revoked ones, and the defaults.
    pub gateways: Gateways,
    /// Receiver of fees.
    pub treasury: Address,
    /// May pause.
    pub guardian: Address,
    /// Owner of sVVV, and who may become it.
    pub s_vvv_owner: Ownership,
    /// The same for DIEM.
    pub diem_owner: Ownership,
    /// Whether minting is paused.
    pub paused: bool,
    /// VVV wei per second.
    pub emission_rate: U256,
    /// Fees paid to the treasury.
    pub fees_collected: U256,
}

impl Replay {
    /// Applies all logs, each with the timestamp of its block; lines are told as they are in `epoch`.
    ///
    /// # Panics
    /// When an event is not one of the interface.
    pub fn of(contracts: &Contracts, logs: &[(u64, Log)], epoch: u64) -> Self {
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
        replay.bring_to(epoch);
        replay
    }

    /// Brings all lines to an epoch, and forgets accounts of which nothing is left.
    fn bring_to(&mut self, epoch: u64) {
        let line = Line::default().in_epoch(epoch);
        let empty = Account {
            line,
            ..Account::default()
        };
        for account in self.accounts.values_mut() {
            account.line.bring_to(epoch);
        }
        self.accounts.retain(|_, account| *account != empty);
        for lease in self.leases.values_mut() {
            lease.bring_to(epoch);
        }
    }

    /// The same facts as the model knows them.
    pub fn expected(model: &Model) -> Self {
        let mut accounts = model.accounts.clone();
        for account in accounts.values_mut() {
            account.rewards = Default::default();
            account.yields = Default::default();
        }
        let mut expected = Self {
            accounts,
            leases: model.leases.clone(),
            gateways: model.gateways.clone(),
            treasury: model.treasury,
            guardian: model.guardian,
            s_vvv_owner: model.s_vvv_owner,
            diem_owner: model.diem_owner,
            paused: model.paused,
            emission_rate: model.emission_rate,
            fees_collected: model.fees_collected,
        };
        expected.bring_to(model.epoch());
        expected
    }

    /// An account's line on the day of `timestamp`.
    fn line(&mut self, address: Address, timestamp: u64) -> &mut Line {
        let line = &mut self.entry(address).line;
        line.bring_to(timestamp / DAY);
        line
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
            OwnershipTransferStarted(e) => self.s_vvv_owner.pending = e.newOwner,
            OwnershipTransferred(e) => self.s_vvv_owner = Ownership::of(e.newOwner),
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
            Staked(e) => self.line(e.user, timestamp).add(e.amount),
            UnstakeInitiated(e) => {
                self.line(e.user, timestamp).tomorrow.allowance -= e.amount;
                let account = self.entry(e.user);
                account.bucket += e.amount;
                account.bucket_end = timestamp + DIEM_COOLDOWN;
            }
            Unstaked(e) => {
                let account = self.entry(e.user);
                account.bucket = U256::ZERO;
                account.bucket_end = 0;
            }
            GatewaySet(e) if e.allowed => {
                self.gateways.allowed.insert(e.gateway, true);
            }
            GatewaySet(e) => {
                self.gateways
                    .allowed
                    .entry(e.gateway)
                    .and_modify(|allowed| *allowed = false);
            }
            DefaultGatewaySet(e) => {
                let from = self.gateways.set_default(timestamp / DAY, e.gateway);
                assert_eq!(e.fromEpoch, U256::from(from), "when a default counts");
            }
            TreasuryUpdated(e) => self.treasury = e.newTreasury,
            GuardianUpdated(e) => self.guardian = e.newGuardian,
            MintPaused(_) => self.paused = true,
            MintUnpaused(_) => self.paused = false,
            OwnershipTransferStarted(e) => self.diem_owner.pending = e.newOwner,
            OwnershipTransferred(e) => self.diem_owner = Ownership::of(e.newOwner),
            other => self.lines(timestamp, other),
        }
    }

    fn lines(&mut self, timestamp: u64, event: IDiem::IDiemEvents) {
        use IDiem::IDiemEvents::*;
        match event {
            GatewayChosen(e) => chosen(self.line(e.account, timestamp), e.gateway, e.fromEpoch),
            CreditsSettled(e) => {
                let line = self.line(e.account, timestamp);
                assert_eq!(U256::from(line.epoch), e.epoch, "the day of a statement");
                line.used = e.used;
            }
            LeaseOpened(e) => {
                self.line(e.lessor, timestamp).tomorrow.allowance -= e.amount;
                self.entry(e.lessor).leased += e.amount;
                let term = (e.startEpoch.to(), e.endEpoch.to());
                let lease = Lease::opened(e.lessor, e.lessee, e.amount, term);
                self.leases.insert(e.id, lease);
            }
            LeaseTransferred(e) => self.lease(e.id, timestamp).lessee = e.to,
            LeaseGatewayChosen(e) => {
                let line = &mut self.lease(e.id, timestamp).line;
                chosen(line, e.gateway, e.fromEpoch);
            }
            LeaseSettled(e) => {
                let line = &mut self.lease(e.id, timestamp).line;
                assert_eq!(U256::from(line.epoch), e.epoch, "the day of a statement");
                line.used = e.used;
            }
            LeaseClosed(e) => {
                self.leases.remove(&e.id);
                self.entry(e.lessor).leased -= e.amount;
                self.line(e.lessor, timestamp).add(e.amount);
            }
            _ => {}
        }
    }

    fn lease(&mut self, id: U256, timestamp: u64) -> &mut Lease {
        let lease = self
            .leases
            .get_mut(&id)
            .expect("a lease is opened before anything else happens to it");
        lease.bring_to(timestamp / DAY);
        lease
    }
}

/// A choice, as its event tells it.
fn chosen(line: &mut Line, gateway: Address, from: U256) {
    let choice = if gateway.is_zero() {
        Choice::Nobody
    } else {
        Choice::Gateway(gateway)
    };
    line.tomorrow.gateway = choice;
    if from == U256::from(line.epoch) {
        line.today.gateway = choice;
    }
}
