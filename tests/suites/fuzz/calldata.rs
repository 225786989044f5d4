//! Calldata of every function, right and damaged, by everybody, one call after the other, on both targets beside each
//! other. What must hold of each call:
//!
//! - what is no call of the interface, or brings ether, is refused without data;
//! - what is a call does the same as the call that an encoder writes of its arguments;
//! - a refusal of a call is an error of the interface, to its last byte, and never for want of gas;
//! - both targets answer the same bytes, and tell of the same events;
//! - the transaction does what the call before it said, and afterwards every relation between amounts holds.

use super::drawing::{self, Call, Made, stylus_constructor};
use super::relations;
use super::side::{INTERFACES, Side};
use super::words::{self, Reading};
use super::{figures, try_cases};
use crate::permissions::grown;
use crate::prelude::*;
use alloy_primitives::Log;
use e2e::chain::{Chain, Refusal};
use e2e::deploy::Target;
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Cases of each function in the gate.
const CASES: u32 = 2;
/// Gas of any call, at the most: of thirty million, so that none can have run out of it.
const MOST_GAS: u64 = 3_000_000;
/// Calls before the one that a case is about.
const BEFORE: usize = 2;
/// What an arithmetic underflow says, as Solidity has it.
const UNDERFLOW: &str = "Panic(17)";
/// Where VVV is pulled from the caller, whose balance or allowance may fall short.
const PULLS: [&str; 3] = ["stake", "stakeWithPermit", "fundRewards"];
/// What depends on an address beyond showing it: what a domain hashes to, and whom a signature recovers to.
const OF_THE_DOMAIN: [&str; 2] = ["DOMAIN_SEPARATOR", "permit"];

/// What came of a call, told alike on both sides.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    answer: Result<Bytes, Bytes>,
    logs: Vec<Bytes>,
}

/// How often what happened.
#[derive(Debug, Default)]
struct Tally {
    /// By the function.
    done: BTreeMap<String, u64>,
    /// By the error.
    refused: BTreeMap<String, u64>,
    no_call: u64,
    most_gas: u64,
}

/// Everybody has become what they are, and everything can be done.
fn everything(world: &World) -> u64 {
    grown(world).model.now
}

/// Nothing has happened yet.
fn nothing(world: &World) -> u64 {
    world.history().model.now
}

/// The error that a refused call tells, which its interface declares.
fn reason(side: &Side, made: &Made<'_>, refusal: &Refusal) -> String {
    let interface = INTERFACES[made.contract];
    if let Some(error) = side.declared(made.contract, &refusal.data) {
        assert_ne!(error.name, "InsufficientGas", "{made:?}: {refusal}");
        return error.name.clone();
    }
    let pulls = interface == "IStakedVvv" && PULLS.contains(&&*made.function.name);
    assert!(
        refusal.is(&vvv_falls_short()) && (interface == "IVVV" || pulls),
        "{made:?} is refused with what {interface} does not declare: {refusal}"
    );
    UNDERFLOW.to_owned()
}

/// Makes one call, and holds it against the rules.
fn judge(side: &Side, call: &Call, made: &Made<'_>, tally: &mut Tally) -> Outcome {
    let chain = &side.world.chain;
    let to = side.contracts[made.contract].into();
    let value = U256::from(call.value);
    let answer = match made.who {
        // Whoever is no account has no ether either.
        None => chain.call_raw(made.from, to, made.calldata.clone()),
        Some(_) => chain.call_with_value(made.from, to, made.calldata.clone(), value),
    };
    let brings_ether = made.who.is_some() && !value.is_zero();
    let reading = words::read(&side.interfaces[made.contract], &made.calldata);
    match (&answer, &reading) {
        (_, Reading::Call(call)) if !brings_ether => {
            side.meet(&call.addresses);
            match &answer {
                Ok(_) => {
                    let function = format!("{}.{}", INTERFACES[made.contract], call.name);
                    *tally.done.entry(function).or_default() += 1;
                }
                Err(refusal) => {
                    let told = reason(side, made, refusal);
                    *tally.refused.entry(told).or_default() += 1;
                }
            }
            let canonical = chain.call_raw(made.from, to, call.calldata.clone());
            assert_eq!(answer, canonical, "{made:?} as an encoder writes it");
        }
        // solc reads the items of an array when they are used, so a reason to refuse may come before.
        (Err(refusal), Reading::DirtyItems)
            if side.target == Target::Evm && !refusal.data.is_empty() =>
        {
            reason(side, made, refusal);
        }
        // A constructor looks at its arguments before it finds that it has run.
        (Err(refusal), Reading::Nothing)
            if side.target == Target::Stylus
                && made.calldata.starts_with(&stylus_constructor())
                && !refusal.data.is_empty() =>
        {
            assert_eq!(reason(side, made, refusal), "ZeroAddress", "{made:?}");
        }
        (Err(refusal), _) => {
            tally.no_call += 1;
            assert!(refusal.data.is_empty(), "{made:?} is no call: {refusal}");
        }
        (Ok(answer), _) => panic!("{made:?} is no call, and answers {answer}"),
    }
    let logs = match made.who {
        Some(who) => sent(side, who, made, value, answer.is_ok(), tally),
        None => Vec::new(),
    };
    let answer = match answer {
        Ok(bytes) => Ok(side.neutral(&bytes)),
        Err(refusal) => Err(side.neutral(&refusal.data)),
    };
    Outcome {
        answer,
        logs: side.neutral_logs(&logs),
    }
}

/// The call as a transaction: what it tells of.
fn sent(
    side: &Side,
    who: Who,
    made: &Made<'_>,
    value: U256,
    succeeds: bool,
    tally: &mut Tally,
) -> Vec<Log> {
    let chain = &side.world.chain;
    let to = side.contracts[made.contract].into();
    let receipt = chain.transact(who, to, made.calldata.clone(), value);
    assert_eq!(receipt.status(), succeeds, "{made:?} as a transaction");
    tally.most_gas = tally.most_gas.max(receipt.gas_used);
    assert!(
        receipt.gas_used < MOST_GAS,
        "{made:?} took {} gas",
        receipt.gas_used
    );
    let logs = Chain::logs_of(&receipt);
    if succeeds {
        relations::check(side);
    } else {
        assert!(
            logs.is_empty(),
            "{made:?} was refused and tells of {logs:?}"
        );
    }
    logs
}

/// Calldata that means the same on both sides, where the answers may be compared byte by byte: not where a bit of a
/// contract's address has changed.
fn comparable(side: &Side, made: &Made<'_>) -> Option<Bytes> {
    match words::read(&side.interfaces[made.contract], &made.calldata) {
        Reading::Call(call) if !OF_THE_DOMAIN.contains(&&*call.name) => {
            Some(side.neutral(&made.calldata))
        }
        _ => None,
    }
}

/// Both sides, in one state.
type Sides = [Side; 2];

fn sides(prepare: fn(&World) -> u64) -> Sides {
    [Target::Stylus, Target::Evm].map(|target| Side::prepared(target, prepare))
}

/// Plays a case on both sides.
fn play(sides: &Sides, function: (usize, usize), before: &[Call], last: &Call, tally: &mut Tally) {
    for side in sides {
        side.begin();
    }
    let calls = before.iter().map(|call| (call, None));
    for (call, function) in calls.chain([(last, Some(function))]) {
        let [stylus, evm] = sides.each_ref().map(|side| {
            side.wait(call.wait);
            let made = call.on(side, function);
            let outcome = judge(side, call, &made, tally);
            (comparable(side, &made), outcome, made)
        });
        if stylus.0.is_some() && stylus.0 == evm.0 {
            assert_eq!(stylus.1, evm.1, "{:?} on both", stylus.2);
        } else {
            assert_eq!(
                stylus.1.answer.is_ok(),
                evm.1.answer.is_ok(),
                "{:?} on both",
                stylus.2
            );
        }
    }
}

#[test]
fn anything_as_calldata_is_done_or_refused_as_declared_and_leaves_all_relations() {
    let states = [sides(everything), sides(nothing)];
    let tally = RefCell::new(Tally::default());
    let cases = (
        vec(drawing::call(), 0..=BEFORE),
        drawing::call(),
        prop::bool::weighted(0.2),
    );
    for function in &states[0][0].functions {
        try_cases(CASES, &cases, |(before, last, fresh)| {
            let sides = &states[usize::from(fresh)];
            play(sides, *function, &before, &last, &mut tally.borrow_mut());
            Ok(())
        });
    }
    let tally = tally.into_inner();
    figures(&tally);
    let [done, refused] = [&tally.done, &tally.refused].map(|counts| counts.values().sum::<u64>());
    let all = done + refused + tally.no_call;
    assert!(
        done > all / 4 && refused > all / 8 && tally.no_call > all / 8,
        "{tally:?}"
    );
    assert!(tally.refused.len() > 10, "{tally:?}");
}
