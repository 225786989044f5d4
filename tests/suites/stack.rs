//! The stack of `scripts/build-wasm` is large enough: everything runs with less.

use crate::permit::{diem_permit, stake_with_permit};
use crate::prelude::*;
use e2e::deploy::arguments;
use e2e::deploy::stylus::{construction, from_modules, program};
use e2e::generator::Generator;
use e2e::model::Parameters;
use e2e::stack::{BUILT_WITH, narrowed};
use e2e::world::{fresh_chain, parameters};

/// Half stays free. Measured: 5,120 bytes are enough, 4,864 are not.
const ENOUGH: i32 = BUILT_WITH / 2;
/// Steps of a random history here; the paths matter, not the numbers.
const STEPS: u32 = 120;
/// DIEM of the target supply here: so little that a purse reaches the end of the curve.
const TARGET: u128 = 1;

fn narrow_world() -> World {
    let parameters = Parameters {
        target_supply: tokens(TARGET),
        ..parameters()
    };
    World::deployed(parameters, |chain, parameters| {
        from_modules(chain, parameters, |name| narrowed(name, ENOUGH))
    })
}

/// The longest call chains: sVVV to DIEM and back to sVVV and VVV, with yield, leases and credits to settle on the way;
/// the widest numbers of the curve; the most items; signatures.
#[test]
fn the_deepest_paths_leave_half_of_the_stack() {
    let world = narrow_world();
    let mut h = world.history();
    let purse = 40_000_000 * WAD;
    h.act(Faucet {
        who: Alice,
        amount: purse,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: purse,
    });
    h.act(FundRewards {
        who: Owner,
        amount: 100_000 * WAD,
    });
    h.act(MintDiem {
        who: Alice,
        amount: 100_000 * WAD,
        least: 0,
    });
    h.act(choose(Alice, Gateway));
    h.act(StakeDiem {
        who: Alice,
        amount: WAD / 2,
    });
    h.at(start() + DAY);
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: WAD / 4,
        epochs: 365,
    });
    h.act(ChooseLeaseGateway {
        who: Bob,
        id: 1,
        gateway: Some(Gateway),
    });
    h.wait(DAY);
    h.act(h.settle_leases(Gateway, &[(1, WAD / 8); 100]));
    h.act(h.settle_batch(Gateway, &[(Alice, WAD / 500); 100]));
    let left = 2 * TARGET * WAD - h.model.diem_supply().to::<u128>();
    h.act(MintExact {
        who: Alice,
        amount: left - 1,
        most: u128::MAX,
    });
    h.wait(30 * DAY);
    h.act(ClaimYield { who: Alice });
    h.wait(DAY);
    h.act(ClaimAndStake { who: Alice });
    h.act(CollectFees { who: Stranger });
    h.act(BurnDiem {
        who: Alice,
        amount: WAD / 4,
    });
    let (chain, at) = (&world.chain, world.contracts);
    chain.send(
        Stranger,
        at.diem,
        &diem_permit(&world, Alice, h.model.now + 1),
    );
    chain.send(
        Erin,
        at.s_vvv,
        &stake_with_permit(&world, tokens(1), h.model.now + 1),
    );
}

#[test]
fn random_histories_leave_half_of_the_stack() {
    let drawn: [fn(u64) -> Generator; 2] = [Generator::staking, Generator::credits];
    for (seed, generator) in drawn.into_iter().enumerate() {
        let world = narrow_world();
        let mut h = world.history();
        let mut generator = generator(seed as u64);
        for _ in 0..STEPS {
            let (action, intent) = generator.next(&h.model);
            h.step(action, intent);
        }
    }
}

/// What the tests above rely on: a stack that does not suffice is noticed.
#[test]
fn a_stack_that_is_too_small_traps() {
    let (chain, _node) = fresh_chain();
    let (some, owner) = (Alice.address(), Owner.address());
    let rate = parameters().emission_rate;
    let arguments = construction(&arguments(&(some, owner, rate, rate)));
    assert!(program(&chain, &narrowed("staked_vvv", ENOUGH), arguments.clone()).is_some());
    assert!(program(&chain, &narrowed("staked_vvv", 16), arguments).is_none());
}
