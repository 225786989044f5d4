//! `burn` and sVVV's `burnDiem`: at the burner's own average, never somebody else's.

use crate::prelude::*;

#[test]
fn burning_part_unlocks_at_the_accounts_own_average_rounded_down() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let before = h.model.account(Alice.address());
    let effect = h.act(Burn {
        who: Alice,
        amount: 1_000 * WAD + 1,
    });
    let expected = (tokens(1_000) + U256::ONE) * before.locked / before.outstanding;
    assert_eq!(U256::from_be_slice(&effect.returned), expected);
}

#[test]
fn burning_everything_unlocks_everything() {
    for through_diem in [true, false] {
        let world = World::of(TARGET);
        let mut h = with_minter(&world);
        h.act(Burn {
            who: Alice,
            amount: 1,
        });
        let amount = h.model.account(Alice.address()).outstanding.to();
        h.act(if through_diem {
            Burn { who: Alice, amount }
        } else {
            BurnDiem { who: Alice, amount }
        });
        let alice = h.model.account(Alice.address());
        assert_eq!(
            (alice.locked, alice.outstanding, alice.free),
            (U256::ZERO, U256::ZERO, tokens(1_000_000))
        );
    }
}

#[test]
fn a_mint_followed_by_a_burn_gains_nothing() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: 1_000_000 * WAD,
    });
    let out = h.act(Mint {
        who: Bob,
        amount: 777_777 * WAD + 7,
        least: 0,
    });
    let amount = U256::from_be_slice(&out.returned).to();
    h.act(Burn { who: Bob, amount });
    assert_eq!(h.model.account(Bob.address()).free, tokens(1_000_000));
}

#[test]
fn burn_reverts_for_who_never_minted() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 10 * WAD,
    });
    let error = IDiem::InsufficientOutstanding {
        outstanding: U256::ZERO,
        amount: tokens(10),
    };
    h.refuse(
        Burn {
            who: Bob,
            amount: 10 * WAD,
        },
        &error,
    );
    h.refuse(
        BurnDiem {
            who: Bob,
            amount: 10 * WAD,
        },
        &error,
    );
}

#[test]
fn burn_reverts_above_the_accounts_own_debt() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let outstanding = h.model.account(Alice.address()).outstanding;
    let amount = outstanding + U256::ONE;
    let error = IDiem::InsufficientOutstanding {
        outstanding,
        amount,
    };
    h.refuse(
        Burn {
            who: Alice,
            amount: amount.to(),
        },
        &error,
    );
    h.refuse(
        BurnDiem {
            who: Alice,
            amount: amount.to(),
        },
        &error,
    );
}

#[test]
fn burn_reverts_for_zero() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.refuse(
        Burn {
            who: Alice,
            amount: 0,
        },
        &IDiem::ZeroAmount {},
    );
    h.refuse(
        BurnDiem {
            who: Alice,
            amount: 0,
        },
        &IDiem::ZeroAmount {},
    );
}

#[test]
fn burn_takes_liquid_diem_only() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let held = h.model.account(Alice.address()).diem;
    h.act(StakeDiem {
        who: Alice,
        amount: (held - wei(5)).to(),
    });
    let error = IDiem::ERC20InsufficientBalance {
        sender: Alice.address(),
        balance: wei(5),
        needed: wei(6),
    };
    h.refuse(
        Burn {
            who: Alice,
            amount: 6,
        },
        &error,
    );
    h.refuse(
        BurnDiem {
            who: Alice,
            amount: 6,
        },
        &error,
    );
    h.act(BurnDiem {
        who: Alice,
        amount: 5,
    });
}

#[test]
fn separate_mints_are_averaged() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 4_000_000 * WAD,
    });
    h.act(Mint {
        who: Alice,
        amount: 10_000 * WAD,
        least: 0,
    });
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: 3_000_000 * WAD,
    });
    h.act(Mint {
        who: Bob,
        amount: 3_000_000 * WAD,
        least: 0,
    });
    h.act(Mint {
        who: Alice,
        amount: 10_000 * WAD,
        least: 0,
    });
    let alice = h.model.account(Alice.address());
    let half: u128 = (alice.outstanding / U256::from(2)).to();
    h.act(Burn {
        who: Alice,
        amount: half,
    });
    let left = h.model.account(Alice.address()).locked;
    assert!(
        left.abs_diff(tokens(10_000)) < wei(1_000),
        "half of both mints stays locked: {left}"
    );
}

#[test]
fn a_preview_tells_what_a_burn_then_unlocks() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let account = Alice.address();
    let outstanding: u128 = h.model.account(account).outstanding.to();
    let preview = |amount: u128| IDiem::previewBurnCall {
        account,
        diemAmount: wei(amount),
    };
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let refusal = chain.refusal(Alice, diem, &preview(outstanding + 1));
    let error = IDiem::InsufficientOutstanding {
        outstanding: wei(outstanding),
        amount: wei(outstanding + 1),
    };
    assert!(refusal.is(&error), "{refusal}");
    for amount in [1, 123 * WAD + 4, outstanding / 2] {
        let told = chain.view(diem, &preview(amount));
        assert!(!told.is_zero());
        let effect = h.act(Burn { who: Alice, amount });
        assert_eq!(U256::from_be_slice(&effect.returned), told);
    }
}
