//! The Solidity twin of the design (`bench/solidity/design`) under the same histories as the Stylus contracts:
//! two implementations and one model, event by event and view by view.

use crate::prelude::*;
use e2e::generator::Generator;
use e2e::history::Intent;

/// The twin computes its curve in its own way, so amounts that hang on the last wei may differ: it runs its own
/// history here, on the steps that do not mint.
fn run(mut generator: Generator, steps: usize) {
    let world = World::deployed(e2e::world::parameters(), e2e::deploy::twin);
    let mut h = world.history();
    for _ in 0..steps {
        let (action, intent) = generator.next(&h.model);
        if intent == Intent::Succeed {
            h.step(action, intent);
        }
    }
}

#[test]
fn the_solidity_twin_follows_the_model() {
    run(Generator::staking(11), 100);
}
