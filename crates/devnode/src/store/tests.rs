//! The journal under cuts, damage and competition.
#![allow(clippy::expect_used)] // a failed expectation is the test's failure

use std::{fs, io::Write, path::PathBuf, sync::Arc};

use alloy_primitives::{Address, B256, U256};
use arbos::StateDiff;

use super::*;
use crate::{
    chain::{Block, Draft},
    state::Edit,
};

struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("devnode-{name}-{}", std::process::id()));
        let _ = fs::remove_file(&path);
        Self(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn genesis() -> Result<Genesis, StoreError> {
    let draft = Draft {
        parent_hash: B256::ZERO,
        number: 0,
        timestamp: 0,
        base_fee: 1,
        coinbase: Address::ZERO,
        state_root: B256::ZERO,
        arbitrum: Default::default(),
    };
    let block = Arc::new(Block::seal(draft, Vec::new(), Vec::new()));
    Ok(Genesis {
        block,
        diff: StateDiff::default(),
    })
}

fn gift(chain: &Chain, wei: u64) -> Event {
    Event::edit(
        Edit::of(&chain.view().state)
            .balance(Address::ZERO, U256::from(wei))
            .finish(),
    )
}

fn balance(chain: &Chain) -> U256 {
    chain.view().state.balance(&Address::ZERO)
}

fn with_gifts(file: &TempFile, gifts: u64) {
    let (mut journal, mut chain) = Journal::open(&file.0, 8, genesis).expect("opens");
    for wei in 1..=gifts {
        let event = gift(&chain, wei);
        journal.append(&event).expect("appends");
        chain.apply(&event);
    }
}

#[test]
fn a_chain_comes_back_as_it_was_left() {
    let file = TempFile::new("roundtrip");
    with_gifts(&file, 3);
    let (_, chain) = Journal::open(&file.0, 8, genesis).expect("opens again");
    assert_eq!(balance(&chain), U256::from(3));
}

#[test]
fn snapshots_survive_and_can_be_reverted_to() {
    let file = TempFile::new("snapshots");
    let (mut journal, mut chain) = Journal::open(&file.0, 8, genesis).expect("opens");
    for event in [gift(&chain, 1), Event::Snapshot, gift(&chain, 2)] {
        journal.append(&event).expect("appends");
        chain.apply(&event);
    }
    drop(journal);
    let (mut journal, mut chain) = Journal::open(&file.0, 8, genesis).expect("opens again");
    assert_eq!(balance(&chain), U256::from(2));
    let revert = Event::Revert { id: 1 };
    journal.append(&revert).expect("appends");
    chain.apply(&revert);
    assert_eq!(balance(&chain), U256::from(1));
    drop(journal);
    let (_, chain) = Journal::open(&file.0, 8, genesis).expect("opens a third time");
    assert_eq!(balance(&chain), U256::from(1));
    assert!(!chain.has_snapshot(1));
}

#[test]
fn a_reset_survives_with_what_came_after_it() {
    let file = TempFile::new("reset");
    let (mut journal, mut chain) = Journal::open(&file.0, 8, genesis).expect("opens");
    let start = balance(&chain);
    let gift_once = gift(&chain, 1);
    for event in [gift_once.clone(), Event::Snapshot, Event::Reset] {
        journal.append(&event).expect("appends");
        chain.apply(&event);
    }
    assert_eq!(balance(&chain), start);
    drop(journal);
    let (mut journal, chain) = Journal::open(&file.0, 8, genesis).expect("opens again");
    assert_eq!(balance(&chain), start);
    assert!(!chain.has_snapshot(1));
    journal.append(&gift_once).expect("appends");
    drop(journal);
    let (_, chain) = Journal::open(&file.0, 8, genesis).expect("opens a third time");
    assert_eq!(balance(&chain), U256::from(1));
}

#[test]
fn a_record_cut_short_is_dropped_and_the_rest_kept() {
    let file = TempFile::new("cut");
    with_gifts(&file, 3);
    let bytes = fs::read(&file.0).expect("readable");
    for cut in 1..20 {
        fs::write(&file.0, &bytes[..bytes.len() - cut]).expect("writable");
        let (mut journal, chain) = Journal::open(&file.0, 8, genesis).expect("opens");
        assert_eq!(balance(&chain), U256::from(2), "cut by {cut}");
        journal
            .append(&gift(&chain, 9))
            .expect("appends behind the good part");
        drop(journal);
        let (_, chain) = Journal::open(&file.0, 8, genesis).expect("opens again");
        assert_eq!(balance(&chain), U256::from(9), "cut by {cut}");
    }
}

#[test]
fn a_damaged_record_ends_the_chain_before_it() {
    let file = TempFile::new("damage");
    with_gifts(&file, 2);
    let mut bytes = fs::read(&file.0).expect("readable");
    let last = bytes.len() - 1;
    bytes[last] ^= 0xff;
    fs::write(&file.0, &bytes).expect("writable");
    let (_, chain) = Journal::open(&file.0, 8, genesis).expect("opens");
    assert_eq!(balance(&chain), U256::from(1));
}

#[test]
fn two_nodes_cannot_share_a_file() {
    let file = TempFile::new("lock");
    let first = Journal::open(&file.0, 8, genesis).expect("opens");
    assert!(matches!(
        Journal::open(&file.0, 8, genesis),
        Err(StoreError::InUse(_))
    ));
    drop(first);
    assert!(Journal::open(&file.0, 8, genesis).is_ok());
}

#[test]
fn a_foreign_file_is_refused_and_left_alone() {
    let file = TempFile::new("foreign");
    let mut other = fs::File::create(&file.0).expect("creates");
    other
        .write_all(b"somebody's precious thesis, long enough")
        .expect("writes");
    assert!(matches!(
        Journal::open(&file.0, 8, genesis),
        Err(StoreError::Foreign(_))
    ));
    assert!(
        fs::read(&file.0)
            .expect("readable")
            .starts_with(b"somebody")
    );
}
