//! Steps without sense: anybody does anything to anybody, with any amount. And purses for those who are out of VVV.

use super::{Generator, Kind, Step, ok};
use crate::action::Action::{self, *};
use crate::action::{Door, Owned};
use crate::actors::Who;
use crate::model::{DAY, Model, WAD};

pub(super) const KINDS: &[Kind] = &[
    (5, Generator::purse),
    (3, Generator::fund_from_a_purse),
    (12, Generator::wild),
    (4, Generator::hostile_gateway),
    (4, Generator::trespass),
    (1, Generator::long_wait),
];

/// What a purse holds, mostly.
const PURSE: u128 = 10_000_000 * WAD;
/// The longest wait: with the year that a program lives in the middle of it.
const LONGEST: u64 = 400 * DAY;

impl Generator {
    fn purse(&mut self, _: &Model) -> Option<Step> {
        let most = if self.random.one_in(12) {
            1 << 120
        } else {
            PURSE
        };
        let (who, amount) = (self.user(), self.random.amount(most));
        Some(ok(Faucet { who, amount }))
    }

    fn fund_from_a_purse(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let amount = self.random.amount(super::small(account.vvv));
        Some(ok(FundRewards { who, amount }))
    }

    fn long_wait(&mut self, _: &Model) -> Option<Step> {
        let seconds = self.random.below(LONGEST);
        Some(ok(Wait { seconds }))
    }

    /// A registered gateway, or somebody who would like to be one, states what it likes.
    fn hostile_gateway(&mut self, model: &Model) -> Option<Step> {
        let who = if self.random.one_in(4) {
            self.anybody()
        } else {
            *self.random.pick(&Who::GATEWAYS)
        };
        let epoch = model.epoch() + self.random.below(3) - 1;
        let lines = self.random.below(4);
        let used: Vec<_> = (0..lines).map(|_| self.wide_amount()).collect();
        Some(ok(match self.random.below(3) {
            0 => {
                let (account, used) = (self.anybody(), self.wide_amount());
                Settle {
                    who,
                    epoch,
                    account,
                    used,
                }
            }
            1 => {
                let accounts = (0..lines).map(|_| self.anybody()).collect();
                SettleBatch {
                    who,
                    epoch,
                    accounts,
                    used,
                }
            }
            _ => {
                let ids = (0..lines).map(|_| self.some_id(model)).collect();
                SettleLeases {
                    who,
                    epoch,
                    ids,
                    used,
                }
            }
        }))
    }

    fn trespass(&mut self, _: &Model) -> Option<Step> {
        let doors = [
            Door::Lock,
            Door::Unlock,
            Door::PayLockedYield,
            Door::MintLocked,
            Door::BurnUnlocked,
            Door::SettleYield,
            Door::TransferSVvv,
            Door::TransferFromSVvv,
        ];
        let door = *self.random.pick(&doors);
        let (who, account) = (self.anybody(), self.anybody());
        let amount = self.wide_amount();
        Some(ok(Trespass {
            who,
            door,
            account,
            amount,
        }))
    }

    /// An id of a lease that is open, was, will be, or never can be.
    fn some_id(&mut self, model: &Model) -> u64 {
        let next: u64 = model.next_lease.saturating_to();
        match self.random.below(6) {
            0 => 0,
            1 => u64::MAX,
            2 => next,
            _ => self.random.below(next + 1),
        }
    }

    fn wild(&mut self, model: &Model) -> Option<Step> {
        let (who, other) = (self.anybody(), self.anybody());
        let (amount, id) = (self.wide_amount(), self.some_id(model));
        let gateway = (!self.random.one_in(4)).then_some(other);
        let action = match self.random.below(27) {
            0 => FundRewards { who, amount },
            1 => SetEmissionRate { who, rate: amount },
            2 => StakeVvv {
                who,
                recipient: other,
                amount,
            },
            3 => InitiateUnstakeVvv { who, amount },
            4 => FinalizeUnstake { who },
            5 => Claim { who },
            6 => ClaimAndStake { who },
            7 => MintDiem {
                who,
                amount,
                least: 0,
            },
            8 => BurnDiem { who, amount },
            9 => Mint {
                who,
                amount,
                least: 0,
            },
            10 => MintExact {
                who,
                amount,
                most: u128::MAX,
            },
            11 => Burn { who, amount },
            12 => Transfer {
                who,
                to: other,
                amount,
            },
            13 => ClaimYield { who },
            14 => CollectFees { who },
            15 => StakeDiem { who, amount },
            16 => InitiateUnstakeDiem { who, amount },
            17 => UnstakeDiem { who },
            18 => Lease {
                who,
                lessee: other,
                amount,
                epochs: self.random.bits() as u32,
            },
            _ => self.wild_role(who, other, id, gateway),
        };
        Some(ok(action))
    }

    fn wild_role(&mut self, who: Who, other: Who, id: u64, gateway: Option<Who>) -> Action {
        match self.random.below(11) {
            0 => PauseMint { who },
            1 => UnpauseMint { who },
            2 => SetGateway {
                who,
                gateway: other,
                allowed: self.random.one_in(2),
            },
            3 => RevokeGateway {
                who,
                gateway: other,
            },
            4 => SetDefaultGateway { who, gateway },
            5 => ChooseGateway { who, gateway },
            6 => ChooseLeaseGateway { who, id, gateway },
            7 => TransferLease { who, id, to: other },
            8 => CloseLease { who, id },
            9 => WireDiem { who, diem: other },
            _ => AcceptOwnership {
                of: Owned::Diem,
                who,
            },
        }
    }
}
