//! The opcodes that host functions stand for in struct logs (stylus-vm section 10, end).

use alloy_primitives::U256;
use stylus_vm::HostioRecord;

/// Ink of one gas in struct logs, whatever the chain's price is.
const INK_PER_GAS: u64 = 10_000;

/// One synthetic opcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) op: &'static str,
    pub(super) stack: Vec<U256>,
    pub(super) carries_cost: bool,
    /// Whether it reads or writes a slot.
    pub(super) shows_storage: bool,
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
        shows_storage: matches!(op, "SLOAD" | "SSTORE"),
    };
    let result = || Step {
        op: "POP",
        stack: words(&record.outs),
        carries_cost: false,
        shows_storage: false,
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
                    ..step("SSTORE", vec![*value, *slot])
                });
            return writes.collect();
        }
        _ => {}
    }
    let Some(op) = opcode(record) else {
        return Vec::new();
    };
    let args = words(&record.args);
    match record.name {
        "read_args"
        | "read_return_data"
        | "account_code"
        | "transient_store_bytes32"
        | "emit_log"
        | "user_returned"
        | "call_contract"
        | "delegate_call_contract"
        | "static_call_contract" => {
            vec![step(op, args)]
        }
        _ => vec![step(op, args), result()],
    }
}

fn opcode(record: &HostioRecord) -> Option<&'static str> {
    Some(match record.name {
        "read_args" => "CALLDATACOPY",
        "storage_load_bytes32" => "SLOAD",
        "transient_load_bytes32" => "TLOAD",
        "transient_store_bytes32" => "TSTORE",
        "call_contract" => "CALL",
        "delegate_call_contract" => "DELEGATECALL",
        "static_call_contract" => "STATICCALL",
        "create1" => "CREATE",
        "create2" => "CREATE2",
        "read_return_data" => "RETURNDATACOPY",
        "return_data_size" => "RETURNDATASIZE",
        "emit_log" => match record.args.get(..4).map(|count| count[3]) {
            Some(1) => "LOG1",
            Some(2) => "LOG2",
            Some(3) => "LOG3",
            Some(4) => "LOG4",
            _ => "LOG0",
        },
        "account_balance" => "BALANCE",
        "account_code" => "EXTCODECOPY",
        "account_code_size" => "EXTCODESIZE",
        "account_codehash" => "EXTCODEHASH",
        "block_basefee" => "BASEFEE",
        "block_coinbase" => "COINBASE",
        "block_gas_limit" => "GASLIMIT",
        "block_number" => "NUMBER",
        "block_timestamp" => "TIMESTAMP",
        "chainid" => "CHAINID",
        "contract_address" => "ADDRESS",
        "evm_gas_left" | "evm_ink_left" => "GAS",
        "msg_sender" => "CALLER",
        "msg_value" => "CALLVALUE",
        "tx_gas_price" | "tx_ink_price" => "GASPRICE",
        "tx_origin" => "ORIGIN",
        "math_div" => "DIV",
        "math_mod" => "MOD",
        "math_pow" => "EXP",
        "math_add_mod" => "ADDMOD",
        "math_mul_mod" => "MULMOD",
        "native_keccak256" => "KECCAK256",
        "user_returned" if record.outs.iter().all(|byte| *byte == 0) => "RETURN",
        "user_returned" => "REVERT",
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
        assert_eq!(steps(&record, &[])[0].op, "LOG2");
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
        let ops: Vec<_> = steps(&load, &[slot]).iter().map(|step| step.op).collect();
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
        assert!(writes.iter().all(|step| step.op == "SSTORE"));
        assert_eq!(writes.iter().filter(|step| step.carries_cost).count(), 1);
    }
}
