//! Who owns what was deployed, and that the deployer can do no more than anybody.

use crate::desk::{Desk, dev_account, evm_directory};
use crate::resuming::{DEVNET, GUARDIAN, PROPOSER, begin};
use alloy::dyn_abi::{DynSolValue, JsonAbiExt};
use alloy::json_abi::{Function, JsonAbi, StateMutability};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::{Provider, ProviderBuilder};
use diem_abi::json;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

fn handed_over(target: &str) -> Desk {
    let desk = Desk::bare(DEVNET);
    desk.diem(&begin(target)).answers(&["has nothing left"]);
    desk
}

/// A plausible argument of each type: another account, a small amount, a role.
fn argument(kind: &str) -> DynSolValue {
    let other = Address::repeat_byte(0x42);
    if let Some(of) = kind.strip_suffix("[]") {
        return DynSolValue::Array(vec![argument(of)]);
    }
    match kind {
        "address" => DynSolValue::Address(other),
        "bool" => DynSolValue::Bool(true),
        "bytes" => DynSolValue::Bytes(Vec::new()),
        "bytes4" => DynSolValue::FixedBytes(B256::ZERO, 4),
        "bytes32" => DynSolValue::FixedBytes(keccak256("PROPOSER_ROLE"), 32),
        "string" => DynSolValue::String(String::new()),
        _ => {
            let bits = kind.strip_prefix("uint").unwrap().parse().unwrap();
            // Longer than the timelock's delay where it is one.
            let number = if bits < 32 { 1 } else { 1_000_000 };
            DynSolValue::Uint(U256::from(number), bits)
        }
    }
}

/// What `from` would get: the answer or the refusal, with its own address taken out.
fn outcome(desk: &Desk, from: Address, to: Address, data: &Bytes) -> Result<String, String> {
    let url = desk.node.http_url().parse().unwrap();
    let provider = ProviderBuilder::new().connect_http(url);
    let call = json!([{ "from": from, "to": to, "input": data }, "latest"]);
    let answer: Result<Value, _> = desk
        .runtime
        .block_on(provider.raw_request("eth_call".into(), call));
    let plain = |text: String| text.replace(&format!("{from:x}"), "whoever calls");
    match answer {
        Ok(answer) => Ok(plain(answer.as_str().unwrap().to_owned())),
        Err(error) => {
            let error = error.as_error_resp().unwrap();
            let data = error.data.as_ref().map(|data| data.get().to_owned());
            Err(plain(format!(
                "{} {}",
                error.code,
                data.unwrap_or_default()
            )))
        }
    }
}

fn functions(abi: &[u8]) -> Vec<Function> {
    let abi: JsonAbi = serde_json::from_slice(abi).unwrap();
    abi.functions().cloned().collect()
}

fn writes(function: &Function) -> bool {
    let reads = [StateMutability::View, StateMutability::Pure];
    !reads.contains(&function.state_mutability)
}

/// OpenZeppelin's ABI of the timelock, as it was compiled.
fn timelock_abi() -> Vec<u8> {
    let built = Path::new(&evm_directory()).join("../solidity/TimelockController.json");
    let artifact: Value = serde_json::from_slice(&std::fs::read(built).unwrap()).unwrap();
    serde_json::to_vec(&artifact["abi"]).unwrap()
}

/// Tries every function of every contract.
fn deployer_is_powerless(target: &str) {
    let desk = handed_over(target);
    let at = desk.deployment();
    let (deployer, stranger) = (dev_account(), Address::repeat_byte(0x77));
    assert_eq!(at.deployer, Some(deployer));
    let (mut owners, mut guardians) = (BTreeSet::new(), BTreeSet::new());
    let mut tried = 0;
    for (name, contract, abi) in [
        ("VVV", at.vvv, json::VVV.to_vec()),
        ("sVVV", at.s_vvv, json::STAKED_VVV.to_vec()),
        ("DIEM", at.diem, json::DIEM.to_vec()),
        ("timelock", at.owner, timelock_abi()),
    ] {
        for function in functions(&abi) {
            let given: Vec<_> = function
                .inputs
                .iter()
                .map(|input| argument(&input.ty))
                .collect();
            let data = Bytes::from(function.abi_encode_input(&given).unwrap());
            let of = |from| outcome(&desk, from, contract, &data);
            let (by_deployer, by_anybody) = (of(deployer), of(stranger));
            assert_eq!(by_deployer, by_anybody, "{name}.{}", function.signature());
            tried += 1;
            if !writes(&function) {
                continue;
            }
            let who = |account: Address| of(account).is_ok() && by_anybody.is_err();
            if who(at.owner) {
                owners.insert(format!("{name}.{}", function.name));
            }
            if who(GUARDIAN.parse().unwrap()) {
                guardians.insert(format!("{name}.{}", function.name));
            }
            if who(PROPOSER.parse().unwrap()) {
                owners.insert(format!("proposer: {}", function.name));
            }
        }
    }
    // They were tried with arguments by which who may does.
    let names = |names: &[&str]| -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    assert_eq!(
        owners,
        names(&[
            "DIEM.renounceOwnership",
            "DIEM.setGateway",
            "DIEM.setGuardian",
            "DIEM.setTreasury",
            "DIEM.transferOwnership",
            "DIEM.unpauseMint",
            "proposer: schedule",
            "proposer: scheduleBatch",
            "sVVV.renounceOwnership",
            "sVVV.setEmissionRate",
            "sVVV.transferOwnership",
            "timelock.grantRole",
            "timelock.revokeRole",
            "timelock.updateDelay",
        ])
    );
    assert_eq!(guardians, names(&["DIEM.pauseMint"]));
    assert!(tried > 150, "{tried} functions");
}

#[test]
fn the_deployer_of_programs_has_no_power_left() {
    deployer_is_powerless("stylus");
}

#[test]
fn the_deployer_of_evm_code_has_no_power_left() {
    deployer_is_powerless("evm");
}
