//! The end of a day, by the node's clock.

use diem_gateway::{
    chain::{Gate, Lines},
    check,
    settling::{Progress, Settings, Settler},
};
use serde_json::json;

use crate::{
    stage::DAY,
    world::{World, commit, key, observe, reserve, spend, usd},
};

#[tokio::test(flavor = "multi_thread")]
async fn open_requests_are_stated_at_the_cut_off_so_that_a_long_stream_is_covered() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let line = world.line(0);
    spend(&chain, &ledger, line, usd(1)).await;
    let standing = observe(&chain, &ledger, line).await;
    let key = key(&ledger, line).await;
    let stream = reserve(&ledger, key, line, standing.epoch, usd(3)).await;
    let mut settler = world.settler(&chain, &ledger);
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(
        world.used(line).await,
        usd(1),
        "until then what is open is not stated"
    );

    world.before_midnight(30).await;
    chain.look().await.unwrap();
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(line).await, usd(4));

    world.midnight().await;
    chain.look().await.unwrap();
    commit(&ledger, stream, usd(2)).await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(
        world.used(line).await,
        usd(0),
        "the new day has paid nothing"
    );
    let old = ledger.line(line, standing.epoch).await.unwrap().unwrap();
    assert_eq!(old.committed, usd(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_admitted_between_the_cut_off_and_the_new_day() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    let today = chain.clock().epoch;
    world.before_midnight(90).await;
    chain.look().await.unwrap();
    assert_eq!(chain.clock().gate, Gate::Open);
    world.wait(40).await;
    chain.look().await.unwrap();
    let clock = chain.clock();
    assert_eq!((clock.epoch, clock.gate), (today, Gate::CutOff));
    assert!(
        clock
            .retry_after()
            .is_some_and(|seconds| (1..=60).contains(&seconds)),
        "{clock:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_chain_whose_latest_block_stands_in_yesterday_serves_the_new_day() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    let line = world.line(0);
    let today = chain.standing(line).await.unwrap();
    world.before_midnight(0).await;
    world.wait(10).await;
    let head = chain.look().await.unwrap();
    assert_eq!(
        head.latest / DAY,
        u64::from(today.epoch),
        "no block of the new day"
    );
    assert_eq!(chain.clock().epoch, today.epoch + 1);
    let standing = chain.standing(line).await.unwrap();
    assert_eq!(
        (standing.epoch, standing.allowance),
        (today.epoch + 1, today.allowance)
    );
    // And it settles there, with the first block of the day.
    let ledger = world.ledger().await;
    spend(&chain, &ledger, line, usd(2)).await;
    assert_eq!(
        world.settler(&chain, &ledger).round().await.unwrap(),
        Progress::Idle
    );
    assert_eq!(world.used(line).await, usd(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn midnight_in_the_middle_of_a_batch_leaves_what_stands_and_names_the_rest_as_lost() {
    let world = World::new(3).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let yesterday = chain.clock().epoch;
    for holder in 0..3 {
        spend(&chain, &ledger, world.line(holder), usd(1 + holder as u64)).await;
    }
    // A line a transaction: the first is mined, the second lingers, the third is not even sent.
    let settings = Settings {
        most_lines: 1,
        ..World::settings()
    };
    let signer = world.gateway.clone();
    let mut settler = Settler::new(chain.clone(), ledger.clone(), signer, settings);
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    assert_eq!(settler.step().await.unwrap(), Progress::Moved);
    world.rpc("evm_setAutomine", json!([false])).await;
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    world.before_midnight(0).await;
    world.wait(10).await;
    chain.look().await.unwrap();
    spend(&chain, &ledger, world.line(0), usd(4)).await;
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    world.rpc("evm_mine", json!([])).await;
    world.rpc("evm_setAutomine", json!([true])).await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    for (holder, used) in [4, 0, 0].into_iter().enumerate() {
        assert_eq!(world.used(world.line(holder)).await, usd(used), "{holder}");
    }

    let events = check::settled(chain.node(), world.at.diem, world.gateway.address(), 0)
        .await
        .unwrap();
    let settled: Vec<_> = events
        .iter()
        .filter(|((_, epoch), _)| *epoch == yesterday)
        .collect();
    let [((stands, _), total)] = settled[..] else {
        panic!("one line was settled yesterday: {settled:?}");
    };
    let mut audit = ledger.audit().await.unwrap();
    check::audit(&mut audit, &events, &events, yesterday + 1);
    let lost: Vec<_> = audit
        .disagreements
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(lost.len(), 2, "{lost:?}");
    for holder in 0..3 {
        let (line, spent) = (world.line(holder), usd(1 + holder as u64));
        let named = lost.iter().any(|what| {
            what.contains(&line.to_string())
                && what.contains(&format!("{spent} dollars of {spent} were never settled"))
        });
        assert_eq!(named, line != *stands, "{line}: {lost:?}");
        assert!(line != *stands || spent == *total);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_lingers_past_midnight_makes_room_for_todays() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let line = world.line(0);
    spend(&chain, &ledger, line, usd(9)).await;
    world.rpc("evm_setAutomine", json!([false])).await;
    let mut settler = world.settler(&chain, &ledger);
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    // Nobody makes a block until the day is over.
    world.before_midnight(0).await;
    world.wait(10).await;
    chain.look().await.unwrap();
    spend(&chain, &ledger, line, usd(2)).await;
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    world.rpc("evm_mine", json!([])).await;
    world.rpc("evm_setAutomine", json!([true])).await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(
        world.used(line).await,
        usd(2),
        "yesterday's nine eat nothing of today"
    );
}
