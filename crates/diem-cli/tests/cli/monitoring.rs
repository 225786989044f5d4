//! `diem monitor` finds each thing that an operator has to act on, and nothing else.

use crate::desk::{Desk, Outcome, dev_account};
use crate::proxy::{self, Reply};
use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{SolCall, sol};
use diem_abi::arbitrum::ARB_WASM_CACHE;
use diem_abi::{IDiem, IStakedVvv, IVVV};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

sol! {
    #![sol(alloy_sol_types = alloy::sol_types)]

    function evictCodehash(bytes32 codehash) external;
}

/// Holders of a role, as numbers of newcomers.
const GUARDIAN: u8 = 7;
const GATEWAY: u8 = 8;
const ETHER: u128 = 1_000_000_000_000_000_000;

fn whole(number: u64) -> U256 {
    U256::from(number) * U256::from(ETHER)
}

/// A system about which there is nothing to say: a year's reserve, a guardian, a default gateway
/// that can pay, a holder in the midst of everything.
fn healthy() -> Desk {
    let desk = Desk::deployed();
    let at = desk.deployment();
    let (_, guardian) = desk.somebody(GUARDIAN, ETHER);
    let (_, gateway) = desk.somebody(GATEWAY, 100 * ETHER);
    let gateway = gateway.to_string();
    fund(&desk);
    send(
        &desk,
        at.diem,
        &IDiem::setGuardianCall {
            newGuardian: guardian,
        },
    );
    for command in [
        &["gateway", "set", &gateway][..],
        &["gateway", "default", &gateway],
        &["stake", "9000VVV"],
        &["mint", "4000sVVV"],
        &["stake", "10DIEM"],
    ] {
        desk.diem(command).answers(&[]);
    }
    desk.days(3);
    for command in [
        &["unstake", "1000sVVV"][..],
        &["unstake", "1DIEM"],
        &["claim"],
        &["burn", "2DIEM"],
    ] {
        desk.diem(command).answers(&[]);
    }
    desk.days(1);
    desk.diem(&["claim", "--restake"]).answers(&[]);
    desk.diem(&["withdraw"]).answers(&[]);
    desk
}

fn send<C: SolCall>(desk: &Desk, to: Address, call: &C) {
    let chain = desk.chain();
    let sent = desk.runtime.block_on(chain.send(dev_account(), to, call));
    sent.unwrap();
}

/// A year's reserve, and VVV to stake beside it.
fn fund(desk: &Desk) {
    let at = desk.deployment();
    let mint = IVVV::mintCall {
        to: dev_account(),
        amount: whole(10_100_000),
    };
    send(desk, at.vvv, &mint);
    let approve = IVVV::approveCall {
        spender: at.s_vvv,
        value: U256::MAX,
    };
    send(desk, at.vvv, &approve);
    let reserve = IStakedVvv::fundRewardsCall {
        amount: whole(10_000_000),
    };
    send(desk, at.s_vvv, &reserve);
}

/// The findings that are not as they should be: check, subject, level.
fn wrong(told: &Outcome) -> Vec<[String; 3]> {
    let look: Value = serde_json::from_str(&told.answer).unwrap();
    let findings = look["findings"].as_array().unwrap();
    let word = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    findings
        .iter()
        .map(|finding| ["check", "subject", "level"].map(|field| word(finding, field)))
        .filter(|[.., level]| level != "ok")
        .collect()
}

fn monitor(desk: &Desk) -> Outcome {
    desk.diem(&["monitor", "--json"])
}

/// The one thing that is wrong now; the exit code says whether it is an alert.
#[track_caller]
fn finds(told: &Outcome, check: &str, subject: &str, level: &str) {
    assert_eq!(
        wrong(told),
        [[check, subject, level].map(str::to_owned)],
        "{told:#?}"
    );
    let alert = level == "alert";
    assert_eq!(told.code, Some(i32::from(alert)), "{told:#?}");
    assert_eq!(
        told.story.contains("something must be done"),
        alert,
        "{told:#?}"
    );
}

#[test]
fn a_healthy_system_has_nothing_to_say_and_every_check_is_made() {
    let desk = healthy();
    let told = monitor(&desk);
    assert_eq!(wrong(&told), Vec::<[String; 3]>::new(), "{told:#?}");
    assert_eq!(told.code, Some(0));
    for check in [
        "program_active",
        "program_cached",
        "solvency",
        "events",
        "reserve",
        "owner",
        "guardian",
        "minting",
        "default_gateway",
        "gateway_funds",
    ] {
        assert!(told.answer.contains(&format!("\"{check}\"")), "{check}");
        let documented = include_str!("../../../../docs/monitoring.md");
        assert!(
            documented.contains(&format!("`{check}`")),
            "{check} is in no table"
        );
    }
    desk.diem(&["monitor"])
        .answers(&["ok", "solvency sVVV: holds", "days left"]);
}

#[test]
fn a_system_just_deployed_is_told_what_it_lacks() {
    let desk = Desk::deployed();
    let told = monitor(&desk);
    let lacking = [
        ["reserve", "sVVV", "alert"],
        ["guardian", "DIEM", "warning"],
        ["default_gateway", "DIEM", "warning"],
    ];
    assert_eq!(wrong(&told), lacking.map(|line| line.map(str::to_owned)));
    assert_eq!(told.code, Some(1));
}

#[test]
fn a_program_near_its_expiry_and_one_that_sleeps_are_told() {
    let desk = healthy();
    let runs_out = |level: &str| {
        let told = wrong(&monitor(&desk));
        let active: Vec<_> = told
            .iter()
            .filter(|line| line[0] == "program_active")
            .collect();
        assert_eq!(active.len(), 3, "{told:?}");
        assert!(active.iter().all(|line| line[2] == level), "{told:?}");
    };
    desk.days(365 - 4 - 59);
    runs_out("warning");
    desk.days(46);
    runs_out("alert");
    desk.days(20);
    runs_out("alert");
    let told = monitor(&desk);
    assert_eq!(told.code, Some(1));
    assert!(told.story.contains("diem activate"), "{told:#?}");
}

#[test]
fn a_program_out_of_the_cache_is_told_with_the_price_of_a_place() {
    let desk = healthy();
    let at = desk.deployment();
    let codehash: B256 = at.contracts.diem.codehash;
    send(&desk, ARB_WASM_CACHE, &evictCodehashCall { codehash });
    let told = monitor(&desk);
    finds(&told, "program_cached", "DIEM", "warning");
    assert!(told.answer.contains("a place costs"), "{told:#?}");
}

#[test]
fn vvv_that_is_missing_is_an_alert() {
    let desk = healthy();
    let at = desk.deployment();
    // Nothing in the contracts lets a wei go that is owed: a token with a back door would.
    desk.rpc("anvil_impersonateAccount", json!([at.s_vvv]));
    desk.rpc("anvil_setBalance", json!([at.s_vvv, "0xde0b6b3a7640000"]));
    let take = |value: U256| {
        let input = IVVV::transferCall {
            to: dev_account(),
            value,
        }
        .abi_encode();
        let input = alloy::primitives::Bytes::from(input);
        let request = json!([{ "from": at.s_vvv, "to": at.vvv, "data": input }]);
        desk.rpc("eth_sendTransaction", request);
    };
    take(U256::from(1));
    let told = monitor(&desk);
    finds(&told, "solvency", "sVVV", "alert");
    // A gift makes it good.
    send(
        &desk,
        at.vvv,
        &IVVV::transferCall {
            to: at.s_vvv,
            value: U256::from(1),
        },
    );
    assert_eq!(wrong(&monitor(&desk)), Vec::<[String; 3]>::new());
}

#[test]
fn events_that_a_node_has_lost_are_an_alert() {
    let desk = healthy();
    let topic = <IDiem::Burned as alloy::sol_types::SolEvent>::SIGNATURE_HASH.to_string();
    let node = desk.node.http_url();
    // One block of many: the one in which DIEM was burned.
    let url = proxy::start(&desk.node.http_url(), move |method, parameters| {
        if method != "eth_getLogs" {
            return Reply::Same;
        }
        let logs = proxy::result_of(&node, method, parameters);
        let logs = logs.as_array().unwrap();
        let burned = logs
            .iter()
            .find(|log| log["topics"][0] == topic.as_str())
            .unwrap();
        let kept: Vec<_> = logs
            .iter()
            .filter(|log| log["blockNumber"] != burned["blockNumber"])
            .cloned()
            .collect();
        Reply::Result(json!(kept))
    });
    let told = desk.diem(&["monitor", "--json", "--rpc", &url]);
    let told: Vec<_> = wrong(&told)
        .into_iter()
        .map(|[check, subject, _]| (check, subject))
        .collect();
    for subject in ["DIEM supply", "sVVV locked"] {
        assert!(
            told.contains(&("events".to_owned(), subject.to_owned())),
            "{told:?}"
        );
    }
}

#[test]
fn a_node_that_gives_few_logs_at_a_time_is_asked_in_parts() {
    let desk = healthy();
    let node = desk.node.http_url();
    let url = proxy::start(&node, move |method, parameters| {
        let bound = |field: &str| {
            let text = parameters[0][field].as_str().unwrap();
            u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
        };
        if method == "eth_getLogs" && bound("toBlock") - bound("fromBlock") > 6 {
            return Reply::Error(
                -32_005,
                "query returned more than 10000 results".to_owned(),
                None,
            );
        }
        Reply::Same
    });
    let told = desk.diem(&["monitor", "--json", "--rpc", &url]);
    assert_eq!(wrong(&told), Vec::<[String; 3]>::new(), "{told:#?}");
    let url = proxy::start(&desk.node.http_url(), move |method, _| match method {
        "eth_getLogs" => Reply::Error(-32_005, "no logs here".to_owned(), None),
        _ => Reply::Same,
    });
    desk.diem(&["monitor", "--rpc", &url])
        .fails(1, &["read the events of a block", "no logs here"]);
}

#[test]
fn roles_reserve_pause_and_gateways_are_told_when_they_are_not_as_they_should_be() {
    let desk = healthy();
    let at = desk.deployment();
    let snapshot = || desk.rpc("evm_snapshot", json!([]));
    let back = |to: Value| drop(desk.rpc("evm_revert", json!([to])));
    let (_, gateway) = desk.somebody(GATEWAY, 100 * ETHER);
    let (_, heir) = desk.somebody(9, ETHER);

    let before = snapshot();
    send(
        &desk,
        at.s_vvv,
        &IStakedVvv::transferOwnershipCall { newOwner: heir },
    );
    finds(&monitor(&desk), "owner", "sVVV", "warning");
    back(before);

    let before = snapshot();
    send(
        &desk,
        at.diem,
        &IDiem::setGuardianCall {
            newGuardian: Address::ZERO,
        },
    );
    finds(&monitor(&desk), "guardian", "DIEM", "warning");
    back(before);

    let before = snapshot();
    let (key, guardian) = desk.somebody(GUARDIAN, ETHER);
    let signed = desk.chain().signed_by(&[key.parse().unwrap()]);
    let paused = signed.send(guardian, at.diem, &IDiem::pauseMintCall {});
    desk.runtime.block_on(paused).unwrap();
    finds(&monitor(&desk), "minting", "DIEM", "warning");
    back(before);

    let before = snapshot();
    let most = IStakedVvv::setEmissionRateCall {
        newEmissionRate: whole(1),
    };
    send(&desk, at.s_vvv, &most);
    desk.days(100);
    finds(&monitor(&desk), "reserve", "sVVV", "warning");
    desk.days(14);
    finds(&monitor(&desk), "reserve", "sVVV", "alert");
    back(before);

    let before = snapshot();
    let name = gateway.to_string();
    desk.rpc("anvil_setBalance", json!([gateway, "0x1"]));
    finds(&monitor(&desk), "gateway_funds", &name, "alert");
    back(before);

    // The default one counts from the day after tomorrow on.
    desk.days(2);
    assert_eq!(wrong(&monitor(&desk)), Vec::<[String; 3]>::new());
    desk.diem(&["gateway", "revoke", &name]).answers(&[]);
    finds(&monitor(&desk), "default_gateway", "DIEM", "warning");
}

/// A monitor that serves, until dropped.
struct Serving {
    child: Child,
    story: BufReader<ChildStderr>,
    address: String,
}

impl Serving {
    fn start(desk: &Desk, url: &str) -> Self {
        let arguments = [
            "monitor",
            "--serve",
            "127.0.0.1:0",
            "--every",
            "0.05",
            "--rpc",
            url,
        ];
        let mut child = desk.command(None, &arguments).spawn().unwrap();
        let mut story = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        story.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("serving   http://").unwrap();
        let address = address.strip_suffix("/metrics").unwrap().to_owned();
        Self {
            child,
            story,
            address,
        }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: monitor\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks until the metrics have a line.
    fn comes_to_say(&self, line: &str) -> String {
        loop {
            let metrics = self.get("/metrics");
            if metrics.lines().any(|told| told == line) {
                return metrics;
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn prometheus_reads_the_findings_and_that_the_node_is_gone() {
    let desk = Desk::deployed();
    let gone = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&gone);
    let url = proxy::start(&desk.node.http_url(), move |_, _| {
        if seen.load(Ordering::Relaxed) {
            return Reply::Error(-32_000, "gone".to_owned(), None);
        }
        Reply::Same
    });
    let mut serving = Serving::start(&desk, &url);
    let reserve = r#"diem_check_level{check="reserve",subject="sVVV"} "#;
    let metrics = serving.comes_to_say(&format!("{reserve}2"));
    assert!(metrics.starts_with("HTTP/1.1 200"), "{metrics}");
    assert!(metrics.contains("text/plain; version=0.0.4"), "{metrics}");
    assert!(metrics.contains("diem_monitor_up 1"), "{metrics}");
    assert!(serving.get("/").starts_with("HTTP/1.1 404"));

    fund(&desk);
    serving.comes_to_say(&format!("{reserve}0"));

    gone.store(true, Ordering::Relaxed);
    serving.comes_to_say("diem_monitor_up 0");
    // What was found last is told on.
    serving.comes_to_say(&format!("{reserve}0"));
    let mut told = String::new();
    for _ in 0..5 {
        serving.story.read_line(&mut told).unwrap();
    }
    assert!(told.contains("ALERT     reserve sVVV"), "{told}");
}

#[test]
fn an_address_that_is_taken_is_told() {
    let desk = Desk::deployed();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    desk.diem(&["monitor", "--serve", &address])
        .fails(2, &["cannot serve metrics", "--serve", &address]);
}
