//! Code of accounts: opcodes that have their operands, programs, delegations, rubbish.

use arbitrary::{Result, Unstructured};

use super::Speaker;
use crate::{modules, world::PROGRAMS};

/// First bytes of a program: Stylus, uncompressed dictionary 0.
const STYLUS: [u8; 4] = [0xef, 0xf0, 0, 0];
/// First bytes of a delegation.
const DELEGATION: [u8; 3] = [0xef, 0x01, 0x00];
/// Copies all calldata to memory: CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY.
const LOAD_CALLDATA: [u8; 4] = [0x36, 0x5f, 0x5f, 0x37];
/// Initcode that returns what follows it; the length of that stands in its second and third byte.
const DEPLOY: [u8; 10] = [0x61, 0, 0, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3];
/// Most bytes an arbitrary module is made of.
const MODULE_CHOICES: usize = 400;
/// Opcodes and how many operands they take.
const OPCODES: [(u8, usize); 48] = [
    (0x01, 2), // ADD
    (0x02, 2), // MUL
    (0x04, 2), // DIV
    (0x07, 2), // SMOD
    (0x0a, 2), // EXP
    (0x0b, 2), // SIGNEXTEND
    (0x10, 2), // LT
    (0x1b, 2), // SHL
    (0x20, 2), // KECCAK256
    (0x30, 0), // ADDRESS
    (0x31, 1), // BALANCE
    (0x35, 1), // CALLDATALOAD
    (0x37, 3), // CALLDATACOPY
    (0x39, 3), // CODECOPY
    (0x3b, 1), // EXTCODESIZE
    (0x3c, 4), // EXTCODECOPY
    (0x3e, 3), // RETURNDATACOPY
    (0x3f, 1), // EXTCODEHASH
    (0x40, 1), // BLOCKHASH
    (0x43, 0), // NUMBER
    (0x44, 0), // PREVRANDAO
    (0x47, 0), // SELFBALANCE
    (0x49, 1), // BLOBHASH
    (0x51, 1), // MLOAD
    (0x52, 2), // MSTORE
    (0x53, 2), // MSTORE8
    (0x54, 1), // SLOAD
    (0x55, 2), // SSTORE
    (0x56, 1), // JUMP
    (0x57, 2), // JUMPI
    (0x5a, 0), // GAS
    (0x5b, 0), // JUMPDEST
    (0x5c, 1), // TLOAD
    (0x5d, 2), // TSTORE
    (0x5e, 3), // MCOPY
    (0xa0, 2), // LOG0
    (0xa2, 4), // LOG2
    (0xa4, 6), // LOG4
    (0xf0, 3), // CREATE
    (0xf1, 7), // CALL
    (0xf2, 7), // CALLCODE
    (0xf4, 6), // DELEGATECALL
    (0xfa, 6), // STATICCALL
    (0xf5, 4), // CREATE2
    (0xf3, 2), // RETURN
    (0xfd, 2), // REVERT
    (0xfe, 0), // INVALID
    (0xff, 1), // SELFDESTRUCT
];
/// Those whose first two operands are gas and whom to call.
const CALLS: [u8; 4] = [0xf1, 0xf2, 0xf4, 0xfa];

/// A module as the code of an account.
pub(crate) fn stylus_code(wasm: &[u8]) -> Vec<u8> {
    let mut code = STYLUS.to_vec();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 5,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &wasm[..], &mut code, &params).expect("written to memory");
    code
}

impl Speaker<'_, '_> {
    /// Code of an account.
    pub(super) fn code(&mut self) -> Result<Vec<u8>> {
        Ok(match self.u.int_in_range(0..=9u8)? {
            0 | 1 => stylus_code(PROGRAMS[self.u.choose_index(PROGRAMS.len())?]),
            2 | 3 => stylus_code(&self.module()?),
            4 => stylus_code(&self.raw_bytes()?),
            5 => {
                let kind = self.u.int_in_range(0..=3)?;
                [&[0xef, 0xf0, kind], self.raw_bytes()?.as_slice()].concat()
            }
            6 => [&DELEGATION, self.account()?.as_slice()].concat(),
            7 => self.raw_bytes()?,
            _ => self.opcodes()?,
        })
    }

    /// Code of a creation: it runs as it is, or leaves other code behind.
    pub(super) fn initcode(&mut self) -> Result<Vec<u8>> {
        if self.one_in(3)? {
            return self.opcodes();
        }
        let code = self.code()?;
        let mut deploy = DEPLOY;
        deploy[1..3].copy_from_slice(&(code.len() as u16).to_be_bytes());
        Ok([&deploy, code.as_slice()].concat())
    }

    /// A module of arbitrary functions.
    fn module(&mut self) -> Result<Vec<u8>> {
        let len = self.u.int_in_range(0..=MODULE_CHOICES)?.min(self.u.len());
        modules::generate(&mut Unstructured::new(self.u.bytes(len)?))
    }

    /// Opcodes that find their operands on the stack.
    fn opcodes(&mut self) -> Result<Vec<u8>> {
        let mut code = LOAD_CALLDATA.to_vec();
        for _ in 0..self.u.int_in_range(0..=12u8)? {
            let &(opcode, operands) = self.u.choose(&OPCODES)?;
            let is_call = CALLS.contains(&opcode);
            for index in (0..operands).rev() {
                match index {
                    0 if is_call => code.push(0x5a), // GAS
                    1 if is_call => self.push_account(&mut code)?,
                    _ => self.push(&mut code)?,
                }
            }
            code.push(opcode);
        }
        Ok(code)
    }

    fn push(&mut self, code: &mut Vec<u8>) -> Result<()> {
        match self.u.int_in_range(0..=7u8)? {
            0 => self.push_account(code)?,
            1 => {
                code.push(0x7f); // PUSH32
                code.extend(self.hash()?);
            }
            2 => code.push(0x36),                          // CALLDATASIZE
            3 | 4 => code.push(0x5f),                      // PUSH0
            _ => code.extend([0x60, self.u.arbitrary()?]), // PUSH1
        }
        Ok(())
    }

    fn push_account(&mut self, code: &mut Vec<u8>) -> Result<()> {
        code.push(0x73); // PUSH20
        code.extend(self.account()?);
        Ok(())
    }
}
