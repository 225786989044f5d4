//! Constructors run once, inside the deployment, and refuse what cannot work.

use crate::prelude::*;
use alloy::sol_types::SolCall;
use e2e::deploy::arguments;
use e2e::deploy::stylus::construction;

#[test]
fn constructors_cannot_be_called_again() {
    let world = World::of(TARGET);
    let (p, at) = (world.parameters, world.contracts);
    let again = [
        (at.vvv, Bytes::new()),
        (
            at.s_vvv,
            arguments(&(
                at.vvv,
                Stranger.address(),
                p.emission_rate,
                p.max_emission_rate,
            )),
        ),
        (
            at.diem,
            arguments(&(
                at.s_vvv,
                Stranger.address(),
                p.treasury,
                p.base_rate,
                p.target_supply,
            )),
        ),
    ];
    for (contract, arguments) in again {
        // EVM code has no such call at all.
        let calldata = construction(&arguments);
        for who in [Owner, Stranger] {
            let answer = world
                .chain
                .call_raw(who.address(), contract.into(), calldata.clone());
            assert!(answer.is_err(), "{contract} constructed twice: {answer:?}");
            assert!(
                !world
                    .chain
                    .transact(who, contract.into(), calldata.clone(), U256::ZERO)
                    .status()
            );
        }
    }
    world.history().compare_views();
}

#[test]
fn a_contract_is_born_with_its_owner_and_parameters() {
    let world = World::of(TARGET);
    world.history().compare_views();
}

#[test]
fn impossible_arguments_are_refused_at_deployment() {
    let (chain, _node) = e2e::world::fresh_chain();
    let (owner, treasury) = (Owner.address(), Treasury.address());
    let (some, none) = (Alice.address(), Address::ZERO);
    let (rate, target) = (tokens(90), tokens(40_000));
    let vvv = TARGET.contract(&chain, "vvv", Bytes::new());
    let s_vvv = |vvv, owner, rate, most| {
        TARGET.try_contract(&chain, "staked_vvv", arguments(&(vvv, owner, rate, most)))
    };
    assert_eq!(s_vvv(none, owner, rate, rate), None, "no VVV");
    assert_eq!(s_vvv(vvv, none, rate, rate), None, "no owner");
    let above = rate + U256::ONE;
    assert_eq!(s_vvv(vvv, owner, above, rate), None, "above the maximum");
    let widest = U256::MAX >> 160_usize;
    let wider = widest + U256::ONE;
    assert_eq!(s_vvv(vvv, owner, rate, wider), None, "no such maximum");
    assert!(s_vvv(vvv, owner, widest, widest).is_some(), "the widest");
    let s_vvv = s_vvv(vvv, owner, rate, rate).expect("all in order");

    let diem = |s_vvv, owner, treasury, rate, target| {
        let arguments = arguments(&(s_vvv, owner, treasury, rate, target));
        TARGET.try_contract(&chain, "diem", arguments)
    };
    assert_eq!(diem(none, owner, treasury, rate, target), None, "no sVVV");
    assert_eq!(diem(some, owner, treasury, rate, target), None, "not sVVV");
    assert_eq!(diem(s_vvv, none, treasury, rate, target), None, "no owner");
    assert_eq!(diem(s_vvv, owner, none, rate, target), None, "no treasury");
    for system in [vvv, s_vvv] {
        let refused = diem(s_vvv, owner, system, rate, target);
        assert_eq!(refused, None, "a treasury that gives nothing back");
    }
    let zero = U256::ZERO;
    assert_eq!(diem(s_vvv, owner, treasury, zero, target), None, "no rate");
    assert_eq!(diem(s_vvv, owner, treasury, rate, zero), None, "no target");
    let diem = diem(s_vvv, owner, treasury, rate, target);
    assert!(diem.is_some(), "all in order");
}

#[test]
fn svvv_without_diem_stakes_and_pays_but_mints_nothing() {
    let (chain, _node) = e2e::world::fresh_chain();
    let vvv = TARGET.contract(&chain, "vvv", Bytes::new());
    let s_vvv = TARGET.contract(
        &chain,
        "staked_vvv",
        arguments(&(vvv, Owner.address(), U256::ZERO, U256::ZERO)),
    );
    chain.send(
        Alice,
        vvv,
        &IVVV::mintCall {
            to: Alice.address(),
            amount: tokens(10),
        },
    );
    chain.send(
        Alice,
        vvv,
        &IVVV::approveCall {
            spender: s_vvv,
            value: U256::MAX,
        },
    );
    chain.send(
        Alice,
        s_vvv,
        &IStakedVvv::stakeCall {
            recipient: Alice.address(),
            amount: tokens(10),
        },
    );
    chain.send(Alice, s_vvv, &IStakedVvv::claimCall {});
    let unwired: [Bytes; 3] = [
        IStakedVvv::mintDiemCall {
            sVVVAmountToLock: wei(1),
            minDiemAmountOut: wei(0),
        }
        .abi_encode()
        .into(),
        IStakedVvv::burnDiemCall {
            diemAmountToBurn: wei(1),
        }
        .abi_encode()
        .into(),
        IStakedVvv::getDiemAmountOutCall {
            sVVVAmountToLock: wei(1),
        }
        .abi_encode()
        .into(),
    ];
    for call in unwired {
        let refusal = chain
            .call_raw(Alice.address(), s_vvv.into(), call)
            .unwrap_err();
        assert!(refusal.is(&IStakedVvv::NotWired {}), "{refusal}");
    }
    let lock = IStakedVvv::lockCall {
        account: Alice.address(),
        amount: wei(1),
    };
    let refusal = chain
        .call_raw(Address::ZERO, s_vvv.into(), lock.abi_encode().into())
        .unwrap_err();
    assert!(refusal.is(&IStakedVvv::OnlyDiem {}), "{refusal}");
}

#[test]
fn svvv_without_diem_has_an_answer_for_every_account() {
    let (chain, _node) = e2e::world::fresh_chain();
    let vvv = TARGET.contract(&chain, "vvv", Bytes::new());
    let terms = (vvv, Owner.address(), U256::ZERO, U256::ZERO);
    let s_vvv = TARGET.contract(&chain, "staked_vvv", arguments(&terms));
    let user = Alice.address();
    let locked = chain.view(s_vvv, &IStakedVvv::lockedStakesCall { user });
    let nothing = (U256::ZERO, U256::ZERO);
    assert_eq!(
        (locked.sVVVLockedAmount, locked.outstandingDiemAmount),
        nothing
    );
    let pending = chain.view(s_vvv, &IStakedVvv::pendingRewardsCall { user });
    assert_eq!(pending, U256::ZERO);
    let treasury = chain.view(s_vvv, &IStakedVvv::treasuryCall {});
    assert_eq!(treasury, Address::ZERO);
    // What is wrong by itself is said before what is missing.
    let mint = IStakedVvv::mintDiemCall {
        sVVVAmountToLock: U256::ZERO,
        minDiemAmountOut: U256::ZERO,
    };
    let refusal = chain.refusal(Alice, s_vvv, &mint);
    assert!(refusal.is(&IStakedVvv::ZeroAmount {}), "{refusal}");
    let burn = IStakedVvv::burnDiemCall {
        diemAmountToBurn: U256::ZERO,
    };
    let refusal = chain.refusal(Alice, s_vvv, &burn);
    assert!(refusal.is(&IStakedVvv::ZeroAmount {}), "{refusal}");
}
