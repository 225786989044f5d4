//! The audit against a chain that says otherwise.

use alloy::primitives::U256;
use diem_abi::IDiem;
use diem_gateway::{
    chain::Lines,
    check::{audit, settled},
    settling::Progress,
};

use crate::{
    proxy::Way,
    world::{World, spend, usd},
};

#[tokio::test(flavor = "multi_thread")]
async fn journal_and_events_agree_until_somebody_states_more_or_a_day_ends_unsettled() {
    let world = World::new(2).await;
    let (chain, ledger) = (world.chain().await, world.ledger().await);
    spend(&chain, &ledger, world.line(0), usd(3)).await;
    let mut settler = world.settler(&chain, &ledger);
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    let found = async || {
        let events = settled(chain.node(), world.at.diem, world.gateway.address(), 0)
            .await
            .unwrap();
        let mut journal = ledger.audit().await.unwrap();
        audit(&mut journal, &events, &events, chain.clock().epoch);
        journal
            .disagreements
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(found().await, Vec::<String>::new());

    // The gateway's key was used past the journal.
    let epoch = U256::from(chain.clock().epoch);
    let (account, used) = (world.holders[0], U256::from(usd(8).0));
    world
        .send(
            world.gateway.address(),
            world.at.diem,
            &IDiem::settleCall {
                epoch,
                account,
                used,
            },
        )
        .await;
    let said = found().await;
    assert!(
        said.len() == 1 && said[0].contains("has 8 dollars settled"),
        "{said:?}"
    );

    // The node is out of reach for all of the last minutes.
    spend(&chain, &ledger, world.line(1), usd(2)).await;
    world.proxy.meddle(|_, _| Way::Break);
    assert!(settler.round().await.is_err());
    world.midnight().await;
    world.proxy.calm();
    chain.look().await.unwrap();
    assert_eq!(settler.round().await.unwrap(), Progress::Idle);
    let said = found().await;
    assert!(
        said.iter()
            .any(|what| what.contains("2 dollars of 2 were never settled")),
        "{said:?}"
    );
}
