//! The door to other contracts.

use crate::error::encode;
use crate::store::Vm;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
#[allow(unused_imports, reason = "the mocked host brings its own methods")]
use stylus_sdk::prelude::*;

/// All gas that may be passed on.
const ALL_GAS: u64 = u64::MAX;

/// Calls `selector(words)` on `to`, without value, and gives back what it answers; the
/// error is its revert data.
///
/// Pending writes are flushed first. The cache of clean words is kept: the SDK refuses
/// entry to a contract that is already on the stack, so nothing can change this
/// contract's storage while it waits.
pub fn call(vm: &Vm, to: Address, selector: [u8; 4], words: &[U256]) -> Result<Vec<u8>, Vec<u8>> {
    let data = encode(selector, words);
    let value = [0_u8; 32];
    let mut returned = 0;
    vm.flush_cache(false);
    // SAFETY: all pointers come from live buffers of the stated lengths; `value` has the
    // 32 bytes that the host reads.
    let status = unsafe {
        vm.call_contract(
            to.as_ptr(),
            data.as_ptr(),
            data.len(),
            value.as_ptr(),
            ALL_GAS,
            &mut returned,
        )
    };
    finish(vm, status)
}

/// Like [`call`], read-only.
pub fn view(vm: &Vm, to: Address, selector: [u8; 4], words: &[U256]) -> Result<Vec<u8>, Vec<u8>> {
    let data = encode(selector, words);
    let mut returned = 0;
    vm.flush_cache(false);
    // SAFETY: as in `call`.
    let status = unsafe {
        vm.static_call_contract(
            to.as_ptr(),
            data.as_ptr(),
            data.len(),
            ALL_GAS,
            &mut returned,
        )
    };
    finish(vm, status)
}

fn finish(vm: &Vm, status: u8) -> Result<Vec<u8>, Vec<u8>> {
    let output = vm.read_return_data(0, None);
    if status == 0 { Ok(output) } else { Err(output) }
}

/// The first word of an answer; nothing when it is shorter than a word.
#[must_use]
pub fn first_word(output: &[u8]) -> Option<U256> {
    output
        .get(..32)
        .and_then(|word| U256::try_from_be_slice(word))
}
