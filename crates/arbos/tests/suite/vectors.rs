//! Every recorded run, over the whole EVM: status, data, gas to the unit, ink, logs, storage, balances.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::OnceLock,
};

use alloy_primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256, hex};
use arbos::{
    BlockContext, BlockEnv, ChainConfig, ExecError, ExecOptions, Executor, Fees, Outcome, Status,
    TraceConfig, TxError, TxInput,
    state::{BATCH_POSTER, ProgramRecord, STATE_ADDRESS},
};
use serde::Deserialize;
use serde_json::Value;

use crate::common::{MapState, container};

#[derive(Deserialize)]
struct Vectors {
    defaults: Defaults,
    programs: BTreeMap<String, ProgramFacts>,
    cases: Vec<Value>,
}

#[derive(Deserialize)]
struct Defaults {
    arbos_version: u64,
    block: Block,
    tx: TxDefaults,
}

#[derive(Deserialize)]
struct Block {
    chain_id: u64,
    number: u64,
    timestamp: u64,
    gas_limit: u64,
    basefee: u64,
}

#[derive(Deserialize)]
struct TxDefaults {
    gas_price: u128,
}

#[derive(Deserialize)]
struct ProgramFacts {
    stylus_v2: Facts,
}

#[derive(Deserialize)]
struct Facts {
    init_cost: Option<u16>,
    cached_init_cost: Option<u16>,
    footprint_pages: Option<u16>,
    asm_estimate_kb: Option<u32>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    pre: BTreeMap<Address, Pre>,
    steps: Vec<Step>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Pre {
    balance: U256,
    #[serde(default)]
    nonce: u64,
    program: Option<String>,
    code: Option<Bytes>,
    activated: Option<bool>,
    #[serde(default)]
    storage: BTreeMap<U256, U256>,
}

#[derive(Deserialize)]
struct Step {
    from: Address,
    to: Option<Address>,
    data: Bytes,
    value: U256,
    gas_limit: u64,
}

#[derive(Deserialize)]
struct Expected {
    uncached: Vec<Value>,
    cached: Vec<Value>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/stylus")
}

fn vectors() -> &'static Vectors {
    static VECTORS: OnceLock<Vectors> = OnceLock::new();
    VECTORS.get_or_init(|| {
        serde_json::from_slice(&std::fs::read(folder().join("cases.json")).unwrap()).unwrap()
    })
}

/// Code of a program's account, compressed once.
fn code_of(program: &str, cache: &mut HashMap<String, Bytes>) -> Bytes {
    cache
        .entry(program.to_owned())
        .or_insert_with(|| {
            let name = program.strip_suffix(".wat").unwrap_or(program);
            container(&std::fs::read(folder().join(name).with_extension("wasm")).unwrap())
        })
        .clone()
}

fn state_of(case: &Case, cached: bool, codes: &mut HashMap<String, Bytes>) -> MapState {
    let vectors = vectors();
    // The recording model had no compute cap per transaction.
    let mut state = MapState::new(
        vectors.defaults.arbos_version,
        vectors.defaults.block.basefee,
        u64::MAX,
    );
    for (address, pre) in &case.pre {
        state.accounts.insert(
            *address,
            arbos::Account {
                balance: pre.balance,
                nonce: pre.nonce,
                code_hash: KECCAK256_EMPTY,
            },
        );
        if let Some(code) = &pre.code {
            state.set_code(*address, code.clone());
        }
        if let Some(program) = &pre.program {
            let hash = state.set_code(*address, code_of(program, codes));
            if pre.activated != Some(false) {
                let facts = &vectors.programs[program].stylus_v2;
                let record = ProgramRecord {
                    init_cost: facts.init_cost.unwrap(),
                    cached_cost: facts.cached_init_cost.unwrap(),
                    footprint: facts.footprint_pages.unwrap(),
                    asm_estimate_kb: facts.asm_estimate_kb.unwrap(),
                    cached,
                    ..ProgramRecord::default()
                };
                state.activate(hash, vectors.defaults.block.timestamp, record);
            }
        }
        for (slot, value) in &pre.storage {
            state.storage.insert((*address, *slot), *value);
        }
    }
    state
}

fn block_env() -> BlockEnv {
    let block = &vectors().defaults.block;
    BlockEnv {
        number: 1,
        timestamp: block.timestamp,
        base_fee: U256::from(block.basefee),
        l1_block_number: block.number,
        arbos_version: vectors().defaults.arbos_version,
        coinbase: BATCH_POSTER,
        gas_limit: block.gas_limit,
    }
}

struct Runner {
    executor: Executor,
    codes: HashMap<String, Bytes>,
    failures: Vec<String>,
    checked: usize,
}

impl Runner {
    fn execute(&self, state: &MapState, step: &Step, gas_limit: u64) -> Result<Outcome, TxError> {
        let tx = TxInput {
            from: step.from,
            to: step.to,
            value: step.value,
            data: step.data.clone(),
            gas_limit,
            fees: Fees::Legacy {
                gas_price: vectors().defaults.tx.gas_price,
            },
            nonce: Some(state.accounts[&step.from].nonce),
            ..TxInput::default()
        };
        let options = ExecOptions {
            trace: Some(TraceConfig::Programs),
            ..ExecOptions::default()
        };
        self.executor.transact(
            state,
            &block_env(),
            &mut BlockContext::default(),
            &tx,
            &options,
        )
    }

    fn run(&mut self, case: &Case, cached: bool, expected: &[Value]) {
        let mut state = state_of(case, cached, &mut self.codes);
        for (index, (step, expected)) in case.steps.iter().zip(expected).enumerate() {
            let mode = if cached { "cached" } else { "uncached" };
            let name = format!("{} {mode} step {index}", case.id);
            let mut found = Vec::new();
            let outcome = self.execute(&state, step, step.gas_limit);
            match &outcome {
                Err(_) => same(&mut found, "status", &"invalid".into(), &expected["status"]),
                Ok(outcome) => compare(&mut found, &state, step, outcome, expected),
            }
            if let Some(search) = expected.get("min_gas_limit") {
                self.compare_limit(&mut found, &state, step, expected, search);
            }
            self.checked += 1;
            self.failures
                .extend(found.into_iter().map(|text| format!("{name}: {text}")));
            if let Ok(outcome) = outcome {
                state.apply(outcome.diff);
            }
        }
    }

    /// The smallest gas limit gives the same, one less does not.
    fn compare_limit(
        &self,
        found: &mut Vec<String>,
        state: &MapState,
        step: &Step,
        expected: &Value,
        search: &Value,
    ) {
        let limit = search["gas_limit"].as_u64().unwrap();
        match self.execute(state, step, limit) {
            Ok(outcome) => {
                same(
                    found,
                    "status at smallest limit",
                    &status(&outcome).into(),
                    &expected["status"],
                );
                same(
                    found,
                    "data at smallest limit",
                    &hex_of(&outcome.output),
                    &expected["return_data"],
                );
            }
            Err(error) => found.push(format!("smallest limit {limit}: {error}")),
        }
        let less = &search["one_less"];
        match self.execute(state, step, limit - 1) {
            Ok(outcome) => {
                same(
                    found,
                    "status with one less",
                    &status(&outcome).into(),
                    &less["status"],
                );
                if let Some(gas) = less.get("gas_used") {
                    same(found, "gas with one less", &outcome.gas_used.into(), gas);
                }
                if let Some(data) = less.get("return_data") {
                    same(found, "data with one less", &hex_of(&outcome.output), data);
                }
            }
            Err(_) => same(
                found,
                "status with one less",
                &"invalid".into(),
                &less["status"],
            ),
        }
    }
}

fn compare(
    found: &mut Vec<String>,
    state: &MapState,
    step: &Step,
    outcome: &Outcome,
    expected: &Value,
) {
    same(
        found,
        "status",
        &status(outcome).into(),
        &expected["status"],
    );
    same(
        found,
        "return_data",
        &hex_of(&outcome.output),
        &expected["return_data"],
    );
    same(
        found,
        "gas_used",
        &outcome.gas_used.into(),
        &expected["gas_used"],
    );
    same(
        found,
        "gas_refunded",
        &outcome.gas_refunded.into(),
        &expected["gas_refunded"],
    );
    if let Some(reason) = expected.get("halt_reason") {
        let reason_found = match &outcome.error {
            Some(ExecError::OutOfGas) => "OutOfGas(Basic)",
            Some(ExecError::CallDepth) => "StackOverflow",
            _ => "other",
        };
        same(found, "halt_reason", &reason_found.into(), reason);
    }
    compare_runs(
        found,
        outcome.trace.as_ref().unwrap().as_ref().unwrap(),
        &expected["runs"],
    );
    compare_logs(found, outcome, &expected["logs"]);
    compare_changes(found, state, step, outcome, expected);
}

fn status(outcome: &Outcome) -> &'static str {
    match outcome.status {
        Status::Success => "success",
        Status::Revert => "revert",
        Status::Halt => "halt",
    }
}

fn compare_runs(found: &mut Vec<String>, runs: &Value, expected: &Value) {
    let (runs, expected) = (runs.as_array().unwrap(), expected.as_array().unwrap());
    if runs.len() != expected.len() {
        found.push(format!("{} runs instead of {}", runs.len(), expected.len()));
        return;
    }
    let fields = [
        ("depth", "depth"),
        ("codeAddress", "code_address"),
        ("actingAddress", "acting_address"),
        ("gasLimit", "gas_limit"),
        ("pageCost", "page_cost"),
        ("cachedCost", "cached_cost"),
        ("initCost", "init_cost"),
        ("callCost", "call_cost"),
        ("inkStart", "ink_start"),
        ("inkLeft", "ink_left"),
        ("inkUsed", "ink_used"),
        ("outcome", "outcome"),
    ];
    for (index, (run, expected)) in runs.iter().zip(expected).enumerate() {
        // The ink left by a program that ran out of stack is not part of any rule.
        let out_of_stack = expected["outcome"] == "OutOfStack";
        for (ours, theirs) in fields {
            let informative = matches!(theirs, "ink_left" | "ink_used") && out_of_stack;
            // What a cached start would have cost is zero when it was not part of the price.
            let unpaid = matches!(theirs, "init_cost") && run["initCost"] == 0;
            if let Some(expected) = expected.get(theirs).filter(|_| !informative && !unpaid) {
                same(
                    found,
                    &format!("run {index} {theirs}"),
                    &run[ours],
                    expected,
                );
            }
        }
    }
}

fn compare_logs(found: &mut Vec<String>, outcome: &Outcome, expected: &Value) {
    let logs: Vec<Value> = outcome
        .logs
        .iter()
        .map(|log| serde_json::json!({ "address": log.address, "topics": log.data.topics(), "data": log.data.data }))
        .collect();
    same(found, "logs", &Value::Array(logs), expected);
}

fn compare_changes(
    found: &mut Vec<String>,
    state: &MapState,
    step: &Step,
    outcome: &Outcome,
    expected: &Value,
) {
    let left_out = [step.from, BATCH_POSTER, STATE_ADDRESS, Address::ZERO];
    let mut balances = BTreeMap::new();
    let mut storage: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut created: BTreeMap<String, Value> = BTreeMap::new();
    for (address, diff) in &outcome.diff.accounts {
        if *address == STATE_ADDRESS {
            continue;
        }
        let key = address.to_string().to_lowercase();
        let before = state.accounts.get(address).copied().unwrap_or_default();
        let after = diff.account.unwrap_or_default();
        if before.balance != after.balance && !left_out.contains(address) {
            balances.insert(key.clone(), Value::String(format!("{:#x}", after.balance)));
        }
        for (slot, value) in &diff.storage {
            storage.entry(key.clone()).or_default().insert(
                B256::from(*slot).to_string(),
                Value::String(B256::from(*value).to_string()),
            );
        }
        if let Some(code) = &diff.code {
            created.insert(
                key,
                serde_json::json!({ "code": code.bytes(), "nonce": after.nonce }),
            );
        }
    }
    same(
        found,
        "balance_changes",
        &serde_json::json!(balances),
        &expected["balance_changes"],
    );
    same(
        found,
        "storage_changes",
        &serde_json::json!(storage),
        &expected["storage_changes"],
    );
    let expected = expected
        .get("created")
        .cloned()
        .unwrap_or_else(|| serde_json::json!({}));
    same(found, "created", &serde_json::json!(created), &expected);
}

fn hex_of(bytes: &[u8]) -> Value {
    Value::String(hex::encode_prefixed(bytes))
}

fn same(found: &mut Vec<String>, what: &str, ours: &Value, expected: &Value) {
    if ours != expected {
        let short = |value: &Value| value.to_string().chars().take(300).collect::<String>();
        found.push(format!(
            "{what} is {} instead of {}",
            short(ours),
            short(expected)
        ));
    }
}

#[test]
fn every_recorded_run_comes_out_as_recorded() {
    let vectors = vectors();
    let chain = ChainConfig {
        chain_id: vectors.defaults.block.chain_id,
        ..ChainConfig::default()
    };
    let mut runner = Runner {
        executor: Executor::new(chain),
        codes: HashMap::new(),
        failures: Vec::new(),
        checked: 0,
    };
    for case in vectors.cases.iter().filter(|case| case["kind"] == "run") {
        let case: Case = serde_json::from_value(case.clone()).unwrap();
        runner.run(&case, false, &case.expected.uncached);
        runner.run(&case, true, &case.expected.cached);
    }
    assert!(
        runner.checked > 1_000,
        "only {} steps were checked",
        runner.checked
    );
    let shown: Vec<_> = runner.failures.iter().take(60).cloned().collect();
    assert!(
        runner.failures.is_empty(),
        "{} differences in {} steps:\n{}",
        runner.failures.len(),
        runner.checked,
        shown.join("\n")
    );
}
