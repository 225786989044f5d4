//! Contracts as EVM code, from the artifacts that `evm/build.mjs` leaves.

use super::repository;
use crate::actors::Who;
use crate::chain::Chain;
use alloy_primitives::{Address, Bytes, TxKind, U256};

/// Deploys one artifact; `None` when its constructor refuses.
pub(crate) fn contract(chain: &Chain, name: &str, arguments: Bytes) -> Option<Address> {
    let contract = match name {
        "vvv" => "VVV",
        "staked_vvv" => "StakedVvv",
        "diem" => "Diem",
        other => other,
    };
    let init_code = [creation_code(contract), arguments].concat().into();
    let receipt = chain.transact(Who::Owner, TxKind::Create, init_code, U256::ZERO);
    receipt
        .status()
        .then(|| receipt.contract_address.expect("a create has an address"))
}

fn creation_code(contract: &str) -> Bytes {
    let path = repository().join(format!("target/solidity/{contract}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run node evm/build.mjs", path.display()));
    let artifact: serde_json::Value = serde_json::from_str(&text).expect("an artifact is JSON");
    let code = artifact["bytecode"].as_str().expect("bytecode is hex");
    code.parse().expect("bytecode is hex")
}
