//! Nothing temporary becomes permanent, and what is for good is not wrong.

use crate::prelude::*;
use alloy::sol_types::{SolCall, SolEvent};
use e2e::chain::Chain;
use e2e::deploy::arguments;

#[test]
fn renouncing_the_ownership_lifts_the_pause_and_dismisses_the_guardian() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(PauseMint { who: Guardian });
    let (chain, at) = (&world.chain, world.contracts);
    let receipt = chain.send(Owner, at.diem, &IDiem::renounceOwnershipCall {});
    assert!(!chain.view(at.diem, &IDiem::mintPausedCall {}));
    assert_eq!(chain.view(at.diem, &IDiem::guardianCall {}), Address::ZERO);
    let told = Chain::logs_of(&receipt);
    assert!(
        told.iter()
            .any(|log| IDiem::MintUnpaused::decode_log(log).is_ok())
    );
    assert!(
        told.iter()
            .any(|log| IDiem::GuardianUpdated::decode_log(log)
                .is_ok_and(|e| e.newGuardian.is_zero()))
    );
    let mint = IDiem::mintCall {
        sVVVAmount: tokens(100),
        minDiemOut: U256::ZERO,
    };
    chain.send(Alice, at.diem, &mint);
    let refusal = chain.refusal(Guardian, at.diem, &IDiem::pauseMintCall {});
    assert!(refusal.is(&IDiem::OnlyGuardian {}), "{refusal}");
}

#[test]
fn the_treasury_is_never_one_of_the_systems_own_contracts() {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    for treasury in [at.diem, at.s_vvv, at.vvv] {
        let call = IDiem::setTreasuryCall {
            newTreasury: treasury,
        };
        let refusal = chain.refusal(Owner, at.diem, &call);
        assert!(
            refusal.is(&IDiem::InvalidTreasury { treasury }),
            "{refusal}"
        );
    }
    let p = world.parameters;
    for treasury in [at.s_vvv, at.vvv] {
        let arguments = arguments(&(at.s_vvv, p.owner, treasury, p.base_rate, p.target_supply));
        assert!(TARGET.try_contract(chain, "diem", arguments).is_none());
    }
}

#[test]
fn only_a_diem_contract_of_this_svvv_can_be_wired() {
    let (chain, _node) = e2e::world::fresh_chain();
    let owner = Owner.address();
    let vvv = TARGET.contract(&chain, "vvv", Bytes::new());
    let (rate, most) = (U256::ZERO, wei(WAD));
    let s_vvv = || TARGET.contract(&chain, "staked_vvv", arguments(&(vvv, owner, rate, most)));
    let (one, other) = (s_vvv(), s_vvv());
    let diem_of = |s_vvv: Address| {
        let terms = (s_vvv, owner, Treasury.address(), tokens(90), tokens(40_000));
        TARGET.contract(&chain, "diem", arguments(&terms))
    };
    for diem in [Stranger.address(), vvv, other, diem_of(other)] {
        let refusal = chain.refusal(Owner, one, &IStakedVvv::setDiemCall { diem });
        assert!(refusal.is(&IStakedVvv::InvalidDiem { diem }), "{refusal}");
    }
    let diem = Address::ZERO;
    let refusal = chain.refusal(Owner, one, &IStakedVvv::setDiemCall { diem });
    assert!(refusal.is(&IStakedVvv::ZeroAddress {}), "{refusal}");
    let diem = diem_of(one);
    let receipt = chain.send(Owner, one, &IStakedVvv::setDiemCall { diem });
    let logs = Chain::logs_of(&receipt);
    assert_eq!(logs.len(), 1);
    let told = IStakedVvv::DiemSet::decode_log(&logs[0]).unwrap();
    assert_eq!((told.address, told.diem), (one, diem));
    assert_eq!(chain.view(one, &IStakedVvv::diemCall {}), diem);
}

#[test]
fn emissions_are_bounded_for_good() {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    let maximum = chain.view(at.s_vvv, &IStakedVvv::maxEmissionRatePerSecondCall {});
    let set = |rate| IStakedVvv::setEmissionRateCall {
        newEmissionRate: rate,
    };
    for rate in [maximum + U256::ONE, U256::MAX] {
        let refusal = chain.refusal(Owner, at.s_vvv, &set(rate));
        let error = IStakedVvv::EmissionRateTooHigh { rate, maximum };
        assert!(refusal.is(&error), "{refusal}");
    }
    chain.send(Owner, at.s_vvv, &set(maximum));
    assert_eq!(
        chain.view(at.s_vvv, &IStakedVvv::emissionRatePerSecondCall {}),
        maximum
    );
    let owner = Owner.address();
    let born = |rate: U256, most: U256| {
        TARGET.try_contract(chain, "staked_vvv", arguments(&(at.vvv, owner, rate, most)))
    };
    assert!(born(wei(11), wei(10)).is_none(), "above its own maximum");
    assert!(
        born(wei(10), U256::ONE << 96).is_none(),
        "a maximum without a field"
    );
    assert!(born(wei(10), wei(10)).is_some());
}

#[test]
fn diem_sent_to_the_diem_contract_is_refused() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    let (chain, at) = (&world.chain, world.contracts);
    let (to, value) = (at.diem, tokens(1));
    let error = IDiem::ERC20InvalidReceiver { receiver: at.diem };
    let refusal = chain.refusal(Alice, at.diem, &IDiem::transferCall { to, value });
    assert!(refusal.is(&error), "{refusal}");
    let spender = Bob.address();
    chain.send(Alice, at.diem, &IDiem::approveCall { spender, value });
    let from = Alice.address();
    let refusal = chain.refusal(Bob, at.diem, &IDiem::transferFromCall { from, to, value });
    assert!(refusal.is(&error), "{refusal}");
    h.act(StakeDiem {
        who: Alice,
        amount: WAD,
    });
}

/// A client of the live system approves before each mint; a contract of its does so too.
#[test]
fn an_allowance_of_svvv_is_recorded_and_told_and_has_no_power() {
    let world = World::of(TARGET);
    with_minter(&world);
    let (chain, at) = (&world.chain, world.contracts);
    let (owner, spender, value) = (Alice.address(), Bob.address(), tokens(7));
    let receipt = chain.send(Alice, at.s_vvv, &IStakedVvv::approveCall { spender, value });
    let told = IStakedVvv::Approval::decode_log(&Chain::logs_of(&receipt)[0]).unwrap();
    assert_eq!(
        (told.owner, told.spender, told.value),
        (owner, spender, value)
    );
    let allowance = IStakedVvv::allowanceCall { owner, spender };
    assert_eq!(chain.view(at.s_vvv, &allowance), value);
    let taken = IStakedVvv::transferFromCall {
        from: owner,
        to: spender,
        value,
    };
    let refusal = chain.refusal(Bob, at.s_vvv, &taken);
    assert!(refusal.is(&IStakedVvv::NonTransferable {}), "{refusal}");
    let nobody = IStakedVvv::approveCall {
        spender: Address::ZERO,
        value,
    };
    let refusal = chain.refusal(Alice, at.s_vvv, &nobody);
    let error = IStakedVvv::ERC20InvalidSpender {
        spender: Address::ZERO,
    };
    assert!(refusal.is(&error), "{refusal}");
    let from_nobody = IStakedVvv::approveCall { spender, value }.abi_encode();
    let refusal = chain
        .call_raw(Address::ZERO, at.s_vvv.into(), from_nobody.into())
        .unwrap_err();
    let approver = Address::ZERO;
    assert!(
        refusal.is(&IStakedVvv::ERC20InvalidApprover { approver }),
        "{refusal}"
    );
}
