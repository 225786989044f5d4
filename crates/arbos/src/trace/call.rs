//! `callTracer`: the tree of frames, as geth tells it.

use alloy_primitives::{Log, U64, U256};
use alloy_sol_types::{Revert, SolError};
use serde_json::{Map, Value, json};

use super::{
    CallConfig, Trace,
    recorder::{Entry, FrameRecord},
};
use crate::{error::ExecError, outcome::Outcome};

pub(super) fn trace(frames: &[FrameRecord], config: &CallConfig, outcome: &Outcome) -> Trace {
    let mut log_index = 0;
    let Some(top) = frames.first() else {
        return Trace::Null;
    };
    let mut value = frame(frames, top, config, &mut log_index);
    if let Value::Object(fields) = &mut value {
        // The outermost frame accounts for the whole transaction.
        let intrinsic = outcome.gas_used + outcome.gas_refunded
            - top.gas_used.min(outcome.gas_used + outcome.gas_refunded);
        fields.insert(
            "gas".into(),
            json!(U64::from(top.gas.saturating_add(intrinsic))),
        );
        fields.insert("gasUsed".into(), json!(U64::from(outcome.gas_used)));
    }
    value
}

fn frame(
    frames: &[FrameRecord],
    record: &FrameRecord,
    config: &CallConfig,
    log_index: &mut u64,
) -> Value {
    let mut fields = Map::new();
    fields.insert("type".into(), json!(record.kind.opcode()));
    fields.insert("from".into(), json!(record.from));
    if let Some(to) = record.to {
        fields.insert("to".into(), json!(to));
    }
    if let Some(value) = record.value {
        fields.insert("value".into(), json!(value));
    }
    fields.insert("gas".into(), json!(U64::from(record.gas)));
    fields.insert("gasUsed".into(), json!(U64::from(record.gas_used)));
    fields.insert("input".into(), json!(record.input));
    if !record.output.is_empty() {
        fields.insert("output".into(), json!(record.output));
    }
    if let Some(error) = &record.error {
        fields.insert("error".into(), json!(error.to_string()));
        if *error == ExecError::Revert
            && let Ok(revert) = Revert::abi_decode(&record.output)
        {
            fields.insert("revertReason".into(), json!(revert.reason));
        }
    }
    children(frames, record, config, log_index, &mut fields);
    Value::Object(fields)
}

fn children(
    frames: &[FrameRecord],
    record: &FrameRecord,
    config: &CallConfig,
    log_index: &mut u64,
    fields: &mut Map<String, Value>,
) {
    let mut calls: Vec<Value> = Vec::new();
    let mut logs: Vec<Value> = Vec::new();
    for entry in &record.entries {
        match entry {
            Entry::Frame(index) if !config.only_top_call => {
                calls.push(frame(frames, &frames[*index], config, log_index));
            }
            Entry::Log(entry) if config.with_log && record.error.is_none() => {
                logs.push(log(entry, calls.len(), *log_index));
                *log_index += 1;
            }
            Entry::Destroyed {
                contract,
                to,
                amount,
            } if !config.only_top_call => {
                calls.push(transfer(
                    "SELFDESTRUCT",
                    json!(contract),
                    json!(to),
                    *amount,
                ));
            }
            Entry::Moved { from, to, amount } if !config.only_top_call => {
                calls.push(transfer("CALL", json!(from), json!(to), *amount));
            }
            _ => {}
        }
    }
    if !calls.is_empty() {
        fields.insert("calls".into(), Value::Array(calls));
    }
    if !logs.is_empty() {
        fields.insert("logs".into(), Value::Array(logs));
    }
}

fn log(log: &Log, position: usize, index: u64) -> Value {
    json!({
        "address": log.address,
        "topics": log.data.topics(),
        "data": log.data.data,
        "position": U64::from(position),
        "index": U64::from(index),
    })
}

fn transfer(kind: &str, from: Value, to: Value, value: U256) -> Value {
    json!({ "type": kind, "from": from, "to": to, "value": value, "gas": "0x0", "gasUsed": "0x0", "input": "0x" })
}
