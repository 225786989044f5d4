//! The curve that minting follows: its rate, its limit, its last wei.

use crate::prelude::*;

/// Most DIEM that there can be: twice the target.
const CAP: u128 = 80_000 * WAD;

#[test]
fn mint_exact_reverts_past_twice_the_target() {
    let world = World::of(TARGET);
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
    let world = World::of(TARGET);
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
    let world = World::with(TARGET, small);
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
fn two_mints_give_at_most_what_one_gives() {
    let world = World::of(TARGET);
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
fn the_rate_is_the_exact_curve() {
    let world = World::of(TARGET);
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
