//! Reading `vectors/stylus`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use alloy_primitives::{Address, B256, Bytes, U256};
use serde::Deserialize;

/// The folder of the recorded programs.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/stylus")
}

/// Loads all cases.
pub fn load() -> Vectors {
    let text = std::fs::read_to_string(folder().join("cases.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The measured bytes of a program named by its text.
pub fn wasm(name: &str) -> Vec<u8> {
    let stem = name.rsplit_once('.').unwrap().0;
    std::fs::read(folder().join(format!("{stem}.wasm"))).unwrap()
}

#[derive(Deserialize)]
pub struct Vectors {
    pub programs: BTreeMap<String, ProgramVector>,
    pub cases: Vec<Case>,
}

#[derive(Deserialize)]
pub struct ProgramVector {
    pub wasm_size: u64,
    pub contract_code_hash: B256,
    pub stylus_v1: Figures,
    pub stylus_v2: Figures,
}

#[derive(Deserialize)]
pub struct Figures {
    pub accepted: bool,
    pub error: Option<String>,
    pub init_cost: Option<u16>,
    pub cached_init_cost: Option<u16>,
    pub asm_estimate: Option<u32>,
    pub footprint_pages: Option<u16>,
    pub user_main: Option<u32>,
    pub ink_left_global: Option<u32>,
    pub ink_status_global: Option<u32>,
    pub depth_left_global: Option<u32>,
    pub activation_gas_metered: Option<u64>,
    pub call_cost_gas_uncached: Option<u64>,
    pub call_cost_gas_cached: Option<u64>,
    pub data_fee_wei_at_initial_price: Option<String>,
}

#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub kind: String,
    #[serde(default)]
    pub pre: BTreeMap<Address, Account>,
    #[serde(default)]
    pub steps: Vec<Transaction>,
    pub expected: Option<Expected>,
}

#[derive(Clone, Default, Deserialize)]
pub struct Account {
    #[serde(default)]
    pub balance: U256,
    pub program: Option<String>,
    pub code: Option<Bytes>,
    #[serde(default)]
    pub storage: BTreeMap<U256, U256>,
}

#[derive(Clone, Deserialize)]
pub struct Transaction {
    pub from: Address,
    pub to: Option<Address>,
    pub data: Bytes,
    pub value: U256,
}

#[derive(Deserialize)]
pub struct Expected {
    pub uncached: Vec<StepExpected>,
    pub cached: Vec<StepExpected>,
}

#[derive(Deserialize)]
pub struct StepExpected {
    pub status: String,
    pub return_data: Option<Bytes>,
    #[serde(default)]
    pub runs: Vec<Run>,
}

#[derive(Deserialize)]
pub struct Run {
    pub code_address: Address,
    pub acting_address: Address,
    pub page_cost: Option<u64>,
    pub cached_cost: Option<u64>,
    pub init_cost: Option<u64>,
    pub call_cost: Option<u64>,
    pub ink_start: Option<u64>,
    pub ink_left: Option<u64>,
    pub ink_used: Option<u64>,
    pub outcome: String,
    pub hostio_count: Option<usize>,
    pub hostio_ink: Option<u64>,
    pub hostios: Option<Vec<(String, usize, usize, u64)>>,
}
