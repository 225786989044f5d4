//! ERC-5267: the fields of an EIP-712 domain, as an answer.

use crate::abi::Answer;
use crate::out::Out;
use alloc::string::String;
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

    fn encode(&self, out: &mut Out) {
        let offset = |at: usize| (at * 32) as u64;
        out.put(&(U256::from(FIELDS) << 248));
        out.put(&offset(HEAD));
        out.put(&offset(HEAD + TEXT));
        out.put(&self.chain_id);
        out.put(&self.contract);
        out.put(&0_u64);
        out.put(&offset(HEAD + TEXT + TEXT));
        out.put_text(self.name);
        out.put_text(self.version);
        out.put(&0_u64);
    }
}
