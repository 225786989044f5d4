//! What works.

use crate::desk::{Desk, dev_account};
use alloy::primitives::U256;
use diem_abi::{IStakedVvv, IVVV};
use diem_cli::deployment::Deployment;

/// VVV for the dev account and for the reserve that pays rewards.
fn fund(desk: &Desk) {
    let chain = desk.chain();
    let at = Deployment::read(&desk.directory.join("deployments"), chain.id()).unwrap();
    let amount = U256::from(10_000_000_000_000_000_000_000_000_u128);
    let me = dev_account();
    desk.runtime.block_on(async {
        let mint = IVVV::mintCall {
            to: me,
            amount: amount * U256::from(2),
        };
        chain.send(me, at.vvv, &mint).await.unwrap();
        let approve = IVVV::approveCall {
            spender: at.s_vvv,
            value: amount,
        };
        chain.send(me, at.vvv, &approve).await.unwrap();
        let fund = IStakedVvv::fundRewardsCall { amount };
        chain.send(me, at.s_vvv, &fund).await.unwrap();
    });
}

#[test]
fn a_position_is_opened_earns_and_is_closed_by_commands_alone() {
    let desk = Desk::deployed();
    fund(&desk);
    let staked = desk.diem(&["stake", "100000VVV"]);
    let staked = staked.answers(&["staked 100,000 VVV", "gas, 0x"]);
    assert!(staked.story.contains("staking 100,000 VVV"));
    assert!(staked.story.contains("dev account"));
    assert!(!staked.answer.contains("staking"), "the story is no answer");

    desk.diem(&["quote", "90000sVVV"])
        .answers(&["lock      90,000 sVVV", "rate now  90 sVVV per DIEM"]);
    desk.diem(&["mint", "9000sVVV"])
        .answers(&["minted 99.99", "by locking 9,000 sVVV"]);
    desk.diem(&["mint", "10DIEM", "--slippage", "0"])
        .answers(&["minted 10 DIEM by locking 900."]);
    desk.diem(&["stake", "50DIEM"]).answers(&["staked 50 DIEM"]);
    let status = desk.diem(&["status"]).answers(&[
        "for 109.99",
        "50 (of it 0 leased out), none cooling",
        "$50 of $50 left",
    ]);
    assert!(!status.story.contains("signing"), "looking signs nothing");

    desk.days(30);
    desk.diem(&["claim", "--restake"]).answers(&["restaked 63"]);
    desk.days(1);
    desk.diem(&["claim"]).answers(&["claimed 2"]);
    desk.diem(&["burn", "10DIEM"])
        .answers(&["burned 10 DIEM, unlocked 90"]);
    desk.diem(&["unstake", "1000sVVV"])
        .answers(&["1,000 sVVV cools down", "7 days"]);
    desk.diem(&["unstake", "20DIEM"])
        .answers(&["20 DIEM cools down", "1 day"]);
    desk.diem(&["status"])
        .answers(&["$50 of $50 left", "credit tomorrow  $30"]);
    desk.diem(&["status"])
        .answers(&["1,000 cooling, ", "20 cooling, "]);
    desk.days(1);
    desk.diem(&["withdraw"]).answers(&["withdrew 20 DIEM"]);
    desk.days(6);
    desk.diem(&["withdraw"]).answers(&["withdrew 1,000 VVV"]);
}

#[test]
fn each_answer_is_one_json_document_when_asked_for() {
    let desk = Desk::bare(devnode::NodeConfig::default().chain_id);
    let made = desk.diem(&["deploy", "--json"]).json();
    let recorded = std::fs::read_to_string(desk.record()).unwrap();
    assert_eq!(
        made,
        serde_json::from_str::<serde_json::Value>(&recorded).unwrap()
    );
    fund(&desk);
    let done = desk.diem(&["stake", "100000VVV", "--json"]).json();
    // A claim wants something to claim.
    desk.days(1);
    assert_eq!(done["done"], "staked 100,000 VVV");
    assert!(done["gasUsed"].as_u64().unwrap() > 21_000);
    let quote = desk.diem(&["quote", "90sVVV", "--json"]).json();
    assert_eq!(quote["mintRate"], "90000000000000000000");
    for command in [
        ["mint", "9000sVVV"].as_slice(),
        &["burn", "1DIEM"],
        &["stake", "10DIEM"],
        &["claim"],
        &["unstake", "5DIEM"],
        &["unstake", "5sVVV"],
    ] {
        let done = desk.diem(&[command, &["--json"]].concat()).json();
        assert!(done["transaction"].is_string(), "{command:?}: {done}");
    }
    let status = desk.diem(&["status", "--json"]).json();
    assert_eq!(status["diemStaked"], "5000000000000000000");
    assert_eq!(status["vvvCooling"], "5000000000000000000");
    desk.days(7);
    let both = desk.diem(&["withdraw", "--json"]).json();
    assert_eq!(both[0]["done"], "withdrew 5 VVV");
    assert_eq!(both[1]["done"], "withdrew 5 DIEM");
    for command in ["activate", "keepalive", "cache-bid"] {
        let done = desk.diem(&[command, "--json"]).json();
        let programs: Vec<_> = done.as_array().unwrap().iter().collect();
        let names: Vec<_> = programs.iter().map(|part| &part["program"]).collect();
        assert_eq!(names, ["VVV", "sVVV", "DIEM"], "{command}");
    }
    let tour = desk.diem(&["tour", "--json"]).json();
    assert!(tour["checks"].as_u64().unwrap() > 0);
}

#[test]
fn programs_are_renewed_when_it_is_time_and_activated_when_it_is_too_late() {
    let desk = Desk::bare(devnode::NodeConfig::default().chain_id);
    desk.diem(&["deploy", "--no-cache"]).answers(&[]);
    desk.diem(&["activate"])
        .answers(&["DIEM", "active already; 36"]);
    desk.diem(&["keepalive"])
        .answers(&["too soon to renew; 36"]);
    desk.days(300);
    desk.diem(&["keepalive"])
        .answers(&["renewed with", "gas; 36"]);
    desk.days(400);
    desk.diem(&["keepalive"])
        .fails(1, &["expired", "diem activate"]);
    desk.diem(&["activate"])
        .answers(&["activated with", "gas; 36"]);
    desk.diem(&["quote", "90sVVV"]).answers(&["get"]);
    desk.diem(&["cache-bid"]).answers(&[": in the cache"]);
}

#[test]
fn status_says_when_a_program_needs_activation_and_whether_it_is_cached() {
    let desk = Desk::bare(devnode::NodeConfig::default().chain_id);
    desk.diem(&["deploy", "--no-cache"]).answers(&[]);
    let told = desk.diem(&["status"]);
    told.answers(&[
        "program DIEM",
        "active for Stylus 2, 36",
        "not in the cache",
    ]);
    desk.diem(&["cache-bid"]).answers(&[]);
    desk.diem(&["status"]).answers(&["days left, in the cache"]);
    let told = desk.diem(&["status", "--json"]).json();
    assert_eq!(told["programs"][2]["program"], "DIEM");
    assert_eq!(told["programs"][2]["active"], true);
    desk.days(320);
    desk.diem(&["status"])
        .answers(&["days left, renew with `diem keepalive`"]);
    desk.days(60);
    let told = desk.diem(&["status"]);
    assert_eq!(told.code, Some(1), "{told:#?}");
    for part in ["program DIEM", "needs activation", "expired after"] {
        assert!(told.answer.contains(part), "no `{part}` in {told:#?}");
    }
    assert!(told.story.contains("diem activate"), "{told:#?}");
    desk.diem(&["activate"]).answers(&[]);
    desk.diem(&["status"]).answers(&["active for Stylus 2"]);
}

#[test]
fn deploying_and_touring_can_be_repeated_on_one_chain() {
    let desk = Desk::deployed();
    let first = std::fs::read_to_string(desk.record()).unwrap();
    desk.diem(&["tour"]).answers(&["all exact"]);
    desk.diem(&["deploy"]).answers(&[]);
    assert_ne!(first, std::fs::read_to_string(desk.record()).unwrap());
    desk.diem(&["tour"]).answers(&["all exact"]);
}

#[test]
fn a_network_of_ones_own_may_be_a_devnet() {
    let desk = Desk::bare(1_592_653_589);
    desk.diem(&["deploy"])
        .fails(1, &["do not know this chain", "1592653589", "--networks"]);
    let list = r#"[{"chainId": 1592653589, "name": "mine", "devnet": true, "vvv": null}]"#;
    std::fs::write(desk.directory.join("networks.json"), list).unwrap();
    desk.diem(&["deploy", "--networks", "networks.json"])
        .answers(&[]);
    desk.diem(&["quote", "90sVVV", "--networks", "networks.json"])
        .answers(&["rate now"]);
}
