//! A tiny EVM assembler: enough for probes and hostile tokens, so that no test waits for a compiler.

use alloy_primitives::{Address, Bytes};

/// EVM opcodes used by the tests, by their usual names.
#[allow(missing_docs, reason = "the yellow paper's names")]
pub mod op {
    pub const STOP: u8 = 0x00;
    pub const ADD: u8 = 0x01;
    pub const CODECOPY: u8 = 0x39;
    pub const RETURNDATASIZE: u8 = 0x3d;
    pub const RETURNDATACOPY: u8 = 0x3e;
    pub const TIMESTAMP: u8 = 0x42;
    pub const POP: u8 = 0x50;
    pub const MSTORE: u8 = 0x52;
    pub const GAS: u8 = 0x5a;
    pub const RETURN: u8 = 0xf3;
    pub const STATICCALL: u8 = 0xfa;
    pub const REVERT: u8 = 0xfd;
}

/// Code under construction.
#[derive(Default)]
pub struct Code(Vec<u8>);

impl Code {
    /// Appends one opcode.
    pub fn op(&mut self, opcode: u8) -> &mut Self {
        self.0.push(opcode);
        self
    }

    /// Pushes a number that fits four bytes.
    pub fn push(&mut self, number: u32) -> &mut Self {
        self.0.push(0x63);
        self.0.extend(number.to_be_bytes());
        self
    }

    /// Pushes an address.
    pub fn push_address(&mut self, address: Address) -> &mut Self {
        self.0.push(0x73);
        self.0.extend(address);
        self
    }

    /// Length so far.
    pub fn len(&self) -> u32 {
        self.0.len() as u32
    }

    /// Whether nothing was appended yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The code with `data` behind it.
    pub fn followed_by(self, data: &[u8]) -> Bytes {
        [&self.0, data].concat().into()
    }
}

/// Init code that installs `runtime` as it is.
pub fn install(runtime: &[u8]) -> Bytes {
    const PRELUDE: u32 = 5 + 1 + 5 + 5 + 1 + 5 + 1;
    let length = runtime.len() as u32;
    let mut code = Code::default();
    // DUP1 keeps the length for RETURN.
    code.push(length)
        .op(0x80)
        .push(PRELUDE)
        .push(0)
        .op(op::CODECOPY)
        .push(0)
        .op(op::RETURN);
    code.followed_by(runtime)
}
