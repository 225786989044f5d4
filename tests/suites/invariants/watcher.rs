//! The watcher of L-1 to L-4 notices what it is there for: a line is changed behind the contract's back.

use crate::layout::{DIEM, bits, entry, key};
use crate::prelude::*;
use e2e::credit_watch::CreditWatch;
use e2e::history::Intent;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// First bits of the used part, the epoch and the gateway in a line's word.
const USED_AT: usize = 91;
const GATEWAY_AT: usize = 206;

/// Alice's line, changed by `change`, as the watcher sees it after `before`; what it complains of.
fn complaint(
    before: impl Fn(&History<'_>) -> Action,
    change: impl Fn(U256) -> U256,
    at_midnight: bool,
) -> Option<String> {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(register(Rival));
    let mut watch = CreditWatch::new(&world, h.model.now);
    let action = before(&h);
    h.act(action.clone());
    watch.see(h.model.now, &action, Intent::Succeed);
    let (diem, slot) = (world.contracts.diem, entry(key(Alice), DIEM.lines));
    let word = bits(world.chain.storage(diem, slot), 0, 256);
    let changed = alloy_primitives::B256::from(change(word));
    world.chain.rpc::<serde_json::Value>(
        "anvil_setStorageAt",
        serde_json::json!([diem, slot, changed]),
    );
    let second = Wait { seconds: 1 };
    let seen = catch_unwind(AssertUnwindSafe(|| {
        if at_midnight {
            watch.at_midnight((h.today() + 1) * DAY);
        } else {
            watch.see(h.model.now + 1, &second, Intent::Succeed);
        }
    }));
    seen.err().map(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.expect("a complaint in words")
    })
}

fn served(h: &History<'_>) -> Action {
    h.settle(Gateway, Alice, 400 * WAD)
}

fn noticed(id: &str, complaint: Option<String>) {
    let text = complaint.unwrap_or_default();
    assert!(text.contains(id), "expected {id}, was told {text:?}");
}

#[test]
fn the_watcher_is_content_with_a_line_that_nobody_touched() {
    assert_eq!(complaint(served, |word| word, false), None);
    assert_eq!(complaint(served, |word| word, true), None);
}

#[test]
fn the_watcher_notices_an_allowance_that_falls() {
    noticed("L-1", complaint(served, |word| word - U256::ONE, false));
}

#[test]
fn the_watcher_notices_a_gateway_that_changes() {
    let rival = U256::from(3) << GATEWAY_AT;
    noticed("L-1", complaint(served, |word| word | rival, false));
}

#[test]
fn the_watcher_notices_a_dollar_that_cannot_be_settled_at_midnight() {
    noticed("L-1", complaint(served, |word| word - U256::ONE, true));
}

#[test]
fn the_watcher_notices_use_that_nobody_stated() {
    let more = U256::ONE << USED_AT;
    noticed("L-3", complaint(served, |word| word + more, false));
}

#[test]
fn the_watcher_notices_a_statement_that_was_forgotten() {
    let used = (U256::ONE << USED_AT) - U256::ONE;
    let forget = |word: U256| word & (used | !((used << USED_AT) | used));
    noticed("L-3", complaint(served, forget, false));
}

#[test]
fn the_watcher_notices_dollars_without_diem() {
    noticed("L-4", complaint(served, |word| word + U256::ONE, false));
}
