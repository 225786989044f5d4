//! What a deployment would do, told before anything is sent.

use crate::desk::{Desk, dev_account};
use crate::proxy::{self, Reply};
use crate::resuming::{DEVNET, GUARDIAN, PROPOSER, begin, plan};
use alloy::primitives::{Address, Bytes, U256};
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn the_plan_tells_every_transaction_and_what_it_costs_and_a_dry_run_sends_none() {
    for target in ["stylus", "evm"] {
        let desk = Desk::bare(DEVNET);
        let plan = plan(&desk, target);
        assert_eq!(desk.sent_by(dev_account()), "0x0");
        assert!(!desk.record().exists());
        assert_eq!(plan["tried"], true);
        let told = desk.diem(&[&begin(target)[..], &["--dry-run"]].concat());
        let told = told.answers(&["hand over to the timelock", "2 d", PROPOSER, GUARDIAN]);
        assert!(told.story.contains("nothing is signed"), "{told:#?}");
        desk.diem(&begin(target)).answers(&[]);
        // Each took the gas that was told, by its place among the deployer's.
        let mut known = 0;
        for (nonce, step) in plan["steps"].as_array().unwrap().iter().enumerate() {
            let Some(gas) = step["gas"].as_u64() else {
                continue;
            };
            let block = desk.rpc(
                "eth_getBlockByNumber",
                json!([format!("{:#x}", nonce + 1), false]),
            );
            let receipt = desk.rpc(
                "eth_getTransactionReceipt",
                json!([block["transactions"].as_array().unwrap().last()]),
            );
            let used = receipt["gasUsed"]
                .as_str()
                .unwrap()
                .trim_start_matches("0x");
            let used = u64::from_str_radix(used, 16).unwrap();
            assert!(
                used.abs_diff(gas) * 50 <= gas,
                "{step}: {used} gas was used"
            );
            known += 1;
        }
        assert_eq!(known, 10);
    }
}

#[test]
fn where_the_node_tries_nothing_out_the_plan_tells_the_most() {
    for target in ["stylus", "evm"] {
        let desk = Desk::bare(DEVNET);
        let exact = plan(&desk, target);
        let url = proxy::start(&desk.node.http_url(), |method, _| match method {
            "eth_simulateV1" => Reply::Error(-32_601, "no such method".to_owned(), None),
            _ => Reply::Same,
        });
        let dry = ["--dry-run", "--json", "--rpc", &url];
        let most = desk.diem(&[&begin(target)[..], &dry].concat()).json();
        assert_eq!(most["tried"], false);
        let gas = |plan: &Value| -> Vec<u64> {
            let steps = plan["steps"].as_array().unwrap();
            steps
                .iter()
                .filter_map(|step| step["gas"].as_u64())
                .collect()
        };
        let (exact, most) = (gas(&exact), gas(&most));
        assert_eq!(exact.len(), most.len());
        for (exact, most) in exact.iter().zip(&most) {
            assert!(exact <= most, "{exact} is more than {most}");
        }
        desk.diem(&[&begin(target)[..], &["--rpc", &url]].concat())
            .answers(&["has nothing left"]);
    }
}

#[test]
fn what_the_chain_would_refuse_later_is_found_before_the_first_transaction() {
    let desk = Desk::bare(DEVNET);
    // A guardian that a step names, which the node refuses when it tries it out.
    let url = proxy::start(&desk.node.http_url(), |method, parameters| {
        if method != "eth_simulateV1" {
            return Reply::Same;
        }
        let blocks = parameters[0]["blockStateCalls"].as_array().unwrap().len();
        let call = |status: &str| json!({ "returnData": "0x", "gasUsed": "0x5208", "status": status, "error": { "code": -32_015, "message": "no luck" } });
        Reply::Result(simulated(blocks, &call))
    });
    desk.diem(&["deploy", "--rpc", &url])
        .fails(1, &["try the transactions out", "sVVV", "no luck"]);
    assert_eq!(desk.sent_by(dev_account()), "0x0");
    assert!(!desk.record().exists());
}

/// Blocks as `eth_simulateV1` answers them: the second call fails.
fn simulated(blocks: usize, call: &dyn Fn(&str) -> Value) -> Value {
    let zero = Bytes::from(vec![0; 32]).to_string();
    let bloom = Bytes::from(vec![0; 256]).to_string();
    let block = |number: usize| {
        json!({
            "number": format!("{number:#x}"), "hash": zero, "parentHash": zero, "sha3Uncles": zero,
            "miner": Address::ZERO, "stateRoot": zero, "transactionsRoot": zero,
            "receiptsRoot": zero, "logsBloom": bloom, "difficulty": "0x0", "gasLimit": "0x1",
            "gasUsed": "0x0", "timestamp": "0x1", "extraData": "0x", "mixHash": zero,
            "nonce": "0x0000000000000000", "size": "0x1", "transactions": [], "uncles": [],
            "calls": [call(if number == 1 { "0x0" } else { "0x1" })],
        })
    };
    (0..blocks).map(block).collect::<Vec<_>>().into()
}

#[test]
fn without_the_factory_that_makes_the_contracts_nothing_is_sent() {
    let desk = Desk::bare(DEVNET);
    let factory = diem_abi::create2::CREATE2_FACTORY;
    desk.rpc("anvil_setCode", json!([factory, "0x"]));
    for arguments in [begin("evm"), begin("stylus")] {
        desk.diem(&arguments)
            .fails(1, &["no CREATE2 factory", "docs/deploying.md"]);
    }
    let deployer = diem_abi::arbitrum::STYLUS_DEPLOYER;
    desk.rpc("anvil_setCode", json!([deployer, "0x"]));
    desk.diem(&["deploy"])
        .fails(1, &["no StylusDeployer", &deployer.to_string()]);
    assert_eq!(desk.sent_by(dev_account()), "0x0");
}

#[test]
fn data_that_an_op_stack_chain_posts_elsewhere_is_part_of_the_plan() {
    let desk = Desk::bare(DEVNET);
    // An oracle that answers the size it is asked about.
    let oracle = diem_abi::optimism::GAS_PRICE_ORACLE;
    desk.rpc("anvil_setCode", json!([oracle, "0x60043560005260206000f3"]));
    let plan = plan(&desk, "evm");
    let code = std::fs::metadata(Path::new(&crate::desk::evm_directory()).join("vvv.bin"));
    let data = U256::from(32 + code.unwrap().len());
    let told: U256 = plan["steps"][0]["dataFee"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(told > data && told < data + U256::from(200), "{plan}");
    assert_eq!(plan["steps"][0]["dataGas"], 0);
    let beside: U256 = plan["beside"].as_str().unwrap().parse().unwrap();
    assert!(beside > told, "{plan}");
}

#[test]
fn data_that_arbitrum_posts_elsewhere_is_part_of_the_plan() {
    let desk = Desk::bare(DEVNET);
    let whole = |plan: &Value| plan["gas"].as_u64().unwrap();
    let (before, before_needed) = {
        let plan = plan(&desk, "stylus");
        (whole(&plan), plan["needed"].clone())
    };
    let node_interface = diem_abi::arbitrum::NODE_INTERFACE.to_string();
    let url = proxy::start(&desk.node.http_url(), move |method, parameters| {
        let to = parameters[0]["to"].as_str().unwrap_or_default();
        if method == "eth_call" && to.eq_ignore_ascii_case(&node_interface) {
            let told = [7_000, 1, 1].map(|number| U256::from(number).to_be_bytes::<32>());
            return Reply::Result(Bytes::from(told.concat()).to_string().into());
        }
        Reply::Same
    });
    let dry = ["--dry-run", "--json", "--rpc", &url];
    let plan = desk.diem(&[&begin("stylus")[..], &dry].concat()).json();
    assert_eq!(plan["steps"][0]["dataGas"], 7_000);
    assert_eq!(whole(&plan), before + 10 * 7_000);
    assert_ne!(plan["needed"], before_needed);
}
