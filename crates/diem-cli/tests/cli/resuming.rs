//! A deployment that stops anywhere goes on: one system, one record, no second contract.

use crate::desk::{DEV_KEY, Desk, Outcome, dev_account, outcome};
use crate::proxy::{self, Reply};
use alloy::primitives::Address;
use devnode::{Node, NodeConfig};
use serde_json::{Value, json};
use std::process::Command;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};

pub(crate) const DEVNET: u64 = 412_346;
pub(crate) const PROPOSER: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
pub(crate) const GUARDIAN: &str = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";

/// The command that begins a deployment, with a timelock as owner.
pub(crate) fn begin(target: &str) -> Vec<&str> {
    let owner = ["--proposer", PROPOSER, "--guardian", GUARDIAN];
    [&["deploy", "--target", target], &owner[..]].concat()
}

/// When the command dies, of a transaction that it sends.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// The node never hears of the transaction.
    BeforeSending,
    /// The node has it, and the command never hears of that.
    AfterSending,
}

/// Runs the command and kills it at its `at`th transaction. Tells how it ended.
fn killed(desk: &Desk, arguments: &[&str], at: u32, death: Death) -> Outcome {
    let (tell, process) = mpsc::channel();
    let url = proxy::start(&desk.node.http_url(), killing(desk, at, death, process));
    let arguments = [arguments, &["--rpc", &url, "--yes"]].concat();
    let child = desk.command(None, &arguments).spawn().unwrap();
    tell_of(&tell, child.id());
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code(),
        answer: String::from_utf8(output.stdout).unwrap(),
        story: String::from_utf8(output.stderr).unwrap(),
    }
}

fn tell_of(tell: &Sender<u32>, process: u32) {
    tell.send(process).unwrap();
}

fn killing(
    desk: &Desk,
    mut at: u32,
    death: Death,
    process: mpsc::Receiver<u32>,
) -> impl FnMut(&str, &Value) -> Reply + Send + 'static {
    let node = desk.node.http_url();
    move |method, parameters| {
        if method != "eth_sendRawTransaction" {
            return Reply::Same;
        }
        at = at.saturating_sub(1);
        if at > 0 {
            return Reply::Same;
        }
        if let Death::AfterSending = death {
            assert!(proxy::result_of(&node, method, parameters).is_string());
        }
        let process = process.recv().unwrap().to_string();
        let killed = Command::new("kill").args(["-KILL", &process]).status();
        assert!(killed.unwrap().success());
        Reply::Error(-32_000, "too late".to_owned(), None)
    }
}

fn written(desk: &Desk) -> Value {
    serde_json::from_str(&std::fs::read_to_string(desk.record()).unwrap()).unwrap()
}

/// What a dry run tells.
pub(crate) fn plan(desk: &Desk, target: &str) -> Value {
    desk.diem(&[&begin(target)[..], &["--dry-run", "--json"]].concat())
        .json()
}

/// One system with the addresses of `plan`, one record, and no transaction more than it takes.
fn is_whole(desk: &Desk, target: &str, plan: &Value) {
    let record = written(desk);
    assert_eq!(record["unfinished"], Value::Null, "{record}");
    assert_eq!(record["resume"], Value::Null, "{record}");
    let steps = plan["steps"].as_array().unwrap().len();
    assert_eq!(
        desk.sent_by(dev_account()),
        json!(format!("{steps:#x}")),
        "{record}"
    );
    for (name, planned) in plan["contracts"].as_object().unwrap() {
        let recorded = if name == "timelock" { "owner" } else { name };
        let (recorded, planned) = (record[recorded].as_str(), planned.as_str());
        let same = |text: Option<&str>| text.unwrap().parse::<Address>().unwrap();
        assert_eq!(same(recorded), same(planned), "{name}");
        let transaction = &record["contracts"][name]["transaction"];
        let receipt = desk.rpc("eth_getTransactionReceipt", json!([transaction]));
        assert_eq!(receipt["status"], "0x1", "{name}: {record}");
        let block = record["contracts"][name]["block"].as_u64().unwrap();
        assert_eq!(receipt["blockNumber"], format!("{block:#x}"), "{name}");
    }
    let records = std::fs::read_dir(desk.directory.join("deployments")).unwrap();
    assert_eq!(records.count(), 1);
    let (wasm, evm) = (crate::desk::wasm_directory(), crate::desk::evm_directory());
    desk.diem(&["verify", "--wasm-dir", &wasm, "--evm-dir", &evm])
        .answers(&["timelock", "byte for byte"]);
    assert_eq!(record["target"], target);
    // Nothing is left to do, and nothing is done.
    desk.diem(&["deploy", "--resume"])
        .answers(&["has nothing left"]);
    assert_eq!(desk.sent_by(dev_account()), json!(format!("{steps:#x}")));
}

/// Kills the command at each transaction of the plan in turn, and goes on each time.
fn killed_at_each_transaction(target: &str, death: Death) {
    let desk = Desk::bare(DEVNET);
    let plan = plan(&desk, target);
    let steps = plan["steps"].as_array().unwrap().len();
    assert!(steps >= 10, "{plan}");
    for step in 0..steps {
        let first = begin(target);
        let arguments = if step == 0 {
            first.as_slice()
        } else {
            &["deploy", "--resume"]
        };
        // Where the node never hears of one, the next run sends it and dies at the one after.
        let at = match death {
            Death::BeforeSending if step > 0 => 2,
            _ => 1,
        };
        let told = killed(&desk, arguments, at, death);
        assert_eq!(told.code, None, "step {step}: {told:#?}");
        let record = written(&desk);
        let name = &plan["steps"][step]["step"];
        if !name.as_str().unwrap().contains("cache") {
            assert_eq!(&record["unfinished"], name, "step {step}");
            assert_eq!(&record["resume"]["sent"][0], name, "step {step}");
        }
    }
    desk.diem(&["deploy", "--resume"]).answers(&["DIEM"]);
    is_whole(&desk, target, &plan);
}

#[test]
fn programs_killed_before_each_transaction_is_sent_become_one_system() {
    killed_at_each_transaction("stylus", Death::BeforeSending);
}

#[test]
fn programs_killed_after_each_transaction_is_sent_become_one_system() {
    killed_at_each_transaction("stylus", Death::AfterSending);
}

#[test]
fn evm_code_killed_before_each_transaction_is_sent_becomes_one_system() {
    killed_at_each_transaction("evm", Death::BeforeSending);
}

#[test]
fn evm_code_killed_after_each_transaction_is_sent_becomes_one_system() {
    killed_at_each_transaction("evm", Death::AfterSending);
}

#[test]
fn a_transaction_that_waits_since_an_earlier_run_is_found_again_and_not_sent_twice() {
    let desk = Desk::bare(DEVNET);
    let plan = plan(&desk, "stylus");
    desk.rpc("evm_setAutomine", json!([false]));
    killed(&desk, &begin("stylus"), 1, Death::AfterSending);
    let waiting = written(&desk)["resume"]["sent"][1].clone();
    let known = desk.rpc("eth_getTransactionByHash", json!([waiting]));
    assert_eq!(known["blockNumber"], Value::Null, "{known}");
    // It is mined only once the command asks for it a second time.
    let (node, mut asked) = (desk.node.http_url(), 0);
    let url = proxy::start(&desk.node.http_url(), move |method, parameters| {
        if method == "eth_getTransactionReceipt" && parameters[0] == waiting {
            asked += 1;
            if asked == 2 {
                proxy::result_of(&node, "evm_setAutomine", &json!([true]));
                proxy::result_of(&node, "evm_mine", &json!([]));
            }
        }
        Reply::Same
    });
    let told = desk.diem(&["deploy", "--resume", "--rpc", &url]);
    assert!(told.story.contains("sent before: deploy VVV"), "{told:#?}");
    told.answers(&["DIEM"]);
    is_whole(&desk, "stylus", &plan);
}

/// The same node again, from what it kept, or from its beginning.
fn restart(desk: &mut Desk, config: &NodeConfig) {
    let elsewhere = desk.runtime.block_on(Node::start(NodeConfig::default()));
    let gone = std::mem::replace(&mut desk.node, elsewhere.unwrap());
    desk.runtime.block_on(gone.stop());
    let again = desk.runtime.block_on(Node::start(config.clone()));
    let elsewhere = std::mem::replace(&mut desk.node, again.unwrap());
    desk.runtime.block_on(elsewhere.stop());
}

#[test]
fn a_node_that_ends_in_the_middle_and_keeps_its_chain_is_gone_on_with() {
    for target in ["stylus", "evm"] {
        let mut desk = Desk::bare(DEVNET);
        let config = NodeConfig {
            state: Some(desk.directory.join("chain")),
            ..NodeConfig::default()
        };
        restart(&mut desk, &config);
        let plan = plan(&desk, target);
        killed(&desk, &begin(target), 5, Death::AfterSending);
        restart(&mut desk, &config);
        desk.diem(&["deploy", "--resume"]).answers(&["DIEM"]);
        is_whole(&desk, target, &plan);
    }
}

#[test]
fn a_node_that_ends_in_the_middle_and_forgets_its_chain_gets_the_same_system_again() {
    for target in ["stylus", "evm"] {
        let mut desk = Desk::bare(DEVNET);
        let plan = plan(&desk, target);
        killed(&desk, &begin(target), 8, Death::AfterSending);
        restart(&mut desk, &NodeConfig::default());
        assert_eq!(desk.sent_by(dev_account()), "0x0");
        desk.diem(&["deploy", "--resume"]).answers(&["DIEM"]);
        is_whole(&desk, target, &plan);
    }
}

#[test]
fn another_chain_behind_the_address_is_refused_before_anything_is_sent() {
    let mut desk = Desk::bare(DEVNET);
    killed(&desk, &begin("stylus"), 3, Death::AfterSending);
    let record = written(&desk);
    // The same id, another beginning.
    let other = NodeConfig {
        genesis_timestamp: 1_000_000_000,
        ..NodeConfig::default()
    };
    restart(&mut desk, &other);
    let resume = ["deploy", "--resume"];
    desk.diem(&resume).fails(
        1,
        &[
            "another chain",
            "first block",
            record["genesis"].as_str().unwrap(),
        ],
    );
    // Another id: there is no record of it, or one that was renamed.
    restart(
        &mut desk,
        &NodeConfig {
            chain_id: 421_614,
            ..NodeConfig::default()
        },
    );
    desk.rehearses(421_614, "Arbitrum Sepolia");
    desk.diem_as(Some(DEV_KEY), &resume)
        .fails(1, &["no deployment to go on with", "421614.json"]);
    std::fs::copy(
        desk.directory.join("deployments/412346.json"),
        desk.record(),
    )
    .unwrap();
    desk.diem_as(Some(DEV_KEY), &resume)
        .fails(1, &["another chain", "was: 412346"]);
    assert_eq!(desk.sent_by(dev_account()), "0x0");
}

#[test]
fn only_who_began_a_deployment_goes_on_with_it_and_only_with_the_same_build() {
    let desk = Desk::bare(DEVNET);
    killed(&desk, &begin("evm"), 2, Death::AfterSending);
    let before = desk.sent_by(dev_account());
    let (key, stranger) = desk.somebody(1, 10_u128.pow(18));
    desk.diem_as(Some(&key), &["deploy", "--resume"])
        .fails(1, &["another account began it", &stranger.to_string()]);
    // Code of another build, which its own record knows.
    let built = desk.directory.join("evm");
    std::fs::create_dir(&built).unwrap();
    for entry in std::fs::read_dir(crate::desk::evm_directory()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), built.join(entry.file_name())).unwrap();
    }
    let take = |name: &str| std::fs::read(built.join(name)).unwrap();
    let (diem, vvv) = (take("diem.bin"), take("vvv.bin"));
    std::fs::write(built.join("diem.bin"), &vvv).unwrap();
    let digests = String::from_utf8(take("built.sha256")).unwrap();
    let digest = |name: &str| {
        let mut lines = digests.lines();
        let line = lines.find(|line| line.ends_with(name)).unwrap();
        line.split_once(' ').unwrap().0.to_owned()
    };
    assert_ne!(diem, vvv);
    let swapped = digests.replace(&digest("diem.bin"), &digest(" vvv.bin"));
    std::fs::write(built.join("built.sha256"), swapped).unwrap();
    desk.diem(&["deploy", "--resume", "--evm-dir", built.to_str().unwrap()])
        .fails(1, &["the build of DIEM is another"]);
    // What was asked for stands in the record, and is not asked for again.
    let told = desk.diem(&["deploy", "--resume", "--treasury", PROPOSER]);
    assert_eq!(told.code, Some(2), "{told:#?}");
    assert_eq!(desk.sent_by(dev_account()), before);
}

#[test]
fn there_is_nothing_to_go_on_with_where_nothing_was_begun() {
    let desk = Desk::bare(DEVNET);
    desk.diem(&["deploy", "--resume"])
        .fails(1, &["no deployment to go on with", "412346.json"]);
    std::fs::create_dir_all(desk.directory.join("deployments")).unwrap();
    std::fs::write(desk.record(), "{}").unwrap();
    desk.diem(&["deploy", "--resume"])
        .fails(2, &["cannot go on with this deployment", "missing field"]);
}

#[test]
fn a_real_chains_deployment_that_stopped_is_not_begun_anew() {
    let desk = Desk::rehearsal(421_614, "Arbitrum Sepolia");
    let token = Desk::deployed().deployment().vvv;
    assert!(!token.is_zero());
    std::fs::create_dir_all(desk.directory.join("deployments")).unwrap();
    let toy = Desk::bare(DEVNET);
    killed(&toy, &begin("stylus"), 2, Death::AfterSending);
    std::fs::copy(toy.record(), desk.record()).unwrap();
    let vvv = token.to_string();
    desk.diem_as(
        Some(DEV_KEY),
        &["deploy", "--owner", PROPOSER, "--vvv", &vvv],
    )
    .fails(1, &["would be lost", "--resume goes on with it"]);
}

/// Sends what `from` is asked about from another account first, once.
fn sends_first(desk: &Desk, to: Address, somebody: Address) -> String {
    let (node, mut done) = (desk.node.http_url(), false);
    proxy::start(&desk.node.http_url(), move |method, parameters| {
        let call = &parameters[0];
        let to_it = call["to"].as_str().and_then(|text| text.parse().ok()) == Some(to);
        if method == "eth_estimateGas" && to_it && !done {
            done = true;
            proxy::result_of(&node, "anvil_impersonateAccount", &json!([somebody]));
            let sent = json!({ "from": somebody, "to": to, "input": call["input"], "value": call["value"] });
            let hash = proxy::result_of(&node, "eth_sendTransaction", &json!([sent]));
            let receipt = proxy::result_of(&node, "eth_getTransactionReceipt", &json!([hash]));
            assert_eq!(receipt["status"], "0x1", "{receipt}");
        }
        Reply::Same
    })
}

#[test]
fn a_stranger_who_sends_the_same_creation_first_makes_ours() {
    for (target, factory) in [
        ("stylus", diem_abi::arbitrum::STYLUS_DEPLOYER),
        ("evm", diem_abi::create2::CREATE2_FACTORY),
    ] {
        let desk = Desk::bare(DEVNET);
        let plan = plan(&desk, target);
        let (_, somebody) = desk.somebody(1, 10_u128.pow(20));
        let url = sends_first(&desk, factory, somebody);
        desk.diem(&[&begin(target)[..], &["--rpc", &url]].concat())
            .answers(&["has nothing left"]);
        let record = written(&desk);
        assert_eq!(record["contracts"]["vvv"]["transaction"], Value::Null);
        let made: Address = record["vvv"].as_str().unwrap().parse().unwrap();
        let planned = plan["contracts"]["vvv"].as_str().unwrap();
        assert_eq!(made, planned.parse::<Address>().unwrap());
        desk.diem(&["status"]).answers(&[]);
    }
}

#[test]
fn a_waiting_command_that_is_interrupted_tells_what_may_still_be_mined_and_goes_on() {
    let desk = Desk::bare(DEVNET);
    desk.rpc("evm_setAutomine", json!([false]));
    let seen = Arc::new(Mutex::new(None::<u32>));
    let (interrupted, node) = (seen.clone(), desk.node.http_url());
    let url = proxy::start(&node, move |method, _| {
        if method == "eth_getTransactionReceipt"
            && let Some(process) = interrupted.lock().unwrap().take()
        {
            let sent = Command::new("kill")
                .args(["-INT", &process.to_string()])
                .status();
            assert!(sent.unwrap().success());
        }
        Reply::Same
    });
    let child = desk
        .command(None, &["deploy", "--yes", "--rpc", &url])
        .spawn()
        .unwrap();
    *seen.lock().unwrap() = Some(child.id());
    let output = child.wait_with_output().unwrap();
    let story = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{story}");
    assert!(story.contains("may still be mined"), "{story}");
    desk.rpc("evm_setAutomine", json!([true]));
    desk.rpc("evm_mine", json!([]));
    outcome(desk.command(None, &["deploy", "--resume", "--yes"])).answers(&["DIEM"]);
    assert_eq!(desk.sent_by(dev_account()), "0x7");
}
