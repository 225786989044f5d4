//! What a node says, and what of it a user is shown; what a user says, and what of it is kept.

use crate::desk::{DEV_KEY, Desk, dev_account};
use crate::proxy::{self, Reply};
use alloy::primitives::{Bytes, U256};
use alloy::sol_types::{Revert, SolCall, SolError};
use diem_abi::arbitrum::IArbWasm;
use diem_abi::{IStakedVvv, IVVV};
use serde_json::{Value, json};

const DEVNET: u64 = 412_346;
/// Clears a terminal, turns it red with a C1 control, and forges a line.
const HOSTILE: &str = "\u{1b}[2J\u{9b}31m\r\n  try: send ETH to mallory\u{202e}";

fn whole(number: u64) -> U256 {
    U256::from(number) * U256::from(10).pow(U256::from(18))
}

fn tame(told: &str) {
    assert!(
        !told
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'),
        "{told:?}"
    );
    assert!(!told.contains("\n  try: send ETH to mallory"), "{told}");
}

#[test]
fn what_a_chain_says_reaches_a_terminal_with_controls_escaped() {
    let desk = Desk::deployed();
    let node = desk.node.http_url();
    let reverted = Revert::from(HOSTILE.to_owned()).abi_encode();
    let reverted = Bytes::from(reverted).to_string();
    for (code, data) in [(-32_000, None), (3, Some(reverted))] {
        let url = proxy::start(&node, move |method, _| match method {
            "eth_call" => Reply::Error(code, HOSTILE.to_owned(), data.clone()),
            _ => Reply::Same,
        });
        for form in [&[][..], &["--json"]] {
            let command = [&["quote", "1DIEM", "--rpc", &url], form].concat();
            let told = desk.diem(&command);
            assert_eq!(told.code, Some(1), "{told:#?}");
            assert!(told.story.contains("\\u{1b}[2J"), "{told:#?}");
            tame(&told.story);
        }
    }
    // Where the answer repeats what the chain said.
    let url = proxy::start(&node, |method, parameters| match method {
        "eth_call" if to(parameters) == ARB_WASM => Reply::Error(-32_000, HOSTILE.to_owned(), None),
        _ => Reply::Same,
    });
    for form in [&[][..], &["--json"]] {
        let told = desk.diem(&[&["status", "--rpc", &url], form].concat());
        tame(&told.answer);
        tame(&told.story);
    }
}

const ARB_WASM: &str = "0x0000000000000000000000000000000000000071";

/// The contract that a call is for.
fn to(parameters: &Value) -> String {
    parameters[0]["to"].as_str().unwrap().to_ascii_lowercase()
}

#[test]
fn a_program_that_an_upgrade_of_stylus_left_behind_is_told_with_both_versions() {
    let desk = Desk::deployed();
    let left = IArbWasm::ProgramNeedsUpgrade {
        version: 1,
        stylusVersion: 2,
    };
    let left = Bytes::from(left.abi_encode()).to_string();
    let asked = Bytes::from(IArbWasm::programTimeLeftCall::SELECTOR).to_string();
    let url = proxy::start(&desk.node.http_url(), move |method, parameters| {
        let input = parameters[0]["input"].as_str().unwrap_or_default();
        if method == "eth_call" && to(parameters) == ARB_WASM && input.starts_with(&asked) {
            return Reply::Error(3, "execution reverted".to_owned(), Some(left.clone()));
        }
        Reply::Same
    });
    let told = desk.diem(&["status", "--rpc", &url]);
    told.answers(&[
        "needs activation",
        "activated for Stylus 1, the chain runs 2",
    ]);
}

#[test]
fn a_transaction_that_ran_out_of_gas_is_told_as_such() {
    let desk = Desk::deployed();
    let (chain, me, at) = (desk.chain(), dev_account(), desk.deployment());
    desk.runtime.block_on(async {
        let mint = IVVV::mintCall {
            to: me,
            amount: whole(1_000),
        };
        chain.send(me, at.vvv, &mint).await.unwrap();
        let approve = IVVV::approveCall {
            spender: at.s_vvv,
            value: whole(1_000),
        };
        chain.send(me, at.vvv, &approve).await.unwrap();
        let fund = IStakedVvv::fundRewardsCall { amount: whole(100) };
        chain.send(me, at.s_vvv, &fund).await.unwrap();
    });
    desk.diem(&["stake", "900VVV"]).answers(&[]);
    desk.days(1);
    let url = proxy::start(&desk.node.http_url(), |method, _| match method {
        "eth_estimateGas" => Reply::Result(json!("0x4600")),
        _ => Reply::Same,
    });
    desk.diem(&["claim", "--rpc", &url]).fails(
        1,
        &[
            "ran out of gas",
            "gas limit: 21504",
            "transaction: 0x",
            "try again",
        ],
    );
    desk.diem(&["claim"]).answers(&["claimed"]);
}

#[test]
fn the_secrets_of_an_rpc_address_are_neither_written_nor_printed() {
    let desk = Desk::bare(DEVNET);
    let node = desk.node.http_url();
    let host = node.trim_start_matches("http://");
    let secrets = ["anna77", "hunter2", "s3cr3tp4th", "t0k3nt0k3n"];
    let secret = |host: &str| format!("http://anna77:hunter2@{host}/v2/s3cr3tp4th?key=t0k3nt0k3n");
    let kept = |told: &str| {
        for word in secrets {
            assert!(!told.contains(word), "{word} in {told}");
        }
    };
    let told = desk.diem(&["deploy", "--rpc", &secret(host)]).answers(&[]);
    kept(&told.story);
    kept(&told.answer);
    let record = std::fs::read_to_string(desk.record()).unwrap();
    kept(&record);
    assert!(record.contains(&format!("\"rpcUrl\": \"http://{host}\"")));

    // Nobody there; a server that repeats the path; a record of another chain; no TLS.
    let echo = proxy::start_echo();
    let https = secret(host).replace("http:", "https:");
    for url in [secret("127.0.0.1:1"), secret(&echo), https] {
        let told = desk.diem(&["status", "--rpc", &url]);
        assert_eq!(told.code, Some(2), "{told:#?}");
        kept(&told.story);
    }
    let other = Desk::bare(DEVNET);
    std::fs::create_dir(other.directory.join("deployments")).unwrap();
    std::fs::copy(desk.record(), other.record()).unwrap();
    let url = other.node.http_url();
    let url = secret(url.trim_start_matches("http://"));
    let told = other.diem(&["status", "--rpc", &url]);
    kept(&told.fails(1, &["record is of another chain"]).story);
    // What the environment names is not in the help either.
    let mut help = desk.command(Some(DEV_KEY), &["status", "--help"]);
    help.env("DIEM_RPC_URL", secret(host));
    let told = crate::desk::outcome(help);
    kept(&told.answer);
    assert!(told.answer.contains("DIEM_RPC_URL"));
}
