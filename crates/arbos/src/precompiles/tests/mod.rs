//! Every method's result, gas and errors, over a world of plain maps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]
#![allow(non_snake_case, reason = "arguments are named as the ABI names them")]

mod arb_owner;
mod arb_sys;
mod arb_wasm;
mod arb_wasm_cache;
mod mock;
mod others;
mod readers;
mod table;
mod wrapper;

use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::SolCall;
use mock::World;

use super::{PrecompileCall, PrecompileResult, PrecompileStatus, run};

/// Gas given to calls that do not care.
const PLENTY: u64 = 100_000_000;
/// Opening the ArbOS state.
const OPEN: u64 = 800;
/// Reading a storage word.
const READ: u64 = 800;
/// Writing a storage word other than zero.
const WRITE: u64 = 20_000;
/// Writing zero.
const CLEAR: u64 = 5_000;
/// Copying a word of arguments or output.
const WORD: u64 = 3;
/// Reading the Stylus parameters.
const PARAMS: u64 = 100;
/// Reading an account's code hash.
const CODE_HASH: u64 = 2_600;

const ALICE: Address = address!("00000000000000000000000000000000a11ce000");
const OWNER: Address = Address::ZERO;

/// A call under construction.
#[derive(Clone)]
struct Ask(PrecompileCall);

impl Ask {
    fn raw(number: u32, input: impl Into<Bytes>) -> Self {
        let address = super::numbered(number);
        Self(PrecompileCall {
            address,
            caller: ALICE,
            acting: address,
            value: U256::ZERO,
            input: input.into(),
            gas: PLENTY,
            is_static: false,
        })
    }

    fn new<C: SolCall>(number: u32, call: C) -> Self {
        Self::raw(number, call.abi_encode())
    }

    fn from(mut self, caller: Address) -> Self {
        self.0.caller = caller;
        self
    }

    fn value(mut self, value: u64) -> Self {
        self.0.value = U256::from(value);
        self
    }

    fn gas(mut self, gas: u64) -> Self {
        self.0.gas = gas;
        self
    }

    fn static_(mut self) -> Self {
        self.0.is_static = true;
        self
    }

    fn delegated(mut self) -> Self {
        self.0.acting = ALICE;
        self
    }

    /// Moves the value, runs the call, and undoes everything unless it succeeded.
    fn run(self, world: &mut World) -> Answer {
        let before = world.clone();
        world.credit(self.0.acting, self.0.value);
        let result = run(world, &self.0);
        if !result.is_success() {
            *world = before;
        }
        Answer {
            gas_used: self.0.gas - result.gas_left,
            result,
        }
    }

    /// Runs a call that must succeed and decodes what it returns.
    fn ok<C: SolCall>(self, world: &mut World) -> (C::Return, u64) {
        let answer = self.run(world);
        assert_eq!(answer.result.status, PrecompileStatus::Success);
        let output = C::abi_decode_returns(&answer.result.output).expect("output decodes");
        (output, answer.gas_used)
    }
}

/// Runs a call that must succeed, and returns its output and gas.
fn ok<C: SolCall>(world: &mut World, number: u32, call: C) -> (C::Return, u64) {
    Ask::new(number, call).ok::<C>(world)
}

struct Answer {
    result: PrecompileResult,
    gas_used: u64,
}

impl Answer {
    /// Reverted with these data and this gas.
    #[track_caller]
    fn assert_revert(&self, data: impl AsRef<[u8]>, gas_used: u64) {
        assert_eq!(self.result.status, PrecompileStatus::Revert);
        assert_eq!(self.result.output, Bytes::copy_from_slice(data.as_ref()));
        assert_eq!(self.gas_used, gas_used);
    }

    /// Failed without reverting, with a text that contains this, all gas gone.
    #[track_caller]
    fn assert_error(&self, text: &str) {
        match &self.result.status {
            PrecompileStatus::Error(found) => assert!(found.contains(text), "{found}"),
            other => panic!("{other:?} instead of an error"),
        }
        assert_eq!(self.result.gas_left, 0);
        assert!(self.result.output.is_empty());
    }
}
