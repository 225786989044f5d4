//! ArbOS precompiles: contracts that are code of the node.
//!
//! Every method is a row of its precompile's table ([`methods`] lists them all): signature, what it
//! may do, the ArbOS versions that have it, how closely it follows Nitro, and the function that does
//! it. [`run`] applies the rules common to all of them and then the method.
//!
//! Gas is never stated per method. A method reads and writes typed words of the ArbOS state through
//! its [`Context`], which charges for each access, so the price follows from what it does.

mod address_table;
mod aggregator;
mod arb_debug;
mod arb_owner;
mod arb_sys;
mod arb_test;
mod arb_wasm;
mod arb_wasm_cache;
mod arbos_acts;
mod context;
mod decode;
mod describe;
mod filtered_transactions;
mod function_table;
mod gas_info;
mod info;
mod method;
mod native_token;
mod owner_public;
mod retryable;
mod statistics;
#[cfg(test)]
mod tests;
mod wrapper;

use alloy_primitives::{Address, Bytes, U256};

pub use arbos_acts::ARBOS_ADDRESS;
pub(crate) use arbos_acts::start_block_data;
pub(crate) use context::{Context, Failure};
pub use method::{Access, Method, MethodInfo, Mutability, Precompile};
pub use stylus_vm::hostio::Fidelity;

use crate::host::PrecompileHost;

/// A call that reached a precompile's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrecompileCall {
    /// The precompile.
    pub address: Address,
    /// Who called, as `CALLER` would say.
    pub caller: Address,
    /// Whose storage and balance the frame acts on; not `address` under a delegate call.
    pub acting: Address,
    /// Wei, already moved to `acting`.
    pub value: U256,
    /// Calldata.
    pub input: Bytes,
    /// Gas given.
    pub gas: u64,
    /// Whether the frame may not write.
    pub is_static: bool,
}

/// How a precompile call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrecompileStatus {
    /// It did what was asked.
    Success,
    /// It reverted; unused gas is returned.
    Revert,
    /// An error that is not a revert, with the text clients see: all gas used, no output.
    Error(String),
    /// It crashed, which nobody but the debug precompile does: all gas used, no output.
    Crash,
}

/// What a precompile call gives back. Unless it succeeded, the caller rolls the state back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrecompileResult {
    /// How it ended.
    pub status: PrecompileStatus,
    /// Return or revert data.
    pub output: Bytes,
    /// Gas not used.
    pub gas_left: u64,
}

impl PrecompileResult {
    /// Whether the call succeeded.
    pub fn is_success(&self) -> bool {
        self.status == PrecompileStatus::Success
    }

    fn is_error(&self) -> bool {
        matches!(
            self.status,
            PrecompileStatus::Error(_) | PrecompileStatus::Crash
        )
    }

    fn success(output: Bytes, gas_left: u64) -> Self {
        Self {
            status: PrecompileStatus::Success,
            output,
            gas_left,
        }
    }

    fn revert(output: Bytes, gas_left: u64) -> Self {
        Self {
            status: PrecompileStatus::Revert,
            output,
            gas_left,
        }
    }

    fn error(text: impl Into<String>) -> Self {
        Self::failed(PrecompileStatus::Error(text.into()))
    }

    fn failed(status: PrecompileStatus) -> Self {
        Self {
            status,
            output: Bytes::new(),
            gas_left: 0,
        }
    }
}

/// Every precompile, by address.
static PRECOMPILES: [&Precompile; 18] = [
    &arb_sys::PRECOMPILE,
    &info::PRECOMPILE,
    &address_table::PRECOMPILE,
    &function_table::BLS,
    &function_table::PRECOMPILE,
    &arb_test::PRECOMPILE,
    &owner_public::PRECOMPILE,
    &gas_info::PRECOMPILE,
    &aggregator::PRECOMPILE,
    &retryable::PRECOMPILE,
    &statistics::PRECOMPILE,
    &arb_owner::PRECOMPILE,
    &arb_wasm::PRECOMPILE,
    &arb_wasm_cache::PRECOMPILE,
    &native_token::PRECOMPILE,
    &filtered_transactions::PRECOMPILE,
    &arb_debug::PRECOMPILE,
    &arbos_acts::PRECOMPILE,
];

/// The code of every precompile's account.
pub const STUB_CODE: [u8; 1] = [0xfe];

/// Every precompile.
pub fn precompiles() -> impl Iterator<Item = &'static Precompile> {
    PRECOMPILES.iter().copied()
}

/// Every row of every precompile's table.
pub fn methods() -> impl Iterator<Item = MethodInfo> {
    precompiles().flat_map(|precompile| {
        precompile
            .methods
            .iter()
            .map(move |method| MethodInfo { precompile, method })
    })
}

/// Addresses that are precompiles at `arbos_version`.
pub fn addresses(arbos_version: u64) -> impl Iterator<Item = Address> {
    precompiles()
        .filter(move |precompile| precompile.known_since() <= arbos_version)
        .map(|precompile| precompile.address)
}

/// Whether calls of `address` are answered by [`run`] at `arbos_version`.
pub fn is_precompile(address: Address, arbos_version: u64) -> bool {
    find(address).is_some_and(|precompile| precompile.known_since() <= arbos_version)
}

/// Answers a call of a precompile. An address that is none answers like an account without code.
pub fn run(host: &mut dyn PrecompileHost, call: &PrecompileCall) -> PrecompileResult {
    match find(call.address) {
        Some(precompile) => wrapper::run(host, precompile, call),
        None => PrecompileResult::success(Bytes::new(), call.gas),
    }
}

/// The text clients see for error data that a precompile reverted with, `error Name(args)`.
pub fn describe_error(address: Address, data: &[u8]) -> Option<String> {
    find(address).and_then(|precompile| (precompile.describe)(data))
}

fn find(address: Address) -> Option<&'static Precompile> {
    // All of them are short addresses: most calls are turned away by one comparison.
    if address.0[..17] != [0; 17] {
        return None;
    }
    precompiles().find(|precompile| precompile.address == address)
}

/// The address whose last three bytes are `number`.
const fn numbered(number: u32) -> Address {
    let mut bytes = [0; 20];
    let [_, a, b, c] = number.to_be_bytes();
    bytes[17] = a;
    bytes[18] = b;
    bytes[19] = c;
    Address::new(bytes)
}

/// For precompiles that revert without ABI errors.
const fn no_errors(_data: &[u8]) -> Option<String> {
    None
}
