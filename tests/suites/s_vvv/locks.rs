//! `lock`, `unlock` and `payLockedYield`: DIEM's alone, and never more than was earned.

use crate::prelude::*;

#[test]
fn strangers_cannot_lock_unlock_or_take_locked_yield() {
    let world = World::of(TARGET);
    with_minter(&world);
    let (chain, s_vvv, account) = (&world.chain, world.contracts.s_vvv, Alice.address());
    for who in [Alice, Owner, Guardian, Stranger] {
        let refusals = [
            chain.refusal(
                who,
                s_vvv,
                &IStakedVvv::lockCall {
                    account,
                    amount: wei(1),
                },
            ),
            chain.refusal(
                who,
                s_vvv,
                &IStakedVvv::unlockCall {
                    account,
                    amount: wei(1),
                },
            ),
            chain.refusal(
                who,
                s_vvv,
                &IStakedVvv::payLockedYieldCall {
                    to: account,
                    amount: wei(1),
                },
            ),
        ];
        for refusal in refusals {
            assert!(refusal.is(&IStakedVvv::OnlyDiem {}), "{refusal}");
        }
    }
}

/// A DIEM that asks for too much is refused by sVVV itself: the wall does not trust its neighbour.
#[test]
fn a_dishonest_diem_cannot_take_more_than_locked_svvv_earned() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.wait(1_000);
    // The chain lets us speak with DIEM's voice.
    let (chain, at) = (&world.chain, world.contracts);
    chain.set_time(h.model.now);
    let earned = chain.view(at.s_vvv, &IStakedVvv::lockedYieldCall {}).earned;
    assert!(!earned.is_zero());
    let ask = |amount| {
        let call = IStakedVvv::payLockedYieldCall {
            to: Stranger.address(),
            amount,
        };
        chain.call_raw(
            at.diem,
            at.s_vvv.into(),
            alloy::sol_types::SolCall::abi_encode(&call).into(),
        )
    };
    let amount = earned + U256::ONE;
    let refusal = ask(amount).unwrap_err();
    assert!(
        refusal.is(&IStakedVvv::LockedYieldExceeded {
            available: earned,
            amount
        }),
        "{refusal}"
    );
    assert!(ask(earned).is_ok());
}

#[test]
fn a_dishonest_diem_can_neither_lock_what_is_not_free_nor_unlock_what_is_not_locked() {
    let world = World::of(TARGET);
    with_minter(&world);
    let (chain, at, account) = (&world.chain, world.contracts, Alice.address());
    let amount = tokens(500_000) + U256::ONE;
    let lock = IStakedVvv::lockCall { account, amount };
    let unlock = IStakedVvv::unlockCall { account, amount };
    let as_diem = |data: Vec<u8>| {
        chain
            .call_raw(at.diem, at.s_vvv.into(), data.into())
            .unwrap_err()
    };
    let refusal = as_diem(alloy::sol_types::SolCall::abi_encode(&lock));
    assert!(
        refusal.is(&IStakedVvv::InsufficientUnlocked {
            unlocked: tokens(500_000),
            amount
        }),
        "{refusal}"
    );
    let refusal = as_diem(alloy::sol_types::SolCall::abi_encode(&unlock));
    assert!(
        refusal.is(&IStakedVvv::InsufficientLocked {
            locked: tokens(500_000),
            amount
        }),
        "{refusal}"
    );
}
