//! Claims never need DIEM: where it is gone or refuses, the free part is paid and the locked part stays pending. Nothing
//! is lost, nothing is paid twice, and a call that merely runs short of gas does not pass for a refusal.

use crate::prelude::*;
use alloy::sol_types::{SolCall, SolEvent};
use alloy_primitives::TxKind;
use e2e::chain::Chain;

/// Alice has 400,000 sVVV free and 600,000 locked, and both earn.
pub(crate) fn earning() -> World {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.act(Mint {
        who: Alice,
        amount: 100_000 * WAD,
        least: 0,
    });
    h.wait(DAY);
    // A block of that time, so that what is pending stands on the chain.
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: WAD,
    });
    world
}

fn vvv_of(world: &World, account: Address) -> U256 {
    world
        .chain
        .view(world.contracts.vvv, &IVVV::balanceOfCall { account })
}

/// What `claim` paid, by its event and by the balance.
pub(crate) fn claim(world: &World) -> U256 {
    let before = vvv_of(world, Alice.address());
    let receipt = world
        .chain
        .send(Alice, world.contracts.s_vvv, &IStakedVvv::claimCall {});
    let told = Chain::logs_of(&receipt)
        .iter()
        .filter_map(|log| IStakedVvv::Claimed::decode_log(log).ok())
        .map(|event| event.amount)
        .sum();
    assert_eq!(vvv_of(world, Alice.address()) - before, told);
    told
}

pub(crate) fn pending(world: &World) -> (U256, U256) {
    let at = world.contracts;
    let user = Alice.address();
    let all = world
        .chain
        .view(at.s_vvv, &IStakedVvv::pendingRewardsCall { user });
    let locked = world
        .chain
        .view(at.diem, &IDiem::pendingYieldCall { account: user });
    (all - locked, locked)
}

fn set_code(world: &World, code: &Bytes) {
    let params = serde_json::json!([world.contracts.diem, code]);
    world
        .chain
        .rpc::<serde_json::Value>("anvil_setCode", params);
}

/// Code that DIEM might be replaced by: reverting, failing with all gas, answering nothing, answering too much.
fn bad_neighbours() -> Vec<(&'static str, Bytes)> {
    let bytes = |code: &[u8]| Bytes::copy_from_slice(code);
    vec![
        ("reverts", bytes(&[0x5f, 0x5f, 0xfd])),
        ("fails with all its gas", bytes(&[0xfe])),
        // JUMPDEST PUSH0 JUMP
        ("loops", bytes(&[0x5b, 0x5f, 0x56])),
        ("answers nothing", bytes(&[0x00])),
        ("is no contract", Bytes::new()),
        // PUSH0 NOT PUSH0 MSTORE PUSH1 32 PUSH0 RETURN
        (
            "asks for more than was earned",
            bytes(&[0x5f, 0x19, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]),
        ),
    ]
}

#[test]
fn a_claim_pays_the_free_part_when_diem_refuses_and_the_locked_part_later() {
    let world = earning();
    let code = world.chain.code(world.contracts.diem);
    for (what, bad) in bad_neighbours() {
        let snapshot = world.chain.snapshot();
        let (free, locked) = pending(&world);
        assert!(
            !free.is_zero() && !locked.is_zero(),
            "before DIEM {what}: {free} and {locked}"
        );
        set_code(&world, &bad);
        assert_eq!(claim(&world), free, "DIEM {what}");
        assert_eq!(claim(&world), U256::ZERO, "DIEM {what}: paid twice");
        set_code(&world, &code);
        assert_eq!(pending(&world), (U256::ZERO, locked), "DIEM {what}");
        assert_eq!(claim(&world), locked, "DIEM {what}");
        world.chain.revert(snapshot);
    }
}

#[test]
fn compounding_stakes_the_free_part_when_diem_refuses() {
    let world = earning();
    let at = world.contracts;
    let user = Alice.address();
    for (what, bad) in bad_neighbours() {
        let snapshot = world.chain.snapshot();
        let (free, locked) = pending(&world);
        let balance = IStakedVvv::balanceOfUnlockedCall { user };
        let before = world.chain.view(at.s_vvv, &balance);
        let code = world.chain.code(at.diem);
        set_code(&world, &bad);
        world
            .chain
            .send(Alice, at.s_vvv, &IStakedVvv::claimAndStakeCall {});
        assert_eq!(
            world.chain.view(at.s_vvv, &balance),
            before + free,
            "DIEM {what}"
        );
        let again = world
            .chain
            .refusal(Alice, at.s_vvv, &IStakedVvv::claimAndStakeCall {});
        assert!(again.is(&IStakedVvv::NothingToClaim {}), "{again}");
        set_code(&world, &code);
        assert_eq!(pending(&world).1, locked);
        world.chain.revert(snapshot);
    }
}

/// With whatever gas: a claim pays both parts, or fails and changes nothing.
#[test]
fn a_claim_that_runs_short_of_gas_never_pays_one_part_alone() {
    let world = earning();
    let at = world.contracts;
    let (free, locked) = pending(&world);
    let data: Bytes = IStakedVvv::claimCall {}.abi_encode().into();
    let to = TxKind::from(at.s_vvv);
    let estimate = world.chain.estimate(Alice, to, data.clone()).unwrap();
    let (mut failed, mut paid) = (0, 0);
    for gas in (estimate / 4..estimate + 40_000).step_by(1_500) {
        let snapshot = world.chain.snapshot();
        let before = vvv_of(&world, Alice.address());
        let receipt = world.chain.transact_with(Alice, to, data.clone(), gas);
        let gained = vvv_of(&world, Alice.address()) - before;
        if receipt.status() {
            assert_eq!(gained, free + locked, "with {gas} gas");
            paid += 1;
        } else {
            assert!(gained.is_zero() && gas < estimate, "with {gas} gas");
            failed += 1;
        }
        world.chain.revert(snapshot);
    }
    assert!(failed > 20 && paid > 20, "{failed} failed, {paid} paid");
}
