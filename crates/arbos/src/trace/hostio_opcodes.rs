//! The opcodes that host functions stand for in struct logs (stylus-vm section 10, end).

use alloy_primitives::U256;
use revm::bytecode::{OpCode, opcode};
use stylus_vm::HostioRecord;

/// Ink of one gas in struct logs, whatever the chain's price is.
const INK_PER_GAS: u64 = 10_000;

/// One synthetic opcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) op: u8,
    pub(super) stack: Vec<U256>,
    pub(super) carries_cost: bool,
    /// Whether it reads or writes a slot.
    pub(super) shows_storage: bool,
}

impl Step {
    pub(super) fn name(&self) -> &'static str {
        OpCode::new(self.op).map_or("INVALID", |op| op.as_str())
    }
}

/// Gas left after a host function, and what it cost.
pub(super) fn gas(record: &HostioRecord) -> (u64, u64) {
    (
        record.end_ink / INK_PER_GAS,
        record.start_ink.saturating_sub(record.end_ink) / INK_PER_GAS,
    )
}

/// Whether the step was logged when its frame was opened.
pub(super) fn opens_frame(hostio: &str) -> bool {
    matches!(
        hostio,
        "call_contract" | "delegate_call_contract" | "static_call_contract" | "create1" | "create2"
    )
}

/// The steps of a finished host function; none for those without a counterpart.
///
/// `touched` are the slots, with their values, that it read from the state or wrote there: a load
/// that the program's cache answers is no opcode, and a flush is one for each slot.
pub(super) fn steps(record: &HostioRecord, touched: &[(U256, U256)]) -> Vec<Step> {
    let step = |op, stack| Step {
        op,
        stack,
        carries_cost: true,
        shows_storage: matches!(op, opcode::SLOAD | opcode::SSTORE),
    };
    match record.name {
        "storage_load_bytes32" if touched.is_empty() => return Vec::new(),
        "storage_flush_cache" => {
            let writes = touched
                .iter()
                .enumerate()
                .map(|(index, (slot, value))| Step {
                    // The price of the flush is not known slot by slot.
                    carries_cost: index == 0,
                    ..step(opcode::SSTORE, vec![*value, *slot])
                });
            return writes.collect();
        }
        _ => {}
    }
    let Some(op) = opcode_of(record) else {
        return Vec::new();
    };
    let called = step(op, stack(record));
    if leaves_nothing(record.name) {
        return vec![called];
    }
    let result = Step {
        op: opcode::POP,
        stack: words(&record.outs),
        carries_cost: false,
        shows_storage: false,
    };
    vec![called, result]
}

/// The steps by which a program's frame ends: what is left of its gas, and an entry more for the
/// error of a failure. Nothing returned is a `STOP`. Of a failure without data Nitro gives the length
/// of the error's text.
pub(super) fn ending(output: &[u8], error: Option<&str>) -> (u8, Vec<U256>) {
    let sized = |len: usize| vec![U256::from(len), U256::ZERO];
    match error {
        None if output.is_empty() => (opcode::STOP, Vec::new()),
        None => (opcode::RETURN, sized(output.len())),
        Some(text) if output.is_empty() => (opcode::REVERT, sized(text.len())),
        Some(_) => (opcode::REVERT, sized(output.len())),
    }
}

/// Size of the code that the host function looked at, as far as it tells.
pub(super) fn code_size(record: &HostioRecord) -> usize {
    match record.name {
        "account_code" => record.outs.len(),
        "account_code_size" => U256::try_from_be_slice(&record.outs)
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(0),
        _ => 0,
    }
}

/// Whether the opcode pushes no word.
fn leaves_nothing(hostio: &str) -> bool {
    matches!(
        hostio,
        "read_args" | "read_return_data" | "account_code" | "transient_store_bytes32" | "emit_log"
    )
}

/// What would be on the stack, last one on top. Memory of the program is none of the EVM's: data
/// stand at 0.
fn stack(record: &HostioRecord) -> Vec<U256> {
    let sized = |len: usize| vec![U256::from(len), U256::ZERO];
    let number = |range: std::ops::Range<usize>| {
        let bytes = record.args.get(range).unwrap_or_default();
        U256::try_from_be_slice(bytes).unwrap_or_default()
    };
    match record.name {
        "read_args" => vec![U256::from(record.outs.len()), U256::ZERO, U256::ZERO],
        "native_keccak256" => sized(record.args.len()),
        // Offset and size.
        "read_return_data" => vec![number(4..8), number(0..4), U256::ZERO],
        // Address, offset and size.
        "account_code" => vec![number(24..28), number(20..24), U256::ZERO, number(0..20)],
        "emit_log" => {
            let topics = topic_count(record);
            let data = record.args.len().saturating_sub(4 + 32 * topics);
            let mut stack: Vec<_> = (0..topics)
                .rev()
                .map(|topic| number(4 + 32 * topic..36 + 32 * topic))
                .collect();
            stack.extend(sized(data));
            stack
        }
        // The first argument is on top.
        _ => words(&record.args).into_iter().rev().collect(),
    }
}

fn topic_count(record: &HostioRecord) -> usize {
    record
        .args
        .get(3)
        .map_or(0, |count| usize::from(*count).min(4))
}

fn opcode_of(record: &HostioRecord) -> Option<u8> {
    Some(match record.name {
        "read_args" => opcode::CALLDATACOPY,
        "storage_load_bytes32" => opcode::SLOAD,
        "transient_load_bytes32" => opcode::TLOAD,
        "transient_store_bytes32" => opcode::TSTORE,
        "read_return_data" => opcode::RETURNDATACOPY,
        "return_data_size" => opcode::RETURNDATASIZE,
        "emit_log" => match topic_count(record) {
            1 => opcode::LOG1,
            2 => opcode::LOG2,
            3 => opcode::LOG3,
            4 => opcode::LOG4,
            _ => opcode::LOG0,
        },
        "account_balance" => opcode::BALANCE,
        "account_code" => opcode::EXTCODECOPY,
        "account_code_size" => opcode::EXTCODESIZE,
        "account_codehash" => opcode::EXTCODEHASH,
        "block_basefee" => opcode::BASEFEE,
        "block_coinbase" => opcode::COINBASE,
        "block_gas_limit" => opcode::GASLIMIT,
        "block_number" => opcode::NUMBER,
        "block_timestamp" => opcode::TIMESTAMP,
        "chainid" => opcode::CHAINID,
        "contract_address" => opcode::ADDRESS,
        "evm_gas_left" | "evm_ink_left" => opcode::GAS,
        "msg_sender" => opcode::CALLER,
        "msg_value" => opcode::CALLVALUE,
        "tx_gas_price" | "tx_ink_price" => opcode::GASPRICE,
        "tx_origin" => opcode::ORIGIN,
        "math_div" => opcode::DIV,
        "math_mod" => opcode::MOD,
        "math_pow" => opcode::EXP,
        "math_add_mod" => opcode::ADDMOD,
        "math_mul_mod" => opcode::MULMOD,
        "native_keccak256" => opcode::KECCAK256,
        _ => return None,
    })
}

/// Whole words of an encoding, last one on top. Bytes that fill no word are one word of their own.
fn words(bytes: &[u8]) -> Vec<U256> {
    bytes
        .chunks(32)
        .map(|chunk| U256::try_from_be_slice(chunk).unwrap_or_default())
        .collect()
}

#[cfg(test)]
mod tests {
    use alloy_primitives::Bytes;

    use super::*;

    #[test]
    fn a_log_is_named_after_its_number_of_topics() {
        let record = HostioRecord {
            name: "emit_log",
            args: Bytes::from_static(&[0, 0, 0, 2]),
            outs: Bytes::new(),
            start_ink: 50_000,
            end_ink: 20_000,
        };
        assert_eq!(gas(&record), (2, 3));
        assert_eq!(steps(&record, &[])[0].name(), "LOG2");
    }

    fn record(name: &'static str) -> HostioRecord {
        HostioRecord {
            name,
            args: Bytes::new(),
            outs: Bytes::new(),
            start_ink: 50_000,
            end_ink: 20_000,
        }
    }

    #[test]
    fn a_load_is_an_opcode_only_where_the_cache_misses() {
        let load = record("storage_load_bytes32");
        assert!(steps(&load, &[]).is_empty());
        let slot = (U256::from(1), U256::from(2));
        let ops: Vec<_> = steps(&load, &[slot]).iter().map(Step::name).collect();
        assert_eq!(ops, ["SLOAD", "POP"]);
    }

    #[test]
    fn a_flush_is_one_write_for_each_slot_and_charged_once() {
        let flush = record("storage_flush_cache");
        assert!(steps(&flush, &[]).is_empty());
        let slots = [1, 3].map(|slot| (U256::from(slot), U256::from(slot + 1)));
        let writes = steps(&flush, &slots);
        let stacks: Vec<_> = writes.iter().map(|step| step.stack.clone()).collect();
        assert_eq!(
            stacks,
            [[2, 1], [4, 3]].map(|stack| stack.map(U256::from).to_vec())
        );
        assert!(writes.iter().all(|step| step.name() == "SSTORE"));
        assert_eq!(writes.iter().filter(|step| step.carries_cost).count(), 1);
    }
}
