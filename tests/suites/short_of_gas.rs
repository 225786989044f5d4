//! A caller with too little gas, at every entry point: what is called on the way gets 63/64 of what is left, so it may
//! fail where its caller does not. Whatever the gas, an act happens whole or not at all.

use crate::permit::stake_with_permit;
use crate::prelude::*;
use crate::writes::*;
use alloy::sol_types::SolError;
use alloy_primitives::{Log, TxKind};
use e2e::chain::Chain;

/// Gas limits tried for each act, between what the transaction costs before it begins and more than enough.
const LIMITS: u64 = 48;

/// What an act leaves: state follows from the events alone, which the suite `replay` shows.
fn effect(world: &World, write: &Write, gas: u64) -> Option<Vec<Log>> {
    let snapshot = world.chain.snapshot();
    let to = TxKind::from(write.to);
    let receipt = world
        .chain
        .transact_with(write.who, to, write.data.clone(), gas);
    world.chain.revert(snapshot);
    receipt.status().then(|| Chain::logs_of(&receipt))
}

/// Counts limits that were too small, and those that sufficed.
fn whole_or_nothing(world: &World, write: &Write) -> (u64, u64) {
    let to = TxKind::from(write.to);
    let enough = world
        .chain
        .estimate(write.who, to, write.data.clone())
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", write.name));
    let whole = effect(world, write, 2 * enough).expect("an act with plenty of gas");
    // What calldata costs before anything runs, and what the node asks for its way to the parent chain.
    let least = 30_000 + 40 * write.data.len() as u64;
    let most = enough + 40_000;
    let (mut failed, mut done) = (0, 0);
    for step in 0..LIMITS {
        let gas = least + (most - least) * step / (LIMITS - 1);
        match effect(world, write, gas) {
            Some(logs) => {
                assert_eq!(logs, whole, "{} with {gas} gas of {enough}", write.name);
                done += 1;
            }
            None => failed += 1,
        }
    }
    (failed, done)
}

#[test]
fn every_act_with_too_little_gas_happens_whole_or_not_at_all() {
    let world = old_hands();
    let writes = writes(&world);
    assert_all_are_there(&writes);
    let (mut failed, mut done) = (0, 0);
    for write in &writes {
        let (short, enough) = whole_or_nothing(&world, write);
        assert!(enough > 0, "{} never happened", write.name);
        failed += short;
        done += enough;
    }
    let acts = writes.len() as u64;
    assert!(
        failed > 5 * acts && done > 2 * acts,
        "{failed} failed and {done} happened in {acts} acts"
    );
}

/// The permit may fail for want of gas where the rest goes on; then the allowance decides, and there is none.
#[test]
fn a_permit_that_runs_short_of_gas_stakes_nothing() {
    let world = World::of(TARGET);
    let at = world.contracts;
    let (to, amount) = (Erin.address(), tokens(9));
    send(&world, Erin, at.vvv, IVVV::mintCall { to, amount });
    let call = stake_with_permit(&world, amount, start());
    let write = write(Erin, at.s_vvv, call);
    let (failed, done) = whole_or_nothing(&world, &write);
    assert!(failed > 5 && done > 2, "{failed} failed, {done} happened");
}

/// What a call that has `gas` was told to lack: what was left, and what it insists on.
fn lacking(world: &World, write: &Write, gas: u64) -> Option<(u64, u64)> {
    let (who, to) = (write.who.address(), TxKind::from(write.to));
    let answer = world.chain.call_with_gas(who, to, write.data.clone(), gas);
    let refusal = answer.err()?;
    let error = IStakedVvv::InsufficientGas::abi_decode(&refusal.data).ok()?;
    Some((error.left.to(), error.needed.to()))
}

/// One unit less is refused with the numbers, and never is as much left as is needed.
#[test]
fn what_an_act_insists_on_is_enough_to_the_unit() {
    let world = old_hands();
    let mut insist = 0;
    for write in &writes(&world) {
        let to = TxKind::from(write.to);
        let estimate = world
            .chain
            .estimate(write.who, to, write.data.clone())
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", write.name));
        let short = estimate - estimate / 10;
        let Some((left, needed)) = lacking(&world, write, short) else {
            continue;
        };
        let enough = short + needed - left;
        assert_eq!(lacking(&world, write, enough), None, "{}", write.name);
        let less = lacking(&world, write, enough - 1);
        assert_eq!(less, Some((needed - 1, needed)), "{}", write.name);
        insist += 1;
    }
    assert!(insist > 20, "only {insist} acts insist on gas");
}
