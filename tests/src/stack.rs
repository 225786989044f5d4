//! The built modules with less stack than they have: what runs on it needs no more than that.
//!
//! The stack lies first in memory and grows down, so running out of it ends in a trap; its pointer is the first
//! global, whose initial value is the stack's size.

use crate::deploy::stylus::{compress, wasm};
use wasmparser::{Operator, Parser, Payload};

/// Bytes of stack that `scripts/build-wasm` gives every contract.
pub const BUILT_WITH: i32 = 16_384;
/// Where the pointer's initial value lies in its initialiser: behind the opcode, in front of the end.
const VALUE: std::ops::Range<usize> = 1..4;

/// The module `name` with `bytes` of stack, compressed.
///
/// # Panics
/// When the module's globals do not begin with a stack pointer of [`BUILT_WITH`].
pub fn narrowed(name: &str, bytes: i32) -> Vec<u8> {
    let mut module = wasm(name);
    let pointer = Parser::new(0)
        .parse_all(&module)
        .find_map(|part| match part {
            Ok(Payload::GlobalSection(globals)) => globals.into_iter().next(),
            _ => None,
        })
        .expect("a module has globals")
        .expect("a built module is well formed");
    let initial = pointer.init_expr.get_operators_reader().read();
    assert!(
        matches!(initial, Ok(Operator::I32Const { value: BUILT_WITH })),
        "{name}: the stack begins as {initial:?}"
    );
    let start = pointer.init_expr.get_binary_reader().range().start as usize;
    // As long as the old value, so that nothing moves.
    let value = [
        0x80 | (bytes & 0x7f) as u8,
        0x80 | (bytes >> 7 & 0x7f) as u8,
        (bytes >> 14 & 0x7f) as u8,
    ];
    module[start + VALUE.start..start + VALUE.end].copy_from_slice(&value);
    compress(&module)
}
