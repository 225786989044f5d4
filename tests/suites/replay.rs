//! Events alone rebuild the state (docs/spec.md section 5 of the protocol).

use crate::prelude::*;
use e2e::replay::Replay;

#[test]
fn events_alone_rebuild_balances_positions_stakes_leases_and_credits() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 700 * WAD,
    });
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.act(StakeDiem {
        who: Bob,
        amount: 600 * WAD,
    });
    h.act(register(Rival));
    h.act(set_default(Rival));
    h.act(Lease {
        who: Bob,
        lessee: Carol,
        amount: 100 * WAD,
        epochs: 2,
    });
    h.act(Lease {
        who: Alice,
        lessee: Carol,
        amount: 10 * WAD,
        epochs: 30,
    });
    h.act(ChooseLeaseGateway {
        who: Carol,
        id: 1,
        gateway: Some(Gateway),
    });
    h.act(TransferLease {
        who: Carol,
        id: 2,
        to: Dave,
    });
    h.act(choose(Alice, Gateway));
    h.act(choose(Bob, Gateway));
    h.act(choose(Erin, None));
    h.at(start() + DAY);
    h.act(h.settle_leases(Gateway, &[(1, 30 * WAD)]));
    h.act(h.settle_leases(Gateway, &[(1, 33 * WAD), (1, WAD)]));
    h.act(h.settle_batch(
        Gateway,
        &[(Alice, 10 * WAD), (Bob, 500 * WAD), (Alice, 11 * WAD)],
    ));
    h.act(choose(Bob, Rival));
    h.act(ChooseLeaseGateway {
        who: Carol,
        id: 1,
        gateway: Some(Rival),
    });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 500 * WAD,
    });
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.act(Burn {
        who: Alice,
        amount: 100 * WAD,
    });
    h.act(BurnDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.act(ClaimYield { who: Alice });
    h.act(CollectFees { who: Stranger });
    h.at(start() + 9 * DAY);
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    h.act(UnstakeDiem { who: Alice });
    h.act(FinalizeUnstake { who: Alice });
    h.act(ClaimAndStake { who: Alice });
    h.act(SetEmissionRate {
        who: Owner,
        rate: 5,
    });
    h.act(SetTreasury {
        who: Owner,
        treasury: Erin,
    });
    h.act(PauseMint { who: Guardian });
    h.act(SetGateway {
        who: Owner,
        gateway: Gateway,
        allowed: false,
    });
    h.act(set_default(None));
    h.act(revoke(Rival));

    let at = world.contracts;
    let logs = world.chain.logs(&[at.vvv, at.s_vvv, at.diem]);
    let rebuilt = Replay::of(&at, &logs, h.today());
    assert_eq!(rebuilt, Replay::expected(&h.model));
}
