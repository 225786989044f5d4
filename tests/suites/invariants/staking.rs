//! I-1 to I-4 and I-7: staking, emissions, minting, burning, yield.

use super::{Tally, first_seed, steps};
use crate::prelude::*;
use e2e::generator::Generator;
use e2e::random::Random;
use e2e::replay::Replay;

/// Runs one history; afterwards state rebuilt from the events alone must equal the model as well.
fn run(seed: u64) {
    let world = World::of(TARGET);
    let mut h = world.history();
    let mut generator = Generator::staking(seed);
    let mut tally = Tally::default();
    for _ in 0..steps() {
        let (action, intent) = generator.next(&h.model);
        tally.count(&action, intent);
        h.step(action, intent);
    }
    let acts = [
        "StakeVvv",
        "InitiateUnstakeVvv",
        "FinalizeUnstake",
        "FundRewards",
        "SetEmissionRate",
        "Claim",
        "ClaimAndStake",
        "Mint",
        "MintExact",
        "MintDiem",
        "Burn",
        "BurnDiem",
        "Transfer",
        "ClaimYield",
        "CollectFees",
    ];
    tally.check(&acts, &["ZeroAmount", "InsufficientUnlocked"]);
    let at = world.contracts;
    let logs = world.chain.logs(&[at.vvv, at.s_vvv, at.diem]);
    let rebuilt = Replay::of(&at, &logs, h.today());
    assert_eq!(rebuilt, Replay::expected(&h.model));
}

#[test]
fn inv_staking_and_minting_follow_the_model_first_history() {
    run(first_seed());
}

#[test]
fn inv_staking_and_minting_follow_the_model_second_history() {
    run(first_seed() + 1);
}

/// A tiny curve is filled to its cap and emptied again and again; rounding weighs most there.
#[test]
fn inv_a_tiny_curve_follows_the_model_up_to_its_cap() {
    let tiny = e2e::model::Parameters {
        target_supply: tokens(1),
        ..e2e::world::parameters()
    };
    let world = World::with(TARGET, tiny);
    let mut h = world.history();
    h.act(Faucet {
        who: Alice,
        amount: 40_000_000 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 40_000_000 * WAD,
    });
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: 1_000,
    });
    h.act(FundRewards {
        who: Owner,
        amount: 1_000_000 * WAD,
    });
    let mut random = Random::new(first_seed());
    for _ in 0..steps() / 3 {
        let who = if random.one_in(4) { Bob } else { Alice };
        h.wait(random.below(10_000));
        let account = h.model.account(who.address());
        let room = U256::from(2 * WAD) - h.model.diem_supply();
        let most = h.model.preview_mint(account.free).unwrap_or(room);
        if random.one_in(2) {
            let amount = random.amount(most.to());
            let cost = h.model.preview_mint_exact(wei(amount)).unwrap_or(U256::MAX);
            if amount > 0 && cost <= account.free {
                h.act(MintExact {
                    who,
                    amount,
                    most: cost.to(),
                });
            }
        } else {
            let amount = random.amount(account.outstanding.to());
            if amount > 0 {
                h.act(Burn { who, amount });
            }
        }
    }
}
