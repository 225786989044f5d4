//! A sequence of actions, done on the chain and on the model side by side, compared after every step.

use crate::abi::{IDiem, IStakedVvv, IVVV, describe_error, error_name};
use crate::action::Action;
use crate::actors::Who;
use crate::chain::Chain;
use crate::chain::probe::Probe;
use crate::model::{DAY, Effect, Model};
use crate::world::World;
use alloy::sol_types::{Panic, SolError, SolInterface};
use alloy_primitives::{Address, Bytes, Log, LogData, U256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Well within the year that a program lives, and beyond the month before which it cannot be renewed.
const KEEPALIVE_EVERY: u64 = 200 * DAY;

/// What an action was built to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Succeed.
    Succeed,
    /// Be refused with the error of this name.
    Fail(&'static str),
    /// Whatever the model says; the run counts which.
    AsPredicted,
}

/// The chain, its model, and what was done so far.
pub struct History<'w> {
    /// The chain and its addresses.
    pub world: &'w World,
    /// What should be true.
    pub model: Model,
    /// Steps so far, each a line of Rust.
    lines: Vec<String>,
    /// When the programs were last kept from expiring.
    kept_at: u64,
    /// Every so many steps all views are compared.
    pace: u64,
    /// Why the last step was refused, by the error's name.
    refusal: Option<String>,
}

impl<'w> History<'w> {
    /// A history that begins in the state of `model`.
    pub fn new(world: &'w World, model: Model) -> Self {
        Self {
            world,
            model,
            lines: Vec::new(),
            kept_at: world.chain.time(),
            pace: 1,
            refusal: None,
        }
    }

    /// From now on views are compared after every so many steps only.
    pub fn set_pace(&mut self, pace: u64) {
        self.pace = pace;
    }

    /// The name of the error with which the last step was refused.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Does what must succeed: same return value, same events in the same order, same views.
    pub fn act(&mut self, action: Action) -> Effect {
        self.step(action, Intent::Succeed)
            .expect("a successful step has an effect")
    }

    /// Does what must be refused with exactly this error, and change nothing.
    pub fn refuse<E: SolError>(&mut self, action: Action, error: &E) {
        let expected = Bytes::from(error.abi_encode());
        let predicted = self
            .model
            .clone()
            .apply(&action)
            .expect_err("the model refuses too");
        assert_eq!(
            describe_error(&predicted),
            describe_error(&expected),
            "{action:?}: the model's reason"
        );
        let name = E::SIGNATURE.split('(').next().unwrap_or_default();
        self.step(action, Intent::Fail(name));
    }

    /// Today's epoch.
    pub fn today(&self) -> u64 {
        self.model.epoch()
    }

    /// The statement of `who` that `account` used `used` today in all.
    pub fn settle(&self, who: Who, account: Who, used: u128) -> Action {
        Action::Settle {
            who,
            epoch: self.today(),
            account,
            used,
        }
    }

    /// Many such statements in one.
    pub fn settle_batch(&self, who: Who, bill: &[(Who, u128)]) -> Action {
        let (accounts, used) = bill.iter().copied().unzip();
        Action::SettleBatch {
            who,
            epoch: self.today(),
            accounts,
            used,
        }
    }

    /// The same for leases.
    pub fn settle_leases(&self, who: Who, bill: &[(u64, u128)]) -> Action {
        let (ids, used) = bill.iter().copied().unzip();
        Action::SettleLeases {
            who,
            epoch: self.today(),
            ids,
            used,
        }
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: u64) {
        self.act(Action::Wait { seconds });
    }

    /// Moves to an exact moment.
    pub fn at(&mut self, timestamp: u64) {
        self.world.chain.needs_a_clock_that_can_be_set();
        self.wait(timestamp - self.model.now);
    }

    /// One step with its intent; the effect when it succeeded.
    ///
    /// # Panics
    /// When chain, model and intent do not agree, with the whole history.
    pub fn step(&mut self, action: Action, intent: Intent) -> Option<Effect> {
        self.lines.push(match intent {
            Intent::Succeed => format!("h.act({action:?});"),
            Intent::Fail(name) => format!("h.step({action:?}, Fail(\"{name}\"));"),
            Intent::AsPredicted => format!("h.step({action:?}, AsPredicted);"),
        });
        if self.world.chain.has_own_clock() {
            return self.step_as_time_passes(&action, intent);
        }
        let predicted = self.model.apply(&action);
        self.refusal = predicted.as_ref().err().map(|data| error_name(data));
        self.check_intent(&predicted, intent);
        let Some(request) = action.request(&self.world.contracts, self.world.chain.chain_id())
        else {
            return predicted.ok();
        };
        self.keep_alive();
        let chain = &self.world.chain;
        chain.set_time(self.model.now);
        let (from, to) = (request.who.address(), request.to.into());
        let answer = chain
            .call_raw(from, to, request.calldata.clone())
            .map_err(|refusal| refusal.data);
        if let Err(data) = &answer {
            self.check_declared(request.to, data);
        }
        let expected = predicted.clone().map(|effect| effect.returned);
        self.agree(&expected, &answer);
        let receipt = chain.transact(request.who, to, request.calldata, U256::ZERO);
        if receipt.status() != predicted.is_ok() {
            self.fail("the transaction and the call before it did not agree");
        }
        let logs = predicted.as_ref().map_or(&[][..], |effect| &effect.logs);
        self.compare_logs(logs, &Chain::logs_of(&receipt));
        self.model.check_invariants();
        if (self.lines.len() as u64).is_multiple_of(self.pace) {
            self.compare_views();
        }
        predicted.ok()
    }

    /// A step on a node with its own clock: the second of the block is known only afterwards, and a call is answered
    /// in that of the block before.
    fn step_as_time_passes(&mut self, action: &Action, intent: Intent) -> Option<Effect> {
        let chain = &self.world.chain;
        let Some(request) = action.request(&self.world.contracts, chain.chain_id()) else {
            chain.needs_a_clock_that_can_be_set();
            return None;
        };
        let before = self.model.clone();
        let (from, to) = (request.who.address(), request.to.into());
        let asked_at = chain.time();
        let answer = chain
            .call_raw(from, to, request.calldata.clone())
            .map_err(|refusal| refusal.data);
        if let Err(data) = &answer {
            self.check_declared(request.to, data);
        }
        let receipt = chain.transact(request.who, to, request.calldata, U256::ZERO);
        self.model.now = chain.time_of_receipt(&receipt);
        let expected = [asked_at, self.model.now].map(|now| {
            let mut model = before.clone();
            model.now = now;
            model.apply(action).map(|effect| effect.returned)
        });
        if !expected.contains(&answer) {
            self.agree(&expected[0], &answer);
        }
        let predicted = self.model.apply(action);
        self.refusal = predicted.as_ref().err().map(|data| error_name(data));
        self.check_intent(&predicted, intent);
        if receipt.status() != predicted.is_ok() {
            self.fail("the transaction and the model did not agree");
        }
        let logs = predicted.as_ref().map_or(&[][..], |effect| &effect.logs);
        self.compare_logs(logs, &Chain::logs_of(&receipt));
        self.model.check_invariants();
        self.compare_views();
        predicted.ok()
    }

    /// Stylus programs expire after a year; as anybody may, this history keeps them alive on its way. Whoever takes a
    /// snapshot does so first: a keepalive that is reverted is lost.
    pub fn keep_alive(&mut self) {
        while self.model.now - self.kept_at > KEEPALIVE_EVERY {
            self.kept_at += KEEPALIVE_EVERY;
            self.world.chain.set_time(self.kept_at);
            self.world.keep_alive();
        }
    }

    /// Compares every view with the model, at the latest block.
    pub fn compare_views(&self) {
        self.model.check_invariants();
        self.world.chain.set_time(self.model.now);
        let mut probes = self.model.probes();
        let answers = self.world.chain.ask(&probes);
        if self.world.chain.has_own_clock() {
            probes = self.probes_at(&answers.times);
        } else {
            let same = answers.times.iter().all(|time| *time == self.model.now);
            assert!(same, "the time inside a call");
        }
        let mut differences = String::new();
        for (probe, answer) in probes.iter().zip(&answers.answers) {
            if answer.as_ref() != Some(&probe.expected) {
                let actual = answer
                    .as_ref()
                    .map_or_else(|| "no such answer".to_owned(), words);
                let _ = writeln!(
                    differences,
                    "{}: expected {}, got {actual}",
                    probe.label,
                    words(&probe.expected)
                );
            }
        }
        if !differences.is_empty() {
            self.fail(&format!("views differ:\n{differences}"));
        }
    }

    /// The probes, each as the model expects it answered in its own second.
    fn probes_at(&self, times: &[u64]) -> Vec<Probe> {
        let mut seconds = BTreeMap::new();
        for time in times {
            seconds.entry(*time).or_insert_with(|| {
                let mut model = self.model.clone();
                model.now = *time;
                model.probes()
            });
        }
        let places = times.iter().enumerate();
        places
            .map(|(place, time)| seconds[time][place].clone())
            .collect()
    }

    fn check_intent(&self, predicted: &Result<Effect, Bytes>, intent: Intent) {
        let matches = match (predicted, intent) {
            (Ok(_), Intent::Succeed) => true,
            (Err(reason), Intent::Fail(name)) => error_name(reason) == name,
            (_, Intent::AsPredicted) => true,
            _ => false,
        };
        if !matches {
            let reason = predicted
                .as_ref()
                .err()
                .and_then(|reason| describe_error(reason));
            self.fail(&format!(
                "built to {intent:?}, but the model says {reason:?}"
            ));
        }
    }

    /// A client that knows only the contract that it called can read every refusal.
    fn check_declared(&self, called: Address, data: &Bytes) {
        let at = &self.world.contracts;
        let declared = if called == at.vvv {
            IVVV::IVVVErrors::abi_decode(data).is_ok()
        } else if called == at.s_vvv {
            IStakedVvv::IStakedVvvErrors::abi_decode(data).is_ok()
        } else {
            IDiem::IDiemErrors::abi_decode(data).is_ok()
        };
        // Panics are declared nowhere, and known everywhere.
        if !declared && Panic::abi_decode(data).is_err() {
            self.fail(&format!("{data} is no error of the contract at {called}"));
        }
    }

    fn agree(&self, expected: &Result<Bytes, Bytes>, actual: &Result<Bytes, Bytes>) {
        if expected != actual {
            self.fail(&format!(
                "answers differ: expected {}, got {}",
                outcome(expected),
                outcome(actual)
            ));
        }
    }

    fn compare_logs(&self, expected: &[Log], actual: &[Log]) {
        if expected != actual {
            self.fail(&format!(
                "events differ: expected {expected:#?}, got {actual:#?}"
            ));
        }
    }

    fn fail(&self, problem: &str) -> ! {
        panic!("{}\n{problem}", self.lines.join("\n"))
    }
}

/// Events by contract, each contract's in order.
pub fn by_contract(logs: &[Log]) -> BTreeMap<Address, Vec<LogData>> {
    let mut sorted: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for log in logs {
        sorted
            .entry(log.address)
            .or_default()
            .push(log.data.clone());
    }
    sorted
}

fn outcome(result: &Result<Bytes, Bytes>) -> String {
    match result {
        Ok(bytes) => format!("success with {}", words(bytes)),
        Err(data) => format!(
            "refusal {}",
            describe_error(data).unwrap_or_else(|| data.to_string())
        ),
    }
}

/// Whole words in decimals, anything else as hex.
fn words(bytes: &Bytes) -> String {
    if !bytes.len().is_multiple_of(32) {
        return bytes.to_string();
    }
    let words: Vec<_> = bytes
        .chunks(32)
        .map(|word| U256::from_be_slice(word).to_string())
        .collect();
    format!("({})", words.join(", "))
}
