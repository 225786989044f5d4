//! Steps of the credit ledger: stake DIEM, spend, lease.

use super::{Generator, Kind, Step, fails, ok, small};
use crate::action::Action::*;
use crate::actors::Who;
use crate::model::{MAX_LEASE_EPOCHS, Model};
use alloy_primitives::U256;

pub(super) const KINDS: &[Kind] = &[
    (10, Generator::stake_diem),
    (7, Generator::initiate_unstake_diem),
    (5, Generator::unstake_diem),
    (10, Generator::spend),
    (6, Generator::spend_batch),
    (8, Generator::lease),
    (3, Generator::transfer_lease),
    (8, Generator::spend_lease),
    (8, Generator::close_lease),
    (1, Generator::set_gateway),
];

impl Generator {
    fn stake_diem(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let held = small(account.diem);
        if self.mischief() {
            return Some(match self.random.below(2) {
                0 => fails(StakeDiem { who, amount: 0 }, "ZeroAmount"),
                _ => fails(
                    StakeDiem {
                        who,
                        amount: held + 1,
                    },
                    "ERC20InsufficientBalance",
                ),
            });
        }
        let amount = self.random.amount(held);
        (amount > 0).then(|| ok(StakeDiem { who, amount }))
    }

    fn initiate_unstake_diem(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let available = small(account.active - account.leased);
        if self.mischief() {
            let amount = available + 1;
            return Some(fails(
                InitiateUnstakeDiem { who, amount },
                "InsufficientStake",
            ));
        }
        let amount = self.random.amount(available);
        (amount > 0).then(|| ok(InitiateUnstakeDiem { who, amount }))
    }

    fn unstake_diem(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        if account.bucket_end == 0 {
            return self
                .mischief()
                .then(|| fails(UnstakeDiem { who }, "NoCooldown"));
        }
        if model.now >= account.bucket_end {
            return Some(ok(UnstakeDiem { who }));
        }
        Some(match self.random.below(3) {
            0 => fails(UnstakeDiem { who }, "CooldownNotOver"),
            1 => ok(Wait {
                seconds: account.bucket_end - 1 - model.now,
            }),
            _ => ok(Wait {
                seconds: account.bucket_end - model.now,
            }),
        })
    }

    fn spend(&mut self, model: &Model) -> Option<Step> {
        let (account, entry) = self.someone(model);
        let remaining = small(entry.remaining(model.epoch()));
        let who = Who::Gateway;
        if !model.gateways.contains(&who.address()) {
            return Some(fails(
                Spend {
                    who,
                    account,
                    amount: 1,
                },
                "OnlyGateway",
            ));
        }
        if self.mischief() {
            return Some(match self.random.below(3) {
                0 => fails(
                    Spend {
                        who: account,
                        account,
                        amount: 1,
                    },
                    "OnlyGateway",
                ),
                1 => fails(
                    Spend {
                        who,
                        account,
                        amount: 0,
                    },
                    "ZeroAmount",
                ),
                _ => fails(
                    Spend {
                        who,
                        account,
                        amount: remaining + 1,
                    },
                    "InsufficientCredits",
                ),
            });
        }
        let amount = self.random.amount(remaining);
        (amount > 0).then(|| {
            ok(Spend {
                who,
                account,
                amount,
            })
        })
    }

    fn spend_batch(&mut self, model: &Model) -> Option<Step> {
        let who = Who::Gateway;
        let mut rest = model.clone();
        let mut bill = Vec::new();
        for _ in 0..1 + self.random.below(6) {
            let account = self.user();
            let remaining = small(rest.account(account.address()).remaining(rest.epoch()));
            let amount = self.random.amount(remaining);
            // Spent in the copy as well, so that a repeated account stays within its rest.
            if amount > 0
                && rest
                    .apply(&Spend {
                        who,
                        account,
                        amount,
                    })
                    .is_ok()
            {
                bill.push((account, amount));
            }
        }
        if self.mischief() && model.gateways.contains(&who.address()) {
            let account = self.user();
            let remaining = small(rest.account(account.address()).remaining(rest.epoch()));
            bill.push((account, remaining + 1));
            return Some(fails(SpendBatch { who, bill }, "InsufficientCredits"));
        }
        (!bill.is_empty()).then(|| ok(SpendBatch { who, bill }))
    }

    fn lease(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let lessee = self.user();
        let available = small(account.allowance());
        let epochs = match self.random.below(4) {
            0 => 1,
            1 => MAX_LEASE_EPOCHS,
            _ => 1 + self.random.below(5) as u32,
        };
        if self.mischief() {
            return Some(match self.random.below(4) {
                0 => fails(
                    Lease {
                        who,
                        lessee,
                        amount: 0,
                        epochs,
                    },
                    "ZeroAmount",
                ),
                1 => fails(
                    Lease {
                        who,
                        lessee,
                        amount: available + 1,
                        epochs,
                    },
                    "InsufficientStake",
                ),
                2 => fails(
                    Lease {
                        who,
                        lessee,
                        amount: available.max(1),
                        epochs: 0,
                    },
                    "InvalidLeaseTerm",
                ),
                _ => {
                    let epochs = MAX_LEASE_EPOCHS + 1;
                    fails(
                        Lease {
                            who,
                            lessee,
                            amount: available.max(1),
                            epochs,
                        },
                        "InvalidLeaseTerm",
                    )
                }
            });
        }
        let amount = self.random.amount(available / 2);
        (amount > 0).then(|| {
            ok(Lease {
                who,
                lessee,
                amount,
                epochs,
            })
        })
    }

    fn transfer_lease(&mut self, model: &Model) -> Option<Step> {
        let id = self.some_lease(model)?;
        let lease = &model.leases[&U256::from(id)];
        let lessee = Who::of(lease.lessee)?;
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

    fn spend_lease(&mut self, model: &Model) -> Option<Step> {
        let who = Who::Gateway;
        if !model.gateways.contains(&who.address()) {
            return None;
        }
        let Some(id) = self.some_lease(model) else {
            let id = model.next_lease.saturating_to();
            return self
                .mischief()
                .then(|| fails(SpendLease { who, id, amount: 1 }, "UnknownLease"));
        };
        let remaining = small(model.leases[&U256::from(id)].remaining(model.epoch()));
        if self.mischief() {
            let amount = remaining + 1;
            return Some(fails(
                SpendLease { who, id, amount },
                "InsufficientLeaseCredits",
            ));
        }
        let amount = self.random.amount(remaining);
        (amount > 0).then(|| ok(SpendLease { who, id, amount }))
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

    fn set_gateway(&mut self, model: &Model) -> Option<Step> {
        let allowed = !model.gateways.contains(&Who::Gateway.address());
        Some(ok(SetGateway {
            who: Who::Owner,
            gateway: Who::Gateway,
            allowed,
        }))
    }

    fn some_lease(&mut self, model: &Model) -> Option<u64> {
        let ids: Vec<u64> = model.leases.keys().map(|id| id.saturating_to()).collect();
        (!ids.is_empty()).then(|| *self.random.pick(&ids))
    }
}
