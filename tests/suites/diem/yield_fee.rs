//! The yield of locked sVVV: four fifths to its owner, a fifth to the treasury.

use crate::prelude::*;

#[test]
fn locked_yield_is_split_eighty_to_twenty() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.wait(4_000);
    // A thousand VVV emitted, half of it on locked sVVV; a few seconds passed at most since funding.
    let claimed = U256::from_be_slice(&h.act(ClaimYield { who: Alice }).returned);
    let collected = U256::from_be_slice(&h.act(CollectFees { who: Stranger }).returned);
    assert!(claimed.abs_diff(tokens(400)) <= wei(2), "{claimed}");
    assert!(collected.abs_diff(tokens(100)) <= wei(2), "{collected}");
    assert!(claimed + collected <= tokens(500));
    assert_eq!(h.model.account(Treasury.address()).vvv, collected);
}

#[test]
fn claim_on_svvv_pays_free_rewards_and_locked_yield_net_of_fee() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.wait(4_000);
    let before = h.model.account(Alice.address()).vvv;
    h.act(Claim { who: Alice });
    let paid = h.model.account(Alice.address()).vvv - before;
    assert!(paid.abs_diff(tokens(900)) <= wei(3), "{paid}");
    assert!(
        h.act(ClaimYield { who: Alice })
            .returned
            .iter()
            .all(|byte| *byte == 0),
        "nothing is left on DIEM"
    );
}

#[test]
fn claim_yield_and_collect_fees_do_nothing_when_nothing_is_pending() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    assert!(h.act(ClaimYield { who: Bob }).logs.is_empty());
    assert!(h.act(CollectFees { who: Bob }).logs.is_empty());
}

#[test]
fn the_fee_is_never_taken_from_principal() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.wait(100 * DAY);
    h.act(CollectFees { who: Bob });
    let outstanding = h.model.account(Alice.address()).outstanding.to();
    h.act(Burn {
        who: Alice,
        amount: outstanding,
    });
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: 1_000_000 * WAD,
    });
    h.wait(7 * DAY);
    let before = h.model.account(Alice.address()).vvv;
    h.act(FinalizeUnstake { who: Alice });
    assert_eq!(
        h.model.account(Alice.address()).vvv - before,
        tokens(1_000_000)
    );
}

#[test]
fn yield_earned_before_a_burn_is_still_paid_after_it() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.wait(4_000);
    let outstanding = h.model.account(Alice.address()).outstanding.to();
    h.act(Burn {
        who: Alice,
        amount: outstanding,
    });
    let pending = h.model.pending_yield(Alice.address());
    assert!(pending.abs_diff(tokens(400)) <= wei(2), "{pending}");
    h.act(ClaimYield { who: Alice });
}

#[test]
fn fees_go_to_the_treasury_of_the_moment() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.wait(4_000);
    h.act(SetTreasury {
        who: Owner,
        treasury: Bob,
    });
    let before = h.model.account(Bob.address()).vvv;
    h.act(CollectFees { who: Stranger });
    assert!(h.model.account(Bob.address()).vvv > before);
    assert_eq!(
        world
            .chain
            .view(world.contracts.s_vvv, &IStakedVvv::treasuryCall {}),
        Bob.address()
    );
}

#[test]
fn the_fee_is_a_constant() {
    let world = World::of(TARGET);
    assert_eq!(
        world
            .chain
            .view(world.contracts.diem, &IDiem::YIELD_FEECall {}),
        wei(WAD / 5)
    );
}
