//! What can go wrong between a statement and its block.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use diem_abi::IDiem;
use diem_gateway::{
    chain::{Gate, Lines},
    ledger::LineSeen,
    money::Usd,
    settling::{self, Progress, Settings, SettleError, Settler},
};
use serde_json::json;

use crate::{
    proxy::Way,
    world::{World, commit, key, observe, reserve, spend, until, usd},
};

const SEND: &str = "eth_sendRawTransaction";

/// The first time a transaction is sent goes `way`; everything else is passed on.
fn first_send(world: &World, way: Way) {
    let mut way = Some(way);
    world.proxy.meddle(move |method, _| match method {
        SEND => way.take().unwrap_or(Way::Pass),
        _ => Way::Pass,
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeout_told_as_failure_is_not_paid_twice() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    first_send(&world, Way::Late);
    assert_eq!(
        world.settler(&chain, &ledger).round().await.unwrap(),
        Progress::Idle
    );
    assert_eq!(world.used(world.line(0)).await, usd(3));
    let nonce = chain.node().nonce(world.gateway.address()).await.unwrap();
    assert_eq!(nonce, 1, "one transaction for one statement");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_the_node_lost_is_sent_again() {
    for way in [
        Way::Swallow,
        Way::Drop,
        Way::Break,
        Way::Delay(Duration::from_secs(2)),
    ] {
        let world = World::new(1).await;
        let (chain, ledger) = (world.chain().await, world.ledger().await);
        spend(&chain, &ledger, world.line(0), usd(3)).await;
        first_send(&world, way.clone());
        assert_eq!(
            world.settler(&chain, &ledger).round().await.unwrap(),
            Progress::Idle,
            "{way:?}"
        );
        assert_eq!(world.used(world.line(0)).await, usd(3), "{way:?}");
        let nonce = chain.node().nonce(world.gateway.address()).await.unwrap();
        assert_eq!(nonce, 1, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_told_to_stop_tries_again_while_the_node_fails() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    world.proxy.meddle(|method, _| match method {
        SEND => Way::Refuse("the sequencer is closed"),
        _ => Way::Pass,
    });
    let settings = Settings {
        every: Duration::from_secs(3_600),
        stop_within: Duration::from_secs(600),
        ..World::settings()
    };
    let settler = Settler::new(chain, ledger, world.gateway.clone(), settings);
    let handle = settling::start(settler);
    until("the first try", async || !world.proxy.seen(SEND).is_empty()).await;
    let stopping = tokio::spawn(handle.stop());
    until("tries while it stops", async || {
        world.proxy.seen(SEND).len() > 2
    })
    .await;
    world.proxy.calm();
    stopping.await.unwrap();
    assert_eq!(world.used(world.line(0)).await, usd(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_out_of_reach_loses_nothing() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    world.proxy.meddle(|_, _| Way::Break);
    let mut settler = world.settler(&chain, &ledger);
    let error = settler.round().await.unwrap_err();
    assert!(
        matches!(error, SettleError::Chain(ref error) if error.is_silence()),
        "{error}"
    );
    world.proxy.calm();
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_queue_is_popped_before_the_commit_because_the_journal_is_the_queue() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    {
        let ledger = world.ledger().await;
        spend(&chain, &ledger, world.line(0), usd(3)).await;
        world.proxy.meddle(|method, _| {
            if method == SEND {
                Way::Swallow
            } else {
                Way::Pass
            }
        });
        assert_eq!(
            world.settler(&chain, &ledger).step().await.unwrap(),
            Progress::Waiting
        );
        ledger.close().await;
    }
    world.proxy.calm();
    let ledger = world.ledger().await;
    assert_eq!(
        world.settler(&chain, &ledger).round().await.unwrap(),
        Progress::Idle
    );
    assert_eq!(world.used(world.line(0)).await, usd(3));
    let nonce = chain.node().nonce(world.gateway.address()).await.unwrap();
    assert_eq!(nonce, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_mined_while_the_gateway_was_down_is_found_by_the_next() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    {
        let ledger = world.ledger().await;
        spend(&chain, &ledger, world.line(0), usd(3)).await;
        assert_eq!(
            world.settler(&chain, &ledger).step().await.unwrap(),
            Progress::Waiting
        );
        ledger.close().await;
    }
    let ledger = world.ledger().await;
    assert_eq!(
        world.settler(&chain, &ledger).round().await.unwrap(),
        Progress::Idle
    );
    assert_eq!(world.proxy.seen(SEND).len(), 1, "it stood already");
    assert_eq!(world.used(world.line(0)).await, usd(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_stuck_under_the_base_fee_is_replaced() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    world.rpc("evm_setAutomine", json!([false])).await;
    let mut settler = world.settler(&chain, &ledger);
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    let dear = json!(["0x4a817c800"]); // 20 gwei: two hundred times what it was.
    world
        .rpc("anvil_setNextBlockBaseFeePerGas", dear.clone())
        .await;
    world.rpc("evm_mine", json!([])).await;
    assert_eq!(
        world.used(world.line(0)).await,
        usd(0),
        "the first offers too little"
    );

    // More is spent meanwhile; the replacement states it as well.
    spend(&chain, &ledger, world.line(0), usd(2)).await;
    while world
        .proxy
        .seen(SEND)
        .iter()
        .collect::<std::collections::HashSet<_>>()
        .len()
        < 2
    {
        assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    world.rpc("anvil_setNextBlockBaseFeePerGas", dear).await;
    world.rpc("evm_mine", json!([])).await;
    world.rpc("evm_setAutomine", json!([true])).await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(5));
    let nonce = chain.node().nonce(world.gateway.address()).await.unwrap();
    assert_eq!(nonce, 1, "both have one nonce, so one of them can stand");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_the_node_calls_too_cheap_is_raised_at_once() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    first_send(
        &world,
        Way::Refuse("max fee per gas less than block base fee"),
    );
    assert_eq!(
        world.settler(&chain, &ledger).round().await.unwrap(),
        Progress::Idle
    );
    assert_eq!(world.used(world.line(0)).await, usd(3));
    let sent = world.proxy.seen(SEND);
    assert!(sent.len() == 2 && sent[0] != sent[1], "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_the_node_refuses_is_told_anew() {
    for words in ["the sequencer is closed", "insufficient funds for gas"] {
        let world = World::new(1).await;
        let (chain, ledger) = (world.chain().await, world.ledger().await);
        spend(&chain, &ledger, world.line(0), usd(3)).await;
        first_send(&world, Way::Refuse(words));
        let mut settler = world.settler(&chain, &ledger);
        let error = settler.round().await.unwrap_err();
        assert!(
            matches!(error, SettleError::Chain(ref error) if !error.is_silence()),
            "{error}"
        );
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(settler.round().await.unwrap(), Progress::Idle);
        assert_eq!(world.used(world.line(0)).await, usd(3));
        let nonce = chain.node().nonce(world.gateway.address()).await.unwrap();
        assert_eq!(nonce, 1, "what was refused took no nonce");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_fails_at_any_question_loses_nothing_and_states_nothing_twice() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let mut settler = world.settler(&chain, &ledger);
    let (asked, mut total) = (Arc::new(AtomicUsize::new(0)), 0_u64);
    // The first question of a settlement fails, then the second, and so on, until one needs fewer.
    for failing in 0.. {
        total += 1;
        spend(&chain, &ledger, world.line(0), Usd(1)).await;
        asked.store(0, Ordering::SeqCst);
        let count = Arc::clone(&asked);
        world.proxy.meddle(move |_, _| {
            if count.fetch_add(1, Ordering::SeqCst) == failing {
                Way::Break
            } else {
                Way::Pass
            }
        });
        let _ = settler.round().await;
        let all_answered = asked.load(Ordering::SeqCst) <= failing;
        world.proxy.calm();
        assert_eq!(settler.round().await.unwrap(), Progress::Idle);
        assert_eq!(
            world.used(world.line(0)).await,
            Usd(total.into()),
            "{failing}"
        );
        let nonce = chain.node().nonce(world.gateway.address()).await.unwrap();
        assert_eq!(
            nonce, total,
            "one transaction for one statement ({failing})"
        );
        if all_answered {
            assert!(failing > 5, "a settlement asks more than that: {failing}");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_restarts_forgets_its_pool_and_the_statement_is_sent_again() {
    let mut world = World::kept(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    world.rpc("evm_setAutomine", json!([false])).await;
    let mut settler = world.settler(&chain, &ledger);
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    world.stop_node().await;
    assert!(settler.step().await.is_err(), "nobody answers");
    world.start_node().await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_takes_the_nonce_has_the_totals_told_anew() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    world.proxy.meddle(|method, _| {
        if method == SEND {
            Way::Swallow
        } else {
            Way::Pass
        }
    });
    let mut settler = world.settler(&chain, &ledger);
    assert_eq!(settler.step().await.unwrap(), Progress::Waiting);
    let (gateway, holder) = (world.gateway.address(), world.holders[0]);
    world
        .owner
        .transfer(gateway, holder, alloy::primitives::U256::ONE)
        .await
        .unwrap();
    world.proxy.calm();
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_falls_out_of_the_chain_has_its_totals_told_again() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    // Nothing is final for now.
    world
        .proxy
        .meddle(|method, params| match (method, params[0].as_str()) {
            ("eth_getBlockByNumber", Some("finalized")) => Way::Answer(json!(null)),
            _ => Way::Pass,
        });
    let before = world.rpc("evm_snapshot", json!([])).await;
    let mut settler = world.settler(&chain, &ledger);
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(3));
    world.rpc("evm_revert", json!([before])).await;
    assert_eq!(world.used(world.line(0)).await, usd(0));
    world.proxy.calm();
    world.rpc("evm_mine", json!([])).await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_line_is_isolated_reported_and_tried_again_alone() {
    let world = World::new(4).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    for holder in [0, 1, 3] {
        spend(&chain, &ledger, world.line(holder), usd(1)).await;
    }
    // The journal believes in more than the chain gave.
    let line = world.line(2);
    let standing = observe(&chain, &ledger, line).await;
    let seen = LineSeen {
        line,
        epoch: standing.epoch,
        allowance: usd(20),
        used: standing.used,
        block: standing.block,
    };
    ledger.observe(seen).await.unwrap();
    let key = key(&ledger, line).await;
    let id = reserve(&ledger, key, line, standing.epoch, usd(15)).await;
    commit(&ledger, id, usd(15)).await;

    let mut settler = world.settler(&chain, &ledger);
    settler.round().await.unwrap();
    for holder in [0, 1, 3] {
        assert_eq!(
            world.used(world.line(holder)).await,
            usd(1),
            "holder {holder}"
        );
    }
    assert_eq!(world.used(line).await, usd(0));
    let refused: Vec<_> = settler
        .refused()
        .map(|(line, why)| (line, why.to_owned()))
        .collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].0, line);
    assert!(refused[0].1.contains("$10 of credit today"), "{refused:?}");

    let (dev, holder) = (world.at.owner, world.holders[2]);
    let more = alloy::primitives::U256::from(usd(10).0);
    world
        .send(
            dev,
            world.at.diem,
            &IDiem::transferCall {
                to: holder,
                value: more,
            },
        )
        .await;
    world
        .send(holder, world.at.diem, &IDiem::stakeCall { amount: more })
        .await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(line).await, usd(15));
    assert_eq!(settler.refused().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_gateway_admits_and_states_nothing_until_it_is_let_back() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    world.register(false).await;
    let mut settler = world.settler(&chain, &ledger);
    let error = settler.round().await.unwrap_err();
    assert!(matches!(error, SettleError::Revoked(_)), "{error}");
    assert_eq!(
        chain.clock().gate,
        Gate::Revoked,
        "found out while settling"
    );
    assert!(!chain.clock().admits());
    assert_eq!(world.proxy.seen(SEND).len(), 0);
    world.register(true).await;
    chain.look().await.unwrap();
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(3));
}
