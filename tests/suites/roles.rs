//! Who may do what, and that nobody else may.

use crate::prelude::*;
use alloy::sol_types::{SolCall, SolEvent};
use e2e::chain::Chain;

#[test]
fn strangers_cannot_use_the_owners_entry_points() {
    let world = World::of(TARGET);
    let mut h = world.history();
    for who in [Alice, Guardian, Gateway, Stranger] {
        let account = who.address();
        let error = IDiem::OwnableUnauthorizedAccount { account };
        h.refuse(SetTreasury { who, treasury: who }, &error);
        h.refuse(SetGuardian { who, guardian: who }, &error);
        h.refuse(
            SetGateway {
                who,
                gateway: who,
                allowed: true,
            },
            &error,
        );
        h.refuse(
            SetDefaultGateway {
                who,
                gateway: Some(Gateway),
            },
            &error,
        );
        h.refuse(UnpauseMint { who }, &error);
        h.refuse(SetEmissionRate { who, rate: 1 }, &error);
        let set_diem = IStakedVvv::setDiemCall { diem: account };
        let refusal = world.chain.refusal(who, world.contracts.s_vvv, &set_diem);
        assert!(refusal.is(&error), "{refusal}");
    }
}

#[test]
fn only_the_guardian_pauses_and_revokes() {
    let world = World::of(TARGET);
    let mut h = world.history();
    for who in [Alice, Owner, Gateway, Stranger] {
        h.refuse(PauseMint { who }, &IDiem::OnlyGuardian {});
        let gateway = Gateway;
        h.refuse(RevokeGateway { who, gateway }, &IDiem::OnlyGuardian {});
    }
    h.act(PauseMint { who: Guardian });
    h.act(SetGuardian {
        who: Owner,
        guardian: Bob,
    });
    h.act(UnpauseMint { who: Owner });
    h.refuse(PauseMint { who: Guardian }, &IDiem::OnlyGuardian {});
    h.act(PauseMint { who: Bob });
}

#[test]
fn the_treasury_is_never_nobody() {
    let world = World::of(TARGET);
    let call = IDiem::setTreasuryCall {
        newTreasury: Address::ZERO,
    };
    let refusal = world.chain.refusal(Owner, world.contracts.diem, &call);
    assert!(refusal.is(&IDiem::ZeroAddress {}), "{refusal}");
}

#[test]
fn ownership_is_handed_over_in_two_steps() {
    let world = World::of(TARGET);
    let chain = &world.chain;
    let new_owner = Bob.address();
    for contract in [world.contracts.s_vvv, world.contracts.diem] {
        let owner = || chain.view(contract, &IDiem::ownerCall {});
        chain.send(
            Owner,
            contract,
            &IDiem::transferOwnershipCall {
                newOwner: new_owner,
            },
        );
        assert_eq!(owner(), Owner.address());
        assert_eq!(chain.view(contract, &IDiem::pendingOwnerCall {}), new_owner);
        let refusal = chain.refusal(Stranger, contract, &IDiem::acceptOwnershipCall {});
        assert!(
            refusal.is(&IDiem::OwnableUnauthorizedAccount {
                account: Stranger.address()
            }),
            "{refusal}"
        );
        chain.send(Bob, contract, &IDiem::acceptOwnershipCall {});
        assert_eq!(owner(), new_owner);
        let refusal = chain.refusal(Owner, contract, &IDiem::renounceOwnershipCall {});
        assert!(
            refusal.is(&IDiem::OwnableUnauthorizedAccount {
                account: Owner.address()
            }),
            "{refusal}"
        );
        chain.send(Bob, contract, &IDiem::renounceOwnershipCall {});
        assert_eq!(owner(), Address::ZERO);
    }
}

#[test]
fn only_the_owner_offers_the_ownership_or_lays_it_down() {
    let world = World::of(TARGET);
    world.history();
    let chain = &world.chain;
    for contract in [world.contracts.s_vvv, world.contracts.diem] {
        for who in [Alice, Guardian, Gateway, Treasury, Stranger] {
            let account = who.address();
            let error = IDiem::OwnableUnauthorizedAccount { account };
            let offer = IDiem::transferOwnershipCall { newOwner: account };
            let refusal = chain.refusal(who, contract, &offer);
            assert!(refusal.is(&error), "{who:?} offered: {refusal}");
            let refusal = chain.refusal(who, contract, &IDiem::acceptOwnershipCall {});
            assert!(refusal.is(&error), "{who:?} accepted: {refusal}");
            let refusal = chain.refusal(who, contract, &IDiem::renounceOwnershipCall {});
            assert!(refusal.is(&error), "{who:?} renounced: {refusal}");
        }
        let pending = chain.view(contract, &IDiem::pendingOwnerCall {});
        assert_eq!(pending, Address::ZERO);
        assert_eq!(chain.view(contract, &IDiem::ownerCall {}), Owner.address());
    }
}

#[test]
fn each_step_of_a_handover_is_told() {
    let world = World::of(TARGET);
    let chain = &world.chain;
    let (before, after) = (Owner.address(), Bob.address());
    for contract in [world.contracts.s_vvv, world.contracts.diem] {
        let offer = IDiem::transferOwnershipCall { newOwner: after };
        let logs = Chain::logs_of(&chain.send(Owner, contract, &offer));
        assert_eq!(logs.len(), 1);
        let told = IDiem::OwnershipTransferStarted::decode_log(&logs[0]).unwrap();
        assert_eq!(told.address, contract);
        assert_eq!((told.previousOwner, told.newOwner), (before, after));

        let logs = Chain::logs_of(&chain.send(Bob, contract, &IDiem::acceptOwnershipCall {}));
        assert_eq!(logs.len(), 1);
        let told = IDiem::OwnershipTransferred::decode_log(&logs[0]).unwrap();
        assert_eq!((told.previousOwner, told.newOwner), (before, after));
        // Who has accepted has nothing left to accept.
        let pending = chain.view(contract, &IDiem::pendingOwnerCall {});
        assert_eq!(pending, Address::ZERO);

        let logs = Chain::logs_of(&chain.send(Bob, contract, &IDiem::renounceOwnershipCall {}));
        // There is no guardian to dismiss and no pause to lift.
        assert_eq!(logs.len(), 1);
        let told = IDiem::OwnershipTransferred::decode_log(&logs[0]).unwrap();
        assert_eq!((told.previousOwner, told.newOwner), (after, Address::ZERO));
    }
}

#[test]
fn the_wiring_happens_once() {
    let world = World::of(TARGET);
    let call = IStakedVvv::setDiemCall {
        diem: Bob.address(),
    };
    let refusal = world.chain.refusal(Owner, world.contracts.s_vvv, &call);
    assert!(refusal.is(&IStakedVvv::AlreadyWired {}), "{refusal}");
}

/// Nothing that the live system's admins can do exists here, nor any way to mint DIEM by role.
#[test]
fn there_is_no_entry_point_to_change_constants_upgrade_or_mint_by_role() {
    let world = World::of(TARGET);
    let setters = [
        "setCooldownDuration(uint256)",
        "setDiemMintCurve(uint256[256],uint256[256])",
        "setVeniceEmissionsPercentage(uint256)",
        "setVeniceEmissionsPercentageWhenLocked(uint256)",
        "setYieldFee(uint256)",
        "upgradeToAndCall(address,bytes)",
        "upgradeTo(address)",
        "mint(address,uint256)",
        "burn(address,uint256)",
        "grantRole(bytes32,address)",
        "initialize(address,address,uint256)",
    ];
    for signature in setters {
        let selector = &alloy_primitives::keccak256(signature)[..4];
        let calldata: Bytes = [selector, &[0; 512 * 32][..]].concat().into();
        for contract in [world.contracts.s_vvv, world.contracts.diem] {
            let answer = world
                .chain
                .call_raw(Owner.address(), contract.into(), calldata.clone());
            assert!(answer.is_err(), "{signature} answered {answer:?}");
        }
    }
    assert_ne!(
        IDiem::mintCall::SELECTOR,
        alloy_primitives::keccak256("mint(address,uint256)")[..4]
    );
}
