//! `mint`, `mintExact`, and sVVV's `mintDiem`.

use crate::prelude::*;
use alloy::sol_types::SolCall;

const CAP: u128 = 80_000 * WAD;

#[test]
fn mint_locks_the_whole_amount_and_gives_what_the_preview_said() {
    let world = World::new();
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
    let world = World::new();
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
    let world = World::new();
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
    let world = World::new();
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
    let world = World::new();
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
    let world = World::new();
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: WAD,
    });
    h.refuse(
        Mint {
            who: Alice,
            amount: 0,
            least: 0,
        },
        &IDiem::ZeroAmount {},
    );
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
    let world = World::new();
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
fn mint_exact_reverts_past_twice_the_target() {
    let world = World::new();
    let mut h = with_minter(&world);
    let available = U256::from(CAP) - h.model.diem_supply();
    let requested = available + U256::ONE;
    h.refuse(
        MintExact {
            who: Alice,
            amount: requested.to(),
            most: u128::MAX,
        },
        &IDiem::MintCapExceeded {
            requested,
            available,
        },
    );
}

#[test]
fn mint_reverts_past_twice_the_target() {
    let world = World::new();
    let mut h = with_minter(&world);
    let rest = U256::from(CAP) - h.model.diem_supply();
    let available = h.model.preview_mint_exact(rest).unwrap();
    let requested = U256::from(u128::MAX);
    h.refuse(
        Mint {
            who: Alice,
            amount: u128::MAX,
            least: 0,
        },
        &IDiem::MintCapExceeded {
            requested,
            available,
        },
    );
}

#[test]
fn the_last_wei_of_the_curve_can_be_minted_and_nothing_after_it() {
    let small = e2e::model::Parameters {
        target_supply: tokens(1),
        ..e2e::world::parameters()
    };
    let world = World::deployed(small, e2e::deploy::stylus);
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
    h.act(MintExact {
        who: Alice,
        amount: 2 * WAD,
        most: purse,
    });
    let available = U256::ZERO;
    let past = IDiem::MintCapExceeded {
        requested: U256::ONE,
        available,
    };
    h.refuse(
        MintExact {
            who: Alice,
            amount: 1,
            most: u128::MAX,
        },
        &past,
    );
    let past = IDiem::MintCapExceeded {
        requested: tokens(1),
        available,
    };
    h.refuse(
        Mint {
            who: Alice,
            amount: WAD,
            least: 0,
        },
        &past,
    );
    h.act(Burn {
        who: Alice,
        amount: 1,
    });
    h.act(MintExact {
        who: Alice,
        amount: 1,
        most: purse,
    });
}

#[test]
fn mint_diem_and_its_quote_agree_to_the_wei() {
    let world = World::new();
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
fn two_mints_give_at_most_what_one_gives() {
    let world = World::new();
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 3_000_000 * WAD,
    });
    let once = h.model.preview_mint(tokens(3_000_000)).unwrap();
    let first = h.act(Mint {
        who: Alice,
        amount: 1_234_567 * WAD,
        least: 0,
    });
    let second = h.act(Mint {
        who: Alice,
        amount: (3_000_000 - 1_234_567) * WAD,
        least: 0,
    });
    let twice = U256::from_be_slice(&first.returned) + U256::from_be_slice(&second.returned);
    assert!(
        twice <= once && once - twice <= wei(4),
        "{twice} in two steps, {once} in one"
    );
}

#[test]
fn the_minting_doors_for_svvv_are_closed_to_everybody_else() {
    let world = World::new();
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

#[test]
fn the_rate_is_the_exact_curve() {
    let world = World::new();
    let exact: [(u128, &str); 5] = [
        (0, "90000000000000000000"),
        (500, "90000351563186646401"),
        (20_000, "115562287501896733566"),
        (35_000, "343660214379183995811"),
        (40_000, "665015048903758520450"),
    ];
    for (supply, rate) in exact {
        let answer = world.chain.view(
            world.contracts.diem,
            &IDiem::mintRateAtCall {
                supply: tokens(supply),
            },
        );
        let rate: U256 = rate.parse().unwrap();
        assert!(
            answer.abs_diff(rate) * U256::from(10_u64.pow(15)) <= rate,
            "{supply}: {answer}"
        );
    }
    let supply = tokens(320_000);
    let refusal = world.chain.refusal(
        Stranger,
        world.contracts.diem,
        &IDiem::mintRateAtCall { supply },
    );
    assert!(refusal.is(&IDiem::RateOverflow { supply }), "{refusal}");
}
