//! What fuzzing found, one test for each bug.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use stylus_vm::{ActivationConfig, Execution, Outcome, Step, activate};
use support::input::plain_input;

/// Activates and runs a program that asks nothing; returns how it ended and what it left.
fn run(wasm: &[u8], calldata: &[u8]) -> (Outcome, Vec<u8>) {
    let cfg = ActivationConfig {
        arbos_version: 51,
        stylus_version: 2,
        page_limit: 128,
        debug_chain: false,
    };
    let activation = activate(wasm, &cfg, &mut (1 << 40)).unwrap();
    let input = plain_input(calldata, 100_000_000);
    match Execution::start(&activation.program, input)
        .unwrap()
        .run(None)
    {
        Step::Done(finished) => (finished.outcome, finished.output.to_vec()),
        Step::Ask(request) => panic!("asked {request:?}"),
    }
}

/// The engine panicked while it compiled such a store.
#[test]
fn a_far_store_may_write_its_own_address() {
    for (store, len) in [("i32.store8", 1), ("i32.store16", 2), ("i32.store", 4)] {
        for (offset, spelled) in [(0, ""), (70_000, "offset=70000")] {
            let text = format!(
                r#"(module
                (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
                (memory (export "memory") 2 2)
                (func (export "user_entrypoint") (param i32) (result i32)
                    (local $p i32)
                    ({store} {spelled}
                        (local.tee $p (i32.add (local.get 0) (i32.const 0x01c0)))
                        (local.get $p))
                    (call $write_result (i32.const {at}) (i32.const 4))
                    (i32.const 0)))"#,
                at = offset + 0x01c4,
            );
            let wasm = wat::parse_str(text).unwrap();
            let mut want = 0x01c4_u32.to_le_bytes();
            want[len..].fill(0);
            assert_eq!(
                run(&wasm, &[7; 4]),
                (Outcome::Success, want.to_vec()),
                "{store} {spelled}"
            );
        }
    }
}
