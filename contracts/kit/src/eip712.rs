//! ERC-5267: the fields of an EIP-712 domain, as an answer.

use crate::abi::{Answer, append_text, words};
use crate::word::ToWord;
use alloc::string::String;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};

/// The domain of a contract: name, version, chain and address; no salt, no extensions.
#[derive(Clone, Copy, Debug)]
pub struct Domain {
    /// Signing name.
    pub name: &'static str,
    /// Signing version.
    pub version: &'static str,
    /// Chain id.
    pub chain_id: u64,
    /// The contract.
    pub contract: Address,
}

/// Bits of the fields in use: name, version, chain id, contract.
const FIELDS: u64 = 0x0f;
/// Words of the answer's head.
const HEAD: usize = 7;
/// Words of a text of up to 32 bytes: length and content.
const TEXT: usize = 2;

impl Answer for Domain {
    fn sol() -> String {
        "bytes1,string,string,uint256,address,bytes32,uint256[]".into()
    }

    fn encode(&self) -> Vec<u8> {
        let offset = |at: usize| U256::from(at * 32);
        let mut data = words(&[
            U256::from(FIELDS) << 248,
            offset(HEAD),
            offset(HEAD + TEXT),
            self.chain_id.to_word(),
            self.contract.to_word(),
            U256::ZERO,
            offset(HEAD + TEXT + TEXT),
        ]);
        append_text(&mut data, self.name);
        append_text(&mut data, self.version);
        data.extend_from_slice(&words(&[U256::ZERO]));
        data
    }
}
