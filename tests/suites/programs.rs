//! Stylus programs expire after a year, leave the cache, and stop when the chain takes a new Stylus version; anybody may
//! renew them, and nothing is lost meanwhile.

mod states;

use crate::claim_without_diem::{claim, earning, pending};
use crate::prelude::*;
use alloy::sol_types::SolCall;
use alloy_primitives::keccak256;
use diem_abi::arbitrum::{ARB_WASM, IArbWasm};

#[test]
fn an_expired_program_refuses_every_call_until_it_is_activated_again() {
    let world = World::of(TARGET);
    with_minter(&world);
    let (chain, at) = (&world.chain, world.contracts);
    let supply = IDiem::totalSupplyCall {};
    let before = chain.view(at.diem, &supply);
    chain.set_time(start() + 366 * DAY);
    assert!(chain.call(Alice, at.diem, &supply).is_err());
    // Anybody may activate again.
    arb_wasm(&world, &IArbWasm::activateProgramCall { program: at.diem });
    assert_eq!(chain.view(at.diem, &supply), before);
}

fn arb_wasm<C: SolCall>(world: &World, call: &C) {
    let receipt = world.chain.transact(
        Stranger,
        ARB_WASM.into(),
        call.abi_encode().into(),
        world.chain.activation_value(),
    );
    assert!(receipt.status(), "{} failed", C::SIGNATURE);
}

#[test]
fn a_claim_pays_the_free_part_when_diem_has_expired_and_the_locked_part_once_it_is_activated() {
    let world = earning();
    let at = world.contracts;
    world.chain.set_time(start() + 200 * DAY);
    for program in [at.vvv, at.s_vvv] {
        let codehash = keccak256(world.chain.code(program));
        arb_wasm(&world, &IArbWasm::codehashKeepaliveCall { codehash });
    }
    world.chain.set_time(start() + 366 * DAY);
    let supply = world.chain.call(Alice, at.diem, &IDiem::totalSupplyCall {});
    assert!(supply.is_err(), "DIEM should have expired");
    let free = claim(&world);
    assert!(!free.is_zero());
    assert_eq!(claim(&world), U256::ZERO);
    arb_wasm(&world, &IArbWasm::activateProgramCall { program: at.diem });
    let (nothing, locked) = pending(&world);
    assert!(nothing.is_zero() && !locked.is_zero());
    assert_eq!(claim(&world), locked);
}
