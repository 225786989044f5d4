//! L-1 to L-4 watched from outside: by `lineOf` and `leaseLineOf`, by events, and by what was stated. The model
//! has no say here.

use crate::abi::IDiem;
use crate::action::{Action, Request};
use crate::actors::Who;
use crate::chain::probe::Probe;
use crate::history::Intent;
use crate::model::DAY;
use crate::world::World;
use alloy::sol_types::{SolCall, SolEventInterface};
use alloy_primitives::{Address, Log, U256};
use std::collections::{BTreeMap, BTreeSet};

use IDiem::{IDiemEvents as Event, lineOfReturn};

/// Which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineId {
    /// That of an account.
    Account(Address),
    /// That of a lease.
    Lease(U256),
}

/// Everything seen on one day, and whom to look at.
pub struct CreditWatch<'w> {
    world: &'w World,
    /// Accounts, leases and gateways that events named.
    lines: BTreeSet<LineId>,
    gateways: BTreeSet<Address>,
    next_block: u64,
    epoch: u64,
    /// What each line answered last.
    seen: BTreeMap<LineId, lineOfReturn>,
    /// The largest total that a transaction stated today.
    stated: BTreeMap<LineId, U256>,
    /// The last total that an event told today.
    told: BTreeMap<LineId, U256>,
    /// Dollars that each gateway saw and could serve today.
    promised: BTreeMap<(Address, LineId), U256>,
    /// Statements that were tried in the last second of a day.
    settled_at_midnight: u64,
}

impl<'w> CreditWatch<'w> {
    /// Watches from now on; reads what happened before from the events.
    pub fn new(world: &'w World, now: u64) -> Self {
        let mut watch = Self {
            world,
            lines: BTreeSet::new(),
            gateways: BTreeSet::new(),
            next_block: 0,
            epoch: now / DAY,
            seen: BTreeMap::new(),
            stated: BTreeMap::new(),
            told: BTreeMap::new(),
            promised: BTreeMap::new(),
            settled_at_midnight: 0,
        };
        for (timestamp, log) in watch.news() {
            watch.meet(&log);
            assert!(timestamp <= now, "nothing comes from the future");
        }
        watch.read(now);
        watch
    }

    /// How many statements were tried in the last second of a day.
    pub fn settled_at_midnight(&self) -> u64 {
        self.settled_at_midnight
    }

    /// Looks at every line after an action that succeeded, or was refused, at `now`.
    ///
    /// # Panics
    /// When a line, an event or a total breaks L-1 to L-4.
    pub fn see(&mut self, now: u64, action: &Action, intent: Intent) {
        if self.epoch != now / DAY {
            self.epoch = now / DAY;
            self.seen.clear();
            self.stated.clear();
            self.told.clear();
            self.promised.clear();
        }
        if intent == Intent::Succeed {
            self.hear(action);
        }
        for (timestamp, log) in self.news() {
            assert_eq!(timestamp / DAY, self.epoch, "an event of another day");
            self.meet(&log);
            self.check_event(&log);
        }
        self.read(now);
    }

    /// Remembers what a transaction stated.
    fn hear(&mut self, action: &Action) {
        let statements: Vec<(LineId, u128)> = match action {
            Action::Settle { account, used, .. } => {
                vec![(LineId::Account(account.address()), *used)]
            }
            Action::SettleBatch { accounts, used, .. } => accounts
                .iter()
                .map(|who| LineId::Account(who.address()))
                .zip(used.iter().copied())
                .collect(),
            Action::SettleLeases { ids, used, .. } => ids
                .iter()
                .map(|id| LineId::Lease(U256::from(*id)))
                .zip(used.iter().copied())
                .collect(),
            _ => Vec::new(),
        };
        for (line, used) in statements {
            let stated = self.stated.entry(line).or_default();
            *stated = U256::from(used).max(*stated);
        }
    }

    fn news(&mut self) -> Vec<(u64, Log)> {
        let (logs, next) = self
            .world
            .chain
            .logs_from(self.next_block, self.world.contracts.diem);
        self.next_block = next;
        logs
    }

    /// Notes lines and gateways that are new.
    fn meet(&mut self, log: &Log) {
        match decode(log) {
            Event::Staked(e) => _ = self.lines.insert(LineId::Account(e.user)),
            Event::GatewayChosen(e) => _ = self.lines.insert(LineId::Account(e.account)),
            Event::LeaseOpened(e) => _ = self.lines.insert(LineId::Lease(e.id)),
            Event::GatewaySet(e) => _ = self.gateways.insert(e.gateway),
            _ => {}
        }
    }

    /// A statement that an event tells is more than was told before, and its gateway the one that the line had.
    fn check_event(&mut self, log: &Log) {
        let (line, gateway, epoch, used, allowance) = match decode(log) {
            Event::CreditsSettled(e) => {
                let line = LineId::Account(e.account);
                (line, e.gateway, e.epoch, e.used, e.allowance)
            }
            Event::LeaseSettled(e) => {
                (LineId::Lease(e.id), e.gateway, e.epoch, e.used, e.allowance)
            }
            _ => return,
        };
        assert_eq!(epoch, U256::from(self.epoch), "L-3: {line:?}");
        let before = self.told.insert(line, used).unwrap_or_default();
        assert!(used > before, "L-3: {used} told after {before} of {line:?}");
        assert!(used <= allowance, "L-1: {used} of {allowance} on {line:?}");
        if let Some(seen) = self
            .seen
            .get(&line)
            .filter(|seen| !seen.allowance.is_zero())
        {
            assert_eq!(gateway, seen.gateway, "L-2: who settled {line:?}");
            assert!(allowance >= seen.allowance, "L-1: {line:?}");
        }
    }

    /// Reads every line and compares it with what it was.
    fn read(&mut self, now: u64) {
        let diem = self.world.contracts.diem;
        let lines: Vec<_> = self.lines.iter().copied().collect();
        let mut probes: Vec<_> = lines.iter().map(|line| self.question(*line)).collect();
        let held = IDiem::balanceOfCall { account: diem };
        probes.push(Probe::new("held".to_owned(), diem, &held, &U256::ZERO));
        self.world.chain.set_time(now);
        let mut answers = self.world.chain.ask(&probes).answers.into_iter().flatten();
        let mut promised = U256::ZERO;
        for line in lines {
            let answer = answers.next().expect("every line answers");
            let answer = IDiem::lineOfCall::abi_decode_returns(&answer).expect("six words");
            promised += answer.allowance;
            self.check_line(line, &answer);
            self.seen.insert(line, answer);
        }
        let held = answers.next().expect("a balance");
        let held = U256::from_be_slice(&held);
        assert!(
            promised <= held,
            "L-4: {promised} dollars of today on {held} DIEM"
        );
    }

    fn question(&self, line: LineId) -> Probe {
        let diem = self.world.contracts.diem;
        // The expectation only says how long an answer is.
        let zero = (U256::ZERO, Address::ZERO);
        match line {
            LineId::Account(account) => {
                let expected = lineOfReturn {
                    epoch: zero.0,
                    allowance: zero.0,
                    used: zero.0,
                    gateway: zero.1,
                    nextAllowance: zero.0,
                    nextGateway: zero.1,
                };
                let call = IDiem::lineOfCall { account };
                Probe::new(format!("{line:?}"), diem, &call, &expected)
            }
            LineId::Lease(id) => {
                let expected = IDiem::leaseLineOfReturn {
                    epoch: zero.0,
                    allowance: zero.0,
                    used: zero.0,
                    gateway: zero.1,
                    nextAllowance: zero.0,
                    nextGateway: zero.1,
                };
                let call = IDiem::leaseLineOfCall { id };
                Probe::new(format!("{line:?}"), diem, &call, &expected)
            }
        }
    }

    fn check_line(&mut self, line: LineId, now: &lineOfReturn) {
        assert_eq!(now.epoch, U256::from(self.epoch), "the day of {line:?}");
        let told = self.told.get(&line).copied().unwrap_or_default();
        let stated = self.stated.get(&line).copied().unwrap_or_default();
        assert_eq!(now.used, told, "L-3: used of {line:?} against its events");
        assert_eq!(now.used, stated, "L-3: used of {line:?} as it was stated");
        if let Some(before) = self.seen.get(&line) {
            assert!(
                now.allowance >= before.allowance,
                "L-1: the allowance of {line:?} fell from {} to {}",
                before.allowance,
                now.allowance
            );
            assert!(
                before.allowance.is_zero() || now.gateway == before.gateway,
                "L-1: the gateway of {line:?} changed from {} to {}",
                before.gateway,
                now.gateway
            );
        }
        if !now.gateway.is_zero() && !now.allowance.is_zero() {
            self.promised.insert((now.gateway, line), now.allowance);
        }
    }

    /// In the last second of the day: every gateway that is not revoked can settle every dollar that it saw. Gives
    /// back the statements, as actions.
    ///
    /// # Panics
    /// When one is refused then, or is accepted a second later.
    pub fn at_midnight(&mut self, midnight: u64) -> Vec<Action> {
        let chain = &self.world.chain;
        let diem = self.world.contracts.diem;
        let mut statements = Vec::new();
        for gateway in &self.gateways {
            chain.set_time(midnight - 1);
            let registered = IDiem::isGatewayCall { account: *gateway };
            if chain.view(diem, &registered) {
                statements.extend(self.promised_to(*gateway));
            }
        }
        for action in &statements {
            let Some(Request { who, to, calldata }) =
                action.request(&self.world.contracts, self.world.chain.chain_id())
            else {
                continue;
            };
            let say = |timestamp| {
                chain.set_time(timestamp);
                chain.call_raw(who.address(), to.into(), calldata.clone())
            };
            if let Err(refusal) = say(midnight - 1) {
                panic!("L-1: {action:?} could not be settled at 23:59:59: {refusal}");
            }
            let epoch = midnight / DAY;
            let late = IDiem::WrongEpoch {
                epoch: U256::from(epoch - 1),
                today: U256::from(epoch),
            };
            let answer = say(midnight);
            assert!(
                answer.as_ref().is_err_and(|refusal| refusal.is(&late)),
                "L-3: {action:?} at 00:00:00: {answer:?}"
            );
            self.settled_at_midnight += 1;
        }
        chain.set_time(midnight - 1);
        statements
    }

    /// Everything that a gateway saw today, as its last statements.
    fn promised_to(&self, gateway: Address) -> Vec<Action> {
        let who = Who::of(gateway).expect("gateways here are actors");
        let (mut accounts, mut ids) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
        for ((_, line), allowance) in self.promised.iter().filter(|((g, _), _)| *g == gateway) {
            match line {
                LineId::Account(account) => {
                    accounts.0.push(Who::of(*account).expect("an actor"));
                    accounts.1.push(allowance.to());
                }
                LineId::Lease(id) => {
                    ids.0.push(id.to());
                    ids.1.push(allowance.to());
                }
            }
        }
        let epoch = self.epoch;
        vec![
            Action::SettleBatch {
                who,
                epoch,
                accounts: accounts.0,
                used: accounts.1,
            },
            Action::SettleLeases {
                who,
                epoch,
                ids: ids.0,
                used: ids.1,
            },
        ]
    }
}

fn decode(log: &Log) -> Event {
    Event::decode_log(log).expect("DIEM's events").data
}
