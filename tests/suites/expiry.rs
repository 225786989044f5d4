//! Stylus programs expire after a year; anybody may renew them.

use crate::prelude::*;

#[test]
fn a_lease_of_365_epochs_outlives_the_programs_when_somebody_renews_them() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 400 * WAD,
        epochs: 365,
    });
    let first = h.model.epoch() + 1;
    h.at((first + 364) * DAY);
    h.act(h.settle_leases(Gateway, &[(1, 400 * WAD)]));
    let (id, end_epoch, epoch) = (U256::ONE, U256::from(first + 365), U256::from(first + 364));
    h.refuse(
        CloseLease { who: Alice, id: 1 },
        &IDiem::LeaseNotOver {
            id,
            endEpoch: end_epoch,
            epoch,
        },
    );
    h.at((first + 365) * DAY);
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}

#[test]
fn an_expired_program_refuses_every_call_until_it_is_activated_again() {
    use alloy::sol_types::SolCall;
    use diem_abi::arbitrum::{ARB_WASM, IArbWasm};
    let world = World::new();
    with_minter(&world);
    let (chain, at) = (&world.chain, world.contracts);
    let supply = IDiem::totalSupplyCall {};
    let before = chain.view(at.diem, &supply);
    chain.set_time(START + 366 * DAY);
    assert!(chain.call(Alice, at.diem, &supply).is_err());
    let activate = IArbWasm::activateProgramCall { program: at.diem };
    let receipt = chain.transact(
        Stranger,
        ARB_WASM.into(),
        activate.abi_encode().into(),
        wei(WAD),
    );
    assert!(receipt.status(), "anybody may activate again");
    assert_eq!(chain.view(at.diem, &supply), before);
}
