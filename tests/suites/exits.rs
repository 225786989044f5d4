//! I-8: exits depend on nobody. Paused and without an owner, everything but minting goes on.

use crate::prelude::*;

/// Alice earns, has staked and leased, and Bob holds some of her DIEM.
fn invested(world: &World) -> History<'_> {
    let mut h = with_earning_minter(world);
    h.act(set_default(Gateway));
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 500 * WAD,
    });
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 100 * WAD,
        epochs: 1,
    });
    h
}

/// Everybody takes everything out.
fn leave(mut h: History<'_>) {
    h.wait(3 * DAY);
    h.act(Transfer {
        who: Bob,
        to: Alice,
        amount: 500 * WAD,
    });
    h.act(ClaimYield { who: Alice });
    h.act(Claim { who: Alice });
    h.act(CollectFees { who: Stranger });
    h.act(CloseLease {
        who: Stranger,
        id: 1,
    });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.act(choose(Alice, None));
    h.wait(DAY);
    h.act(UnstakeDiem { who: Alice });
    h.act(Burn {
        who: Alice,
        amount: 1_000 * WAD,
    });
    let amount = h.model.account(Alice.address()).outstanding.to();
    h.act(BurnDiem { who: Alice, amount });
    h.act(ClaimAndStake { who: Alice });
    let amount = h.model.account(Alice.address()).free.to();
    h.act(InitiateUnstakeVvv { who: Alice, amount });
    h.wait(7 * DAY);
    h.act(FinalizeUnstake { who: Alice });
    assert!(h.model.staked().is_zero() && h.model.diem_supply().is_zero());
}

#[test]
fn every_exit_works_while_minting_is_paused_and_every_gateway_is_revoked() {
    let world = World::of(TARGET);
    let mut h = invested(&world);
    h.act(PauseMint { who: Guardian });
    h.act(revoke(Gateway));
    let paused = IDiem::MintingPaused {};
    let (who, amount, least) = (Alice, WAD, 0);
    h.refuse(Mint { who, amount, least }, &paused);
    h.refuse(MintDiem { who, amount, least }, &paused);
    let most = u128::MAX;
    h.refuse(MintExact { who, amount, most }, &paused);
    leave(h);
}

#[test]
fn every_exit_works_after_the_owner_is_gone() {
    let world = World::of(TARGET);
    let mut h = invested(&world);
    h.act(PauseMint { who: Guardian });
    let (chain, at) = (&world.chain, world.contracts);
    chain.send(Owner, at.s_vvv, &IStakedVvv::renounceOwnershipCall {});
    chain.send(Owner, at.diem, &IDiem::renounceOwnershipCall {});
    h.model.s_vvv_owner.owner = Address::ZERO;
    h.model.diem_owner.owner = Address::ZERO;
    h.model.guardian = Address::ZERO;
    h.model.paused = false;
    leave(h);
}

#[test]
fn pausing_stops_the_three_minting_doors_and_unpausing_opens_them() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(PauseMint { who: Guardian });
    h.refuse(
        Mint {
            who: Alice,
            amount: WAD,
            least: 0,
        },
        &IDiem::MintingPaused {},
    );
    h.act(UnpauseMint { who: Owner });
    h.act(Mint {
        who: Alice,
        amount: WAD,
        least: 0,
    });
    h.act(MintDiem {
        who: Alice,
        amount: WAD,
        least: 0,
    });
    h.act(MintExact {
        who: Alice,
        amount: WAD,
        most: 1_000 * WAD,
    });
}
