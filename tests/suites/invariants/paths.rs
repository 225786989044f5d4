//! Two doors, one room: minting and burning through DIEM or through sVVV give identical results.

use super::{first_seed, steps};
use crate::prelude::*;
use e2e::action::Action;
use e2e::generator::Generator;
use e2e::history::{Intent, by_contract};

/// The same act through the other door, if there is one.
fn other_door(action: &Action) -> Option<Action> {
    Some(match action.clone() {
        Mint { who, amount, least } => MintDiem { who, amount, least },
        MintDiem { who, amount, least } => Mint { who, amount, least },
        Burn { who, amount } => BurnDiem { who, amount },
        BurnDiem { who, amount } => Burn { who, amount },
        _ => return None,
    })
}

#[test]
fn inv_both_doors_to_a_mint_give_identical_results() {
    let world = World::of(TARGET);
    let mut h = world.history();
    let mut generator = Generator::staking(first_seed() + 7);
    let mut compared = 0;
    for _ in 0..steps() {
        let (action, intent) = generator.next(&h.model);
        let Some(other) = other_door(&action).filter(|_| intent == Intent::Succeed) else {
            h.step(action, intent);
            continue;
        };
        let before = h.model.clone();
        h.keep_alive();
        let snapshot = world.chain.snapshot();
        let first = h.act(action);
        let first_state = std::mem::replace(&mut h.model, before);
        world.chain.revert(snapshot);
        let second = h.act(other);
        assert_eq!(h.model.accounts, first_state.accounts);
        assert_eq!(by_contract(&first.logs), by_contract(&second.logs));
        compared += 1;
    }
    assert!(compared > 0, "no mint and no burn was drawn");
}
