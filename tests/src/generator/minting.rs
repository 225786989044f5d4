//! Steps of DIEM: mint, burn, transfer, yield, pause.

use super::{Generator, Kind, Step, fails, ok, small};
use crate::action::Action::*;
use crate::action::Owned;
use crate::actors::Who;
use crate::model::{Model, WAD};
use alloy_primitives::U256;

pub(super) const KINDS: &[Kind] = &[
    (12, Generator::mint),
    (6, Generator::mint_exact),
    (10, Generator::burn),
    (4, Generator::transfer),
    (5, Generator::claim_yield),
    (4, Generator::collect_fees),
    (1, Generator::pause),
];

pub(super) const TRANSFERS: &[Kind] = &[
    (6, Generator::transfer),
    (2, Generator::mint),
    (2, Generator::burn),
];

/// More sVVV than the whole curve takes.
const PAST_THE_CURVE: u128 = 1_000_000_000_000_000_000 * WAD;

impl Generator {
    fn mint(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let free = small(account.free);
        let through_diem = self.random.one_in(2);
        let build = |amount, least| {
            if through_diem {
                Mint { who, amount, least }
            } else {
                MintDiem { who, amount, least }
            }
        };
        if model.paused {
            return (free > 0).then(|| fails(build(free, 0), "MintingPaused"));
        }
        let amount = self.random.amount(free);
        let out = small(model.preview_mint(U256::from(amount)).ok()?);
        if self.mischief() {
            return Some(match self.random.below(4) {
                0 => fails(build(0, 0), "ZeroAmount"),
                1 if out > 0 => fails(build(amount, out + 1), "SlippageExceeded"),
                2 => fails(
                    Mint {
                        who,
                        amount: PAST_THE_CURVE,
                        least: 0,
                    },
                    "MintCapExceeded",
                ),
                _ if model.preview_mint(U256::from(free + WAD)).is_ok() => {
                    fails(build(free + WAD, 0), "InsufficientUnlocked")
                }
                _ => return None,
            });
        }
        if amount > 0 && out == 0 {
            return Some(fails(build(amount, 0), "ZeroAmount"));
        }
        (amount > 0).then(|| ok(build(amount, out)))
    }

    fn mint_exact(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let most = small(model.preview_mint(account.free).ok()?);
        let amount = self.random.amount(most);
        if model.paused {
            return Some(fails(
                MintExact {
                    who,
                    amount: amount + 1,
                    most: u128::MAX,
                },
                "MintingPaused",
            ));
        }
        let cost = small(model.preview_mint_exact(U256::from(amount)).ok()?);
        if self.mischief() {
            return Some(match self.random.below(3) {
                0 => fails(
                    MintExact {
                        who,
                        amount: 0,
                        most: u128::MAX,
                    },
                    "ZeroAmount",
                ),
                1 if cost > 0 => fails(
                    MintExact {
                        who,
                        amount,
                        most: cost - 1,
                    },
                    "SlippageExceeded",
                ),
                _ => {
                    let past = small(model.supply_cap() - model.diem_supply()) + 1;
                    fails(
                        MintExact {
                            who,
                            amount: past,
                            most: u128::MAX,
                        },
                        "MintCapExceeded",
                    )
                }
            });
        }
        (amount > 0).then(|| {
            ok(MintExact {
                who,
                amount,
                most: cost,
            })
        })
    }

    fn burn(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let through_diem = self.random.one_in(2);
        let build = |amount| {
            if through_diem {
                Burn { who, amount }
            } else {
                BurnDiem { who, amount }
            }
        };
        if self.mischief() {
            let past = small(account.outstanding) + 1;
            return Some(fails(build(past), "InsufficientOutstanding"));
        }
        let most = small(account.outstanding.min(account.diem));
        if account.diem < account.outstanding && self.random.one_in(6) {
            return Some(fails(build(most + 1), "ERC20InsufficientBalance"));
        }
        let amount = self.random.amount(most);
        (amount > 0).then(|| ok(build(amount)))
    }

    fn transfer(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let to = self.user();
        let held = small(account.diem);
        if self.mischief() {
            return Some(fails(
                Transfer {
                    who,
                    to,
                    amount: held + 1,
                },
                "ERC20InsufficientBalance",
            ));
        }
        let amount = self.random.amount(held);
        Some(ok(Transfer { who, to, amount }))
    }

    fn claim_yield(&mut self, _: &Model) -> Option<Step> {
        Some(ok(ClaimYield { who: self.user() }))
    }

    fn collect_fees(&mut self, _: &Model) -> Option<Step> {
        Some(ok(CollectFees { who: self.user() }))
    }

    fn pause(&mut self, model: &Model) -> Option<Step> {
        if model.paused {
            let who = Self::owner(model, Owned::Diem)?;
            return Some(ok(UnpauseMint { who }));
        }
        Some(match self.random.below(3) {
            0 => fails(PauseMint { who: self.user() }, "OnlyGuardian"),
            1 => fails(
                UnpauseMint { who: self.user() },
                "OwnableUnauthorizedAccount",
            ),
            _ => {
                let who = Who::of(model.guardian)?;
                ok(PauseMint { who })
            }
        })
    }
}
