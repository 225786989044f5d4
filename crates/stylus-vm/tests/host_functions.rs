//! One tiny module for each row of the table of host functions: type, price, effect, trace.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use stylus_vm::hostio::{HOST_FUNCTIONS, HostFunction, Type, VM_HOOKS};
use stylus_vm::{
    ActivationConfig, Answer, CallKind, CompileConfig, Execution, Finished, HostioRecord, Outcome,
    Program, Request, RunInput, Step, activate,
};
use support::input::plain_input;
use support::mock::Mock;

const INK: u64 = 1 << 50;
/// Where the test modules put their arguments: key or value at 0, second word at 32, third at 64.
const MEMORY: &str = r#"(memory (export "memory") 1 1)"#;

/// A module that calls `name` once and returns 960..1024 of its memory.
fn module(name: &str, call: &str) -> Vec<u8> {
    let row = HostFunction::find(VM_HOOKS, name).unwrap();
    let import = import_of(row);
    let text = format!(
        r#"(module {import}
        (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
        {MEMORY}
        (data (i32.const 31) "\07") (data (i32.const 63) "\03") (data (i32.const 95) "\05")
        (data (i32.const 96) "\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa\aa")
        (func (export "user_entrypoint") (param i32) (result i32)
          {call} (call $write_result (i32.const 960) (i32.const 64)) (i32.const 0)))"#
    );
    wat::parse_str(text).unwrap()
}

fn type_name(ty: &Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
    }
}

fn import_of(row: &HostFunction) -> String {
    let params: Vec<_> = row.params.iter().map(type_name).collect();
    let result = row
        .result
        .as_ref()
        .map_or(String::new(), |ty| format!("(result {})", type_name(ty)));
    let (module, name, params) = (row.module, row.name, params.join(" "));
    format!(r#"(import "{module}" "{name}" (func $f (param {params}) {result}))"#)
}

fn run(
    wasm: &[u8],
    input: RunInput,
    mut answer: impl FnMut(Request) -> Answer,
) -> (Finished, Vec<HostioRecord>) {
    let program = Program::compile(wasm, &CompileConfig { debug_chain: true }).unwrap();
    let mut execution = Execution::start(&program, input).unwrap();
    let mut next = None;
    loop {
        match execution.run(next.take()) {
            Step::Ask(request) => next = Some(answer(request)),
            Step::Done(finished) => return (finished, execution.take_trace().unwrap()),
        }
    }
}

/// Runs a module of one call with the stand-in state; checks the ink and gives the result bytes.
fn costs(name: &str, call: &str, ink: u64) -> (Bytes, HostioRecord) {
    let mut mock = Mock::default();
    let (finished, trace) = run(
        &module(name, call),
        plain_input(&[1, 2, 3], INK),
        |request| mock.answer(request),
    );
    assert_eq!(finished.outcome, Outcome::Success, "{name}");
    let record = trace
        .into_iter()
        .find(|record| record.name == name)
        .unwrap();
    assert_eq!(record.start_ink - record.end_ink, ink, "{name}");
    (finished.output, record)
}

fn word(number: u64) -> Vec<u8> {
    U256::from(number).to_be_bytes::<32>().to_vec()
}

#[test]
fn documented_prices_hold() {
    costs("read_args", "(call $f (i32.const 960))", 13_440);
    costs(
        "storage_load_bytes32",
        "(call $f (i32.const 0) (i32.const 960))",
        21_068_480,
    );
    costs(
        "storage_cache_bytes32",
        "(call $f (i32.const 0) (i32.const 32))",
        18_480,
    );
    costs("storage_flush_cache", "(call $f (i32.const 0))", 68_073);
    costs(
        "transient_load_bytes32",
        "(call $f (i32.const 0) (i32.const 960))",
        1_078_153,
    );
    costs(
        "transient_store_bytes32",
        "(call $f (i32.const 0) (i32.const 32))",
        1_078_153,
    );
    costs(
        "account_balance",
        "(call $f (i32.const 96) (i32.const 960))",
        26_078_153,
    );
    costs(
        "account_codehash",
        "(call $f (i32.const 96) (i32.const 960))",
        26_078_153,
    );
    costs(
        "account_code_size",
        "(drop (call $f (i32.const 96)))",
        33_068_073,
    );
    let code = "(drop (call $f (i32.const 96) (i32.const 0) (i32.const 0) (i32.const 0)))";
    costs("account_code", code, 33_068_073 + 5_040);
    costs(
        "emit_log",
        "(call $f (i32.const 0) (i32.const 0) (i32.const 0))",
        3_834_454,
    );
    costs(
        "emit_log",
        "(call $f (i32.const 0) (i32.const 100) (i32.const 0))",
        11_838_194,
    );
    costs(
        "emit_log",
        "(call $f (i32.const 0) (i32.const 228) (i32.const 4))",
        26_845_234,
    );
    costs(
        "native_keccak256",
        "(call $f (i32.const 0) (i32.const 100) (i32.const 960))",
        163_800,
    );
    costs("pay_for_memory_grow", "(call $f (i32.const 65536))", 8_400);
    let read = "(drop (call $f (i32.const 0) (i32.const 0) (i32.const 9)))";
    costs("read_return_data", read, 73_113);
    for name in [
        "evm_gas_left",
        "evm_ink_left",
        "chainid",
        "block_number",
        "block_timestamp",
    ] {
        costs(name, "(drop (call $f))", 8_400);
    }
    for name in [
        "block_gas_limit",
        "msg_reentrant",
        "tx_ink_price",
        "return_data_size",
    ] {
        costs(name, "(drop (call $f))", 8_400);
    }
    for name in [
        "block_basefee",
        "block_coinbase",
        "contract_address",
        "msg_sender",
    ] {
        costs(name, "(call $f (i32.const 960))", 13_440);
    }
    for name in ["msg_value", "tx_gas_price", "tx_origin"] {
        costs(name, "(call $f (i32.const 960))", 13_440);
    }
}

#[test]
fn arithmetic_replaces_its_first_operand() {
    let copy = "(memory.copy (i32.const 960) (i32.const 0) (i32.const 32))";
    let two = |name, ink, result| {
        let call = format!("(call $f (i32.const 0) (i32.const 32)) {copy}");
        let (output, record) = costs(name, &call, ink);
        assert_eq!(output[..32], word(result), "{name}");
        assert_eq!(record.args[..], [word(7), word(3)].concat(), "{name}");
        assert_eq!(record.outs[..], word(result), "{name}");
    };
    two("math_div", 43_520, 2);
    two("math_mod", 43_520, 1);
    two("math_pow", 61_520, 343);
    let three = |name, ink, result| {
        let call = format!("(call $f (i32.const 0) (i32.const 32) (i32.const 64)) {copy}");
        assert_eq!(costs(name, &call, ink).0[..32], word(result), "{name}");
    };
    three("math_add_mod", 49_560, 0);
    three("math_mul_mod", 52_660, 1);
    // Dividing by the zero word behind the operands gives zero.
    let call = format!("(call $f (i32.const 0) (i32.const 200)) {copy}");
    assert_eq!(costs("math_div", &call, 43_520).0[..32], word(0));
    assert_eq!(costs("math_mod", &call, 43_520).0[..32], word(0));
}

#[test]
fn hashing_and_arguments_reach_memory() {
    let call = "(call $f (i32.const 0) (i32.const 32) (i32.const 960))";
    let (output, _) = costs("native_keccak256", call, 121_800);
    assert_eq!(output[..32], keccak256(word(7))[..]);
    let (output, record) = costs("read_args", "(call $f (i32.const 960))", 13_440);
    assert_eq!(
        (&output[..3], &record.outs[..]),
        (&[1, 2, 3][..], &[1, 2, 3][..])
    );
}

#[test]
fn calls_pass_everything_on_and_report_failure_as_two() {
    for (name, kind, call) in [
        (
            "call_contract",
            CallKind::Call,
            "(i32.const 0) (i32.const 3) (i32.const 0) (i64.const 500)",
        ),
        (
            "delegate_call_contract",
            CallKind::Delegate,
            "(i32.const 0) (i32.const 3) (i64.const 500)",
        ),
        (
            "static_call_contract",
            CallKind::Static,
            "(i32.const 0) (i32.const 3) (i64.const 500)",
        ),
    ] {
        let call =
            format!("(i32.store (i32.const 964) (call $f (i32.const 96) {call} (i32.const 960)))");
        let mut asked = None;
        let (finished, trace) = run(&module(name, &call), plain_input(&[], INK), |request| {
            asked = Some(request);
            Answer::Call {
                status: 2,
                gas_cost: 11,
                return_data: Bytes::from_static(b"no"),
            }
        });
        let Some(Request::Call {
            kind: asked,
            contract,
            value,
            input,
            gas_requested,
            ..
        }) = asked
        else {
            panic!("{name} did not call")
        };
        assert_eq!((asked, contract), (kind, Address::repeat_byte(0xaa)));
        assert_eq!(
            value,
            if kind == CallKind::Call {
                U256::from(7)
            } else {
                U256::ZERO
            }
        );
        assert_eq!((input.len(), gas_requested), (3, 500));
        assert_eq!(finished.output[..8], [2, 0, 0, 0, 2, 0, 0, 0]);
        let record = trace.iter().find(|record| record.name == name).unwrap();
        let fixed = 8_400 + 3 * 5_040 + 59_673 + 2 * 16_381;
        assert_eq!(record.start_ink - record.end_ink, fixed + 11 * 10_000);
        assert_eq!(record.outs[..], [0, 0, 0, 2, 2]);
    }
}

#[test]
fn creations_charge_their_base_and_the_constructor() {
    for (name, call, base) in [
        (
            "create1",
            "(call $f (i32.const 0) (i32.const 33) (i32.const 0) (i32.const 960) (i32.const 1000))",
            32_000,
        ),
        (
            "create2",
            "(call $f (i32.const 0) (i32.const 33) (i32.const 0) (i32.const 32) (i32.const 960) (i32.const 1000))",
            32_012,
        ),
    ] {
        let mut left = 0;
        let (finished, trace) = run(&module(name, call), plain_input(&[], INK), |request| {
            let Request::Create {
                salt,
                gas_left,
                endowment,
                code,
            } = request
            else {
                panic!()
            };
            assert_eq!(salt.is_some(), name == "create2");
            assert_eq!((endowment, code.len()), (U256::from(7), 33));
            left = gas_left;
            let address = Address::repeat_byte(9);
            Answer::Create {
                address,
                gas_cost: 5,
                return_data: Bytes::new(),
            }
        });
        assert_eq!(finished.output[..20], [9; 20]);
        let record = trace.iter().find(|record| record.name == name).unwrap();
        let pointers = if name == "create2" { 4 } else { 3 };
        let fixed = 8_400 + pointers * 5_040 + 59_673 + 2 * (16_381 + 55);
        assert_eq!(
            record.start_ink - record.end_ink,
            fixed + (base + 5) * 10_000,
            "{name}"
        );
        assert_eq!(left, (record.start_ink - fixed) / 10_000 - base, "{name}");
        // Too little gas for the base fails the program and keeps its gas.
        let poor = RunInput {
            ink: 20_000 * 10_000,
            ..plain_input(&[], 0)
        };
        let (finished, _) = run(&module(name, call), poor, |request| panic!("{request:?}"));
        assert_eq!(finished.outcome, Outcome::Failure);
        assert!(finished.ink_left > 19_000 * 10_000);
    }
}

#[test]
fn a_static_context_refuses_writes() {
    for (name, call) in [
        (
            "transient_store_bytes32",
            "(call $f (i32.const 0) (i32.const 32))",
        ),
        (
            "emit_log",
            "(call $f (i32.const 0) (i32.const 0) (i32.const 0))",
        ),
        (
            "create1",
            "(call $f (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))",
        ),
    ] {
        let input = RunInput {
            is_static: true,
            ..plain_input(&[], INK)
        };
        let (finished, _) = run(&module(name, call), input, |request| panic!("{request:?}"));
        assert_eq!(finished.outcome, Outcome::Failure, "{name}");
        assert!(
            finished.output.is_empty() && finished.ink_left > 0,
            "{name}"
        );
    }
}

#[test]
fn a_flush_writes_dirty_slots_once_and_stops_when_static() {
    let text = format!(
        r#"(module (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
        (import "vm_hooks" "storage_flush_cache" (func $flush (param i32))) {MEMORY}
        (data (i32.const 31) "\07")
        (func (export "user_entrypoint") (param i32) (result i32)
          (call $cache (i32.const 0) (i32.const 0)) (call $flush (i32.const 0))
          (call $flush (i32.const 1)) (i32.const 0)))"#
    );
    let wasm = wat::parse_str(text).unwrap();
    let mut mock = Mock::default();
    let (finished, trace) = run(&wasm, plain_input(&[], INK), |request| mock.answer(request));
    assert_eq!(finished.outcome, Outcome::Success);
    let inks: Vec<_> = trace
        .iter()
        .map(|record| record.start_ink - record.end_ink)
        .collect();
    assert_eq!(inks[1..4], [18_480, 221_068_073, 68_073]);
    assert_eq!(
        mock.storage.get(&B256::from(U256::from(7))),
        Some(&B256::from(U256::from(7)))
    );
    let input = RunInput {
        is_static: true,
        ..plain_input(&[], INK)
    };
    let (finished, _) = run(&wasm, input, |request| panic!("{request:?}"));
    assert_eq!(finished.outcome, Outcome::Failure);
}

#[test]
fn bad_logs_and_bad_pointers_fail_the_program() {
    for (name, call) in [
        (
            "emit_log",
            "(call $f (i32.const 0) (i32.const 200) (i32.const 5))",
        ),
        (
            "emit_log",
            "(call $f (i32.const 0) (i32.const 31) (i32.const 1))",
        ),
        (
            "emit_log",
            "(call $f (i32.const 0) (i32.const 31) (i32.const -1))",
        ),
        ("read_args", "(call $f (i32.const 65534))"),
        (
            "native_keccak256",
            "(call $f (i32.const 65535) (i32.const 2) (i32.const 0))",
        ),
        ("msg_sender", "(call $f (i32.const -1))"),
        ("math_pow", "(call $f (i32.const 0) (i32.const 65505))"),
    ] {
        let (finished, _) = run(
            &module(name, call),
            plain_input(&[1, 2, 3], INK),
            |request| panic!("{request:?}"),
        );
        assert_eq!(finished.outcome, Outcome::Failure, "{name}");
    }
    // What cannot be paid for is not even looked at.
    let huge = "(call $f (i32.const 0) (i32.const -1) (i32.const 0))";
    let input = plain_input(&[], 1_000_000);
    let (finished, _) = run(&module("native_keccak256", huge), input, |request| {
        panic!("{request:?}")
    });
    assert_eq!(
        (finished.outcome, finished.ink_left),
        (Outcome::OutOfInk, 0)
    );
}

#[test]
fn code_is_asked_for_once_and_empty_code_every_time() {
    let call = "(drop (call $f (i32.const 96))) (drop (call $f (i32.const 96)))";
    for (code, asked) in [(Bytes::from_static(&[1]), 1), (Bytes::new(), 2)] {
        let mut count = 0;
        run(
            &module("account_code_size", call),
            plain_input(&[], INK),
            |_| {
                count += 1;
                Answer::Code {
                    code: code.clone(),
                    gas: 800,
                }
            },
        );
        assert_eq!(count, asked);
    }
}

#[test]
fn an_early_exit_ends_with_its_status() {
    for (status, outcome) in [(0, Outcome::Success), (3, Outcome::Revert)] {
        let call = format!("(call $f (i32.const {status}))");
        let (finished, trace) = run(
            &module("exit_early", &call),
            plain_input(&[], INK),
            |request| panic!("{request:?}"),
        );
        assert_eq!(finished.outcome, outcome);
        let names: Vec<_> = trace.iter().map(|record| record.name).collect();
        assert_eq!(names, ["user_entrypoint", "exit_early", "user_returned"]);
    }
}

#[test]
fn every_row_links_with_its_own_type_and_no_other() {
    let cfg = |debug_chain| ActivationConfig {
        arbos_version: 51,
        stylus_version: 2,
        page_limit: 128,
        debug_chain,
    };
    for row in HOST_FUNCTIONS {
        let body = r#"(memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0))"#;
        let right = wat::parse_str(format!("(module {} {body})", import_of(row))).unwrap();
        let mut gas = 1 << 40;
        assert!(
            activate(&right, &cfg(true), &mut gas).is_ok(),
            "{}",
            row.name
        );
        let plain = activate(&right, &cfg(false), &mut gas);
        assert_eq!(plain.is_ok(), !row.is_debug(), "{}", row.name);
        let import = import_of(row).replace("(param ", "(param i64 ");
        let wrong = wat::parse_str(format!("(module {import} {body})")).unwrap();
        assert!(
            activate(&wrong, &cfg(true), &mut gas).is_err(),
            "{}",
            row.name
        );
    }
}

#[test]
fn debug_functions_print_for_free() {
    let text = format!(
        r#"(module (import "console" "log_txt" (func $text (param i32 i32)))
        (import "console" "tee_i32" (func $tee (param i32) (result i32)))
        (import "console" "log_i64" (func $log (param i64))) {MEMORY}
        (data (i32.const 0) "hello")
        (func (export "user_entrypoint") (param i32) (result i32)
          (call $text (i32.const 0) (i32.const 5)) (call $log (i64.const -5))
          (call $tee (i32.const 0))))"#
    );
    let wasm = wat::parse_str(text).unwrap();
    let program = Program::compile(&wasm, &CompileConfig { debug_chain: true }).unwrap();
    let mut execution = Execution::start(&program, plain_input(&[], INK)).unwrap();
    assert!(matches!(
        execution.run(None),
        Step::Done(Finished {
            outcome: Outcome::Success,
            ..
        })
    ));
    assert_eq!(execution.take_console(), ["hello", "-5", "0"]);
    let names: Vec<_> = execution
        .take_trace()
        .unwrap()
        .into_iter()
        .map(|r| (r.name, r.start_ink - r.end_ink))
        .collect();
    assert_eq!(names[1..3], [("console_log_text", 0), ("console_log", 0)]);
    assert!(Program::compile(&wasm, &CompileConfig::default()).is_err());
}
