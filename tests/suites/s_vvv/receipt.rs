//! sVVV as a token: it names itself and stays where it is.

use crate::prelude::*;

#[test]
fn svvv_names_itself() {
    let world = World::new();
    let (chain, s_vvv) = (&world.chain, world.contracts.s_vvv);
    assert_eq!(
        chain.view(s_vvv, &IStakedVvv::nameCall {}),
        "Staked Venice Token"
    );
    assert_eq!(chain.view(s_vvv, &IStakedVvv::symbolCall {}), "sVVV");
    assert_eq!(chain.view(s_vvv, &IStakedVvv::decimalsCall {}), 18);
}

#[test]
fn svvv_states_its_constants_and_its_neighbours() {
    let world = World::new();
    let (chain, at) = (&world.chain, world.contracts);
    assert_eq!(
        chain.view(at.s_vvv, &IStakedVvv::cooldownDurationCall {}),
        U256::from(604_800)
    );
    assert_eq!(
        chain.view(at.s_vvv, &IStakedVvv::ACC_REWARD_SCALECall {}),
        e2e::model::INDEX_SCALE
    );
    assert_eq!(
        chain.view(at.s_vvv, &IStakedVvv::veniceEmissionsPercentageCall {}),
        U256::ZERO
    );
    assert_eq!(
        chain.view(
            at.s_vvv,
            &IStakedVvv::veniceEmissionsPercentageWhenLockedCall {}
        ),
        wei(WAD / 5)
    );
    assert_eq!(chain.view(at.s_vvv, &IStakedVvv::veniceCall {}), at.vvv);
    assert_eq!(chain.view(at.s_vvv, &IStakedVvv::diemCall {}), at.diem);
    assert_eq!(
        chain.view(at.s_vvv, &IStakedVvv::treasuryCall {}),
        Treasury.address()
    );
    assert_eq!(
        chain.view(at.s_vvv, &IStakedVvv::ownerCall {}),
        Owner.address()
    );
}

#[test]
fn svvv_cannot_be_moved() {
    let world = World::new();
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: WAD,
    });
    let (from, to, value) = (Alice.address(), Bob.address(), wei(1));
    let s_vvv = world.contracts.s_vvv;
    let refusals = [
        world
            .chain
            .refusal(Alice, s_vvv, &IStakedVvv::transferCall { to, value }),
        world.chain.refusal(
            Alice,
            s_vvv,
            &IStakedVvv::transferFromCall { from, to, value },
        ),
        world.chain.refusal(
            Alice,
            s_vvv,
            &IStakedVvv::approveCall { spender: to, value },
        ),
    ];
    for refusal in refusals {
        assert!(refusal.is(&IStakedVvv::NonTransferable {}), "{refusal}");
    }
    let allowance = IStakedVvv::allowanceCall {
        owner: from,
        spender: to,
    };
    assert_eq!(world.chain.view(s_vvv, &allowance), U256::ZERO);
}

#[test]
fn the_live_grid_is_computed_from_the_exact_curve() {
    let world = World::new();
    let (chain, s_vvv) = (&world.chain, world.contracts.s_vvv);
    // Supply in DIEM, and the exact rate with 18 decimals, rounded down.
    let grid: [(u32, u128, &str); 7] = [
        (0, 500, "90000351563186646401"),
        (1, 1_000, "90002812543945770267"),
        (19, 10_000, "92856906674919240384"),
        (59, 30_000, "209256269424940894574"),
        (75, 38_000, "499975786540347219328"),
        (79, 40_000, "665015048903758520450"),
        (
            255,
            128_000,
            "2607147939865905755623526730361161811166828763029",
        ),
    ];
    for (index, supply, rate) in grid {
        let index = U256::from(index);
        assert_eq!(
            chain.view(s_vvv, &IStakedVvv::diemSupplyCall { index }),
            tokens(supply)
        );
        let exact: U256 = rate.parse().unwrap();
        let answer = chain.view(s_vvv, &IStakedVvv::diemMintRatesCall { index });
        let off = answer.abs_diff(exact);
        assert!(
            off * U256::from(10_u64.pow(15)) <= exact,
            "{supply} DIEM: {answer} against {exact}"
        );
    }
    let index = U256::from(256);
    for refusal in [
        chain.refusal(Stranger, s_vvv, &IStakedVvv::diemSupplyCall { index }),
        chain.refusal(Stranger, s_vvv, &IStakedVvv::diemMintRatesCall { index }),
    ] {
        assert!(
            refusal.is(&IStakedVvv::CurveIndexOutOfRange { index }),
            "{refusal}"
        );
    }
}
