//! What does not work says so: what, with which values, why, what to try.

use crate::desk::{DEV_KEY, Desk, POOR_KEY, dev_account, evm_directory, outcome};
use alloy::primitives::{Bytes, U256};
use diem_abi::{IDiem, IVVV};
use diem_cli::deployment::Deployment;
use serde_json::{Value, json};
use std::path::Path;

const DEVNET: u64 = 412_346;

#[test]
fn a_wrong_key_is_named_by_its_origin_and_never_shown() {
    let desk = Desk::deployed();
    for key in ["hunter2", "0x1234", ""] {
        let told = desk
            .diem_as(Some(key), &["claim"])
            .fails(2, &["not a private key", "DIEM_PRIVATE_KEY"]);
        assert!(key.is_empty() || !told.story.contains(key));
    }
    desk.diem(&["claim", "--key-file", "nowhere.key"])
        .fails(2, &["cannot read the key", "nowhere.key"]);
    std::fs::write(desk.directory.join("good.key"), format!("{DEV_KEY}\n")).unwrap();
    desk.diem_as(Some(POOR_KEY), &["status", "--key-file", "good.key"])
        .answers(&[&dev_account().to_string()]);
    desk.diem_as(Some(POOR_KEY), &["credit", "choose", "nobody"])
        .fails(1, &["insufficient funds", "send ETH"]);
}

#[test]
fn a_node_that_is_not_there_is_wrong_use() {
    let desk = Desk::bare(DEVNET);
    let told = desk.diem(&["status", "--rpc", "http://127.0.0.1:1"]);
    told.fails(
        2,
        &["no answer from the node", "http://127.0.0.1:1", "refused"],
    );
    for url in ["nonsense", "ws://127.0.0.1:1", "file:///etc/passwd"] {
        desk.diem(&["status", "--rpc", url])
            .fails(2, &["not an RPC address", "--rpc"]);
    }
}

#[test]
fn a_node_that_never_answers_is_given_up() {
    let desk = Desk::bare(DEVNET);
    // Accepts connections, which the system does for it, and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    desk.diem(&["status", "--rpc", &url, "--timeout", "0.2"])
        .fails(
            2,
            &[
                "no answer from the node",
                &url,
                "no answer within 0.2 seconds",
                "--timeout",
            ],
        );
    for wrong in ["0", "-1", "NaN", "soon"] {
        let told = desk.diem(&["status", "--timeout", wrong]);
        assert_eq!(told.code, Some(2), "{told:#?}");
    }
}

#[test]
fn a_record_that_is_missing_damaged_or_of_another_chain_is_told_apart() {
    let desk = Desk::bare(DEVNET);
    for command in [&["quote", "1sVVV"][..], &["tour"], &["status"]] {
        desk.diem(command).fails(
            1,
            &["no deployment on this chain", "412346.json", "diem deploy"],
        );
    }
    let other = Desk::deployed();
    std::fs::create_dir(desk.directory.join("deployments")).unwrap();
    std::fs::copy(other.record(), desk.record()).unwrap();
    for command in [&["quote", "1sVVV"][..], &["tour"], &["claim"]] {
        desk.diem(command).fails(
            1,
            &["record is of another chain", "412346.json", "diem deploy"],
        );
    }
    let text = std::fs::read_to_string(desk.record()).unwrap();
    std::fs::write(desk.record(), text.replace("412346", "412347")).unwrap();
    desk.diem(&["status"])
        .fails(1, &["record is of another chain", "412347"]);
    std::fs::write(desk.record(), "{").unwrap();
    desk.diem(&["status"]).fails(2, &["damaged"]);
    // A new deployment is the way out.
    desk.diem(&["deploy"]).answers(&[]);
    desk.diem(&["status"]).answers(&[]);
}

#[test]
fn an_amount_says_what_it_counts() {
    let desk = Desk::bare(DEVNET);
    for command in ["quote", "mint", "burn", "stake", "unstake"] {
        let told = desk.diem(&[command, "5"]);
        assert_eq!(told.code, Some(2), "{told:#?}");
        assert_eq!(told.answer, "");
        for part in [
            "error: invalid value '5'",
            "say what it counts",
            "5DIEM",
            "try '--help'",
        ] {
            assert!(told.story.contains(part), "no `{part}` in {told:#?}");
        }
    }
    let desk = Desk::deployed();
    desk.diem(&["mint", "5VVV"]).fails(2, &["5 VVV", "100sVVV"]);
    desk.diem(&["stake", "5sVVV"])
        .fails(2, &["5 sVVV", "100VVV"]);
    desk.diem(&["unstake", "5ETH"])
        .fails(2, &["5 ETH", "100sVVV"]);
}

#[test]
fn what_the_contracts_refuse_is_told_with_numbers() {
    let desk = Desk::deployed();
    desk.diem(&["mint", "90sVVV"]).fails(
        1,
        &[
            "you have 0 unlocked sVVV, not 90",
            "InsufficientUnlocked",
            "diem stake",
        ],
    );
    desk.diem(&["unstake", "1sVVV"]).fails(
        1,
        &["you have 0 unlocked sVVV, not 1", "InsufficientUnlocked"],
    );
    desk.diem(&["stake", "1VVV"])
        .fails(1, &["the VVV balance is 0, 1 are needed"]);
    desk.diem(&["mint", "0sVVV"]).fails(1, &["ZeroAmount"]);
    desk.diem(&["quote", "80001DIEM"])
        .fails(1, &["MintCapExceeded"]);
    desk.diem(&["burn", "1DIEM"])
        .fails(1, &["you owe 0 DIEM", "InsufficientOutstanding"]);
    desk.diem(&["unstake", "1DIEM"])
        .fails(1, &["$0 a day are left", "InsufficientStake"]);
    desk.diem(&["withdraw"])
        .fails(1, &["nothing to withdraw", "none cooling"]);
}

#[test]
fn a_mint_that_others_made_dearer_is_refused_by_its_limit() {
    let desk = Desk::deployed();
    let (chain, me) = (desk.chain(), dev_account());
    let at = Deployment::read(&desk.directory.join("deployments"), chain.id()).unwrap();
    let vvv = U256::from(9_000_000_000_000_000_000_000_000_u128);
    let mint = IVVV::mintCall {
        to: me,
        amount: vvv,
    };
    desk.runtime
        .block_on(chain.send(me, at.vvv, &mint))
        .unwrap();
    desk.diem(&["stake", "9000000VVV"]).answers(&[]);

    // The rival's mint waits in front; the command's estimate does not see it yet.
    desk.rpc("evm_setAutomine", json!([false]));
    let rival = desk
        .command(None, &["mint", "4000000sVVV", "--yes"])
        .spawn()
        .unwrap();
    pending(&desk, 1);
    let late = desk
        .command(None, &["mint", "90sVVV", "--slippage", "0", "--yes"])
        .spawn()
        .unwrap();
    pending(&desk, 2);
    desk.rpc("evm_mine", json!([]));
    desk.rpc("evm_setAutomine", json!([true]));
    let rival = rival.wait_with_output().unwrap();
    assert_eq!(rival.status.code(), Some(0));
    let late = late.wait_with_output().unwrap();
    let told = String::from_utf8(late.stderr).unwrap();
    assert_eq!(late.status.code(), Some(1), "{told}");
    for part in [
        "SlippageExceeded",
        "past your limit",
        "--slippage",
        "transaction: 0x",
    ] {
        assert!(told.contains(part), "no `{part}` in {told}");
    }
    let supply = chain.call(at.diem, &IDiem::totalSupplyCall {});
    assert!(desk.runtime.block_on(supply).unwrap() > U256::ZERO);
}

#[test]
fn a_claim_with_nothing_pending_says_so_and_sends_nothing() {
    let desk = Desk::deployed();
    let before = desk.sent_by(dev_account());
    for claim in [&["claim"][..], &["claim", "--restake"]] {
        desk.diem(claim)
            .fails(1, &["nothing to claim", "nothing was sent"]);
    }
    assert_eq!(desk.sent_by(dev_account()), before);
}

#[test]
fn a_mistyped_address_is_refused_by_its_checksum_wherever_it_is_typed() {
    let desk = Desk::bare(DEVNET);
    let right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    let wrong = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD";
    for command in [
        &["status"][..],
        &["deploy", "--owner"],
        &["deploy", "--treasury"],
        &["deploy", "--vvv"],
        &["credit", "choose"],
        &["credit", "show"],
        &["gateway", "set"],
        &["gateway", "default"],
        &["gateway", "revoke"],
        &["gateway", "show"],
        &["lease", "transfer", "0"],
        &["lease", "choose", "0"],
    ] {
        let told = desk.diem(&[command, &[wrong]].concat());
        assert_eq!(told.code, Some(2), "{command:?}: {told:#?}");
        assert!(told.story.contains("EIP-55"), "{command:?}: {told:#?}");
        for well in [right.to_owned(), right.to_lowercase()] {
            let told = desk.diem(&[command, &[&well]].concat());
            assert!(!told.story.contains("EIP-55"), "{command:?}: {told:#?}");
        }
    }
    let list = format!(r#"[{{"chainId": 412346, "name": "x", "devnet": true, "vvv": "{wrong}"}}]"#);
    std::fs::write(desk.directory.join("networks.json"), list).unwrap();
    desk.diem(&["deploy", "--networks", "networks.json"])
        .fails(2, &["networks.json", "EIP-55"]);
}

#[test]
fn a_decimal_comma_is_no_thousands_separator() {
    let desk = Desk::bare(DEVNET);
    for amount in ["1,5DIEM", ",,,5DIEM", "0,001DIEM", "1_0DIEM"] {
        let told = desk.diem(&["stake", amount]);
        assert_eq!(told.code, Some(2), "{told:#?}");
        assert!(told.story.contains("set thousands apart"), "{told:#?}");
    }
    let told = desk.diem(&["stake", "1,500DIEM"]);
    assert!(told.story.contains("no deployment"), "{told:#?}");
}

/// Waits until so many of the dev account's transactions are not mined yet.
fn pending(desk: &Desk, count: u64) {
    let at = |tag: &str| -> u64 {
        let account = json!([dev_account(), tag]);
        let Value::String(hex) = desk.rpc("eth_getTransactionCount", account) else {
            panic!("a count is a string");
        };
        u64::from_str_radix(hex.trim_start_matches("0x"), 16).unwrap()
    };
    for _ in 0..6_000 {
        if at("pending") - at("latest") == count {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("{count} transactions never came");
}

#[test]
fn a_real_chain_wants_vvv_a_key_and_consent() {
    let desk = Desk::rehearsal(42_161, "Arbitrum One");
    desk.diem_as(Some(DEV_KEY), &["deploy"])
        .fails(2, &["no VVV to stake", "Arbitrum One", "42161", "--vvv"]);
    let token = "0x1111111111111111111111111111111111111111";
    let code = Path::new(&evm_directory()).join("vvv.runtime");
    let code = Bytes::from(std::fs::read(code).unwrap());
    desk.rpc("anvil_setCode", json!([token, code]));
    let owner = dev_account().to_string();
    let vvv = ["deploy", "--vvv", token, "--owner", &owner];
    desk.diem(&vvv).fails(2, &["there is no key", "--key-file"]);
    let told = outcome(desk.command(Some(DEV_KEY), &vvv));
    let told = told.fails(2, &["nothing was signed", "--yes"]);
    assert!(
        told.story.contains("90 sVVV") && told.story.contains("deploy DIEM"),
        "the preview comes first"
    );
    desk.diem(&["tour"])
        .fails(1, &["no tour here", "Arbitrum One"]);
}
