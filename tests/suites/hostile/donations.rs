//! VVV, DIEM and ether that somebody sends to the contracts uncalled: no number anywhere depends on what they hold.

use crate::claim_without_diem::{claim, earning, pending};
use crate::prelude::*;
use crate::views::all_views;

/// Bob's gifts to each contract. DIEM takes none of itself.
fn donate(world: &World) {
    let (chain, at) = (&world.chain, world.contracts);
    for to in [at.vvv, at.s_vvv, at.diem] {
        let value = tokens(1_000);
        chain.send(Bob, at.vvv, &IVVV::transferCall { to, value });
        let value = tokens(1);
        let diem = IDiem::transferCall { to, value };
        if to == at.diem {
            let refusal = chain.refusal(Bob, at.diem, &diem);
            let receiver = to;
            assert!(
                refusal.is(&IDiem::ERC20InvalidReceiver { receiver }),
                "{refusal}"
            );
        } else {
            chain.send(Bob, at.diem, &diem);
        }
        let params = serde_json::json!([to, wei(5 * WAD)]);
        chain.rpc::<serde_json::Value>("anvil_setBalance", params);
    }
}

#[test]
fn gifts_of_vvv_diem_and_ether_change_no_number_and_no_exit() {
    let world = earning();
    let (chain, at) = (&world.chain, world.contracts);
    let amount = tokens(100_000);
    let recipient = Bob.address();
    chain.send(Bob, at.s_vvv, &IStakedVvv::stakeCall { recipient, amount });
    let mint = IDiem::mintCall {
        sVVVAmount: amount,
        minDiemOut: U256::ZERO,
    };
    chain.send(Bob, at.diem, &mint);
    let before = all_views(&world);
    assert!(before.len() > 40, "{} views", before.len());
    donate(&world);
    for (view, (signature, answer)) in all_views(&world).iter().zip(&before) {
        assert_eq!(&view.1, answer, "{signature}");
    }
    let (free, locked) = pending(&world);
    assert_eq!(claim(&world), free + locked);
    let account = Alice.address();
    let all = chain.view(at.diem, &IDiem::balanceOfCall { account });
    chain.send(Alice, at.diem, &IDiem::burnCall { diemAmount: all });
    let amount = chain.view(at.s_vvv, &IStakedVvv::balanceOfCall { account });
    assert_eq!(amount, tokens(1_000_000), "all that she ever staked");
    let leave = IStakedVvv::initiateUnstakeCall { amount };
    chain.send(Alice, at.s_vvv, &leave);
    chain.set_time(chain.time() + 7 * DAY);
    let held = IVVV::balanceOfCall { account };
    let before = chain.view(at.vvv, &held);
    chain.send(Alice, at.s_vvv, &IStakedVvv::finalizeUnstakeCall {});
    assert_eq!(chain.view(at.vvv, &held) - before, amount);
}

#[test]
fn ether_that_is_sent_and_not_forced_is_refused() {
    let world = World::of(TARGET);
    let at = world.contracts;
    for to in [at.vvv, at.s_vvv, at.diem] {
        let receipt = world.chain.transact(Alice, to.into(), Bytes::new(), wei(1));
        assert!(!receipt.status(), "{to} kept it");
    }
}
