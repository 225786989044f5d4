//! Gateways come, are stopped at once, and come back by the owner alone.

use super::{gateways_of, not_its, only_gateway, with_two_gateways};
use crate::layout::{bits, entry, key};
use crate::prelude::*;
use e2e::model::MOST_GATEWAYS;

#[test]
fn a_stranger_settles_nothing() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    for who in [Alice, Owner, Guardian, Stranger, Rival] {
        let error = only_gateway(who);
        h.refuse(h.settle(who, Alice, 0), &error);
        h.refuse(h.settle_batch(who, &[]), &error);
        h.refuse(h.settle_leases(who, &[]), &error);
    }
}

/// The number of whoever is no gateway is that of a line that never chose.
#[test]
fn a_stranger_does_not_pass_for_the_gateway_of_lines_that_never_chose() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(StakeDiem {
        who: Alice,
        amount: WAD,
    });
    h.refuse(h.settle(Stranger, Alice, WAD), &only_gateway(Stranger));
}

#[test]
fn a_gateway_revoked_in_the_middle_of_a_day_settles_no_more() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(h.settle(Gateway, Alice, 10 * WAD));
    h.act(revoke(Gateway));
    h.refuse(h.settle(Gateway, Alice, 10 * WAD), &only_gateway(Gateway));
    h.refuse(h.settle_batch(Gateway, &[]), &only_gateway(Gateway));
    // Its lines have nobody, and not at once another: two could settle the same day.
    h.act(choose(Alice, Rival));
    h.refuse(h.settle(Rival, Alice, 0), &not_its(Alice, Rival));
    h.at(start() + 11 * DAY);
    h.act(h.settle(Rival, Alice, 1_000 * WAD));
}

#[test]
fn a_revoked_gateway_let_back_on_the_same_day_settles_what_it_saw() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(h.settle(Gateway, Alice, 10 * WAD));
    h.act(revoke(Gateway));
    h.wait(3_600);
    h.act(register(Gateway));
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

#[test]
fn a_revoked_gateway_keeps_its_lines_and_is_named_by_its_address() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    h.act(choose(Alice, Rival));
    h.act(revoke(Rival));
    assert_eq!(gateways_of(&h, Alice), (Some(Gateway), Some(Rival)));
    h.at(start() + 11 * DAY);
    assert_eq!(gateways_of(&h, Alice), (Some(Rival), Some(Rival)));
    h.refuse(h.settle(Rival, Alice, 0), &only_gateway(Rival));
    h.act(register(Rival));
    h.act(h.settle(Rival, Alice, WAD));
}

#[test]
fn the_guardian_revokes_and_only_the_owner_lets_back() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    for who in [Alice, Owner, Rival, Stranger] {
        let gateway = Gateway;
        h.refuse(RevokeGateway { who, gateway }, &IDiem::OnlyGuardian {});
    }
    h.act(revoke(Rival));
    h.act(revoke(Rival));
    for who in [Guardian, Rival] {
        let error = IDiem::OwnableUnauthorizedAccount {
            account: who.address(),
        };
        let back = SetGateway {
            who,
            gateway: Rival,
            allowed: true,
        };
        h.refuse(back, &error);
    }
    h.act(register(Rival));
    h.act(register(Rival));
    let unknown = IDiem::UnknownGateway {
        gateway: Bob.address(),
    };
    h.refuse(revoke(Bob), &unknown);
    // The owner may stop one as well.
    h.act(SetGateway {
        who: Owner,
        gateway: Gateway,
        allowed: false,
    });
    h.refuse(h.settle(Gateway, Alice, 0), &only_gateway(Gateway));
}

#[test]
fn the_zero_address_is_no_gateway() {
    let world = World::of(TARGET);
    let h = with_staker(&world);
    world.chain.set_time(h.model.now);
    for allowed in [true, false] {
        let gateway = Address::ZERO;
        let call = IDiem::setGatewayCall { gateway, allowed };
        let refusal = world.chain.refusal(Owner, world.contracts.diem, &call);
        assert!(refusal.is(&IDiem::ZeroAddress {}), "{refusal}");
    }
}

/// Whoever was forbidden before it was ever registered gets a number like everybody when it is.
#[test]
fn a_gateway_forbidden_before_it_was_registered_is_registered_later() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(SetGateway {
        who: Owner,
        gateway: Rival,
        allowed: false,
    });
    h.refuse(
        revoke(Rival),
        &IDiem::UnknownGateway {
            gateway: Rival.address(),
        },
    );
    h.act(register(Rival));
    h.act(choose(Bob, Rival));
    h.act(h.settle(Rival, Bob, 0));
}

#[test]
fn the_last_number_is_given_out_and_one_more_gateway_is_refused() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    // As if all others but one had been registered.
    let slot = U256::from(crate::layout::DIEM.default_gateway);
    let word: U256 = chain.storage(diem, slot).into();
    let registered = bits(word.into(), 72, 24);
    assert_eq!(registered, U256::ONE);
    let most = U256::from(MOST_GATEWAYS);
    let word = word + ((most - U256::from(2)) << 72_usize);
    chain.rpc::<serde_json::Value>(
        "anvil_setStorageAt",
        serde_json::json!([diem, slot, alloy_primitives::B256::from(word)]),
    );
    h.act(register(Rival));
    let number = chain.storage(diem, entry(key(Rival), crate::layout::DIEM.gateways));
    assert_eq!(bits(number, 0, 24), U256::from((1 << 24) - 1));
    h.act(choose(Alice, Rival));
    h.at(start() + 11 * DAY);
    h.act(h.settle(Rival, Alice, WAD));

    let call = IDiem::setGatewayCall {
        gateway: Newcomer.address(),
        allowed: true,
    };
    let refusal = chain.refusal(Owner, diem, &call);
    let full = IDiem::TooManyGateways { maximum: most };
    assert!(refusal.is(&full), "{refusal}");
    let receipt = chain.transact(
        Owner,
        diem.into(),
        alloy::sol_types::SolCall::abi_encode(&call).into(),
        U256::ZERO,
    );
    assert!(!receipt.status());
    // Who has a number comes and goes as before.
    h.act(revoke(Rival));
    h.act(register(Rival));
}
