//! Staked DIEM and the daily credit it gives.

use crate::prelude::*;

fn insufficient(account: Who, remaining: U256, amount: U256) -> IDiem::InsufficientCredits {
    IDiem::InsufficientCredits {
        account: account.address(),
        remaining,
        amount,
    }
}

#[test]
fn one_staked_diem_is_one_dollar_a_day() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 400 * WAD,
    });
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 600 * WAD,
    });
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    let credits = world.chain.view(
        world.contracts.diem,
        &IDiem::creditsOfCall {
            account: Alice.address(),
        },
    );
    assert_eq!(
        (credits.allowance, credits.used, credits.remaining),
        (tokens(1_000), tokens(1_000), U256::ZERO)
    );
    assert_eq!(credits.epoch, U256::from(START / DAY + 10));
}

#[test]
fn credit_refreshes_exactly_at_midnight_and_not_one_second_before() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
    let midnight = START + 11 * DAY;
    h.at(midnight - 1);
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    world.chain.set_time(midnight - 1);
    assert_eq!(
        world
            .chain
            .view(world.contracts.diem, &IDiem::nextRefreshCall {}),
        U256::from(midnight)
    );
    h.at(midnight);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
    assert_eq!(
        world
            .chain
            .view(world.contracts.diem, &IDiem::nextRefreshCall {}),
        U256::from(midnight + DAY)
    );
}

#[test]
fn unused_credit_never_carries_over() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.wait(30 * DAY);
    let amount = 1_000 * WAD + 1;
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount,
        },
        &insufficient(Alice, tokens(1_000), wei(amount)),
    );
}

#[test]
fn a_tenth_of_a_diem_has_credit_and_one_wei_less_has_none() {
    let world = World::new();
    let mut h = with_minter(&world);
    h.act(StakeDiem {
        who: Alice,
        amount: WAD / 10 - 1,
    });
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    h.act(StakeDiem {
        who: Alice,
        amount: 1,
    });
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: WAD / 10,
    });
}

#[test]
fn credit_comes_from_stake_and_not_from_balance() {
    let world = World::new();
    let mut h = with_minter(&world);
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
}

#[test]
fn stake_moves_liquid_diem_without_an_approval() {
    let world = World::new();
    let mut h = with_minter(&world);
    let held = h.model.account(Alice.address()).diem;
    h.act(StakeDiem {
        who: Alice,
        amount: 10 * WAD,
    });
    let at = world.contracts;
    assert_eq!(
        world.chain.view(at.diem, &IDiem::totalStakedCall {}),
        tokens(10)
    );
    assert_eq!(
        world
            .chain
            .view(at.diem, &IDiem::balanceOfCall { account: at.diem }),
        tokens(10)
    );
    assert_eq!(h.model.account(Alice.address()).diem, held - tokens(10));
    let needed = held - tokens(10) + U256::ONE;
    h.refuse(
        StakeDiem {
            who: Alice,
            amount: needed.to(),
        },
        &IDiem::ERC20InsufficientBalance {
            sender: Alice.address(),
            balance: needed - U256::ONE,
            needed,
        },
    );
    h.refuse(
        StakeDiem {
            who: Alice,
            amount: 0,
        },
        &IDiem::ZeroAmount {},
    );
}

#[test]
fn a_new_unstake_request_restarts_the_clock_of_the_whole_bucket() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.wait(DAY);
    // Matured, not collected, and delayed again.
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1,
    });
    let end = h.model.now + DAY;
    h.at(end - 1);
    h.refuse(
        UnstakeDiem { who: Alice },
        &IDiem::CooldownNotOver {
            cooldownEnd: U256::from(end),
            timestamp: U256::from(end - 1),
        },
    );
    h.at(end);
    h.act(UnstakeDiem { who: Alice });
    h.refuse(UnstakeDiem { who: Alice }, &IDiem::NoCooldown {});
}

#[test]
fn staking_does_not_touch_a_running_bucket() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    let end = h.model.now + DAY;
    h.wait(1_000);
    h.act(StakeDiem {
        who: Alice,
        amount: WAD,
    });
    h.at(end);
    h.act(UnstakeDiem { who: Alice });
}

#[test]
fn unstake_reverts_with_an_empty_bucket_and_requests_stay_within_the_active_stake() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.refuse(UnstakeDiem { who: Bob }, &IDiem::NoCooldown {});
    h.refuse(
        InitiateUnstakeDiem {
            who: Alice,
            amount: 0,
        },
        &IDiem::ZeroAmount {},
    );
    let (available, amount) = (tokens(1_000), tokens(1_000) + U256::ONE);
    h.refuse(
        InitiateUnstakeDiem {
            who: Alice,
            amount: amount.to(),
        },
        &IDiem::InsufficientStake { available, amount },
    );
}

#[test]
fn total_staked_falls_at_unstake_and_not_before() {
    let world = World::new();
    let mut h = with_staker(&world);
    let total = || {
        world
            .chain
            .view(world.contracts.diem, &IDiem::totalStakedCall {})
    };
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    assert_eq!(total(), tokens(1_000));
    h.wait(DAY);
    h.act(UnstakeDiem { who: Alice });
    assert_eq!(total(), tokens(900));
}

#[test]
fn cooling_diem_has_no_credit() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 600 * WAD,
    });
    let amount = 400 * WAD + 1;
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount,
        },
        &insufficient(Alice, tokens(400), wei(amount)),
    );
}

/// Alice spends her day's credit, leaves, and hands the DIEM to Bob: he gets credit from the next day on only.
#[test]
fn the_same_diem_never_pays_twice_in_one_day() {
    let world = World::new();
    let mut h = with_staker(&world);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 1_000 * WAD,
    });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    h.at(START + 11 * DAY);
    h.refuse(
        Spend {
            who: Gateway,
            account: Alice,
            amount: 1,
        },
        &insufficient(Alice, U256::ZERO, wei(1)),
    );
    h.act(UnstakeDiem { who: Alice });
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 1_000 * WAD,
    });
    h.act(StakeDiem {
        who: Bob,
        amount: 1_000 * WAD,
    });
    h.act(Spend {
        who: Gateway,
        account: Bob,
        amount: 1_000 * WAD,
    });
}

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
