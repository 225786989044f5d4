//! L-3: a statement says the epoch and all that was used in it. Saying it again, late or to another day is harmless.

use super::{insufficient, not_its, only_gateway, with_two_gateways, wrong_epoch};
use crate::prelude::*;

/// The storage words that hold Alice's line; nothing may write them in vain.
fn words(h: &History<'_>) -> Vec<alloy_primitives::B256> {
    let base = crate::layout::entry(crate::layout::key(Alice), 14);
    let word = |offset| {
        let slot = base + U256::from(offset);
        h.world.chain.storage(h.world.contracts.diem, slot)
    };
    (0..3).map(word).collect()
}

#[test]
fn a_statement_counts_at_23_59_59_and_is_refused_at_00_00_00() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let (today, midnight) = (h.today(), start() + 11 * DAY);
    let statement = h.settle(Gateway, Alice, 1_000 * WAD);
    h.at(midnight - 1);
    h.act(statement.clone());
    h.at(midnight);
    h.refuse(statement, &wrong_epoch(today, today + 1));
    let tomorrow = Settle {
        who: Gateway,
        epoch: today + 2,
        account: Alice,
        used: 0,
    };
    h.refuse(tomorrow, &wrong_epoch(today + 2, today + 1));
}

#[test]
fn a_batch_that_lands_after_midnight_does_not_eat_the_next_day() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let today = h.today();
    let batch = h.settle_batch(Gateway, &[(Alice, 1_000 * WAD)]);
    h.at(start() + 11 * DAY);
    h.refuse(batch, &wrong_epoch(today, today + 1));
    let line = line_of(&h, Alice);
    assert_eq!((line.allowance, line.used), (tokens(1_000), U256::ZERO));
}

#[test]
fn a_statement_repeated_three_times_is_charged_once() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    assert_eq!(h.act(h.settle(Gateway, Alice, 300 * WAD)).logs.len(), 1);
    let before = words(&h);
    for _ in 0..3 {
        assert!(h.act(h.settle(Gateway, Alice, 300 * WAD)).logs.is_empty());
        let batch = h.settle_batch(Gateway, &[(Alice, 300 * WAD)]);
        assert!(h.act(batch).logs.is_empty());
    }
    assert_eq!(words(&h), before);
    assert_eq!(line_of(&h, Alice).used, tokens(300));
}

#[test]
fn an_older_statement_that_comes_late_changes_nothing() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    h.act(h.settle(Gateway, Alice, 300 * WAD));
    h.act(h.settle(Gateway, Alice, 800 * WAD));
    let before = words(&h);
    assert!(h.act(h.settle(Gateway, Alice, 300 * WAD)).logs.is_empty());
    assert_eq!(words(&h), before);
    assert_eq!(line_of(&h, Alice).used, tokens(800));
}

#[test]
fn a_total_of_zero_and_an_empty_batch_are_fine_and_write_nothing() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let before = words(&h);
    assert!(h.act(h.settle(Gateway, Alice, 0)).logs.is_empty());
    assert!(h.act(h.settle_batch(Gateway, &[])).logs.is_empty());
    assert!(h.act(h.settle_leases(Gateway, &[])).logs.is_empty());
    assert_eq!(words(&h), before);
}

#[test]
fn a_statement_over_the_allowance_by_one_wei_is_refused_and_at_it_counts() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let used = 1_000 * WAD + 1;
    let error = insufficient(Alice, tokens(1_000), wei(used));
    h.refuse(h.settle(Gateway, Alice, used), &error);
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
    h.refuse(h.settle(Gateway, Alice, used), &error);
    // A total is compared as a whole word, not as the bits that its field has.
    for used in [U256::ONE << 91, U256::ONE << 128, U256::MAX] {
        let call = IDiem::settleCall {
            epoch: U256::from(h.today()),
            account: Alice.address(),
            used,
        };
        let refusal = world.chain.refusal(Gateway, world.contracts.diem, &call);
        let error = insufficient(Alice, tokens(1_000), used);
        assert!(refusal.is(&error), "{refusal}");
    }
}

#[test]
fn an_epoch_is_compared_as_a_whole_word() {
    let world = World::of(TARGET);
    let h = with_staker(&world);
    world.chain.set_time(h.model.now);
    let today = U256::from(h.today());
    for epoch in [
        today + (U256::ONE << 24),
        today + (U256::ONE << 64),
        today + (U256::ONE << 255),
    ] {
        let call = IDiem::settleCall {
            epoch,
            account: Alice.address(),
            used: U256::ZERO,
        };
        let refusal = world.chain.refusal(Gateway, world.contracts.diem, &call);
        let error = IDiem::WrongEpoch { epoch, today };
        assert!(refusal.is(&error), "{refusal}");
    }
}

#[test]
fn a_batch_settles_many_and_an_account_may_occur_twice() {
    let world = World::of(TARGET);
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
    let bill = [(Alice, 300 * WAD), (Bob, 50 * WAD), (Alice, 700 * WAD)];
    assert_eq!(h.act(h.settle_batch(Gateway, &bill)).logs.len(), 3);
    let bill = [(Alice, 1_000 * WAD), (Bob, 40 * WAD), (Alice, 700 * WAD)];
    assert_eq!(h.act(h.settle_batch(Gateway, &bill)).logs.len(), 1);
    assert_eq!(line_of(&h, Alice).used, tokens(1_000));
}

#[test]
fn a_batch_that_is_refused_anywhere_settles_nothing() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    let over = 1_000 * WAD + 1;
    h.refuse(
        h.settle_batch(Gateway, &[(Alice, 300 * WAD), (Alice, over)]),
        &insufficient(Alice, tokens(1_000), wei(over)),
    );
    h.refuse(
        h.settle_batch(Gateway, &[(Alice, 300 * WAD), (Bob, 1)]),
        &insufficient(Bob, U256::ZERO, wei(1)),
    );
    h.act(choose(Bob, Rival));
    h.refuse(
        h.settle_batch(Gateway, &[(Alice, 300 * WAD), (Bob, 0)]),
        &not_its(Bob, Gateway),
    );
    assert_eq!(line_of(&h, Alice).used, U256::ZERO);
}

#[test]
fn lists_of_different_lengths_are_refused() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    let epoch = h.today();
    let error = IDiem::LengthMismatch {
        lines: U256::from(2),
        totals: U256::from(3),
    };
    let batch = SettleBatch {
        who: Gateway,
        epoch,
        accounts: vec![Alice; 2],
        used: vec![1; 3],
    };
    h.refuse(batch, &error);
    let leases = SettleLeases {
        who: Gateway,
        epoch,
        ids: vec![1; 2],
        used: vec![1; 3],
    };
    h.refuse(leases, &error);
}

#[test]
fn refusals_come_in_the_order_of_the_specification() {
    let world = World::of(TARGET);
    let mut h = with_two_gateways(&world);
    let today = h.today();
    let batch = |who, epoch, used: &[u128]| SettleBatch {
        who,
        epoch,
        accounts: vec![Alice],
        used: used.to_vec(),
    };
    let much = 5_000 * WAD;
    h.refuse(batch(Stranger, today - 1, &[]), &only_gateway(Stranger));
    h.refuse(batch(Rival, today - 1, &[]), &wrong_epoch(today - 1, today));
    let error = IDiem::LengthMismatch {
        lines: U256::ONE,
        totals: U256::ZERO,
    };
    h.refuse(batch(Rival, today, &[]), &error);
    h.refuse(batch(Rival, today, &[much]), &not_its(Alice, Rival));
    h.refuse(
        batch(Gateway, today, &[much]),
        &insufficient(Alice, tokens(1_000), wei(much)),
    );
}

/// 199 accounts of one wei each, and one of them twice.
#[test]
fn a_batch_of_200_with_one_account_twice_fits_one_transaction() {
    let world = World::of(TARGET);
    let h = with_staker(&world);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    chain.set_time(h.model.now);
    let accounts: Vec<_> = (1..200_u8).map(Address::repeat_byte).collect();
    for account in &accounts {
        let to = *account;
        chain.rpc::<serde_json::Value>(
            "anvil_setBalance",
            serde_json::json!([to, "0xde0b6b3a7640000"]),
        );
        chain.rpc::<serde_json::Value>("anvil_impersonateAccount", serde_json::json!([to]));
        let value = wei(2);
        chain.send(Alice, diem, &IDiem::transferCall { to, value });
        chain.send_as(*account, diem, &IDiem::stakeCall { amount: value });
    }
    let settle = |accounts: Vec<Address>, used: Vec<U256>| {
        let epoch = U256::from(h.today());
        let call = IDiem::settleBatchCall {
            epoch,
            accounts,
            used,
        };
        chain.send(Gateway, diem, &call)
    };
    let twice = [accounts.clone(), vec![accounts[7]]].concat();
    let used = [vec![wei(1); 199], vec![wei(2)]].concat();
    let receipt = settle(twice.clone(), used.clone());
    assert_eq!(receipt.logs().len(), 200);
    assert!(settle(twice, used).logs().is_empty(), "said again");
    for account in accounts.iter().copied() {
        let used = chain.view(diem, &IDiem::lineOfCall { account }).used;
        let expected = if account == accounts[7] { 2 } else { 1 };
        assert_eq!(used, wei(expected), "{account}");
    }
}
