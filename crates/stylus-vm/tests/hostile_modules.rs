//! Damaged and oversized modules are refused or run, without panic or blow-up.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use proptest::prelude::*;
use stylus_vm::{ActivationConfig, Execution, Outcome, Step, activate};
use support::input::plain_input;
use support::mock::Mock;
use support::vectors;

fn cfg(arbos_version: u64) -> ActivationConfig {
    ActivationConfig {
        arbos_version,
        stylus_version: 2,
        page_limit: 128,
        debug_chain: false,
    }
}

/// Activates, and runs what is accepted for a while.
fn exercise(wasm: &[u8]) {
    if let Ok(activation) = activate(wasm, &cfg(51), &mut (1 << 40)) {
        let mut execution =
            Execution::start(&activation.program, plain_input(&[7; 40], 100_000_000)).unwrap();
        let (mut mock, mut answer) = (Mock::default(), None);
        while let Step::Ask(request) = execution.run(answer.take()) {
            answer = Some(mock.answer(request));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..Default::default() })]

    #[test]
    fn damaged_modules_neither_panic_nor_hang(
        which in 0usize..8,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let names = ["script", "rnd_15", "op_br_table_40", "h_call", "recurse", "op_mem_grow",
            "op_call_indirect", "erc20_small"];
        let mut wasm = vectors::wasm(&format!("{}.wat", names[which]));
        for (at, byte) in damage {
            let index = at.index(wasm.len());
            wasm[index] = byte;
        }
        if let Some(cut) = cut {
            wasm.truncate(cut.index(wasm.len()) + 1);
        }
        exercise(&wasm);
    }

    #[test]
    fn noise_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend(bytes);
        exercise(&wasm);
    }
}

fn program(body: &str) -> Vec<u8> {
    let text = format!(
        r#"(module (memory (export "memory") 1 1) (table 1 funcref)
        (func $f (export "user_entrypoint") (param i32) (result i32) {body} (i32.const 0)))"#
    );
    wat::parse_str(text).unwrap()
}

#[test]
fn bombs_are_refused_or_survived() {
    exercise(&program(&format!("(local {})", "i64 ".repeat(349))));
    exercise(&program(&format!(
        "(block (br_table {} (i32.const 0)))",
        "0 ".repeat(100_000)
    )));
    exercise(&program(&format!(
        "{}{}",
        "(block ".repeat(400),
        ")".repeat(400)
    )));
    exercise(&program(
        &"(drop (memory.grow (i32.const 1)))".repeat(2_000),
    ));
    exercise(&program(&"(loop (br 0))".repeat(5_000)));
    exercise(&program(
        &"(drop (call_indirect (param i32) (result i32) (i32.const 0) (i32.const 0)))"
            .repeat(4_000),
    ));
    // Nearly as many functions as there may be.
    let mut functions = String::from(r#"(module (memory (export "memory") 1 1)"#);
    for _ in 0..4_000 {
        functions.push_str("(func (local i64))");
    }
    functions
        .push_str(r#"(func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#);
    exercise(&wat::parse_str(functions).unwrap());
}

#[test]
fn deep_recursion_is_ended_by_the_depth_checker() {
    for body in [
        "(drop (call $f (local.get 0)))",
        "(local i64) (drop (call $f (i32.const 5)))",
    ] {
        let activation = activate(&program(body), &cfg(51), &mut (1 << 40)).unwrap();
        for max_stack_depth in [1, 22_000, 262_144] {
            let mut input = plain_input(&[], 1 << 50);
            input.max_stack_depth = max_stack_depth;
            let mut execution = Execution::start(&activation.program, input).unwrap();
            let Step::Done(finished) = execution.run(None) else {
                panic!("asked")
            };
            assert_eq!(
                (finished.outcome, finished.ink_left),
                (Outcome::OutOfStack, 0)
            );
        }
    }
}

#[test]
fn activation_stops_where_gas_does() {
    let wasm = vectors::wasm("erc20_small.wasm");
    let mut gas = 1 << 40;
    activate(&wasm, &cfg(51), &mut gas).unwrap();
    let needed = (1 << 40) - gas;
    let mut exact = needed;
    activate(&wasm, &cfg(51), &mut exact).unwrap();
    assert_eq!(exact, 0);
    let mut short = needed - 1;
    assert!(activate(&wasm, &cfg(51), &mut short).is_err());
    assert_eq!(short, 0);
}

#[test]
fn the_missing_payment_import_is_named() {
    let error = activate(
        &vectors::wasm("a_grow_without_hook.wat"),
        &cfg(51),
        &mut (1 << 40),
    );
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("pay_for_memory_grow")
    );
}

#[test]
fn version_60_refuses_multiple_values() {
    for name in ["a_multi_value_func.wat", "a_block_params.wat"] {
        assert!(
            activate(&vectors::wasm(name), &cfg(51), &mut (1 << 40)).is_ok(),
            "{name}"
        );
        assert!(
            activate(&vectors::wasm(name), &cfg(60), &mut (1 << 40)).is_err(),
            "{name}"
        );
    }
}

#[test]
fn start_functions_are_moved_aside_on_debug_chains_only() {
    let wasm = vectors::wasm("a_start_func.wat");
    let debug = ActivationConfig {
        debug_chain: true,
        ..cfg(51)
    };
    assert!(activate(&wasm, &cfg(51), &mut (1 << 40)).is_err());
    assert!(activate(&wasm, &debug, &mut (1 << 40)).is_ok());
}
