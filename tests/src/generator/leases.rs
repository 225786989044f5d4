//! Steps of leases: open, hand on, choose for, settle, close.

use super::{Generator, Kind, Step, fails, ok, small};
use crate::action::Action::*;
use crate::actors::Who;
use crate::model::{MAX_LEASE_EPOCHS, Model};
use alloy_primitives::U256;

pub(super) const KINDS: &[Kind] = &[
    (9, Generator::lease),
    (4, Generator::transfer_lease),
    (8, Generator::choose_lease_gateway),
    (12, Generator::settle_leases),
    (8, Generator::close_lease),
];

impl Generator {
    fn lease(&mut self, model: &Model) -> Option<Step> {
        let (who, lessee) = (self.user(), self.user());
        let available = small(model.line(who.address()).tomorrow.allowance);
        let epochs = match self.random.below(8) {
            0 => MAX_LEASE_EPOCHS,
            1..=3 => 1,
            _ => 1 + self.random.below(5) as u32,
        };
        let open = |amount, epochs| Lease {
            who,
            lessee,
            amount,
            epochs,
        };
        if self.mischief() {
            return Some(match self.random.below(4) {
                0 => fails(open(0, epochs), "ZeroAmount"),
                1 => fails(open(available + 1, epochs), "InsufficientStake"),
                2 => fails(open(available.max(1), 0), "InvalidLeaseTerm"),
                _ => fails(
                    open(available.max(1), MAX_LEASE_EPOCHS + 1),
                    "InvalidLeaseTerm",
                ),
            });
        }
        let most = if self.random.one_in(6) {
            available
        } else {
            available / 2
        };
        let amount = self.random.amount(most);
        (amount > 0).then(|| ok(open(amount, epochs)))
    }

    fn transfer_lease(&mut self, model: &Model) -> Option<Step> {
        let id = self.some_lease(model)?;
        let lessee = Who::of(model.leases[&U256::from(id)].lessee)?;
        let to = self.user();
        if self.mischief() {
            let who = self.user();
            return (who != lessee).then(|| fails(TransferLease { who, id, to }, "OnlyLessee"));
        }
        Some(ok(TransferLease {
            who: lessee,
            id,
            to,
        }))
    }

    fn choose_lease_gateway(&mut self, model: &Model) -> Option<Step> {
        let Some(id) = self.some_lease(model) else {
            let (who, id) = (self.user(), small(model.next_lease) as u64);
            let gateway = None;
            return self
                .mischief()
                .then(|| fails(ChooseLeaseGateway { who, id, gateway }, "UnknownLease"));
        };
        let lease = &model.leases[&U256::from(id)];
        let who = Who::of(lease.lessee)?;
        let gateway = self.some_choice(&lease.line_in(model.epoch()));
        if self.mischief() {
            let other = self.user();
            let choose = ChooseLeaseGateway {
                who: other,
                id,
                gateway,
            };
            return (other != who).then(|| fails(choose, "OnlyLessee"));
        }
        let choose = ChooseLeaseGateway { who, id, gateway };
        Some(Self::named_well(model, gateway, choose))
    }

    fn settle_leases(&mut self, model: &Model) -> Option<Step> {
        let epoch = model.epoch();
        let chosen = self.some_lease(model);
        let line = |id: u64| model.leases[&U256::from(id)].line_in(epoch);
        let its_gateway = chosen.and_then(|id| Self::its_gateway(model, &line(id)));
        let say = |who, epoch, ids, used| SettleLeases {
            who,
            epoch,
            ids,
            used,
        };
        if let Some(who) = its_gateway.filter(|who| !model.gateways.allows(who.address())) {
            return Some(fails(say(who, epoch, vec![0], vec![]), "OnlyGateway"));
        }
        let who = its_gateway.or_else(|| self.allowed_gateway(model))?;
        if !model.gateways.allows(who.address()) {
            return None;
        }
        let (mut ids, mut used) = (Vec::new(), Vec::new());
        for id in model.leases.keys().map(U256::saturating_to::<u64>) {
            let today = line(id);
            let own = Self::its_gateway(model, &today) == Some(who);
            if own && !today.today.allowance.is_zero() && self.random.one_in(2) {
                ids.push(id);
                used.push(self.total(&today));
            }
        }
        if self.mischief() {
            let id = chosen.unwrap_or_default();
            let unknown = small(model.next_lease) as u64;
            return Some(match self.random.below(5) {
                0 => fails(say(self.user(), epoch, ids, used), "OnlyGateway"),
                1 => fails(say(who, epoch - 1, ids, used), "WrongEpoch"),
                2 => {
                    used.push(0);
                    fails(say(who, epoch, ids, used), "LengthMismatch")
                }
                3 => {
                    ids.push(unknown);
                    used.push(0);
                    fails(say(who, epoch, ids, used), "UnknownLease")
                }
                _ if chosen.is_none() => return None,
                _ => {
                    ids.push(id);
                    used.push(small(line(id).today.allowance) + 1);
                    let name = if its_gateway == Some(who) {
                        "InsufficientLeaseCredits"
                    } else {
                        "NotItsLeaseGateway"
                    };
                    fails(say(who, epoch, ids, used), name)
                }
            });
        }
        let statement = say(who, epoch, ids, used);
        self.remember(model, &statement);
        Some(ok(statement))
    }

    fn close_lease(&mut self, model: &Model) -> Option<Step> {
        let who = self.user();
        let Some(id) = self.some_lease(model) else {
            return self
                .mischief()
                .then(|| fails(CloseLease { who, id: 0 }, "UnknownLease"));
        };
        if model.epoch() < model.leases[&U256::from(id)].end {
            return self
                .mischief()
                .then(|| fails(CloseLease { who, id }, "LeaseNotOver"));
        }
        Some(ok(CloseLease { who, id }))
    }
}
