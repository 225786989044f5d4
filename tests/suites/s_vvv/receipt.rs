//! sVVV as a token: it names itself and stays where it is.

use crate::prelude::*;
use alloy::sol_types::SolEvent;

#[test]
fn svvv_names_itself() {
    let world = World::of(TARGET);
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
    let world = World::of(TARGET);
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
    let world = World::of(TARGET);
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
    ];
    for refusal in refusals {
        assert!(refusal.is(&IStakedVvv::NonTransferable {}), "{refusal}");
    }
}

/// Clients of the live system approve before each mint; here too that is recorded, and moves nothing.
#[test]
fn an_allowance_of_svvv_is_recorded_and_told_and_has_no_power() {
    let world = World::of(TARGET);
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 5 * WAD,
    });
    let (chain, s_vvv) = (&world.chain, world.contracts.s_vvv);
    let (owner, spender) = (Alice.address(), Bob.address());
    let allowance = || chain.view(s_vvv, &IStakedVvv::allowanceCall { owner, spender });
    for value in [tokens(3), U256::MAX, U256::ZERO, tokens(1)] {
        let approve = IStakedVvv::approveCall { spender, value };
        assert!(chain.call(Alice, s_vvv, &approve).unwrap());
        let receipt = chain.send(Alice, s_vvv, &approve);
        let told = IStakedVvv::Approval::decode_log(&receipt.logs()[0].inner).unwrap();
        assert_eq!(
            (told.owner, told.spender, told.value),
            (owner, spender, value)
        );
        assert_eq!(allowance(), value);
        let (from, to, value) = (owner, spender, wei(1));
        let call = IStakedVvv::transferFromCall { from, to, value };
        let refusal = chain.refusal(Bob, s_vvv, &call);
        assert!(refusal.is(&IStakedVvv::NonTransferable {}), "{refusal}");
    }
    let (spender, value) = (Address::ZERO, wei(1));
    let refusal = chain.refusal(Alice, s_vvv, &IStakedVvv::approveCall { spender, value });
    let error = IStakedVvv::ERC20InvalidSpender { spender };
    assert!(refusal.is(&error), "{refusal}");
    h.compare_views();
}

#[test]
fn the_live_grid_is_computed_from_the_exact_curve() {
    let world = World::of(TARGET);
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
