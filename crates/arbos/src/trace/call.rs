//! `callTracer`: the tree of frames, as geth tells it.

use alloy_primitives::{Log, U64, U256};
use serde_json::{Map, Value, json};

use super::{
    CallConfig, Trace,
    frames::{Entry, FrameRecord},
    revert_reason::revert_reason,
    transfers::{self, Transfer},
};
use crate::{error::ExecError, outcome::Outcome};

/// Gas of the whole transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    pub(super) gas_limit: u64,
    pub(super) gas_used: u64,
}

impl Totals {
    pub(super) fn new(outcome: &Outcome, gas_limit: u64) -> Self {
        Self {
            gas_limit,
            gas_used: outcome.gas_used,
        }
    }
}

pub(super) fn trace(
    frames: &[FrameRecord],
    config: &CallConfig,
    totals: &Totals,
    moved: &[Transfer],
) -> Trace {
    let Some(top) = frames.first() else {
        return Trace::Null;
    };
    let mut value = frame(frames, top, config, false);
    if let Value::Object(fields) = &mut value {
        // The outermost frame accounts for the whole transaction.
        fields.insert("gas".into(), json!(U64::from(totals.gas_limit)));
        fields.insert("gasUsed".into(), json!(U64::from(totals.gas_used)));
        transfers::describe(moved, fields);
    }
    value
}

/// The fields that every tracer of frames shows.
pub(super) fn common_fields(record: &FrameRecord) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("type".into(), json!(record.kind.opcode()));
    fields.insert("from".into(), json!(record.from));
    // Nothing was created by a creation that failed.
    let nothing_created = record.kind.is_create() && record.error.is_some();
    if let Some(to) = record.to.filter(|_| !nothing_created) {
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
            && let Some(reason) = revert_reason(&record.output)
        {
            fields.insert("revertReason".into(), json!(reason));
        }
    }
    fields
}

fn frame(frames: &[FrameRecord], record: &FrameRecord, config: &CallConfig, undone: bool) -> Value {
    let mut fields = common_fields(record);
    // What a frame did is undone with it, and with those that opened it.
    let undone = undone || record.error.is_some();
    let mut calls: Vec<Value> = Vec::new();
    let mut logs: Vec<Value> = Vec::new();
    for entry in &record.entries {
        match entry {
            Entry::Frame(index) if !config.only_top_call => {
                calls.push(frame(frames, &frames[*index], config, undone));
            }
            Entry::Log(entry) if config.with_log && !undone => {
                logs.push(log(entry, calls.len()));
            }
            other if !config.only_top_call => calls.extend(transfer(other).map(Value::Object)),
            _ => {}
        }
    }
    if !calls.is_empty() {
        fields.insert("calls".into(), Value::Array(calls));
    }
    if !logs.is_empty() {
        fields.insert("logs".into(), Value::Array(logs));
    }
    Value::Object(fields)
}

pub(super) fn log(log: &Log, position: usize) -> Value {
    json!({
        "address": log.address,
        "topics": log.data.topics(),
        "data": log.data.data,
        "position": U64::from(position),
    })
}

/// What moved wei without a frame of its own, as a frame.
pub(super) fn transfer(entry: &Entry) -> Option<Map<String, Value>> {
    let (kind, from, to, value): (_, _, _, &U256) = match entry {
        Entry::Destroyed {
            contract,
            to,
            amount,
        } => ("SELFDESTRUCT", contract, to, amount),
        Entry::Moved { from, to, amount } => ("CALL", from, to, amount),
        Entry::Frame(_) | Entry::Log(_) | Entry::Hostio(_) => return None,
    };
    let fields = json!({
        "type": kind, "from": from, "to": to, "value": value,
        "gas": "0x0", "gasUsed": "0x0", "input": "0x",
    });
    match fields {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}
