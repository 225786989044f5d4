//! Which accounts there are, as programs see it by their code hash.

use alloy_primitives::{Address, B256, KECCAK256_EMPTY, address};

use crate::world::World;

const NOBODY: Address = address!("dededededededededededededededededededede");

/// Calls the address in the calldata as `call` says and returns its code hash afterwards.
fn program(call: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
        (import "vm_hooks" "read_args" (func $args (param i32)))
        (import "vm_hooks" "write_result" (func $result (param i32 i32)))
        (import "vm_hooks" "account_codehash" (func $hash (param i32 i32)))
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "static_call_contract" (func $static (param i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "delegate_call_contract" (func $delegate (param i32 i32 i32 i64 i32) (result i32)))
        (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32)
            (call $args (i32.const 0))
            {call}
            (call $hash (i32.const 0) (i32.const 64))
            (call $result (i32.const 64) (i32.const 32))
            i32.const 0))"#
    );
    wat::parse_str(text).unwrap()
}

const CALL: &str = "(drop (call $call (i32.const 0) (i32.const 200) (i32.const 0) (i32.const 300) (i64.const -1) (i32.const 400)))";
const STATIC: &str = "(drop (call $static (i32.const 0) (i32.const 200) (i32.const 0) (i64.const -1) (i32.const 400)))";
const DELEGATE: &str = "(drop (call $delegate (i32.const 0) (i32.const 200) (i32.const 0) (i64.const -1) (i32.const 400)))";

#[test]
fn an_empty_account_has_the_hash_of_no_code_once_the_transaction_touched_it() {
    let mut world = World::new();
    let twice = [STATIC, CALL].concat();
    let mut place = |call: &str| world.place_program(&program(call));
    let (looks, calls, asks) = (place(""), place(CALL), place(STATIC));
    let (borrows, asks_and_calls) = (place(DELEGATE), place(&twice));
    let seen = |program: Address, target: Address| {
        let outcome = world.view(program, target.to_vec());
        assert!(outcome.is_success(), "{:?}", outcome.error);
        B256::from_slice(&outcome.output)
    };
    for number in [1, 2, 5] {
        let precompile = Address::with_last_byte(number);
        assert_eq!(seen(looks, precompile), B256::ZERO, "{number}");
        assert_eq!(seen(calls, precompile), KECCAK256_EMPTY, "{number}");
        assert_eq!(seen(asks, precompile), KECCAK256_EMPTY, "{number}");
        assert_eq!(seen(borrows, precompile), B256::ZERO, "{number}");
    }
    assert_eq!(seen(looks, NOBODY), B256::ZERO);
    assert_eq!(seen(asks, NOBODY), KECCAK256_EMPTY);
    assert_eq!(seen(borrows, NOBODY), B256::ZERO);
    // A call that finds nobody and sends nothing ends before it touches anything.
    assert_eq!(seen(calls, NOBODY), B256::ZERO);
    assert_eq!(seen(asks_and_calls, NOBODY), KECCAK256_EMPTY);
}

#[test]
fn an_account_that_was_only_touched_is_gone_after_the_transaction() {
    let mut world = World::new();
    let program = world.place_program(&program(STATIC));
    let tx = world.tx(crate::world::ALICE, Some(program), NOBODY.to_vec());
    let outcome = world.send(&tx).unwrap();
    assert!(outcome.is_success());
    assert_eq!(outcome.output[..], KECCAK256_EMPTY[..]);
    assert!(
        world
            .state
            .accounts
            .get(&NOBODY)
            .is_none_or(|account| account.balance.is_zero() && account.nonce == 0)
    );
}
