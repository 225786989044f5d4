//! Steps of sVVV: stake, earn, leave.

use super::{Generator, Kind, Step, fails, ok, small};
use crate::action::Action::*;
use crate::action::Owned;
use crate::actors::Who;
use crate::model::{Model, WAD};

pub(super) const KINDS: &[Kind] = &[
    (14, Generator::stake_vvv),
    (4, Generator::fund),
    (2, Generator::set_rate),
    (6, Generator::initiate_unstake),
    (6, Generator::finalize_unstake),
    (8, Generator::claim),
    (6, Generator::claim_and_stake),
];

impl Generator {
    fn stake_vvv(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let recipient = self.user();
        let purse = small(account.vvv);
        if self.mischief() {
            return Some(match self.random.below(2) {
                0 => fails(
                    StakeVvv {
                        who,
                        recipient,
                        amount: 0,
                    },
                    "ZeroAmount",
                ),
                _ => fails(
                    StakeVvv {
                        who,
                        recipient,
                        amount: purse + 1,
                    },
                    "Panic",
                ),
            });
        }
        let amount = self.random.amount(purse);
        (amount > 0).then(|| {
            ok(StakeVvv {
                who,
                recipient,
                amount,
            })
        })
    }

    fn fund(&mut self, _: &Model) -> Option<Step> {
        // The purse of the owner outlasts any run at this size.
        let amount = self.random.amount(20_000 * WAD);
        Some(ok(FundRewards {
            who: Who::Owner,
            amount,
        }))
    }

    fn set_rate(&mut self, model: &Model) -> Option<Step> {
        let rate = if self.random.one_in(4) {
            0
        } else {
            self.random.amount(small(model.max_emission_rate))
        };
        if self.mischief() {
            let who = self.user();
            return Some(match self.random.below(2) {
                0 => fails(SetEmissionRate { who, rate }, "OwnableUnauthorizedAccount"),
                _ => fails(
                    SetEmissionRate {
                        who: Self::owner(model, Owned::SVvv)?,
                        rate: small(model.max_emission_rate) + 1,
                    },
                    "EmissionRateTooHigh",
                ),
            });
        }
        Some(ok(SetEmissionRate {
            who: Self::owner(model, Owned::SVvv)?,
            rate,
        }))
    }

    fn initiate_unstake(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let free = small(account.free);
        if account.cooldown_end != 0 {
            return self
                .mischief()
                .then(|| fails(InitiateUnstakeVvv { who, amount: 1 }, "CooldownInProgress"));
        }
        if self.mischief() {
            return Some(fails(
                InitiateUnstakeVvv {
                    who,
                    amount: free + 1,
                },
                "InsufficientUnlocked",
            ));
        }
        let amount = self.random.amount(free);
        (amount > 0).then(|| ok(InitiateUnstakeVvv { who, amount }))
    }

    fn finalize_unstake(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        if account.cooldown_end == 0 {
            return self
                .mischief()
                .then(|| fails(FinalizeUnstake { who }, "NoCooldown"));
        }
        if model.now < account.cooldown_end {
            return Some(match self.random.below(3) {
                0 => fails(FinalizeUnstake { who }, "CooldownNotOver"),
                1 => ok(Wait {
                    seconds: account.cooldown_end - 1 - model.now,
                }),
                _ => ok(Wait {
                    seconds: account.cooldown_end - model.now,
                }),
            });
        }
        Some(ok(FinalizeUnstake { who }))
    }

    fn claim(&mut self, _: &Model) -> Option<Step> {
        Some(ok(Claim { who: self.user() }))
    }

    fn claim_and_stake(&mut self, model: &Model) -> Option<Step> {
        let who = self.user();
        if model.pending_rewards(who.address()).is_zero() {
            return Some(fails(ClaimAndStake { who }, "NothingToClaim"));
        }
        Some(ok(ClaimAndStake { who }))
    }
}
