//! `stylusTracer`: host functions of programs with the frames they opened.

use alloy_primitives::Address;
use serde_json::{Map, Value, json};
use stylus_vm::HostioRecord;

use super::{
    Trace, TraceError,
    frames::{Entry, FrameRecord, Kind},
};

const SELF_DESTRUCT: &str = "evm_self_destruct";
const BALANCE_MOVE: &str = "evm_call_contract";

pub(super) fn trace(frames: &[FrameRecord]) -> Result<Trace, TraceError> {
    let Some(top) = frames.first() else {
        return Ok(json!([]));
    };
    Ok(Value::Array(steps(frames, top)?))
}

fn steps(frames: &[FrameRecord], record: &FrameRecord) -> Result<Vec<Value>, TraceError> {
    let mut steps: Vec<Value> = Vec::new();
    for entry in &record.entries {
        match entry {
            Entry::Frame(index) => {
                let inner = &frames[*index];
                let address = inner.to.unwrap_or_default();
                steps.push(opened(
                    frame_name(inner.kind),
                    address,
                    self::steps(frames, inner)?,
                ));
            }
            Entry::Moved { to, .. } => steps.push(opened(BALANCE_MOVE, *to, Vec::new())),
            Entry::Destroyed { to, .. } => steps.push(opened(SELF_DESTRUCT, *to, Vec::new())),
            Entry::Hostio(record) => {
                let frame = match opens_frame(record.name) {
                    Some(name) => Some(take_frame(&mut steps, record.name, name)?),
                    None => None,
                };
                steps.push(hostio(record, frame));
            }
            Entry::Log(_) => {}
        }
    }
    Ok(steps)
}

fn frame_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Call | Kind::CallCode => "evm_call_contract",
        Kind::DelegateCall => "evm_delegate_call_contract",
        Kind::StaticCall => "evm_static_call_contract",
        Kind::Create => "evm_create1",
        Kind::Create2 => "evm_create2",
    }
}

/// Host functions that swallow the frame they opened. Creations keep theirs as a step of its own.
fn opens_frame(hostio: &str) -> Option<&'static str> {
    match hostio {
        "call_contract" => Some("evm_call_contract"),
        "delegate_call_contract" => Some("evm_delegate_call_contract"),
        "static_call_contract" => Some("evm_static_call_contract"),
        _ => None,
    }
}

/// The frame a call just opened. Nitro has no trace of a program whose call was refused before that,
/// for want of gas or in a static call.
fn take_frame(
    steps: &mut Vec<Value>,
    hostio: &'static str,
    name: &str,
) -> Result<Map<String, Value>, TraceError> {
    match steps.pop() {
        Some(Value::Object(frame)) if frame.get("name").is_some_and(|known| known == name) => {
            Ok(frame)
        }
        other => Err(TraceError::CallWithoutFrame {
            hostio,
            last: other
                .and_then(|step| step.get("name").and_then(Value::as_str).map(String::from))
                .unwrap_or_default(),
        }),
    }
}

fn opened(name: &str, address: Address, steps: Vec<Value>) -> Value {
    json!({ "name": name, "args": "0x", "outs": "0x", "startInk": 0, "endInk": 0, "address": address, "steps": steps })
}

fn hostio(record: &HostioRecord, frame: Option<Map<String, Value>>) -> Value {
    let mut step = Map::new();
    step.insert("name".into(), json!(record.name));
    step.insert("args".into(), json!(record.args));
    step.insert("outs".into(), json!(record.outs));
    step.insert("startInk".into(), json!(record.start_ink));
    step.insert("endInk".into(), json!(record.end_ink));
    if let Some(mut frame) = frame {
        for key in ["address", "steps"] {
            if let Some(value) = frame.remove(key) {
                step.insert(key.into(), value);
            }
        }
    }
    Value::Object(step)
}
