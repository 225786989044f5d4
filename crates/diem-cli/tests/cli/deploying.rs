//! A deployment comes to its end, or to nothing, or to a record of what is there.

use crate::desk::{DEV_KEY, Desk, dev_account, evm_directory, wasm_directory};
use crate::proxy::{self, Reply};
use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use diem_abi::arbitrum::STYLUS_DEPLOYER;
use diem_abi::{IDiem, IStakedVvv, IVVV};
use diem_cli::chain::Chain;
use diem_cli::deploy::Target;
use serde_json::Value;
use std::path::Path;

const DEVNET: u64 = 412_346;

/// The modules and their record, in a directory of this desk's own.
fn own_modules(desk: &Desk) -> String {
    own_copy(desk, &wasm_directory())
}

/// What a build left, in a directory of this desk's own.
fn own_copy(desk: &Desk, built: &str) -> String {
    let directory = desk.directory.join("built");
    std::fs::create_dir(&directory).unwrap();
    for entry in std::fs::read_dir(built).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), directory.join(entry.file_name())).unwrap();
    }
    directory.to_str().unwrap().to_owned()
}

#[test]
fn what_cannot_work_is_found_before_the_first_transaction() {
    let desk = Desk::bare(DEVNET);
    let before = desk.sent_by(dev_account());
    let zero = "0x0000000000000000000000000000000000000000";
    let codeless = "0x1111111111111111111111111111111111111111";
    let no_token = STYLUS_DEPLOYER.to_string();
    std::fs::write(desk.directory.join("file"), "").unwrap();
    for (arguments, code, words) in [
        (&["--owner", zero][..], 2, &["zero address", "--owner"][..]),
        (&["--treasury", zero], 2, &["zero address", "--treasury"]),
        (&["--vvv", codeless], 1, &["no contract", codeless]),
        (&["--vvv", &no_token], 1, &["no ERC-20", "--vvv"]),
        (
            &["--emission-rate", "2VVV", "--max-emission-rate", "1.5VVV"],
            2,
            &["above the maximum", "emission rate: 2", "maximum: 1.5"],
        ),
        (
            &["--max-emission-rate", "79228162515VVV"],
            2,
            &["more than the contract can hold"],
        ),
        (&["--base-rate", "0sVVV"], 2, &["base rate: 0"]),
        (&["--target-supply", "0DIEM"], 2, &["target supply: 0"]),
        (&["--deployments", "file"], 2, &["cannot write", "file"]),
        (&["--wasm-dir", "nowhere"], 2, &["nowhere", "build-wasm"]),
    ] {
        desk.diem(&[&["deploy"], arguments].concat())
            .fails(code, words);
        assert_eq!(desk.sent_by(dev_account()), before, "{arguments:?}");
        assert!(!desk.record().exists(), "{arguments:?}");
    }
}

#[test]
fn a_deployer_whose_eth_would_not_last_is_told_before_the_first_transaction() {
    let desk = Desk::bare(DEVNET);
    for wei in [0, 1, 500_000_000_000_000, 1_000_000_000_000_000] {
        let (key, account) = desk.somebody(1, wei);
        let told = desk.diem_as(Some(&key), &["deploy"]);
        told.fails(1, &["would not last", "needs about ETH"]);
        assert_eq!(desk.sent_by(account), "0x0");
    }
}

#[test]
fn a_module_that_the_build_did_not_make_is_not_deployed() {
    let desk = Desk::bare(DEVNET);
    let modules = own_modules(&desk);
    let deploy = ["deploy", "--wasm-dir", &modules];
    let before = desk.sent_by(dev_account());
    let module = Path::new(&modules).join("diem.wasm.br");
    let made = std::fs::read(&module).unwrap();
    let mut tampered = made.clone();
    *tampered.last_mut().unwrap() ^= 1;
    std::fs::write(&module, tampered).unwrap();
    desk.diem(&deploy).fails(
        1,
        &[
            "not what the build made",
            "sha256 of the file",
            "recorded by the build",
        ],
    );
    std::fs::write(&module, made).unwrap();
    let record = Path::new(&modules).join("built.sha256");
    let recorded = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, "").unwrap();
    desk.diem(&deploy)
        .fails(1, &["recorded by the build: nothing"]);
    std::fs::remove_file(&record).unwrap();
    desk.diem(&deploy).fails(2, &["built.sha256"]);
    assert_eq!(desk.sent_by(dev_account()), before);

    std::fs::write(&record, &recorded).unwrap();
    let told = desk.diem(&deploy).answers(&[]);
    let hash = recorded
        .lines()
        .find_map(|line| line.strip_suffix("  diem.wasm.br"))
        .unwrap();
    let both = format!("diem: sha256 {hash}, recorded by the build {hash}");
    assert!(told.story.contains(&both), "no `{both}` in {told:#?}");
}

#[test]
fn the_maximum_of_the_emission_rate_is_set_shown_and_recorded() {
    let desk = Desk::bare(DEVNET);
    let command = [
        "deploy",
        "--emission-rate",
        "0.5VVV",
        "--max-emission-rate",
        "2VVV",
    ];
    desk.diem(&command)
        .answers(&["0.5 VVV per second, never above 2 VVV"]);
    let (chain, at) = (desk.chain(), desk.deployment());
    assert_eq!(
        at.arguments.max_emission_rate.to_string(),
        "2000000000000000000"
    );
    let maximum = chain.call(at.s_vvv, &IStakedVvv::maxEmissionRatePerSecondCall {});
    let maximum = desk.runtime.block_on(maximum).unwrap();
    assert_eq!(maximum, at.arguments.max_emission_rate);
    let raise = IStakedVvv::setEmissionRateCall {
        newEmissionRate: maximum + U256::ONE,
    };
    let refused = desk
        .runtime
        .block_on(chain.send(dev_account(), at.s_vvv, &raise))
        .unwrap_err();
    assert!(
        refused.to_string().contains("EmissionRateTooHigh"),
        "{refused}"
    );
}

/// Counts the transactions that a command sends, and meddles with one of them.
fn counting(
    mut at: u32,
    mut meddle: impl FnMut() -> Reply + Send + 'static,
) -> impl FnMut(&str, &Value) -> Reply + Send + 'static {
    move |method, _| {
        if method == "eth_sendRawTransaction" {
            at = at.saturating_sub(1);
            if at == 0 {
                at = u32::MAX;
                return meddle();
            }
        }
        Reply::Same
    }
}

#[test]
fn a_deployment_that_stops_half_way_leaves_a_record_of_what_is_there() {
    let desk = Desk::bare(DEVNET);
    for (transaction, step, there) in [
        (2, "deploy sVVV", &["vvv"][..]),
        (3, "deploy DIEM", &["vvv", "sVvv"]),
        (4, "wire sVVV to DIEM", &["vvv", "sVvv", "diem"]),
    ] {
        let refuse = || Reply::Error(-32_000, "the power is gone".to_owned(), None);
        let url = proxy::start(&desk.node.http_url(), counting(transaction, refuse));
        desk.diem_as(None, &["deploy", "--rpc", &url, "--json"]);
        let record = std::fs::read_to_string(desk.record()).unwrap();
        let record: Value = serde_json::from_str(&record).unwrap();
        assert_eq!(record["unfinished"], step, "{record}");
        for name in ["vvv", "sVvv", "diem"] {
            assert_eq!(record[name].is_string(), there.contains(&name), "{record}");
            if there.contains(&name) {
                let contract = record[name].as_str().unwrap().parse().unwrap();
                let chain = desk.chain();
                let found = desk.runtime.block_on(chain.codehash(contract)).unwrap();
                let recorded = &record["contracts"][name]["codehash"];
                assert_eq!(*recorded, found.to_string(), "{record}");
            }
        }
        desk.diem(&["status"])
            .fails(1, &["was not finished", step, "412346.json"]);
    }
    desk.diem(&["deploy"]).answers(&[]);
    desk.diem(&["status"]).answers(&[]);
}

#[test]
fn a_deployment_whose_ownership_could_not_be_offered_can_be_used_and_says_what_is_missing() {
    let desk = Desk::bare(DEVNET);
    let owner = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    let refuse = || Reply::Error(-32_000, "the power is gone".to_owned(), None);
    let url = proxy::start(&desk.node.http_url(), counting(5, refuse));
    let told = desk.diem(&["deploy", "--owner", owner, "--rpc", &url]);
    assert_eq!(told.code, Some(1), "{told:#?}");
    let told = desk.diem(&["status"]).answers(&["program DIEM"]);
    assert!(told.story.contains("offer the ownership"), "{told:#?}");
}

#[test]
fn a_cache_that_cannot_be_had_does_not_undo_a_deployment() {
    let desk = Desk::bare(DEVNET);
    let cache = "0x0000000000000000000000000000000000000072";
    let url = proxy::start(&desk.node.http_url(), move |method, parameters| {
        let to = parameters[0]["to"].as_str().unwrap_or_default();
        if method == "eth_call" && to.eq_ignore_ascii_case(cache) {
            return Reply::Error(-32_000, "no such precompile".to_owned(), None);
        }
        Reply::Same
    });
    let told = desk.diem(&["deploy", "--rpc", &url]).answers(&["DIEM"]);
    assert!(
        told.story.contains("no such precompile; `diem cache-bid`"),
        "{told:#?}"
    );
    assert!(!desk.deployment().contracts.diem.cached);
    assert_eq!(desk.deployment().unfinished, None);
    desk.diem(&["quote", "1DIEM"]).answers(&["lock"]);
}

#[test]
fn a_stranger_who_mints_before_the_last_check_does_not_spoil_a_deployment() {
    let desk = Desk::bare(DEVNET);
    let (key, stranger) = desk.somebody(1, 10_u128.pow(18));
    let (node, deployments) = (desk.node.http_url(), desk.directory.join("deployments"));
    // Between the wiring (the fourth transaction) and the next one of the deployer.
    let minted = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (mut sent, done) = (0, minted.clone());
    let url = proxy::start(&node.clone(), move |method, _| {
        if method == "eth_sendRawTransaction" {
            sent += 1;
        }
        if sent == 4
            && method == "eth_getTransactionReceipt"
            && !done.swap(true, std::sync::atomic::Ordering::SeqCst)
        {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(mint(&node, &key, stranger, &deployments));
        }
        Reply::Same
    });
    desk.diem(&["deploy", "--rpc", &url, "--json"]).json();
    assert!(minted.load(std::sync::atomic::Ordering::SeqCst));
    let (chain, at) = (desk.chain(), desk.deployment());
    let rate = chain.call(at.diem, &IDiem::mintRateCall {});
    let rate = desk.runtime.block_on(rate).unwrap();
    assert!(rate > at.arguments.base_rate, "the stranger moved it");
}

#[test]
fn whatever_the_contracts_hold_otherwise_than_asked_for_is_found_by_the_last_check() {
    let desk = Desk::bare(DEVNET);
    for (what, selector) in [
        ("sVVV's VVV", IStakedVvv::veniceCall::SELECTOR),
        ("sVVV's DIEM", IStakedVvv::diemCall::SELECTOR),
        ("DIEM's sVVV", IDiem::sVvvCall::SELECTOR),
        ("sVVV's owner", IStakedVvv::ownerCall::SELECTOR),
        ("DIEM's treasury", IDiem::treasuryCall::SELECTOR),
        ("the base rate", IDiem::baseRateCall::SELECTOR),
        ("the target supply", IDiem::targetSupplyCall::SELECTOR),
        (
            "the emission rate",
            IStakedVvv::emissionRatePerSecondCall::SELECTOR,
        ),
        (
            "the maximum of the emission rate",
            IStakedVvv::maxEmissionRatePerSecondCall::SELECTOR,
        ),
    ] {
        let asked = alloy::primitives::Bytes::from(selector).to_string();
        let url = proxy::start(&desk.node.http_url(), move |method, params| {
            let call = &params[0];
            if method == "eth_call" && (call["input"] == asked || call["data"] == asked) {
                return Reply::Result(
                    alloy::primitives::B256::with_last_byte(7)
                        .to_string()
                        .into(),
                );
            }
            Reply::Same
        });
        desk.diem(&["deploy", "--rpc", &url])
            .fails(1, &["is not what was asked for", what, "expected: "]);
        assert!(desk.record().exists(), "{what}");
    }
}

/// Stakes VVV and mints DIEM with contracts that are recorded, but not yet as finished.
async fn mint(node: &str, key: &str, who: alloy::primitives::Address, deployments: &Path) {
    let chain = Chain::connect(node, &[key.parse().unwrap()]).await.unwrap();
    let record = std::fs::read_to_string(deployments.join("412346.json")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    let at = |name: &str| record[name].as_str().unwrap().parse().unwrap();
    let (vvv, s_vvv, diem) = (at("vvv"), at("sVvv"), at("diem"));
    let amount = U256::from(900_000) * U256::from(10).pow(U256::from(18));
    let call = IVVV::mintCall { to: who, amount };
    chain.send(who, vvv, &call).await.unwrap();
    let call = IVVV::approveCall {
        spender: s_vvv,
        value: amount,
    };
    chain.send(who, vvv, &call).await.unwrap();
    let call = IStakedVvv::stakeCall {
        recipient: who,
        amount,
    };
    chain.send(who, s_vvv, &call).await.unwrap();
    let call = IDiem::mintCall {
        sVVVAmount: amount,
        minDiemOut: U256::ZERO,
    };
    chain.send(who, diem, &call).await.unwrap();
}

#[test]
fn a_record_of_a_real_chain_is_never_overwritten() {
    let desk = Desk::rehearsal(42_161, "Arbitrum One");
    std::fs::create_dir(desk.directory.join("deployments")).unwrap();
    std::fs::write(desk.record(), "{}").unwrap();
    let vvv = STYLUS_DEPLOYER.to_string();
    let owner = dev_account().to_string();
    desk.diem_as(Some(DEV_KEY), &["deploy", "--vvv", &vvv])
        .fails(2, &["nobody is named who shall own", "--proposer"]);
    desk.diem_as(Some(DEV_KEY), &["deploy", "--vvv", &vvv, "--owner", &owner])
        .fails(1, &["would be lost", "42161.json", "--deployments"]);
    assert_eq!(std::fs::read_to_string(desk.record()).unwrap(), "{}");
}

#[test]
fn a_chain_with_stylus_gets_programs_and_is_told_so() {
    let desk = Desk::bare(DEVNET);
    let told = desk.diem(&["deploy"]).answers(&["DIEM"]);
    let words = "target    Stylus programs: this chain runs Stylus ";
    assert!(told.story.contains(words), "{told:#?}");
    assert_eq!(desk.deployment().target, Target::Stylus);
}

#[test]
fn evm_code_is_deployed_where_it_is_asked_for_and_needs_no_upkeep() {
    let desk = Desk::bare(DEVNET);
    let told = desk.diem(&["deploy", "--target", "evm"]).answers(&["DIEM"]);
    let words = "target    EVM code: as asked; this chain runs Stylus ";
    assert!(told.story.contains(words), "{told:#?}");
    let made = desk.deployment();
    assert_eq!(made.target, Target::Evm);
    assert!(!made.contracts.diem.cached);
    for command in ["activate", "keepalive", "cache-bid"] {
        desk.diem(&[command])
            .fails(1, &["nothing to keep", "EVM code"]);
    }
    let told = desk.diem(&["monitor"]);
    assert!(told.answer.contains("solvency"), "{told:#?}");
    assert!(!told.answer.contains("program_"), "{told:#?}");
    let told = desk.diem(&["status", "--json"]).json();
    assert_eq!(told["programs"], Value::Array(Vec::new()));
    let told = desk.diem(&["tour"]);
    assert_eq!(told.code, Some(0), "{told:#?}");
    assert!(told.answer.contains("all exact"), "{told:#?}");
}

#[test]
fn creation_code_that_the_build_did_not_make_is_not_deployed() {
    let desk = Desk::bare(DEVNET);
    let built = own_copy(&desk, &evm_directory());
    let file = Path::new(&built).join("diem.bin");
    let mut code = std::fs::read(&file).unwrap();
    *code.last_mut().unwrap() ^= 1;
    std::fs::write(&file, code).unwrap();
    let before = desk.sent_by(dev_account());
    let deploy = ["deploy", "--target", "evm", "--evm-dir"];
    desk.diem(&[&deploy[..], &[&built]].concat())
        .fails(1, &["not what the build made", "evm/build.mjs"]);
    desk.diem(&[&deploy[..], &["nowhere"]].concat())
        .fails(2, &["nowhere", "evm/build.mjs"]);
    assert_eq!(desk.sent_by(dev_account()), before);
}
