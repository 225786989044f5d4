//! Who spends the credit of others, one account or many at a time.

use super::insufficient;
use crate::prelude::*;

#[test]
fn a_batch_settles_many_and_an_account_may_occur_twice() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 50 * WAD,
    });
    h.act(StakeDiem {
        who: Bob,
        amount: 50 * WAD,
    });
    let bill = vec![(Alice, 300 * WAD), (Bob, 50 * WAD), (Alice, 700 * WAD)];
    let effect = h.act(SpendBatch { who: Gateway, bill });
    assert_eq!(effect.logs.len(), 3);
}

#[test]
fn a_batch_over_the_rest_settles_nothing() {
    let world = World::new();
    let mut h = with_staker(&world);
    let bill = vec![(Alice, 300 * WAD), (Alice, 700 * WAD), (Alice, 1)];
    h.refuse(
        SpendBatch { who: Gateway, bill },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    let bill = vec![(Alice, 300 * WAD), (Bob, 1)];
    h.refuse(
        SpendBatch { who: Gateway, bill },
        &insufficient(Bob, U256::ZERO, wei(1)),
    );
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
}

#[test]
fn a_batch_reverts_when_its_lists_differ_in_length() {
    let world = World::new();
    with_staker(&world);
    let call = IDiem::spendBatchCall {
        accounts: vec![Alice.address(); 2],
        amounts: vec![wei(1); 3],
    };
    let refusal = world.chain.refusal(Gateway, world.contracts.diem, &call);
    let expected = IDiem::LengthMismatch {
        accounts: U256::from(2),
        amounts: U256::from(3),
    };
    assert!(refusal.is(&expected), "{refusal}");
}

#[test]
fn a_batch_of_a_hundred_accounts_fits_one_transaction() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(SpendBatch {
        who: Gateway,
        bill: vec![(Alice, 10 * WAD); 100],
    });
}

#[test]
fn only_registered_gateways_spend() {
    let world = World::new();
    let mut h = with_staker(&world);
    for who in [Alice, Owner, Guardian, Stranger] {
        let caller = who.address();
        h.refuse(
            Spend {
                who,
                account: Alice,
                amount: 1,
            },
            &IDiem::OnlyGateway { caller },
        );
        h.refuse(
            SpendBatch {
                who,
                bill: vec![(Alice, 1)],
            },
            &IDiem::OnlyGateway { caller },
        );
        h.refuse(
            SpendLease {
                who,
                id: 1,
                amount: 1,
            },
            &IDiem::OnlyGateway { caller },
        );
    }
}

#[test]
fn a_gateway_removed_in_the_middle_of_a_day_spends_no_more() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 10 * WAD,
    });
    h.act(SetGateway {
        who: Owner,
        gateway: Gateway,
        allowed: false,
    });
    let caller = Gateway.address();
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &IDiem::OnlyGateway { caller },
    );
    h.act(SetGateway {
        who: Owner,
        gateway: Bob,
        allowed: true,
    });
    h.act(Spend {
        who: Bob,
        account: Alice,
        amount: 990 * WAD,
    });
    h.refuse(
        Spend {
            who: Bob,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
}

#[test]
fn spend_reverts_for_zero() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 0,
        },
        &IDiem::ZeroAmount {},
    );
}
