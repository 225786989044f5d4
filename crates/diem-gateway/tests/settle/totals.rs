//! What is stated, and in how many transactions.

use std::time::Duration;

use alloy::primitives::{Bytes, U256};
use diem_abi::IDiem;
use diem_gateway::{
    line::Line,
    settling::{self, Batch, Progress, Settings, Settler},
};

use crate::world::{World, spend, usd};

#[tokio::test(flavor = "multi_thread")]
async fn a_total_is_stated_once_and_grows_by_what_is_spent() {
    let world = World::new(2).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let mut settler = world.settler(&chain, &ledger);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(3));
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.proxy.seen("eth_sendRawTransaction").len(), 1);

    spend(&chain, &ledger, world.line(0), usd(4)).await;
    spend(&chain, &ledger, world.line(1), usd(10)).await;
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    assert_eq!(world.used(world.line(0)).await, usd(7));
    assert_eq!(world.used(world.line(1)).await, usd(10));
    assert_eq!(world.proxy.seen("eth_sendRawTransaction").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_stated_before_is_not_stated_again() {
    let world = World::new(1).await;
    let (gateway, diem) = (world.gateway.address(), world.at.diem);
    let epoch = U256::from(world.now() / 86_400);
    let (account, used) = (world.holders[0], U256::from(usd(4).0));
    world
        .send(
            gateway,
            diem,
            &IDiem::settleCall {
                epoch,
                account,
                used,
            },
        )
        .await;
    // A journal that was lost, or that of another machine: what the chain has is the beginning.
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(6)).await;
    assert_eq!(
        world.settler(&chain, &ledger).round().await.unwrap(),
        Progress::Idle
    );
    assert_eq!(world.used(world.line(0)).await, usd(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_stated_beside_the_accounts() {
    let world = World::new(2).await;
    let (lessor, lessee) = (world.holders[0], world.holders[1]);
    let amount = U256::from(usd(4).0);
    let sent = world
        .owner
        .send(
            lessor,
            world.at.diem,
            &IDiem::leaseCall {
                lessee,
                amount,
                epochs: 2,
            },
        )
        .await
        .unwrap();
    let id = sent.event::<IDiem::LeaseOpened>(world.at.diem).unwrap().id;
    let call = IDiem::chooseLeaseGatewayCall {
        id,
        gateway: world.gateway.address(),
    };
    world.send(lessee, world.at.diem, &call).await;
    world.midnight().await;

    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let lease = Line::Lease(id.to());
    assert_eq!(
        diem_gateway::chain::Accounts::lessee(&chain, id.to())
            .await
            .unwrap(),
        Some(lessee)
    );
    spend(&chain, &ledger, lease, usd(4)).await;
    spend(&chain, &ledger, world.line(0), usd(6)).await;
    assert_eq!(
        world.settler(&chain, &ledger).round().await.unwrap(),
        Progress::Idle
    );
    assert_eq!(world.used(lease).await, usd(4));
    assert_eq!(world.used(world.line(0)).await, usd(6));
    assert_eq!(world.proxy.seen("eth_sendRawTransaction").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_the_gas_of_a_block_is_stated_in_parts() {
    let world = World::new(5).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let mut stated = Vec::new();
    for holder in 0..5 {
        spend(&chain, &ledger, world.line(holder), usd(1)).await;
        stated.push((world.line(holder), usd(1)));
    }
    let epoch = diem_gateway::chain::Lines::clock(&chain).epoch;
    let gas = async |count: usize| {
        let call: Bytes = Batch::next(&stated, count).unwrap().call(epoch);
        chain
            .node()
            .estimate(world.gateway.address(), world.at.diem, call)
            .await
            .unwrap()
    };
    // Room for two lines and not for three.
    let most_gas = gas(2).await.midpoint(gas(3).await);
    let settings = Settings {
        most_gas,
        ..World::settings()
    };
    let mut settler = Settler::new(
        chain.clone(),
        ledger.clone(),
        world.gateway.clone(),
        settings,
    );
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    for holder in 0..5 {
        assert_eq!(world.used(world.line(holder)).await, usd(1));
    }
    assert!(world.proxy.seen("eth_sendRawTransaction").len() >= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_settlers_on_one_ledger_one_leads_and_the_other_takes_over() {
    let world = World::new(1).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    let line = world.line(0);
    let settled = async |total| {
        for _ in 0..600 {
            if world.used(line).await == total {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    };
    let first = settling::start(world.settler(&chain, &ledger));
    let second = settling::start(world.settler(&chain, &ledger));
    for handle in [&first, &second] {
        handle.kick();
    }
    spend(&chain, &ledger, line, usd(1)).await;
    assert!(settled(usd(1)).await);
    assert_eq!(world.proxy.seen("eth_sendRawTransaction").len(), 1);
    first.stop().await;
    spend(&chain, &ledger, line, usd(1)).await;
    assert!(settled(usd(2)).await, "the other one has taken over");
    // What is left is settled at the stop, whoever leads by then.
    spend(&chain, &ledger, line, usd(1)).await;
    second.stop().await;
    assert_eq!(world.used(line).await, usd(3));
}
