//! Constructors run once, inside the deployment, and refuse what cannot work.

use crate::prelude::*;
use alloy::sol_types::SolCall;
use e2e::deploy::{construct, program, try_program};

#[test]
fn constructors_cannot_be_called_again() {
    let world = World::new();
    let (p, at) = (world.parameters, world.contracts);
    let again = [
        (at.vvv, construct(&())),
        (
            at.s_vvv,
            construct(&(at.vvv, Stranger.address(), p.emission_rate)),
        ),
        (
            at.diem,
            construct(&(
                at.s_vvv,
                Stranger.address(),
                p.treasury,
                p.base_rate,
                p.target_supply,
            )),
        ),
    ];
    for (contract, calldata) in again {
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
    let world = World::new();
    world.history().compare_views();
}

#[test]
fn impossible_arguments_are_refused_at_deployment() {
    let (chain, _node) = e2e::world::fresh_chain();
    let (owner, treasury) = (Owner.address(), Treasury.address());
    let (some, none) = (Alice.address(), Address::ZERO);
    let (rate, target) = (tokens(90), tokens(40_000));
    assert!(
        try_program(&chain, "staked_vvv", construct(&(none, owner, rate))).is_none(),
        "no VVV"
    );
    assert!(
        try_program(&chain, "staked_vvv", construct(&(some, none, rate))).is_none(),
        "no owner"
    );
    assert!(
        try_program(
            &chain,
            "diem",
            construct(&(none, owner, treasury, rate, target))
        )
        .is_none(),
        "no sVVV"
    );
    assert!(
        try_program(
            &chain,
            "diem",
            construct(&(some, none, treasury, rate, target))
        )
        .is_none(),
        "no owner"
    );
    assert!(
        try_program(
            &chain,
            "diem",
            construct(&(some, owner, none, rate, target))
        )
        .is_none(),
        "no treasury"
    );
    assert!(
        try_program(
            &chain,
            "diem",
            construct(&(some, owner, treasury, U256::ZERO, target))
        )
        .is_none(),
        "no rate"
    );
    assert!(
        try_program(
            &chain,
            "diem",
            construct(&(some, owner, treasury, rate, U256::ZERO))
        )
        .is_none(),
        "no target"
    );
    assert!(
        try_program(
            &chain,
            "diem",
            construct(&(some, owner, treasury, rate, target))
        )
        .is_some(),
        "all in order"
    );
}

#[test]
fn svvv_without_diem_stakes_and_pays_but_mints_nothing() {
    let (chain, _node) = e2e::world::fresh_chain();
    let vvv = program(&chain, "vvv", Bytes::new());
    let s_vvv = program(
        &chain,
        "staked_vvv",
        construct(&(vvv, Owner.address(), U256::ZERO)),
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
