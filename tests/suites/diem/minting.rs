//! `mint`, `mintExact`, and sVVV's `mintDiem`.

use crate::prelude::*;
use alloy::sol_types::SolCall;

#[test]
fn mint_locks_the_whole_amount_and_gives_what_the_preview_said() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_000 * WAD,
    });
    let preview = world.chain.view(
        world.contracts.diem,
        &IDiem::previewMintCall {
            sVVVAmount: tokens(900),
        },
    );
    // Ninety sVVV a DIEM at the very beginning, hardly more ten DIEM later.
    assert!(
        preview < tokens(10) && preview > tokens(10) - wei(WAD / 1_000_000),
        "{preview}"
    );
    let effect = h.act(Mint {
        who: Alice,
        amount: 900 * WAD,
        least: preview.to(),
    });
    assert_eq!(U256::from_be_slice(&effect.returned), preview);
    let alice = h.model.account(Alice.address());
    assert_eq!((alice.free, alice.locked), (tokens(100), tokens(900)));
    assert_eq!((alice.diem, alice.outstanding), (preview, preview));
}

#[test]
fn mint_exact_locks_what_the_preview_said() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_000 * WAD,
    });
    let cost = world.chain.view(
        world.contracts.diem,
        &IDiem::previewMintExactCall {
            diemAmount: tokens(10),
        },
    );
    assert!(
        cost > tokens(900) && cost < tokens(900) + wei(WAD / 1_000_000),
        "{cost}"
    );
    h.act(MintExact {
        who: Alice,
        amount: 10 * WAD,
        most: cost.to(),
    });
    assert_eq!(h.model.account(Alice.address()).locked, cost);
}

#[test]
fn mint_reverts_below_the_minimum_by_one_wei() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_000 * WAD,
    });
    let actual = h.model.preview_mint(tokens(900)).unwrap();
    let limit = actual + U256::ONE;
    let error = IDiem::SlippageExceeded { actual, limit };
    h.refuse(
        Mint {
            who: Alice,
            amount: 900 * WAD,
            least: limit.to(),
        },
        &error,
    );
    h.refuse(
        MintDiem {
            who: Alice,
            amount: 900 * WAD,
            least: limit.to(),
        },
        &error,
    );
    h.act(Mint {
        who: Alice,
        amount: 900 * WAD,
        least: actual.to(),
    });
}

#[test]
fn mint_exact_reverts_above_the_maximum_by_one_wei() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_000 * WAD,
    });
    let actual = h.model.preview_mint_exact(tokens(10)).unwrap();
    let limit = actual - U256::ONE;
    let error = IDiem::SlippageExceeded { actual, limit };
    h.refuse(
        MintExact {
            who: Alice,
            amount: 10 * WAD,
            most: limit.to(),
        },
        &error,
    );
}

#[test]
fn mint_reverts_without_enough_unlocked_svvv() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let unlocked = tokens(500_000);
    let amount = unlocked + U256::ONE;
    let error = IStakedVvv::InsufficientUnlocked { unlocked, amount };
    h.refuse(
        Mint {
            who: Alice,
            amount: amount.to(),
            least: 0,
        },
        &error,
    );
    h.refuse(
        MintDiem {
            who: Alice,
            amount: amount.to(),
            least: 0,
        },
        &error,
    );
    let cost = h.model.preview_mint_exact(tokens(10_000)).unwrap();
    h.refuse(
        MintExact {
            who: Alice,
            amount: 10_000 * WAD,
            most: u128::MAX,
        },
        &IStakedVvv::InsufficientUnlocked {
            unlocked,
            amount: cost,
        },
    );
}

#[test]
fn mint_reverts_for_zero_and_when_no_diem_would_come_out() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: WAD,
    });
    // Nothing is nothing before it is too little.
    for least in [0, 1] {
        h.refuse(
            Mint {
                who: Alice,
                amount: 0,
                least,
            },
            &IDiem::ZeroAmount {},
        );
    }
    h.refuse(
        MintExact {
            who: Alice,
            amount: 0,
            most: 1,
        },
        &IDiem::ZeroAmount {},
    );
    h.refuse(
        MintDiem {
            who: Alice,
            amount: 0,
            least: 0,
        },
        &IStakedVvv::ZeroAmount {},
    );
    // One wei of DIEM costs more than ninety wei of sVVV.
    h.refuse(
        Mint {
            who: Alice,
            amount: 89,
            least: 0,
        },
        &IDiem::ZeroAmount {},
    );
    h.refuse(
        MintDiem {
            who: Alice,
            amount: 89,
            least: 0,
        },
        &IDiem::ZeroAmount {},
    );
}

#[test]
fn previews_of_zero_are_zero() {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    assert_eq!(
        chain.view(
            at.diem,
            &IDiem::previewMintCall {
                sVVVAmount: U256::ZERO
            }
        ),
        U256::ZERO
    );
    assert_eq!(
        chain.view(
            at.diem,
            &IDiem::previewMintExactCall {
                diemAmount: U256::ZERO
            }
        ),
        U256::ZERO
    );
    let account = Alice.address();
    assert_eq!(
        chain.view(
            at.diem,
            &IDiem::previewBurnCall {
                account,
                diemAmount: U256::ZERO
            }
        ),
        U256::ZERO
    );
    let quote = IStakedVvv::getDiemAmountOutCall {
        sVVVAmountToLock: U256::ZERO,
    };
    assert_eq!(chain.view(at.s_vvv, &quote), U256::ZERO);
}

#[test]
fn mint_diem_and_its_quote_agree_to_the_wei() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let quote = IStakedVvv::getDiemAmountOutCall {
        sVVVAmountToLock: tokens(1_000),
    };
    let out: u128 = world.chain.view(world.contracts.s_vvv, &quote).to();
    let (actual, limit) = (wei(out), wei(out + 1));
    let refused = IDiem::SlippageExceeded { actual, limit };
    h.refuse(
        MintDiem {
            who: Alice,
            amount: 1_000 * WAD,
            least: out + 1,
        },
        &refused,
    );
    h.act(MintDiem {
        who: Alice,
        amount: 1_000 * WAD,
        least: out,
    });
}

#[test]
fn the_minting_doors_for_svvv_are_closed_to_everybody_else() {
    let world = World::of(TARGET);
    with_minter(&world);
    let (account, one) = (Alice.address(), wei(1));
    let calls = [
        IDiem::mintLockedCall {
            account,
            sVVVAmount: one,
            minDiemOut: one,
            index: one,
        }
        .abi_encode(),
        IDiem::burnUnlockedCall {
            account,
            diemAmount: one,
            index: one,
        }
        .abi_encode(),
        IDiem::settleYieldCall {
            account,
            index: one,
        }
        .abi_encode(),
    ];
    for (who, call) in [Alice, Owner, Guardian]
        .into_iter()
        .flat_map(|who| calls.iter().map(move |call| (who, call)))
    {
        let refusal = world
            .chain
            .call_raw(
                who.address(),
                world.contracts.diem.into(),
                call.clone().into(),
            )
            .unwrap_err();
        assert!(refusal.is(&IDiem::OnlyStakedVvv {}), "{refusal}");
    }
}
