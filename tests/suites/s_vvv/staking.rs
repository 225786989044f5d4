//! `stake`: VVV in, sVVV out.

use crate::prelude::*;
use alloy::sol_types::SolCall;

#[test]
fn stake_gives_as_much_svvv_as_vvv_was_pulled() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_234 * WAD,
    });
    let at = world.contracts;
    let account = Alice.address();
    assert_eq!(
        world
            .chain
            .view(at.s_vvv, &IStakedVvv::balanceOfCall { account }),
        tokens(1_234)
    );
    assert_eq!(
        world.chain.view(at.s_vvv, &IStakedVvv::totalSupplyCall {}),
        tokens(1_234)
    );
    assert_eq!(
        world
            .chain
            .view(at.vvv, &IVVV::balanceOfCall { account: at.s_vvv }),
        tokens(1_234)
    );
}

#[test]
fn anyone_may_stake_for_anyone() {
    let world = World::of(TARGET);
    let mut h = world.history();
    let effect = h.act(StakeVvv {
        who: Alice,
        recipient: Bob,
        amount: 5 * WAD,
    });
    assert_eq!(
        effect.logs.len(),
        3,
        "sVVV Transfer and Staked, VVV Transfer"
    );
    assert_eq!(h.model.account(Bob.address()).free, tokens(5));
    assert_eq!(h.model.account(Alice.address()).free, U256::ZERO);
}

#[test]
fn one_wei_can_be_staked() {
    let world = World::of(TARGET);
    world.history().act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1,
    });
}

#[test]
fn stake_reverts_for_zero() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.refuse(
        StakeVvv {
            who: Alice,
            recipient: Alice,
            amount: 0,
        },
        &IStakedVvv::ZeroAmount {},
    );
}

#[test]
fn stake_reverts_for_the_zero_recipient() {
    let world = World::of(TARGET);
    world.history();
    let call = IStakedVvv::stakeCall {
        recipient: Address::ZERO,
        amount: tokens(1),
    };
    let refusal = world.chain.refusal(Alice, world.contracts.s_vvv, &call);
    assert!(refusal.is(&IStakedVvv::ZeroAddress {}), "{refusal}");
}

#[test]
fn stake_reverts_with_the_tokens_own_reason() {
    let world = World::of(TARGET);
    let mut h = world.history();
    let balance = h.model.account(Alice.address()).vvv;
    let needed = balance + U256::ONE;
    h.refuse(
        StakeVvv {
            who: Alice,
            recipient: Alice,
            amount: needed.to(),
        },
        &vvv_falls_short(),
    );
}

#[test]
fn stake_reverts_without_an_allowance() {
    let world = World::of(TARGET);
    world.chain.send(
        Stranger,
        world.contracts.vvv,
        &IVVV::mintCall {
            to: Stranger.address(),
            amount: tokens(1),
        },
    );
    let call = IStakedVvv::stakeCall {
        recipient: Stranger.address(),
        amount: tokens(1),
    };
    let refusal = world.chain.refusal(Stranger, world.contracts.s_vvv, &call);
    assert!(refusal.is(&vvv_falls_short()), "{refusal}");
}

#[test]
fn stake_reverts_above_the_width_of_a_balance() {
    let world = World::of(TARGET);
    world.history();
    let amount = U256::ONE << 128;
    let call = IStakedVvv::stakeCall {
        recipient: Alice.address(),
        amount,
    };
    let refusal = world.chain.refusal(Alice, world.contracts.s_vvv, &call);
    assert!(
        refusal
            .data
            .starts_with(&<IStakedVvv::AmountTooLarge as alloy::sol_types::SolError>::SELECTOR),
        "{refusal}"
    );
}

#[test]
fn stake_keeps_what_the_recipient_earned_before() {
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
    h.wait(1_000);
    h.act(StakeVvv {
        who: Bob,
        recipient: Alice,
        amount: 100 * WAD,
    });
    // A quarter VVV a second for 1,000 seconds, all hers.
    assert_eq!(h.model.pending_rewards(Alice.address()), tokens(250));
    let effect = h.act(Claim { who: Alice });
    assert_eq!(effect.logs.len(), 2, "Claimed, and VVV's Transfer");
}

/// The field of an account holds all sVVV that there is, so nobody's ever overflows.
#[test]
fn all_staked_vvv_stays_within_the_width_of_a_balance() {
    let world = World::of(TARGET);
    world.history();
    let (chain, at) = (&world.chain, world.contracts);
    let most = (U256::ONE << 120_usize) - U256::ONE;
    for who in [Alice, Bob] {
        let (to, amount) = (who.address(), most);
        chain.send(who, at.vvv, &IVVV::mintCall { to, amount });
    }
    let stake = |who: Who, amount| IStakedVvv::stakeCall {
        recipient: who.address(),
        amount,
    };
    let amount = most + U256::ONE;
    let error = IStakedVvv::AmountTooLarge {
        amount,
        maximum: most,
    };
    let refusal = chain.refusal(Alice, at.s_vvv, &stake(Alice, amount));
    assert!(refusal.is(&error), "{refusal}");
    let whole = stake(Alice, most).abi_encode();
    let answer = chain.call_raw(Alice.address(), at.s_vvv.into(), whole.into());
    assert!(answer.is_ok(), "{answer:?}");
    chain.send(Alice, at.s_vvv, &stake(Alice, most - wei(5)));
    let (amount, maximum) = (wei(6), wei(5));
    let error = IStakedVvv::AmountTooLarge { amount, maximum };
    let refusal = chain.refusal(Bob, at.s_vvv, &stake(Bob, amount));
    assert!(refusal.is(&error), "{refusal}");
    chain.send(Bob, at.s_vvv, &stake(Bob, maximum));
    let supply = chain.view(at.s_vvv, &IStakedVvv::totalSupplyCall {});
    assert_eq!(supply, most);
    let (amount, maximum) = (wei(1), U256::ZERO);
    let error = IStakedVvv::AmountTooLarge { amount, maximum };
    let refusal = chain.refusal(Carol, at.s_vvv, &stake(Carol, amount));
    assert!(refusal.is(&error), "{refusal}");
}
