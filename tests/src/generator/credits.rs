//! Steps of accounts' credit lines: stake DIEM, choose, settle.

use super::{Generator, Kind, Step, fails, ok, small};
use crate::action::Action::{self, *};
use crate::actors::Who;
use crate::model::{Choice, Line, Model};
use alloy_primitives::U256;

pub(super) const KINDS: &[Kind] = &[
    (9, Generator::stake_diem),
    (8, Generator::initiate_unstake_diem),
    (6, Generator::unstake_diem),
    (9, Generator::choose_gateway),
    (18, Generator::settle),
    (8, Generator::settle_batch),
    (5, Generator::say_again),
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
        let who = self.user();
        let available = small(model.line(who.address()).tomorrow.allowance);
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

    fn choose_gateway(&mut self, model: &Model) -> Option<Step> {
        let served = |who: &Who| {
            let line = model.line(who.address());
            !line.used.is_zero() && line.remaining().is_zero()
        };
        // Who has used everything would gain most by another gateway.
        let spent: Vec<_> = Who::USERS.into_iter().filter(served).collect();
        let who = if !spent.is_empty() && self.random.one_in(2) {
            *self.random.pick(&spent)
        } else {
            self.user()
        };
        let line = model.line(who.address());
        let gateway = self.some_choice(&line);
        let choose = ChooseGateway { who, gateway };
        Some(Self::named_well(model, gateway, choose))
    }

    /// Somebody to choose: nobody, today's gateway again, another one, at times a user who is none.
    pub(super) fn some_choice(&mut self, line: &Line) -> Option<Who> {
        let today = match line.today.gateway {
            Choice::Gateway(gateway) => Who::of(gateway),
            Choice::Never | Choice::Nobody => None,
        };
        match self.random.below(12) {
            0..=1 => None,
            2..=4 => today,
            5 => Some(self.user()),
            _ => Some(*self.random.pick(&Who::GATEWAYS)),
        }
    }

    /// A step that names a gateway fails where that is not registered, or revoked.
    pub(super) fn named_well(model: &Model, gateway: Option<Who>, action: Action) -> Step {
        match gateway {
            Some(gateway) if !model.gateways.allows(gateway.address()) => {
                fails(action, "UnknownGateway")
            }
            _ => ok(action),
        }
    }

    fn settle(&mut self, model: &Model) -> Option<Step> {
        let served = |who: &Who| {
            let line = model.line(who.address());
            Self::its_gateway(model, &line)
                .is_some_and(|gateway| model.gateways.allows(gateway.address()))
        };
        // Mostly a line that can be settled, so that most statements are about something.
        let served: Vec<_> = Who::USERS.into_iter().filter(served).collect();
        let account = if served.is_empty() || self.random.one_in(4) {
            self.user()
        } else {
            *self.random.pick(&served)
        };
        let epoch = model.epoch();
        let line = model.line(account.address());
        let say = |who, epoch, used| Settle {
            who,
            epoch,
            account,
            used,
        };
        let Some(who) = Self::its_gateway(model, &line) else {
            let who = self.allowed_gateway(model)?;
            return Some(fails(say(who, epoch, 0), "NotItsGateway"));
        };
        if !model.gateways.allows(who.address()) {
            return Some(fails(say(who, epoch, 0), "OnlyGateway"));
        }
        if self.mischief() {
            let stranger = self.user();
            let most = small(line.today.allowance);
            return Some(match self.random.below(6) {
                0 => fails(say(stranger, epoch, 0), "OnlyGateway"),
                1 => fails(say(who, epoch - 1, most), "WrongEpoch"),
                2 => fails(say(who, epoch + 1, 0), "WrongEpoch"),
                3..=4 => fails(say(who, epoch, most + 1), "InsufficientCredits"),
                _ => {
                    let other = self.allowed_gateway(model).filter(|other| *other != who)?;
                    fails(say(other, epoch, 0), "NotItsGateway")
                }
            });
        }
        let statement = say(who, epoch, self.total(&line));
        self.remember(model, &statement);
        Some(ok(statement))
    }

    fn settle_batch(&mut self, model: &Model) -> Option<Step> {
        let who = self.allowed_gateway(model)?;
        let epoch = model.epoch();
        let (mut accounts, mut used) = (Vec::new(), Vec::new());
        for _ in 0..self.random.below(7) {
            let account = self.user();
            let line = model.line(account.address());
            // An account may occur again, with more or with less.
            if Self::its_gateway(model, &line) == Some(who) && !line.today.allowance.is_zero() {
                accounts.push(account);
                used.push(self.total(&line));
            }
        }
        let say = |who, epoch, accounts, used| SettleBatch {
            who,
            epoch,
            accounts,
            used,
        };
        if self.mischief() {
            let account = self.user();
            let line = model.line(account.address());
            let its_gateway = Self::its_gateway(model, &line) == Some(who);
            return Some(match self.random.below(4) {
                0 => fails(say(self.user(), epoch, accounts, used), "OnlyGateway"),
                1 => fails(say(who, epoch - 1, accounts, used), "WrongEpoch"),
                2 => {
                    accounts.push(account);
                    fails(say(who, epoch, accounts, used), "LengthMismatch")
                }
                _ => {
                    accounts.push(account);
                    used.push(small(line.today.allowance) + 1);
                    let name = if its_gateway {
                        "InsufficientCredits"
                    } else {
                        "NotItsGateway"
                    };
                    fails(say(who, epoch, accounts, used), name)
                }
            });
        }
        let statement = say(who, epoch, accounts, used);
        self.remember(model, &statement);
        Some(ok(statement))
    }

    /// After a timeout a gateway sends the same statement again, on the same day or after midnight.
    fn say_again(&mut self, model: &Model) -> Option<Step> {
        let statement = self.last_statement.clone()?;
        let (Settle { who, epoch, .. }
        | SettleBatch { who, epoch, .. }
        | SettleLeases { who, epoch, .. }) = &statement
        else {
            return None;
        };
        Some(if !model.gateways.allows(who.address()) {
            fails(statement, "OnlyGateway")
        } else if *epoch != model.epoch() {
            self.last_statement = None;
            fails(statement, "WrongEpoch")
        } else {
            ok(statement)
        })
    }

    /// Keeps a statement that tells something new: the lines behind it are firm until midnight.
    pub(super) fn remember(&mut self, model: &Model, statement: &Action) {
        let news = model.clone().apply(statement);
        if news.is_ok_and(|effect| !effect.logs.is_empty()) {
            self.last_statement = Some(statement.clone());
        }
    }

    /// A total that the line's allowance covers: more than known, the same again, an older one, or all there is.
    pub(super) fn total(&mut self, line: &Line) -> u128 {
        let (used, allowance) = (small(line.used), small(line.today.allowance));
        match self.random.below(8) {
            0 => used,
            1 => self.random.amount(used),
            2..=3 => allowance,
            _ => used + self.random.amount(allowance - used),
        }
    }

    /// Who settles a line today.
    pub(super) fn its_gateway(model: &Model, line: &Line) -> Option<Who> {
        Who::of(model.gateways.behind(line.today.gateway, model.epoch()))
    }

    /// A gateway that may settle.
    pub(super) fn allowed_gateway(&mut self, model: &Model) -> Option<Who> {
        let who = *self.random.pick(&Who::GATEWAYS);
        model.gateways.allows(who.address()).then_some(who)
    }

    pub(super) fn some_lease(&mut self, model: &Model) -> Option<u64> {
        let ids: Vec<u64> = model.leases.keys().map(U256::saturating_to).collect();
        (!ids.is_empty()).then(|| *self.random.pick(&ids))
    }
}
