//! Calls as deep as they go. The limit counts EVM and program frames alike, and the native stack
//! knows nothing of it.

use std::thread;

use alloy_primitives::{Address, Bytes, U256, address, hex};
use arbos::{
    BlockContext, ExecOptions, Mode, Outcome, Status, TraceConfig, TxInput, trace::CallConfig,
};

use crate::{
    common::container,
    world::{ARB_OWNER, ArbOwner, World, ether},
};

/// Frames above the outermost one.
const DEEPEST: u64 = 1_024;
/// Far less than one native frame for each of the chain's would take.
const SMALL_STACK: usize = 512 * 1024;
/// Half of what threads have by default: trees of JSON nest natively.
const TRACE_STACK: usize = 1024 * 1024;
/// So much that the 64th kept back in every frame leaves enough for the last one.
const GAS: u64 = 1 << 49;

const ONE: Address = address!("0e00000000000000000000000000000000000001");
const OTHER: Address = address!("0e00000000000000000000000000000000000002");

/// Calls `next` with its own depth plus one, and returns what that returns, or its own depth where
/// the call fails.
fn evm(next: Address) -> Bytes {
    let call = hex!("5f35600101 5f52 6020602060205f5f 73");
    let rest = hex!("5a f1 602e57 5f35602052 5b60206020f3");
    [&call[..], next.as_slice(), &rest].concat().into()
}

/// The same as a program.
fn program(next: Address) -> Bytes {
    let next: String = next.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let wasm = wat::parse_str(format!(
        r#"(module
            (import "vm_hooks" "read_args" (func $read_args (param i32)))
            (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
            (import "vm_hooks" "read_return_data" (func $read_return_data (param i32 i32 i32) (result i32)))
            (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
            (memory (export "memory") 1 1)
            (data (i32.const 0) "{next}")
            (func (export "user_entrypoint") (param i32) (result i32)
                (local $depth i32)
                (call $read_args (i32.const 64))
                (local.set $depth (i32.add (i32.const 1) (i32.or
                    (i32.shl (i32.load8_u (i32.const 94)) (i32.const 8))
                    (i32.load8_u (i32.const 95)))))
                (i32.store8 (i32.const 158) (i32.shr_u (local.get $depth) (i32.const 8)))
                (i32.store8 (i32.const 159) (local.get $depth))
                (if (call $call (i32.const 0) (i32.const 128) (i32.const 32) (i32.const 192) (i64.const -1) (i32.const 224))
                    (then (call $write_result (i32.const 64) (i32.const 32)))
                    (else
                        (drop (call $read_return_data (i32.const 256) (i32.const 0) (i32.const 32)))
                        (call $write_result (i32.const 256) (i32.const 32))))
                (i32.const 0)))"#
    ));
    container(&wasm.unwrap())
}

/// A world where [`ONE`] and [`OTHER`] call each other, and program pages cost nothing: their
/// price would end the recursion long before its depth does.
fn world(one: Bytes, other: Bytes) -> World {
    let mut world = World::new();
    world.own(
        ARB_OWNER,
        ArbOwner::setWasmFreePagesCall { pages: u16::MAX },
    );
    for (address, code) in [(ONE, one), (OTHER, other)] {
        let is_program = code.starts_with(&[0xef]);
        world.state.set_code(address, code);
        if is_program {
            assert!(world.activate(address, ether(1)).is_success());
        }
    }
    world
}

/// Calls [`ONE`] on a native stack of so many bytes, does with the outcome what `look` does, and
/// returns what that returns.
fn call<T: Send + 'static>(
    world: World,
    stack: usize,
    trace: Option<TraceConfig>,
    look: impl FnOnce(Outcome) -> T + Send + 'static,
) -> T {
    let run = move || {
        let tx = TxInput {
            to: Some(ONE),
            data: U256::ZERO.to_be_bytes::<32>().into(),
            gas_limit: GAS,
            ..TxInput::default()
        };
        let options = ExecOptions {
            mode: Mode::Call,
            trace,
            ..ExecOptions::default()
        };
        let block = &mut BlockContext::default();
        let outcome = world
            .executor
            .transact(&world.state, &world.env, block, &tx, &options)
            .unwrap();
        assert_eq!(outcome.status, Status::Success, "{:?}", outcome.error);
        look(outcome)
    };
    let thread = thread::Builder::new().stack_size(stack);
    thread.spawn(run).unwrap().join().unwrap()
}

/// The depth that the call of [`ONE`] reports, on a small native stack.
fn deepest(world: World) -> U256 {
    call(world, SMALL_STACK, None, |outcome| {
        U256::from_be_slice(&outcome.output)
    })
}

#[test]
fn evm_frames_end_at_the_limit() {
    let world = world(evm(OTHER), evm(ONE));
    assert_eq!(deepest(world), U256::from(DEEPEST));
}

#[test]
fn program_frames_end_at_the_limit() {
    let world = world(program(OTHER), program(ONE));
    assert_eq!(deepest(world), U256::from(DEEPEST));
}

#[test]
fn evm_and_program_frames_end_at_the_same_limit_whichever_is_outermost() {
    for (one, other) in [(evm(OTHER), program(ONE)), (program(OTHER), evm(ONE))] {
        assert_eq!(deepest(world(one, other)), U256::from(DEEPEST));
    }
}

#[test]
fn traces_of_the_deepest_recursion_are_made_and_written() {
    let world = || world(program(OTHER), evm(ONE));
    for (trace, mark) in [
        (TraceConfig::Call(CallConfig::default()), "\"gasUsed\""),
        (TraceConfig::Stylus, "\"steps\""),
    ] {
        let text = call(world(), TRACE_STACK, Some(trace), |outcome| {
            outcome.trace.unwrap().unwrap().to_string()
        });
        assert!(text.matches(mark).count() as u64 > DEEPEST);
    }
}
