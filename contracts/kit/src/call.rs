//! The door to other contracts.

use crate::error::Error;
use crate::out::Out;
use crate::store::Vm;
use crate::word::decode;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use stylus_sdk::prelude::*;

/// All gas that may be passed on.
pub const ALL_GAS: u64 = u64::MAX;
/// No value is ever sent.
const NO_VALUE: [u8; 32] = [0; 32];

/// Calls `to` with all gas that may be passed on; see [`call_with`].
pub fn call(vm: &Vm, to: Address, data: Out) -> Result<Vec<u8>, Error> {
    call_with(vm, to, data, ALL_GAS)
}

/// Calls `to` with at most `gas` and gives back what it answers; the error is its revert
/// data.
///
/// The storage cache is kept as it is, pending writes included: the SDK refuses entry to a
/// contract that is already on the stack, so nothing can read or change this contract's
/// storage while it waits.
#[inline(never)]
pub fn call_with(vm: &Vm, to: Address, data: Out, gas: u64) -> Result<Vec<u8>, Error> {
    let mut returned = usize::default(); // written by the host, and asked for again by `finish`
    let (input, value) = (data.bytes(), NO_VALUE);
    // SAFETY: all pointers come from live buffers of the stated lengths; `value` has the
    // 32 bytes that the host reads.
    let status = unsafe {
        vm.call_contract(
            to.as_ptr(),
            input.as_ptr(),
            input.len(),
            value.as_ptr(),
            gas,
            &mut returned,
        )
    };
    finish(vm, status)
}

/// Like [`call`], read-only.
#[inline(never)]
pub fn view(vm: &Vm, to: Address, data: Out) -> Result<Vec<u8>, Error> {
    let mut returned = usize::default(); // written by the host, and asked for again by `finish`
    let input = data.bytes();
    // SAFETY: as in `call`.
    let status = unsafe {
        vm.static_call_contract(
            to.as_ptr(),
            input.as_ptr(),
            input.len(),
            ALL_GAS,
            &mut returned,
        )
    };
    finish(vm, status)
}

fn finish(vm: &Vm, status: u8) -> Result<Vec<u8>, Error> {
    let output = vm.read_return_data(0, None);
    if status == 0 {
        Ok(output)
    } else {
        Err(output.into())
    }
}

/// The first word of an answer; nothing when it is shorter than a word.
#[must_use]
#[inline(never)]
pub fn first_word(output: &[u8]) -> Option<U256> {
    output.first_chunk().map(decode)
}

/// Calldata for a function of a `sol!` interface: `calldata!(Interface::nameCall, word, ...)`.
/// The number of arguments is held against the interface by the compiler.
#[macro_export]
macro_rules! calldata {
    ($call:path $(, $word:expr)*) => {{
        const WORDS: &[&str] = &[$(stringify!($word)),*];
        const { $crate::call::assert_words::<$call>(WORDS.len()) };
        #[allow(unused_mut, reason = "not every function has arguments")]
        let mut out = $crate::out::Out::selector(u32::from_be_bytes(
            <$call as $crate::SolCall>::SELECTOR,
        ));
        $(out.put(&$word);)*
        out
    }};
}

/// Fails to compile unless the function `C` has `words` static arguments.
pub const fn assert_words<C: alloy_sol_types::SolCall>(words: usize) {
    use alloy_sol_types::SolType;
    assert!(matches!(
        <C::Parameters<'static> as SolType>::ENCODED_SIZE,
        Some(size) if size == 32 * words
    ));
}
