//! The VVV stand-in.

use crate::prelude::*;

#[test]
fn vvv_names_itself_and_gives_to_anybody() {
    let world = World::of(TARGET);
    let (chain, vvv) = (&world.chain, world.contracts.vvv);
    assert_eq!(chain.view(vvv, &IVVV::nameCall {}), "Venice Token");
    assert_eq!(chain.view(vvv, &IVVV::symbolCall {}), "VVV");
    assert_eq!(chain.view(vvv, &IVVV::decimalsCall {}), 18);
    chain.send(
        Stranger,
        vvv,
        &IVVV::mintCall {
            to: Bob.address(),
            amount: tokens(3),
        },
    );
    assert_eq!(
        chain.view(
            vvv,
            &IVVV::balanceOfCall {
                account: Bob.address()
            }
        ),
        tokens(3)
    );
    assert_eq!(chain.view(vvv, &IVVV::totalSupplyCall {}), tokens(3));
}

#[test]
fn vvv_moves_exactly_what_it_is_asked_to() {
    let world = World::of(TARGET);
    let (chain, vvv) = (&world.chain, world.contracts.vvv);
    let (from, to) = (Alice.address(), Bob.address());
    chain.send(
        Alice,
        vvv,
        &IVVV::mintCall {
            to: from,
            amount: tokens(10),
        },
    );
    chain.send(
        Alice,
        vvv,
        &IVVV::transferCall {
            to,
            value: tokens(4),
        },
    );
    chain.send(
        Alice,
        vvv,
        &IVVV::approveCall {
            spender: to,
            value: tokens(6),
        },
    );
    chain.send(
        Bob,
        vvv,
        &IVVV::transferFromCall {
            from,
            to,
            value: tokens(6),
        },
    );
    let balance = |account| chain.view(vvv, &IVVV::balanceOfCall { account });
    assert_eq!((balance(from), balance(to)), (U256::ZERO, tokens(10)));
    let refusal = chain.refusal(Alice, vvv, &IVVV::transferCall { to, value: wei(1) });
    assert!(refusal.is(&vvv_falls_short()), "{refusal}");
    let refusal = chain.refusal(
        Bob,
        vvv,
        &IVVV::transferFromCall {
            from,
            to,
            value: wei(1),
        },
    );
    assert!(refusal.is(&vvv_falls_short()), "{refusal}");
}

#[test]
fn an_allowance_without_limit_of_vvv_never_runs_down() {
    let world = World::of(TARGET);
    let (chain, vvv) = (&world.chain, world.contracts.vvv);
    let (from, to) = (Alice.address(), Bob.address());
    let amount = tokens(10);
    chain.send(Alice, vvv, &IVVV::mintCall { to: from, amount });
    let (spender, value) = (to, U256::MAX);
    chain.send(Alice, vvv, &IVVV::approveCall { spender, value });
    let value = amount;
    chain.send(Bob, vvv, &IVVV::transferFromCall { from, to, value });
    let allowance = IVVV::allowanceCall {
        owner: from,
        spender,
    };
    assert_eq!(chain.view(vvv, &allowance), U256::MAX);
}

/// This is how VVV is burned where it lives.
#[test]
fn vvv_sent_to_the_zero_address_is_burned_and_stays_in_the_supply() {
    let world = World::of(TARGET);
    let (chain, vvv) = (&world.chain, world.contracts.vvv);
    let (from, amount) = (Alice.address(), tokens(10));
    chain.send(Alice, vvv, &IVVV::mintCall { to: from, amount });
    let (to, value) = (Address::ZERO, tokens(4));
    chain.send(Alice, vvv, &IVVV::transferCall { to, value });
    let (spender, half) = (Bob.address(), tokens(3));
    let allow = IVVV::approveCall {
        spender,
        value: half,
    };
    chain.send(Alice, vvv, &allow);
    let value = half;
    chain.send(Bob, vvv, &IVVV::transferFromCall { from, to, value });
    let balance = |account| chain.view(vvv, &IVVV::balanceOfCall { account });
    assert_eq!((balance(from), balance(to)), (tokens(3), tokens(7)));
    assert_eq!(chain.view(vvv, &IVVV::totalSupplyCall {}), amount);
}

#[test]
fn the_faucet_cannot_overflow_the_supply() {
    let world = World::of(TARGET);
    let (chain, vvv, to) = (&world.chain, world.contracts.vvv, Bob.address());
    chain.send(
        Bob,
        vvv,
        &IVVV::mintCall {
            to,
            amount: U256::MAX,
        },
    );
    let refusal = chain.refusal(Bob, vvv, &IVVV::mintCall { to, amount: wei(1) });
    assert!(
        refusal.is(&IVVV::SupplyOverflow {
            supply: U256::MAX,
            amount: wei(1)
        }),
        "{refusal}"
    );
}
