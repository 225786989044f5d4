//! Spoiled key files: none panics, takes the memory or unlocks another account than it tells.

use super::files::{change, directory, spoiled};
use super::try_cases;
use crate::wallet::Keystore;
use alloy::hex;
use alloy::signers::k256::elliptic_curve::rand_core::OsRng;
use alloy::signers::local::PrivateKeySigner;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use std::cell::Cell;

/// Each may try a password, which takes time by design.
const CASES: u32 = 40;
const PASSWORD: &str = "correct-horse-battery";

#[test]
fn a_spoiled_key_file_is_refused_or_unlocks_the_account_that_it_tells() {
    let directory = directory("keystores");
    let signer = PrivateKeySigner::random();
    let key = signer.to_bytes();
    let written =
        PrivateKeySigner::encrypt_keystore(&directory, &mut OsRng, key, PASSWORD, Some("key"));
    written.unwrap();
    let file = directory.join("key");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut whole: Value = serde_json::from_str(&text).unwrap();
    whole["address"] = hex::encode(signer.address()).into();
    let (unlocked, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    try_cases(CASES, &vec(change(), 0..3), |changes| {
        std::fs::write(&file, spoiled(whole.clone(), &changes)).unwrap();
        let keystore = Keystore::find(&file).unwrap();
        match keystore.unlock(PASSWORD) {
            Ok(found) => {
                unlocked.set(unlocked.get() + 1);
                let same = found.address() == signer.address();
                prop_assert!(same || keystore.address().is_none());
            }
            Err(failure) => {
                refused.set(refused.get() + 1);
                let told = failure.to_string();
                prop_assert!(told.contains("cannot unlock the key"), "{}", told);
                prop_assert!(!told.contains(PASSWORD));
            }
        }
        Ok(())
    });
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(unlocked.get() > 0 && refused.get() > 0);
}
