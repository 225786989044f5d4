//! What an account does beside staking and minting: sending, allowing, looking back, looking on.

use crate::desk::{Outcome, dev_account};
use crate::sending::rich;
use alloy::primitives::{Address, U256};
use diem_abi::{IDiem, IVVV};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};

const FRIEND: Address = Address::repeat_byte(0xf1);

fn number(value: &Value) -> U256 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn tokens_and_eth_are_sent_and_never_to_the_contracts_themselves() {
    let desk = rich();
    let friend = FRIEND.to_string();
    for (amount, told) in [
        ("2DIEM", "sent 2 DIEM to"),
        ("3VVV", "sent 3 VVV to"),
        ("0.5ETH", "sent 0.5 ETH to"),
    ] {
        let done = desk.diem(&["transfer", amount, &friend, "--json"]).json();
        assert!(done["done"].as_str().unwrap().starts_with(told), "{done}");
    }
    let told = desk.diem(&["status", &friend, "--json"]).json();
    assert_eq!(
        (&told["diem"], &told["vvv"]),
        (&json!("2000000000000000000"), &json!("3000000000000000000"))
    );
    let balance = desk.rpc("eth_getBalance", json!([FRIEND, "latest"]));
    assert_eq!(
        number(&balance),
        U256::from(5) * U256::from(10).pow(U256::from(17))
    );
    let before = desk.sent_by(dev_account());
    for amount in ["1sVVV", "1USD"] {
        desk.diem(&["transfer", amount, &friend])
            .fails(2, &["cannot transfer this", "1DIEM"]);
    }
    let at = desk.deployment();
    for contract in [at.vvv, at.s_vvv, at.diem] {
        desk.diem(&["transfer", "1DIEM", &contract.to_string()])
            .fails(1, &["it would be lost", "diem stake"]);
    }
    desk.diem(&["transfer", "1000000DIEM", &friend])
        .fails(1, &["ERC20InsufficientBalance", "diem status"]);
    desk.diem(&["transfer", "1DIEM", &friend, "--dry-run"])
        .answers(&["sending 1 DIEM", "transfer(address,uint256)"]);
    assert_eq!(desk.sent_by(dev_account()), before);
}

#[test]
fn an_allowance_is_given_shown_and_taken_back() {
    let desk = rich();
    let (chain, at) = (desk.chain(), desk.deployment());
    let friend = FRIEND.to_string();
    let allowed = |token: Address| {
        let call = IVVV::allowanceCall {
            owner: dev_account(),
            spender: FRIEND,
        };
        desk.runtime.block_on(chain.call(token, &call)).unwrap()
    };
    for (unit, token) in [("DIEM", at.diem), ("VVV", at.vvv)] {
        let told = desk.diem(&["approve", &format!("7{unit}"), &friend]);
        let told = told.answers(&[&format!("may move up to 7 {unit} of yours")]);
        assert!(told.story.contains("so far 0"), "{told:#?}");
        assert_eq!(
            allowed(token),
            U256::from(7) * U256::from(10).pow(U256::from(18))
        );
        let told = desk.diem(&["approve", &format!("0{unit}"), &friend]);
        assert!(told.answers(&[]).story.contains("so far 7"));
        assert_eq!(allowed(token), U256::ZERO);
    }
    desk.diem(&["approve", "1sVVV", &friend])
        .fails(2, &["cannot approve this"]);
    desk.diem(&["approve", "1DIEM", &Address::ZERO.to_string()])
        .fails(1, &["ERC20InvalidSpender"]);
}

#[test]
fn the_position_of_any_account_is_told() {
    let desk = rich();
    let me = dev_account().to_string();
    let told = desk.diem_as(Some(crate::desk::POOR_KEY), &["position", &me, "--json"]);
    let told = told.json();
    let call = IDiem::positionCall {
        account: dev_account(),
    };
    let chain = desk.chain();
    let position = chain.call(desk.deployment().diem, &call);
    let position = desk.runtime.block_on(position).unwrap();
    assert_eq!(number(&told["locked"]), position.locked);
    assert_eq!(number(&told["outstanding"]), position.outstanding);
    assert!(!position.pendingYield.is_zero());
    desk.diem(&["position"])
        .answers(&[&me, "outstanding  100 DIEM", "VVV pending"]);
}

#[test]
fn the_history_of_an_account_is_whole_in_order_and_a_table_when_asked_for() {
    let desk = rich();
    let history = desk.diem(&["history", "--json"]).json();
    let events = history["events"].as_array().unwrap();
    let names: Vec<_> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    for name in [
        "Staked",
        "Minted",
        "LeaseOpened",
        "UnstakeInitiated",
        "Transfer",
        "GatewaySet",
    ] {
        assert!(names.contains(&name), "no {name} in {names:?}");
    }
    let blocks: Vec<_> = events
        .iter()
        .map(|event| event["block"].as_u64().unwrap())
        .collect();
    assert!(blocks.is_sorted());
    let minted = events
        .iter()
        .find(|event| event["event"] == "Minted")
        .unwrap();
    assert_eq!(minted["fields"]["diemOut"], "100000000000000000000");
    assert_eq!(minted["fields"]["account"], json!(dev_account()));
    // An event that names the account twice is told once.
    let opened = names.iter().filter(|name| **name == "LeaseOpened").count();
    assert_eq!(opened, 1);

    let table = desk
        .diem(&["history", "--csv"])
        .answers(&["diemOut=100 "])
        .answer;
    let rows: Vec<_> = table.lines().collect();
    assert_eq!(rows[0], "block,time,transaction,contract,event,fields");
    assert_eq!(rows.len(), events.len() + 1);
    assert!(
        rows.iter().all(|row| row.split(',').count() == 6),
        "{table}"
    );

    // What a node does not give in one answer is asked for in parts.
    let mut refused = 0;
    let node = desk.node.http_url();
    let url = crate::proxy::start(&node, move |method, parameters| {
        let block = |field: &str| {
            let text = parameters[0][field].as_str().unwrap();
            u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
        };
        if method == "eth_getLogs" && block("toBlock") - block("fromBlock") > 3 {
            refused += 1;
            let words = format!("too many blocks, {refused} times");
            return crate::proxy::Reply::Error(-32_005, words, None);
        }
        crate::proxy::Reply::Same
    });
    let in_parts = desk.diem(&["history", "--json", "--rpc", &url]).json();
    assert_eq!(in_parts["events"], history["events"]);

    let nobody = Address::repeat_byte(0x77).to_string();
    desk.diem(&["history", &nobody]).answers(&["nothing of 0x"]);
    let last = blocks.last().unwrap().to_string();
    let late = desk
        .diem(&["history", "--json", "--from-block", &last])
        .json();
    assert!(late["events"].as_array().unwrap().len() < events.len());
    desk.diem(&["history", "--from-block", "99999999"])
        .fails(2, &["no such blocks", "latest block"]);
}

#[test]
fn what_happens_is_told_as_it_happens() {
    let desk = rich();
    let me = dev_account().to_string();
    for form in [&[][..], &["--json"]] {
        let arguments = [&["watch", &me, "--count", "2"][..], form].concat();
        let mut child = desk.command(None, &arguments).spawn().unwrap();
        // It says from which block on it watches; what happens from then on is told.
        let mut story = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        story.read_line(&mut line).unwrap();
        assert!(line.contains("watching"), "{line}");
        desk.diem(&["burn", "1DIEM"]).answers(&[]);
        let output = child.wait_with_output().unwrap();
        let told = Outcome {
            code: output.status.code(),
            answer: String::from_utf8(output.stdout).unwrap(),
            story: line,
        };
        let told = told.answers(&[]);
        assert_eq!(told.answer.lines().count(), 2, "{told:#?}");
        for line in told.answer.lines() {
            if form.is_empty() {
                assert!(line.contains("Z  "), "{line}");
            } else {
                let event: Value = serde_json::from_str(line).unwrap();
                assert!(
                    event["event"].is_string() && event["fields"].is_object(),
                    "{event}"
                );
            }
        }
    }
}

#[test]
fn the_curve_is_drawn_by_the_exact_model() {
    let desk = rich();
    let told = desk.diem(&["curve", "--svg", "curve.svg", "--json"]).json();
    let points = told["points"].as_array().unwrap();
    assert_eq!(points[0]["mintRate"], "90000000000000000000");
    let (chain, at) = (desk.chain(), desk.deployment());
    for point in points {
        let call = IDiem::mintRateAtCall {
            supply: number(&point["supply"]),
        };
        let rate = desk.runtime.block_on(chain.call(at.diem, &call)).unwrap();
        assert_eq!(number(&point["mintRate"]), rate);
    }
    let rates: Vec<_> = points
        .iter()
        .map(|point| number(&point["mintRate"]))
        .collect();
    assert!(rates.is_sorted());
    let svg = std::fs::read_to_string(desk.directory.join("curve.svg")).unwrap();
    assert!(
        svg.starts_with("<svg") && svg.ends_with("</svg>\n"),
        "{svg}"
    );
    assert!(
        svg.contains("polyline") && svg.contains("100 DIEM"),
        "{svg}"
    );
    let drawn = desk.diem(&["curve"]);
    let drawn = drawn
        .answers(&["at a supply of 100 DIEM", "80,000 DIEM"])
        .answer;
    assert!(
        drawn.contains('*') && drawn.matches('O').count() >= 1,
        "{drawn}"
    );
    desk.diem(&["curve", "--svg", "nowhere/curve.svg"])
        .fails(2, &["cannot write the drawing", "nowhere/curve.svg"]);
}

#[test]
fn the_open_leases_of_giver_and_holder_are_listed() {
    let desk = rich();
    let friend = FRIEND.to_string();
    desk.diem(&["lease", "give", &friend, "2DIEM", "3"])
        .answers(&["$2 a day"]);
    let ids = |account: &str| {
        let told = desk.diem(&["lease", "list", account, "--json"]).json();
        let leases = told["leases"].as_array().unwrap().clone();
        leases
            .iter()
            .map(|lease| lease["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let me = dev_account().to_string();
    let first = ids(&me);
    assert_eq!((first.len(), ids(&friend).len()), (2, 1));
    desk.diem(&["lease", "list", &friend])
        .answers(&["$2 a day from 0x", &friend]);
    // Over for long, but open until somebody closes it.
    desk.diem(&["lease", "close", &first[0]]).answers(&[]);
    assert_eq!(ids(&me), ids(&friend));
    let other = Address::repeat_byte(0x99).to_string();
    desk.diem(&["lease", "list", &other])
        .answers(&["neither gives nor has"]);
}
