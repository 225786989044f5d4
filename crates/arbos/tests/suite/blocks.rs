//! Block starts: base fee, backlog, upgrades, parent hashes.

use alloy_primitives::{B256, Bytes, U256, bytes};
use alloy_sol_types::SolCall;
use arbos::{ParentBlock, State, state::STATE_ADDRESS};

use crate::world::{ALICE, ARB_OWNER, ARB_SYS, ArbOwner, NOW, World};

#[test]
fn an_upgrade_applies_at_the_first_block_after_its_time() {
    let mut world = World::new();
    world.own(
        ARB_OWNER,
        ArbOwner::scheduleArbOSUpgradeCall {
            version: 60,
            timestamp: NOW + 10,
        },
    );
    world.next_block(5);
    assert_eq!(world.env.arbos_version, 51);
    world.next_block(5);
    assert_eq!(world.env.arbos_version, 60);
    let version = world.view(ARB_SYS, bytes!("051038f2"));
    assert_eq!(U256::from_be_slice(&version.output), U256::from(55 + 60));
}

#[test]
fn an_upgrade_due_at_once_waits_for_the_next_block() {
    let mut world = World::new();
    world.own(
        ARB_OWNER,
        ArbOwner::scheduleArbOSUpgradeCall {
            version: 60,
            timestamp: 0,
        },
    );
    assert_eq!(world.env.arbos_version, 51);
    world.next_block(0);
    assert_eq!(world.env.arbos_version, 60);
}

#[test]
fn the_backlog_raises_the_base_fee_of_a_later_block() {
    let mut world = World::new();
    let endless = world.place(bytes!("5b5f56"));
    let calm = world.env.base_fee;
    for _ in 0..40 {
        let tx = world.tx(ALICE, Some(endless), Bytes::new());
        world.send(&alloy_tx(tx)).unwrap();
    }
    world.next_block(0);
    assert_eq!(world.env.base_fee, calm, "this block was priced before");
    world.next_block(0);
    assert!(world.env.base_fee > calm);
    world.next_block(100_000);
    world.next_block(0);
    assert_eq!(world.env.base_fee, calm, "time drains the backlog");
}

fn alloy_tx(tx: arbos::TxInput) -> arbos::TxInput {
    arbos::TxInput {
        gas_limit: 32_000_000,
        ..tx
    }
}

#[test]
fn the_parent_hash_can_be_asked_for_by_l2_height() {
    let mut world = World::new();
    let parent = ParentBlock {
        number: world.env.number,
        timestamp: NOW,
        hash: B256::repeat_byte(0xab),
    };
    let started = world.executor.start_block(&world.state, &parent, NOW, 0);
    world.state.apply(started.diff);
    (world.env, world.block) = (started.env, started.context);
    let question = Bytes::from(U256::from(parent.number).to_be_bytes::<32>());
    let answer = world.view(arbos::history::HISTORY_ADDRESS, question);
    assert_eq!(answer.output.as_ref(), parent.hash.as_slice());
}

#[test]
fn a_block_start_tells_its_internal_transaction() {
    let world = World::new();
    let parent = ParentBlock {
        number: 4,
        timestamp: NOW,
        hash: B256::ZERO,
    };
    let started = world
        .executor
        .start_block(&world.state, &parent, NOW + 3, 9);
    assert_eq!(started.internal_data[..4], [0x6b, 0xf6, 0xa4, 0x2d]);
    let words: Vec<U256> = started.internal_data[4..]
        .chunks(32)
        .map(U256::from_be_slice)
        .collect();
    assert_eq!(words, [0, 9, 5, 3].map(U256::from));
    assert_eq!((started.env.number, started.env.l1_block_number), (5, 9));
    assert!(world.state.account(STATE_ADDRESS).is_some());
}

#[test]
fn the_owner_sets_the_base_fee_of_the_next_block() {
    let mut world = World::new();
    let price = U256::from(123_456_789u64);
    let tx = world.tx(
        arbos::genesis::DEV_ACCOUNT,
        Some(ARB_OWNER),
        ArbOwner::setL2BaseFeeCall { price }.abi_encode(),
    );
    assert!(world.send(&tx).unwrap().is_success());
    world.next_block(0);
    assert_eq!(world.env.base_fee, price);
}
