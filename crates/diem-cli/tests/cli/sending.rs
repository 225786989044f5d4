//! What becomes of what a command would send: shown, printed, written for a Safe, sent with
//! a ceiling, awaited, replaced, interrupted.

use crate::desk::{Desk, Outcome, dev_account, outcome};
use crate::proxy::{self, Reply};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::types::TransactionRequest;
use diem_abi::{IDiem, IStakedVvv, IVVV};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::time::{Duration, Instant};

/// Longest wait for what has to come.
const PATIENCE: Duration = Duration::from_secs(120);

/// A desk whose dev account has VVV, sVVV, DIEM and staked DIEM, something cooled down, a
/// gateway to choose and rewards to claim.
pub(crate) fn rich() -> Desk {
    let desk = Desk::deployed();
    let (chain, me, at) = (desk.chain(), dev_account(), desk.deployment());
    let wad = U256::from(10).pow(U256::from(18));
    let amount = U256::from(2_200_000) * wad;
    desk.runtime.block_on(async {
        let mint = IVVV::mintCall { to: me, amount };
        chain.send(me, at.vvv, &mint).await.unwrap();
        let approve = IVVV::approveCall {
            spender: at.s_vvv,
            value: amount,
        };
        chain.send(me, at.vvv, &approve).await.unwrap();
        let fund = IStakedVvv::fundRewardsCall {
            amount: U256::from(2_000_000) * wad,
        };
        chain.send(me, at.s_vvv, &fund).await.unwrap();
        let stake = IStakedVvv::stakeCall {
            recipient: me,
            amount: U256::from(100_000) * wad,
        };
        chain.send(me, at.s_vvv, &stake).await.unwrap();
        // What a stake of VVV needs first is part of what is shown.
        let none = IVVV::approveCall {
            spender: at.s_vvv,
            value: U256::ZERO,
        };
        chain.send(me, at.vvv, &none).await.unwrap();
    });
    desk.diem(&["mint", "100DIEM"]).answers(&[]);
    desk.diem(&["stake", "50DIEM"]).answers(&[]);
    desk.diem(&["gateway", "set", &me.to_string()]).answers(&[]);
    desk.diem(&["lease", "open", &me.to_string(), "5DIEM", "1"])
        .answers(&[]);
    desk.diem(&["unstake", "5DIEM"]).answers(&[]);
    desk.days(40);
    desk
}

#[test]
fn what_is_printed_unsigned_is_what_would_have_been_sent() {
    let desk = rich();
    let printed = desk.diem(&["stake", "10VVV", "--unsigned"]).json();
    let transactions = printed["transactions"].as_array().unwrap();
    assert_eq!(transactions[0]["function"], "approve(address,uint256)");
    // It cannot be told before the approval is mined.
    assert_eq!(transactions[1]["gas"], Value::Null);
    let nonce = |at: usize| transactions[at]["nonce"].as_u64().unwrap();
    assert_eq!(nonce(1), nonce(0) + 1);
    let before = desk.diem(&["status", "--json"]).json();
    let url = desk.node.http_url().parse().unwrap();
    let signer: alloy::signers::local::PrivateKeySigner = crate::desk::DEV_KEY.parse().unwrap();
    let provider = ProviderBuilder::new().wallet(signer).connect_http(url);
    for transaction in transactions {
        let text = |field: &str| transaction[field].as_str().unwrap();
        let data: Bytes = text("data").parse().unwrap();
        let request = TransactionRequest::default()
            .to(text("to").parse().unwrap())
            .input(data.into())
            .value(text("value").parse().unwrap())
            .nonce(transaction["nonce"].as_u64().unwrap());
        let receipt = desk.runtime.block_on(async {
            let sent = provider.send_transaction(request).await.unwrap();
            sent.get_receipt().await.unwrap()
        });
        assert!(receipt.status());
    }
    let after = desk.diem(&["status", "--json"]).json();
    let free = |told: &Value| told["sVvvFree"].as_str().unwrap().parse::<U256>().unwrap();
    let ten = U256::from(10).pow(U256::from(19));
    assert_eq!(free(&after) - free(&before), ten);
}

#[test]
fn an_account_without_a_key_here_has_its_transactions_printed() {
    let desk = rich();
    let owner = dev_account().to_string();
    let poor = crate::desk::POOR_KEY;
    let set = [
        "gateway",
        "set",
        "0x00000000000000000000000000000000000000aa",
    ];
    for form in [&["--unsigned"][..], &["--dry-run", "--json"]] {
        let arguments = [&set[..], form, &["--from", &owner]].concat();
        let told = desk.diem_as(Some(poor), &arguments).json();
        assert_eq!(told["from"], json!(dev_account()));
    }
    // The chain is asked as that account: who is not the owner is refused before anything.
    let stranger = "0x00000000000000000000000000000000000000bb";
    let arguments = [&set[..], &["--unsigned", "--from", stranger]].concat();
    desk.diem(&arguments)
        .fails(1, &["OwnableUnauthorizedAccount", "key of that role"]);
    let arguments = [&set[..], &["--from", stranger]].concat();
    desk.diem(&arguments)
        .fails(2, &["cannot sign for this account", "--unsigned"]);
}

#[test]
fn a_preview_names_amounts_gas_and_fee_before_it_asks() {
    let desk = rich();
    let told = outcome(desk.command(None, &["mint", "1DIEM"]));
    let told = told.fails(2, &["there is nobody to ask", "--yes"]);
    for part in [
        "minting 1 DIEM",
        "1 transaction from 0x",
        " gas, about 0.",
        " ETH, at most 0.",
    ] {
        assert!(told.story.contains(part), "no `{part}` in {told:#?}");
    }
}

#[test]
fn a_transaction_offers_three_times_the_base_fee_and_no_more() {
    let desk = rich();
    let base = desk.rpc("eth_getBlockByNumber", json!(["latest", false]));
    let number = |value: &Value| value.as_str().unwrap().parse::<U256>().unwrap();
    let base = number(&base["baseFeePerGas"]);
    let done = desk.diem(&["claim", "--json"]).json();
    let sent = desk.rpc("eth_getTransactionByHash", json!([done["transaction"]]));
    assert_eq!(number(&sent["maxFeePerGas"]), base * U256::from(3));
    assert_eq!(number(&sent["maxPriorityFeePerGas"]), U256::ZERO);
}

#[test]
fn a_call_that_comes_to_need_a_little_more_than_was_estimated_goes_through() {
    let desk = rich();
    let node = desk.node.http_url();
    let url = proxy::start(&node.clone(), move |method, parameters| {
        if method != "eth_estimateGas" {
            return Reply::Same;
        }
        let told = proxy::result_of(&node, method, parameters);
        let needed = told.as_str().unwrap().parse::<U256>().unwrap();
        Reply::Result(json!(needed * U256::from(9) / U256::from(10)))
    });
    desk.diem(&["mint", "1DIEM", "--rpc", &url])
        .answers(&["minted 1 DIEM"]);
}

#[test]
fn waiting_for_finality_ends_when_the_block_is_final_and_still_there() {
    let desk = rich();
    let mut looks = 0;
    let url = proxy::start(&desk.node.http_url(), move |method, parameters| {
        if method == "eth_getBlockByNumber" && parameters[0] == "finalized" {
            looks += 1;
            if looks == 1 {
                return Reply::Result(Value::Null);
            }
        }
        Reply::Same
    });
    for level in ["safe", "finalized"] {
        let told = desk.diem(&["mint", "1DIEM", "--rpc", &url, "--wait", level]);
        let told = told.answers(&["minted 1 DIEM"]);
        assert!(
            told.story.contains(&format!("waiting until it is {level}")),
            "{told:#?}"
        );
    }
}

#[test]
fn a_block_that_the_chain_gave_up_is_told() {
    let desk = rich();
    let mut receipts = 0;
    let url = proxy::start(&desk.node.http_url(), move |method, _| {
        if method == "eth_getTransactionReceipt" {
            receipts += 1;
            if receipts == 2 {
                return Reply::Result(Value::Null);
            }
        }
        Reply::Same
    });
    desk.diem(&["mint", "1DIEM", "--rpc", &url, "--wait", "safe"])
        .fails(
            1,
            &[
                "given up by the chain",
                "transaction: 0x",
                "look for its receipt",
            ],
        );
}

/// A transaction of the dev account that waits for a block, at `max_fee` wei per gas.
fn stuck(desk: &Desk, max_fee: u128) -> B256 {
    desk.rpc("evm_setAutomine", json!([false]));
    let url = desk.node.http_url().parse().unwrap();
    let signer: alloy::signers::local::PrivateKeySigner = crate::desk::DEV_KEY.parse().unwrap();
    let provider = ProviderBuilder::new().wallet(signer).connect_http(url);
    let request = TransactionRequest::default()
        .to(Address::repeat_byte(0xaa))
        .value(U256::from(7))
        .max_fee_per_gas(max_fee)
        .max_priority_fee_per_gas(0);
    let sent = desk.runtime.block_on(provider.send_transaction(request));
    *sent.unwrap().tx_hash()
}

/// Waits until `true`.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The one transaction of the dev account that waits for a block.
fn pending(desk: &Desk) -> Option<Value> {
    let content = desk.rpc("txpool_content", json!([]));
    let mut all = content["pending"]
        .as_object()?
        .values()
        .flat_map(|by_nonce| by_nonce.as_object().unwrap().values().cloned())
        .collect::<Vec<_>>();
    assert!(all.len() < 2, "{all:?}");
    all.pop()
}

fn ended(child: Child) -> Outcome {
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code(),
        answer: String::from_utf8(output.stdout).unwrap(),
        story: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_stuck_transaction_is_replaced_at_a_fee_that_pools_take() {
    let desk = rich();
    let high = 10_u128.pow(12);
    for (cancel, told) in [(false, "was replaced"), (true, "was taken back")] {
        let receiver = Address::repeat_byte(0xaa);
        let balance = || desk.rpc("eth_getBalance", json!([receiver, "latest"]));
        let before = balance();
        let hash = stuck(&desk, high);
        let name = hash.to_string();
        let mut arguments = vec!["replace", &name, "--yes"];
        arguments.extend(cancel.then_some("--cancel"));
        let child = desk.command(None, &arguments).spawn().unwrap();
        until("the replacement", || {
            pending(&desk).is_some_and(|waiting| waiting["hash"] != name.as_str())
        });
        let waiting = pending(&desk).unwrap();
        let fee = waiting["maxFeePerGas"]
            .as_str()
            .unwrap()
            .parse::<U256>()
            .unwrap();
        assert_eq!(fee, U256::from(high + high / 8));
        desk.rpc("evm_mine", json!([]));
        ended(child).answers(&[&name, told]);
        assert_eq!(
            balance() == before,
            cancel,
            "the ETH was sent unless taken back"
        );
        desk.rpc("evm_setAutomine", json!([true]));
    }
}

#[test]
fn what_cannot_be_replaced_is_refused() {
    let desk = rich();
    let unknown = B256::repeat_byte(0xee).to_string();
    desk.diem(&["replace", &unknown])
        .fails(1, &["the node does not know it", &unknown]);
    let done = desk.diem(&["mint", "1DIEM", "--json"]).json();
    desk.diem(&["replace", done["transaction"].as_str().unwrap()])
        .fails(1, &["it is mined already"]);
    let hash = stuck(&desk, 10_u128.pow(12)).to_string();
    desk.diem_as(Some(crate::desk::POOR_KEY), &["replace", &hash])
        .fails(1, &["another account sent it", "key of its account"]);
    desk.diem(&["replace", &hash, "--safe", "batch.json"])
        .fails(2, &["nonces of its own"]);
}

#[test]
fn a_replacement_is_shown_and_printed_with_the_nonce_and_the_fee_it_would_have() {
    let desk = rich();
    let high = 10_u128.pow(12);
    let hash = stuck(&desk, high).to_string();
    let waiting = pending(&desk).unwrap();
    let nonce = waiting["nonce"].as_str().unwrap().trim_start_matches("0x");
    let nonce = u64::from_str_radix(nonce, 16).unwrap();
    for cancel in [&[][..], &["--cancel"]] {
        let replace = [&["replace", &hash][..], cancel].concat();
        desk.diem(&[&replace[..], &["--dry-run"]].concat())
            .answers(&["would be", " gas, about 0."]);
        let told = desk.diem(&[&replace[..], &["--unsigned"]].concat()).json();
        assert_eq!(told["transactions"][0]["nonce"], json!(nonce));
        assert_eq!(told["maxFeePerGas"], (high + high / 8).to_string());
        let told = outcome(desk.command(None, &replace));
        let told = told.fails(2, &["there is nobody to ask"]);
        assert!(told.story.contains(" gas, about 0."), "{told:#?}");
    }
    assert_eq!(pending(&desk).unwrap()["hash"], json!(hash));
}

#[test]
fn a_wait_of_more_than_two_seconds_is_told() {
    let desk = rich();
    desk.rpc("evm_setAutomine", json!([false]));
    let mut child = desk
        .command(None, &["mint", "1DIEM", "--yes"])
        .spawn()
        .unwrap();
    let mut story = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = story.find(|line| line.as_ref().unwrap().starts_with("waiting until 0x"));
    assert!(told.unwrap().unwrap().ends_with("is mined"));
    desk.rpc("evm_mine", json!([]));
    ended(child).answers(&["minted 1 DIEM"]);
}

#[test]
fn a_node_that_takes_its_time_is_told() {
    let desk = rich();
    let (late, told) = std::sync::mpsc::channel();
    // The node answers once it was said that it does not.
    let url = proxy::start(&desk.node.http_url(), move |method, _| {
        if method == "eth_chainId" {
            let _: Result<(), _> = told.recv_timeout(PATIENCE);
        }
        Reply::Same
    });
    let quote = ["quote", "1DIEM", "--rpc", &url, "--timeout", "600"];
    let mut child = desk.command(None, &quote).spawn().unwrap();
    let mut story = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = story.next().unwrap().unwrap();
    assert_eq!(line, format!("waiting for an answer of {url}"));
    late.send(()).unwrap();
    ended(child).answers(&["get       1 DIEM"]);
}

#[test]
fn a_chain_of_the_op_stack_takes_a_fee_for_data_that_the_preview_counts() {
    let desk = rich();
    let dry = || desk.diem(&["mint", "1DIEM", "--dry-run", "--json"]).json();
    let number = |told: &Value, field: &str| told[field].as_str().unwrap().parse::<U256>().unwrap();
    let without = dry();
    assert_eq!(without["dataFeeAtMost"], "0");
    // An oracle that takes a gwei for every byte: what it is given, times 10^9.
    let oracle = diem_abi::optimism::GAS_PRICE_ORACLE;
    let code = "0x600435633b9aca000260005260206000f3";
    desk.rpc("anvil_setCode", json!([oracle, code]));
    let with = dry();
    let data: Bytes = with["transactions"][0]["data"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let fee = number(&with, "dataFeeAtMost");
    let gwei = U256::from(10).pow(U256::from(9));
    assert!(fee >= U256::from(data.len()) * gwei, "{fee}");
    assert!(fee <= U256::from(data.len() + 200) * gwei, "{fee}");
    for field in ["fee", "feeAtMost"] {
        assert!(number(&with, field) >= fee, "{field}");
    }
    desk.diem(&["mint", "1DIEM", "--dry-run"])
        .answers(&["of it at most 0.000000", "ETH for data"]);
}

#[test]
fn an_interrupted_command_tells_what_may_still_be_mined() {
    let desk = rich();
    desk.rpc("evm_setAutomine", json!([false]));
    let child = desk
        .command(None, &["mint", "1DIEM", "--yes"])
        .spawn()
        .unwrap();
    until("the transaction", || pending(&desk).is_some());
    let hash = pending(&desk).unwrap()["hash"].as_str().unwrap().to_owned();
    let mut kill = std::process::Command::new("kill");
    assert!(
        kill.args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let told = ended(child);
    assert_eq!(told.code, Some(130), "{told:#?}");
    assert_eq!(told.answer, "");
    for part in ["interrupted", &hash, "may still be mined", "diem replace"] {
        assert!(told.story.contains(part), "no `{part}` in {told:#?}");
    }
    // It was told the truth.
    desk.rpc("evm_mine", json!([]));
    let receipt = desk.rpc("eth_getTransactionReceipt", json!([hash]));
    assert_eq!(receipt["status"], "0x1");
    let minted = IDiem::balanceOfCall {
        account: dev_account(),
    };
    let chain = desk.chain();
    desk.runtime
        .block_on(chain.call(desk.deployment().diem, &minted))
        .unwrap();
}
