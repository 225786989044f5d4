//! Whose line it is, and how long that may be believed.

use alloy::{
    primitives::{Address, U256, eip191_hash_message},
    signers::SignerSync,
};
use diem_abi::IDiem;
use diem_gateway::chain::{Accounts, Lines};
use serde_json::json;

use crate::world::{World, usd};

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_leaves_is_served_to_the_end_of_its_day_and_no_longer() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    let (line, holder) = (world.line(0), world.holders[0]);
    let before = chain.standing(line).await.unwrap();
    let call = IDiem::chooseGatewayCall {
        gateway: Address::ZERO,
    };
    world.send(holder, world.at.diem, &call).await;
    let today = chain.fresh(line).await.unwrap();
    assert_eq!(today.gateway, Some(world.gateway.address()));
    assert_eq!(
        (today.allowance, today.next_gateway),
        (before.allowance, None)
    );
    world.midnight().await;
    chain.look().await.unwrap();
    let tomorrow = chain.standing(line).await.unwrap();
    assert_eq!((tomorrow.gateway, tomorrow.epoch), (None, before.epoch + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_read_once_a_day_and_again_when_asked_for() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    let line = world.line(0);
    let calls = || world.proxy.seen("eth_call").len();
    chain.standing(line).await.unwrap();
    let read = calls();
    assert_eq!(chain.standing(line).await.unwrap().allowance, usd(10));
    assert_eq!(calls(), read);
    let more = U256::from(usd(5).0);
    world
        .send(
            world.at.owner,
            world.at.diem,
            &IDiem::transferCall {
                to: world.holders[0],
                value: more,
            },
        )
        .await;
    world
        .send(
            world.holders[0],
            world.at.diem,
            &IDiem::stakeCall { amount: more },
        )
        .await;
    assert_eq!(chain.fresh(line).await.unwrap().allowance, usd(15));
    assert_eq!(chain.standing(line).await.unwrap().allowance, usd(15));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_to_the_gateway_is_read_each_time() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    let stranger = diem_gateway::line::Line::Account(world.at.owner);
    let first = chain.standing(stranger).await.unwrap();
    assert_eq!((first.allowance, first.gateway), (usd(0), None));
    let stake = U256::from(usd(5).0);
    let gateway = world.gateway.address();
    world
        .send(
            world.at.owner,
            world.at.diem,
            &IDiem::chooseGatewayCall { gateway },
        )
        .await;
    world
        .send(
            world.at.owner,
            world.at.diem,
            &IDiem::stakeCall { amount: stake },
        )
        .await;
    let then = chain.standing(stranger).await.unwrap();
    assert_eq!((then.allowance, then.gateway), (usd(5), Some(gateway)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_signs_by_its_key_with_code_and_without_and_a_contract_by_its_answer() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    let (signer, holder) = (&world.signers[0], world.holders[0]);
    let text = "spend my dollar";
    let signature = signer
        .sign_message_sync(text.as_bytes())
        .unwrap()
        .as_bytes();
    assert!(chain.signed_by(holder, text, &signature).await.unwrap());
    assert!(
        !chain
            .signed_by(holder, "spend two", &signature)
            .await
            .unwrap()
    );
    assert!(
        !chain
            .signed_by(world.at.owner, text, &signature)
            .await
            .unwrap()
    );
    for broken in [&signature[..64], &[], &[0xff; 65], &[0; 9_000]] {
        assert!(!chain.signed_by(holder, text, broken).await.unwrap());
    }
    // An account that has delegated to code (EIP-7702) still signs by its key.
    let delegated = format!("0xef0100{}", "11".repeat(20));
    world.rpc("anvil_setCode", json!([holder, delegated])).await;
    assert!(chain.signed_by(holder, text, &signature).await.unwrap());

    // A contract that answers with the magic value for one hash, and reverts for any other.
    let hash = eip191_hash_message(text.as_bytes());
    let wallet = Address::repeat_byte(0x77);
    let code = format!(
        "0x6004357f{hash:x}14602d5760006000fd5b7f1626ba7e{}60005260206000f3",
        "00".repeat(28)
    );
    world.rpc("anvil_setCode", json!([wallet, code])).await;
    assert!(
        chain
            .signed_by(wallet, text, b"whatever it takes")
            .await
            .unwrap()
    );
    assert!(
        !chain
            .signed_by(wallet, "spend two", b"whatever it takes")
            .await
            .unwrap()
    );
}
