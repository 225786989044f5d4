//! Emissions from a funded reserve; rewards are kept until claimed.

use crate::prelude::*;

#[test]
fn rewards_are_split_by_stake() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 1_000 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 300 * WAD,
    });
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: 100 * WAD,
    });
    h.wait(400);
    assert_eq!(h.model.pending_rewards(Alice.address()), tokens(75));
    assert_eq!(h.model.pending_rewards(Bob.address()), tokens(25));
    h.act(Claim { who: Alice });
    h.act(Claim { who: Bob });
}

#[test]
fn emissions_never_promise_more_than_the_reserve() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 10 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 100 * WAD,
    });
    h.wait(365 * DAY / 2);
    assert_eq!(h.model.pending_rewards(Alice.address()), tokens(10));
    h.act(Claim { who: Alice });
    assert_eq!(
        world
            .chain
            .view(world.contracts.s_vvv, &IStakedVvv::rewardReserveCall {}),
        U256::ZERO
    );
    h.wait(DAY);
    h.refuse(ClaimAndStake { who: Alice }, &IStakedVvv::NothingToClaim {});
}

#[test]
fn nothing_is_emitted_while_nobody_is_staked() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 1_000 * WAD,
    });
    h.wait(100 * DAY);
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: WAD,
    });
    assert_eq!(h.model.pending_rewards(Alice.address()), U256::ZERO);
    assert_eq!(
        world
            .chain
            .view(world.contracts.s_vvv, &IStakedVvv::rewardReserveCall {}),
        tokens(1_000)
    );
}

#[test]
fn anybody_may_fund_rewards() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Bob,
        amount: 7,
    });
    h.refuse(
        FundRewards {
            who: Bob,
            amount: 0,
        },
        &IStakedVvv::ZeroAmount {},
    );
}

#[test]
fn a_new_rate_counts_from_now_on() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 1_000 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 100 * WAD,
    });
    h.wait(100);
    h.act(SetEmissionRate {
        who: Owner,
        rate: WAD,
    });
    h.wait(100);
    assert_eq!(h.model.pending_rewards(Alice.address()), tokens(25 + 100));
    h.act(Claim { who: Alice });
}

#[test]
fn set_emission_rate_reverts_for_strangers() {
    let world = World::of(TARGET);
    let mut h = world.history();
    let account = Stranger.address();
    h.refuse(
        SetEmissionRate {
            who: Stranger,
            rate: 1,
        },
        &IStakedVvv::OwnableUnauthorizedAccount { account },
    );
}

#[test]
fn no_rate_is_ever_above_the_maximum_of_the_constructor() {
    let world = World::of(TARGET);
    let mut h = world.history();
    let maximum = h.model.max_emission_rate;
    let set = |rate| SetEmissionRate { who: Owner, rate };
    let above = maximum + U256::ONE;
    let rate = above;
    let error = IStakedVvv::EmissionRateTooHigh { rate, maximum };
    h.refuse(set(above.to()), &error);
    // A rate is compared as a whole word, not as the bits that its field has.
    for rate in [U256::ONE << 96, U256::ONE << 128, U256::MAX] {
        let call = IStakedVvv::setEmissionRateCall {
            newEmissionRate: rate,
        };
        let refusal = world.chain.refusal(Owner, world.contracts.s_vvv, &call);
        let error = IStakedVvv::EmissionRateTooHigh { rate, maximum };
        assert!(refusal.is(&error), "{refusal}");
    }
    h.act(set(maximum.to()));
    h.act(set(0));
}

/// Whoever owns the contract cannot send the reserve, in one second, to who is staked then.
#[test]
fn the_owner_cannot_empty_the_reserve_faster_than_the_maximum_allows() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 1_000_000 * WAD,
    });
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: WAD,
    });
    let maximum = h.model.max_emission_rate;
    h.act(SetEmissionRate {
        who: Owner,
        rate: maximum.to(),
    });
    h.wait(1);
    assert_eq!(h.model.pending_rewards(Bob.address()), maximum);
    h.act(Claim { who: Bob });
    h.compare_views();
}

#[test]
fn claim_pays_nothing_and_does_not_revert_when_nothing_is_pending() {
    let world = World::of(TARGET);
    let effect = world.history().act(Claim { who: Alice });
    assert!(effect.logs.is_empty());
}

#[test]
fn claim_and_stake_compounds() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 1_000 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 100 * WAD,
    });
    h.wait(400);
    h.act(ClaimAndStake { who: Alice });
    assert_eq!(h.model.account(Alice.address()).free, tokens(200));
    h.refuse(ClaimAndStake { who: Alice }, &IStakedVvv::NothingToClaim {});
}

#[test]
fn two_claims_in_one_second_pay_once() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 1_000 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 3 * WAD,
    });
    h.wait(7);
    h.act(Claim { who: Alice });
    assert!(h.act(Claim { who: Alice }).logs.is_empty());
}

/// Each entry point that reads or moves rewards brings the index to now first.
#[test]
fn every_change_of_a_stake_accrues_first() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(FundRewards {
        who: Owner,
        amount: 100_000 * WAD,
    });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_000_000 * WAD,
    });
    let changes = [
        StakeVvv {
            who: Alice,
            recipient: Alice,
            amount: WAD,
        },
        FundRewards {
            who: Owner,
            amount: WAD,
        },
        SetEmissionRate {
            who: Owner,
            rate: 2 * WAD,
        },
        InitiateUnstakeVvv {
            who: Alice,
            amount: WAD,
        },
        Claim { who: Alice },
        ClaimAndStake { who: Alice },
        Mint {
            who: Alice,
            amount: 1_000 * WAD,
            least: 0,
        },
        MintExact {
            who: Alice,
            amount: WAD,
            most: 1_000 * WAD,
        },
        MintDiem {
            who: Alice,
            amount: 1_000 * WAD,
            least: 0,
        },
        Burn {
            who: Alice,
            amount: WAD,
        },
        BurnDiem {
            who: Alice,
            amount: WAD,
        },
        ClaimYield { who: Alice },
        CollectFees { who: Alice },
    ];
    for change in changes {
        h.wait(60);
        h.act(change.clone());
        let last = world.chain.view(
            world.contracts.s_vvv,
            &IStakedVvv::lastRewardTimestampCall {},
        );
        assert_eq!(last, U256::from(h.model.now), "{change:?}");
    }
}

/// All that is ever earned comes out of it, so that no sum of rewards overflows.
#[test]
fn all_that_is_ever_funded_stays_below_128_bits() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: WAD,
    });
    let (chain, at) = (&world.chain, world.contracts);
    let half = U256::ONE << 127_usize;
    let (to, amount) = (Owner.address(), U256::ONE << 129_usize);
    chain.send(Owner, at.vvv, &IVVV::mintCall { to, amount });
    let fund = |amount| IStakedVvv::fundRewardsCall { amount };
    for amount in [U256::ONE << 128_usize, U256::MAX] {
        let maximum = U256::from(u128::MAX);
        let error = IStakedVvv::AmountTooLarge { amount, maximum };
        let refusal = chain.refusal(Owner, at.s_vvv, &fund(amount));
        assert!(refusal.is(&error), "{refusal}");
    }
    chain.send(Owner, at.s_vvv, &fund(half));
    // What was paid out counts as well.
    chain.set_time(start() + DAY);
    chain.send(Alice, at.s_vvv, &IStakedVvv::claimCall {});
    let (amount, maximum) = (half, half - U256::ONE);
    let error = IStakedVvv::AmountTooLarge { amount, maximum };
    let refusal = chain.refusal(Owner, at.s_vvv, &fund(amount));
    assert!(refusal.is(&error), "{refusal}");
    chain.send(Owner, at.s_vvv, &fund(maximum));
    let (amount, maximum) = (wei(1), U256::ZERO);
    let error = IStakedVvv::AmountTooLarge { amount, maximum };
    let refusal = chain.refusal(Owner, at.s_vvv, &fund(amount));
    assert!(refusal.is(&error), "{refusal}");
}

/// The largest rate there is, to a single wei: the index is full within two seconds.
#[test]
fn an_index_at_its_width_emits_no_more_and_every_exit_works() {
    let fastest = (U256::ONE << 96_usize) - U256::ONE;
    let world = World::with(
        TARGET,
        e2e::model::Parameters {
            emission_rate: fastest,
            max_emission_rate: fastest,
            ..e2e::world::parameters()
        },
    );
    let mut h = world.history();
    let amount = u128::MAX / 2;
    h.act(Faucet { who: Owner, amount });
    h.act(FundRewards { who: Owner, amount });
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1,
    });
    h.wait(1);
    assert_eq!(h.model.pending_rewards(Alice.address()), fastest);
    h.act(Claim { who: Alice });
    let reserve = U256::from(amount) - fastest;
    assert_eq!(h.model.reserve, reserve);
    h.wait(DAY);
    h.act(Claim { who: Alice });
    let view = &IStakedVvv::rewardReserveCall {};
    let left = world.chain.view(world.contracts.s_vvv, view);
    assert_eq!(left, reserve);
    h.compare_views();
    let unstake = InitiateUnstakeVvv {
        who: Alice,
        amount: 1,
    };
    h.act(unstake);
    h.wait(7 * DAY);
    h.act(FinalizeUnstake { who: Alice });
}
