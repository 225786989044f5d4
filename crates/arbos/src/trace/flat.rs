//! `flatCallTracer`: the frames in a row, each with its place in the tree, as Parity listed them.

use alloy_primitives::{Address, B256, U64, U256};
use serde_json::{Map, Value, json};

use super::{
    FlatConfig, Trace,
    call::Totals,
    frames::{Entry, FrameRecord},
    transfers::{self, Transfer},
};
use crate::error::ExecError;

/// Where a traced transaction stands in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TxPlace {
    /// Hash of its block.
    pub block_hash: B256,
    /// Number of its block.
    pub block_number: u64,
    /// Its hash.
    pub transaction_hash: B256,
    /// Its index in the block.
    pub transaction_index: u64,
}

/// Writes the place into the frames; they are made without it.
pub(super) fn place(trace: &mut Trace, place: &TxPlace) {
    for frame in trace.as_array_mut().into_iter().flatten() {
        frame["blockHash"] = json!(place.block_hash);
        frame["blockNumber"] = json!(place.block_number);
        frame["transactionHash"] = json!(place.transaction_hash);
        frame["transactionPosition"] = json!(place.transaction_index);
    }
}

pub(super) fn trace(
    frames: &[FrameRecord],
    config: &FlatConfig,
    totals: &Totals,
    moved: &[Transfer],
    is_precompile: &dyn Fn(Address) -> bool,
) -> Trace {
    let Some(top) = frames.first() else {
        return Trace::Null;
    };
    let mut walk = Walk {
        frames,
        config,
        is_precompile,
        out: Vec::new(),
    };
    walk.frame(top, &mut Vec::new(), totals.gas_limit, totals.gas_used);
    if let Some(Value::Object(fields)) = walk.out.first_mut() {
        transfers::describe(moved, fields);
    }
    Value::Array(walk.out)
}

struct Walk<'a> {
    frames: &'a [FrameRecord],
    config: &'a FlatConfig,
    is_precompile: &'a dyn Fn(Address) -> bool,
    out: Vec<Value>,
}

impl Walk<'_> {
    fn frame(&mut self, record: &FrameRecord, address: &mut Vec<usize>, gas: u64, gas_used: u64) {
        let at = self.out.len();
        let value = record.value.unwrap_or_default();
        let (kind, action, result) = if record.kind.is_create() {
            let mut result = Map::new();
            if let Some(created) = record.to.filter(|_| record.error.is_none()) {
                result.insert("address".into(), json!(created));
            }
            result.insert("code".into(), json!(record.output));
            (
                "create",
                json!({ "from": record.from, "gas": U64::from(gas), "init": record.input, "value": value }),
                result,
            )
        } else {
            let mut result = Map::new();
            result.insert("output".into(), json!(record.output));
            (
                "call",
                json!({
                    "callType": record.kind.opcode().to_lowercase(),
                    "from": record.from,
                    "gas": U64::from(gas),
                    "input": record.input,
                    "to": record.to,
                    "value": value,
                }),
                result,
            )
        };
        let mut fields = entry(kind, action, address);
        // Only a revert has data to show; other failures took all the gas.
        if matches!(record.error, None | Some(ExecError::Revert)) {
            let mut result = result;
            result.insert("gasUsed".into(), json!(U64::from(gas_used)));
            fields.insert("result".into(), Value::Object(result));
        }
        if let Some(error) = &record.error {
            let text = error.to_string();
            let text = match parity_error(&text) {
                Some(parity) if self.config.convert_parity_errors => parity.into(),
                _ => text,
            };
            fields.insert("error".into(), json!(text));
        }
        self.out.push(Value::Object(fields));
        let children = self.children(record, address);
        if let Some(frame) = self.out.get_mut(at) {
            frame["subtraces"] = json!(children);
        }
    }

    /// Writes the frames opened by one, and says how many there are.
    fn children(&mut self, record: &FrameRecord, address: &mut Vec<usize>) -> usize {
        let mut count = 0;
        for child in &record.entries {
            address.push(count);
            let written = match child {
                Entry::Frame(index) => {
                    let inner = &self.frames[*index];
                    let shown = self.config.include_precompiles || !self.is_left_out(inner);
                    if shown {
                        self.frame(inner, address, inner.gas, inner.gas_used);
                    }
                    shown
                }
                Entry::Moved { from, to, amount } => {
                    let hidden = !self.config.include_precompiles && (self.is_precompile)(*to);
                    if !hidden {
                        self.out.push(moved(*from, *to, *amount, address));
                    }
                    !hidden
                }
                Entry::Destroyed {
                    contract,
                    to,
                    amount,
                } => {
                    let action =
                        json!({ "address": contract, "balance": amount, "refundAddress": to });
                    let fields = entry("suicide", action, address);
                    self.out.push(Value::Object(fields));
                    true
                }
                Entry::Hostio(_) | Entry::Log(_) => false,
            };
            address.pop();
            count += usize::from(written);
        }
        count
    }

    /// Parity did not list plain calls of precompiles.
    fn is_left_out(&self, record: &FrameRecord) -> bool {
        record.kind.is_plain_call() && record.to.is_some_and(|to| (self.is_precompile)(to))
    }
}

fn entry(kind: &str, action: Value, address: &[usize]) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("action".into(), action);
    fields.insert("blockHash".into(), Value::Null);
    fields.insert("blockNumber".into(), json!(0));
    fields.insert("subtraces".into(), json!(0));
    fields.insert("traceAddress".into(), json!(address));
    fields.insert("transactionHash".into(), Value::Null);
    fields.insert("transactionPosition".into(), json!(0));
    fields.insert("type".into(), json!(kind));
    fields
}

fn moved(from: Address, to: Address, amount: U256, address: &[usize]) -> Value {
    let action = json!({
        "callType": "call", "from": from, "gas": "0x0", "input": "0x", "to": to, "value": amount,
    });
    let mut fields = entry("call", action, address);
    fields.insert("result".into(), json!({ "gasUsed": "0x0", "output": "0x" }));
    Value::Object(fields)
}

/// What Parity called an error.
fn parity_error(text: &str) -> Option<&'static str> {
    Some(match text {
        "out of gas" | "max code size exceeded" => "Out of gas",
        "invalid jump destination" => "Bad jump destination",
        "execution reverted" => "Reverted",
        "return data out of bounds" => "Out of bounds",
        "stack limit reached 1024 (1023)" => "Out of stack",
        _ if text.starts_with("invalid opcode:") => "Bad instruction",
        _ if text.starts_with("stack underflow") => "Stack underflow",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::parity_error;

    #[test]
    fn errors_have_the_names_that_parity_gave_them() {
        for (ours, parity) in [
            ("out of gas", "Out of gas"),
            ("invalid jump destination", "Bad jump destination"),
            ("execution reverted", "Reverted"),
            ("invalid opcode: INVALID", "Bad instruction"),
            ("stack underflow (0 <=> 1)", "Stack underflow"),
        ] {
            assert_eq!(parity_error(ours), Some(parity));
        }
        assert_eq!(parity_error("write protection"), None);
    }
}
