//! `erc7562Tracer`: frames with what bundlers of user operations must know of them (ERC-7562).

use alloy_primitives::U64;
use revm::bytecode::opcode;
use serde_json::{Map, Value, json};

use super::{
    Erc7562Config, Trace,
    call::{self, Totals},
    frames::{Entry, FrameRecord},
    op_notes::{FrameNotes, OpNotes},
};
use crate::error::ExecError;

pub(super) fn trace(
    frames: &[FrameRecord],
    notes: &OpNotes,
    config: &Erc7562Config,
    totals: &Totals,
) -> Trace {
    let Some(top) = frames.first() else {
        return Trace::Null;
    };
    let tree = Tree {
        frames,
        notes,
        config,
    };
    let mut fields = tree.frame(0, top, false);
    fields.insert("gas".into(), json!(U64::from(totals.gas_limit)));
    fields.insert("gasUsed".into(), json!(U64::from(totals.gas_used)));
    // Of the outermost frame geth does not tell.
    fields.insert("outOfGas".into(), json!(false));
    let preimages: Vec<_> = notes.preimages().collect();
    if !preimages.is_empty() {
        fields.insert("keccak".into(), json!(preimages));
    }
    Value::Object(fields)
}

struct Tree<'a> {
    frames: &'a [FrameRecord],
    notes: &'a OpNotes,
    config: &'a Erc7562Config,
}

impl Tree<'_> {
    fn frame(&self, index: usize, record: &FrameRecord, undone: bool) -> Map<String, Value> {
        let mut fields = call::common_fields(record);
        let undone = undone || record.error.is_some();
        let nothing = FrameNotes::default();
        let notes = self.notes.of(index).unwrap_or(&nothing);
        let out_of_gas = record.error == Some(ExecError::OutOfGas);
        self.describe(notes, out_of_gas, &mut fields);
        let mut calls: Vec<Value> = Vec::new();
        let mut logs: Vec<Value> = Vec::new();
        for entry in &record.entries {
            match entry {
                Entry::Frame(inner) => {
                    let inner = self.frame(*inner, &self.frames[*inner], undone);
                    calls.push(Value::Object(inner));
                }
                Entry::Log(log) if self.config.with_log && !undone => {
                    logs.push(call::log(log, calls.len()));
                }
                Entry::Log(_) | Entry::Hostio(_) => {}
                moved => calls.extend(call::transfer(moved).map(|mut fields| {
                    let mut notes = FrameNotes::default();
                    if matches!(moved, Entry::Moved { .. }) {
                        notes.used.insert(opcode::RETURN, 1);
                    }
                    self.describe(&notes, false, &mut fields);
                    Value::Object(fields)
                })),
            }
        }
        if !calls.is_empty() {
            fields.insert("calls".into(), Value::Array(calls));
        }
        if !logs.is_empty() {
            fields.insert("logs".into(), Value::Array(logs));
        }
        fields
    }

    fn describe(&self, notes: &FrameNotes, out_of_gas: bool, fields: &mut Map<String, Value>) {
        let reads: Map<_, _> = notes
            .reads
            .iter()
            .map(|(slot, value)| (slot.to_string(), json!([value])))
            .collect();
        fields.insert(
            "accessedSlots".into(),
            json!({
                "reads": reads,
                "writes": notes.writes,
                "transientReads": notes.transient_reads,
                "transientWrites": notes.transient_writes,
            }),
        );
        fields.insert("extCodeAccessInfo".into(), json!(notes.code_seen));
        let used: Map<_, _> = notes
            .used
            .iter()
            .filter(|(op, _)| **op == opcode::GAS || !self.config.ignores(**op))
            .map(|(op, count)| (format!("{op:#x}"), json!(count)))
            .collect();
        fields.insert("usedOpcodes".into(), Value::Object(used));
        let sizes: Map<_, _> = notes
            .code_sizes
            .iter()
            .map(|(address, (size, op))| {
                let key = address.to_string().to_lowercase();
                (key, json!({ "contractSize": size, "opcode": op }))
            })
            .collect();
        fields.insert("contractSize".into(), Value::Object(sizes));
        fields.insert("outOfGas".into(), json!(out_of_gas));
    }
}
