//! Chains by name, and the wrong chain behind a name.

use crate::desk::Desk;
use serde_json::{Value, json};

/// No chain's.
const OWN_ID: u64 = 1_592_653_589;
const ARBITRUM_ONE: u64 = 42_161;

/// A list of one devnet with that id, as `--networks` reads it.
fn listed(desk: &Desk, chain_id: u64) {
    let list = json!([{
        "key": "mine", "chainId": chain_id, "name": "Mine", "devnet": true,
        "explorer": "https://look.example/", "vvv": null,
    }]);
    std::fs::write(desk.directory.join("networks.json"), list.to_string()).unwrap();
}

#[test]
fn networks_are_listed_with_what_they_run_and_what_guards_them() {
    let desk = Desk::bare(OWN_ID);
    let told = desk.diem(&["networks"]);
    let lines = [
        "arbitrum-one",
        "base-sepolia",
        "8453",
        "the twin",
        "id and genesis",
    ];
    told.answers(&lines);
    let all = desk.diem(&["networks", "--json"]).json();
    let keys: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["key"])
        .collect();
    assert_eq!(keys.len(), 6, "{keys:?}");
}

#[test]
fn the_template_is_read_as_a_list_of_networks() {
    let desk = Desk::bare(OWN_ID);
    let template = desk.diem(&["networks", "--template"]).answer;
    std::fs::write(desk.directory.join("orbit.json"), template).unwrap();
    let all = desk
        .diem(&["networks", "--networks", "orbit.json", "--json"])
        .json();
    let orbit: &Value = &all.as_array().unwrap()[0];
    assert_eq!(orbit["key"], "my-orbit");
    assert_eq!(all.as_array().unwrap().len(), 7);
}

#[test]
fn an_unknown_network_is_refused_with_those_that_are_known() {
    Desk::bare(OWN_ID)
        .diem(&["status", "--network", "atlantis"])
        .fails(2, &["atlantis", "arbitrum-one"]);
}

#[test]
fn a_node_of_another_chain_than_the_one_named_is_refused() {
    Desk::bare(OWN_ID)
        .diem(&["deploy", "--network", "base"])
        .fails(1, &["another chain", "8453", &OWN_ID.to_string()]);
}

#[test]
fn a_test_chain_under_a_real_ones_id_is_refused_by_its_first_block() {
    let desk = Desk::bare(ARBITRUM_ONE);
    desk.diem(&["deploy"])
        .fails(1, &["first block", "7ee576b3"]);
    listed(&desk, ARBITRUM_ONE);
    desk.diem(&["deploy", "--networks", "networks.json"])
        .answers(&["DIEM"]);
}

#[test]
fn what_was_sent_is_shown_with_a_link_where_there_is_an_explorer() {
    let desk = Desk::bare(OWN_ID);
    listed(&desk, OWN_ID);
    let with_list = |command: &[&str]| {
        let list = ["--networks", "networks.json", "--network", "mine"];
        desk.diem(&[command, &list].concat())
    };
    let deployed = with_list(&["deploy"]);
    let vvv = desk.deployment().vvv;
    let story = &deployed.story;
    assert!(
        story.contains(&format!("https://look.example/address/{vvv}")),
        "{story}"
    );
    let sent = with_list(&["approve", "1VVV", &vvv.to_string(), "--json"]);
    let told: Value = serde_json::from_str(&sent.answer).unwrap();
    let hash = told["transaction"].as_str().unwrap();
    let sent = &sent.story;
    assert!(
        sent.contains(&format!("https://look.example/tx/{hash}")),
        "{sent}"
    );
}
