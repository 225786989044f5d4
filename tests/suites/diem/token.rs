//! DIEM as an ERC-20.

use crate::prelude::*;

#[test]
fn diem_names_itself() {
    let world = World::of(TARGET);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    assert_eq!(chain.view(diem, &IDiem::nameCall {}), "Diem");
    assert_eq!(chain.view(diem, &IDiem::symbolCall {}), "DIEM");
    assert_eq!(chain.view(diem, &IDiem::decimalsCall {}), 18);
    assert_eq!(chain.view(diem, &IDiem::baseRateCall {}), tokens(90));
    assert_eq!(
        chain.view(diem, &IDiem::targetSupplyCall {}),
        tokens(40_000)
    );
    assert_eq!(chain.view(diem, &IDiem::sVvvCall {}), world.contracts.s_vvv);
    assert_eq!(
        chain.view(diem, &IDiem::cooldownDurationCall {}),
        U256::from(86_400)
    );
}

#[test]
fn transfer_moves_diem_and_leaves_the_debt() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let debt = h.model.account(Alice.address()).outstanding;
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 10 * WAD,
    });
    h.act(Transfer {
        who: Bob,
        to: Bob,
        amount: 10 * WAD,
    });
    h.act(Transfer {
        who: Bob,
        to: Carol,
        amount: 0,
    });
    assert_eq!(h.model.account(Alice.address()).outstanding, debt);
    assert_eq!(h.model.account(Bob.address()).diem, tokens(10));
}

#[test]
fn transfer_reverts_above_the_balance_and_to_nobody() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let balance = h.model.account(Alice.address()).diem;
    let needed = balance + U256::ONE;
    h.refuse(
        Transfer {
            who: Alice,
            to: Bob,
            amount: needed.to(),
        },
        &IDiem::ERC20InsufficientBalance {
            sender: Alice.address(),
            balance,
            needed,
        },
    );
    let call = IDiem::transferCall {
        to: Address::ZERO,
        value: wei(1),
    };
    let refusal = world.chain.refusal(Alice, world.contracts.diem, &call);
    assert!(
        refusal.is(&IDiem::ERC20InvalidReceiver {
            receiver: Address::ZERO
        }),
        "{refusal}"
    );
}

#[test]
fn transfer_from_uses_up_the_allowance_and_the_largest_never_runs_down() {
    let world = World::of(TARGET);
    with_minter(&world);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let (owner, spender, to) = (Alice.address(), Bob.address(), Carol.address());
    let allowance = || chain.view(diem, &IDiem::allowanceCall { owner, spender });
    chain.send(
        Alice,
        diem,
        &IDiem::approveCall {
            spender,
            value: tokens(5),
        },
    );
    chain.send(
        Bob,
        diem,
        &IDiem::transferFromCall {
            from: owner,
            to,
            value: tokens(2),
        },
    );
    assert_eq!(allowance(), tokens(3));
    let call = IDiem::transferFromCall {
        from: owner,
        to,
        value: tokens(4),
    };
    let refusal = chain.refusal(Bob, diem, &call);
    let expected = IDiem::ERC20InsufficientAllowance {
        spender,
        allowance: tokens(3),
        needed: tokens(4),
    };
    assert!(refusal.is(&expected), "{refusal}");
    chain.send(
        Alice,
        diem,
        &IDiem::approveCall {
            spender,
            value: U256::MAX,
        },
    );
    chain.send(
        Bob,
        diem,
        &IDiem::transferFromCall {
            from: owner,
            to,
            value: tokens(4),
        },
    );
    assert_eq!(allowance(), U256::MAX);
    assert_eq!(
        chain.view(diem, &IDiem::balanceOfCall { account: to }),
        tokens(6)
    );
}

#[test]
fn approve_reverts_for_the_zero_spender() {
    let world = World::of(TARGET);
    let call = IDiem::approveCall {
        spender: Address::ZERO,
        value: wei(1),
    };
    let refusal = world.chain.refusal(Alice, world.contracts.diem, &call);
    assert!(
        refusal.is(&IDiem::ERC20InvalidSpender {
            spender: Address::ZERO
        }),
        "{refusal}"
    );
}

/// It would be nobody's, and its minter's sVVV locked for good.
#[test]
fn diem_sent_to_its_own_contract_is_refused() {
    let world = World::of(TARGET);
    let h = with_minter(&world);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let (from, to, value) = (Alice.address(), diem, tokens(1));
    let error = IDiem::ERC20InvalidReceiver { receiver: diem };
    let refusal = chain.refusal(Alice, diem, &IDiem::transferCall { to, value });
    assert!(refusal.is(&error), "{refusal}");
    let spender = Bob.address();
    chain.send(Alice, diem, &IDiem::approveCall { spender, value });
    let call = IDiem::transferFromCall { from, to, value };
    let refusal = chain.refusal(Bob, diem, &call);
    assert!(refusal.is(&error), "{refusal}");
    h.compare_views();
}
