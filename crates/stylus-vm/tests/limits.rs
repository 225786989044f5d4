//! Each limit of a module, at it and one beyond.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

use stylus_vm::{ActivationConfig, activate};

fn accepted(text: &str, arbos_version: u64, debug_chain: bool) -> bool {
    let cfg = ActivationConfig {
        arbos_version,
        stylus_version: 2,
        page_limit: 128,
        debug_chain,
    };
    activate(&wat::parse_str(text).unwrap(), &cfg, &mut (1 << 40)).is_ok()
}

/// A module with more fields and, in its only own function, more locals and code.
fn module(fields: &str, body: &str) -> String {
    format!(
        r#"(module {fields} (memory (export "memory") 1 1)
        (func $main (export "user_entrypoint") (param i32) (result i32) {body} (i32.const 0)))"#
    )
}

fn repeated(count: usize, field: impl Fn(usize) -> String) -> String {
    (0..count).map(field).collect()
}

#[test]
fn exports_are_counted_with_the_four_that_instrumentation_adds() {
    for all in 1_016..=1_025 {
        let more = repeated(all - 2, |n| format!(r#"(export "e{n}" (func $main))"#));
        let text = module(&more, "");
        assert_eq!(accepted(&text, 51, true), all <= 1_020, "{all} exports");
        // Elsewhere nobody sees the others, and they are dropped before they are counted.
        assert!(accepted(&text, 51, false), "{all} exports");
    }
    for all in 1_018..=1_021 {
        let more = repeated(all - 2, |n| format!(r#"(export "e{n}" (func $main))"#));
        let text = module(&format!("(func $start) (start $start) {more}"), "");
        assert_eq!(
            accepted(&text, 51, true),
            all <= 1_019,
            "a start function and {all}"
        );
    }
}

#[test]
fn functions_are_counted_without_imports() {
    for all in [1_019, 1_021, 1_025, 4_095, 4_096, 4_097] {
        let import = r#"(import "vm_hooks" "msg_sender" (func (param i32)))"#;
        let more = repeated(all - 1, |_| "(func)".to_owned());
        let text = module(&format!("{import}{more}"), "");
        assert_eq!(accepted(&text, 51, true), all <= 4_096, "{all} functions");
    }
}

#[test]
fn globals_are_counted_with_the_four_that_instrumentation_adds() {
    for all in [1_021, 32_763, 32_764, 32_765, 32_768] {
        let more = repeated(all, |_| "(global i32 (i32.const 0))".to_owned());
        let text = module(&more, "");
        assert_eq!(accepted(&text, 51, true), all <= 32_764, "{all} globals");
    }
}

#[test]
fn tables_segments_imports_and_locals_have_their_limits() {
    for (count, limit) in [(4_095, 4_096), (4_096, 4_096), (4_097, 4_096)] {
        let text = module(&format!("(table {count} funcref)"), "");
        assert_eq!(
            accepted(&text, 51, true),
            count <= limit,
            "{count} table entries"
        );
    }
    for count in [127, 128, 129] {
        let datas = repeated(count, |n| format!("(data (i32.const {n}) \"x\")"));
        assert_eq!(
            accepted(&module(&datas, ""), 51, true),
            count <= 128,
            "{count} datas"
        );
        let elements = repeated(count, |_| "(elem (i32.const 0) $main)".to_owned());
        let text = module(&format!("(table 1 funcref) {elements}"), "");
        assert_eq!(accepted(&text, 51, true), count <= 128, "{count} elements");
    }
    for count in [512, 513, 514] {
        let import = r#"(import "vm_hooks" "msg_sender" (func (param i32)))"#;
        let text = module(&import.repeat(count), "");
        assert_eq!(accepted(&text, 51, true), count <= 513, "{count} imports");
        assert!(
            accepted(&text, 31, true),
            "{count} imports before there was a limit"
        );
    }
    for count in [347, 348, 349] {
        let text = module("", &format!("(local {})", "i64 ".repeat(count)));
        assert_eq!(accepted(&text, 51, true), count <= 348, "{count} locals");
    }
}

#[test]
fn imports_from_debug_exist_nowhere() {
    for name in ["null_host", "start_benchmark", "end_benchmark"] {
        let import = format!(r#"(import "debug" "{name}" (func))"#);
        for debug_chain in [false, true] {
            let cfg = ActivationConfig {
                arbos_version: 51,
                stylus_version: 2,
                page_limit: 128,
                debug_chain,
            };
            let wasm = wat::parse_str(module(&import, "")).unwrap();
            let error = activate(&wasm, &cfg, &mut (1 << 40)).unwrap_err();
            let text = format!("No such import {name} in debug for user");
            assert!(error.to_string().contains(&text), "{error}");
        }
    }
}

#[test]
fn version_60_refuses_every_type_of_several_results_and_every_block_that_names_a_type() {
    let several = "(result i32 i64)";
    for (what, fields, body) in [
        (
            "a function",
            format!("(func {several} i32.const 1 i64.const 2)"),
            String::new(),
        ),
        (
            "a type that nothing uses",
            format!("(type (func {several}))"),
            String::new(),
        ),
        (
            "the type of an indirect call",
            format!("(table 1 funcref) (type $t (func {several}))"),
            "(call_indirect (type $t) (i32.const 0)) (drop) (drop)".to_owned(),
        ),
        (
            "a block's results",
            String::new(),
            format!("(block {several} (unreachable)) (drop) (drop)"),
        ),
        (
            "a loop's results",
            String::new(),
            format!("(loop {several} (unreachable)) (drop) (drop)"),
        ),
        (
            "an if's results",
            String::new(),
            format!("(if {several} (local.get 0) (then unreachable) (else unreachable)) drop drop"),
        ),
        (
            "a block's parameter",
            String::new(),
            "i32.const 1 block (param i32) drop end".to_owned(),
        ),
        (
            "a loop's parameter",
            String::new(),
            "i32.const 1 loop (param i32) drop end".to_owned(),
        ),
        (
            "an if's parameter",
            String::new(),
            "i32.const 1 local.get 0 if (param i32) drop else drop end".to_owned(),
        ),
    ] {
        let text = module(&fields, &body);
        for (version, expected) in [(31, true), (51, true), (59, true), (60, false)] {
            assert_eq!(
                accepted(&text, version, true),
                expected,
                "{what}, ArbOS {version}"
            );
        }
    }
    for (what, fields, body) in [
        (
            "a type of several parameters",
            "(type (func (param i32 i64)))",
            "",
        ),
        ("a block without a type", "", "block end"),
        (
            "a block of one result",
            "",
            "(drop (block (result i64) i64.const 1))",
        ),
        (
            "an if of one result",
            "",
            "(drop (if (result i32) (local.get 0) (then i32.const 1) (else i32.const 2)))",
        ),
    ] {
        assert!(accepted(&module(fields, body), 60, true), "{what}");
    }
}
