//! Whom to call, and with what: methods of precompiles and of NodeInterface, scripts, rubbish.

use std::sync::LazyLock;

use alloy_primitives::{Address, U256, hex, keccak256};
use arbitrary::Result;
use arbos::precompiles;
use serde_json::{Value, json};

use super::Speaker;
use crate::world::{BLANK, NODE_INTERFACE, RICH, program};

/// Methods of NodeInterface.
const NODE_INTERFACE_METHODS: [&str; 10] = [
    "gasEstimateComponents(address,bool,bytes)",
    "gasEstimateL1Component(address,bool,bytes)",
    "estimateRetryableTicket(address,uint256,address,uint256,address,address,bytes)",
    "findBatchContainingBlock(uint64)",
    "getL1Confirmations(bytes32)",
    "constructOutboxProof(uint64,uint64)",
    "nitroGenesisBlock()",
    "blockL1Num(uint64)",
    "l2BlockRangeForL1(uint64)",
    "legacyLookupMessageBatchProof(uint256,uint64)",
];
/// Methods of the ready-made contracts and of the token among the programs.
const CONTRACT_METHODS: [(Address, &str); 5] = [
    (
        arbos::genesis::STYLUS_DEPLOYER,
        "deploy(bytes,bytes,uint256,bytes32)",
    ),
    (arbos::genesis::CACHE_MANAGER, "placeBid(address)"),
    (arbos::genesis::CACHE_MANAGER, "getMinBid(address)"),
    (arbos::genesis::CACHE_MANAGER, "getEntries()"),
    (arbos::genesis::CACHE_MANAGER, "getSmallestEntries(uint256)"),
];

impl Speaker<'_, '_> {
    /// Whom to call, and with what.
    pub(super) fn errand(&mut self) -> Result<(Address, Vec<u8>)> {
        static METHODS: LazyLock<Vec<(Address, &str)>> = LazyLock::new(|| {
            precompiles::methods()
                .map(|it| (it.precompile.address, it.method.signature))
                .collect()
        });
        Ok(match self.u.int_in_range(0..=9u8)? {
            0..=3 => {
                let &(to, signature) = self.u.choose(&METHODS)?;
                (to, self.method_call(signature)?)
            }
            4 => {
                let signature = self.u.choose(&NODE_INTERFACE_METHODS)?;
                (NODE_INTERFACE, self.method_call(signature)?)
            }
            5 => {
                let &(to, signature) = self.u.choose(&CONTRACT_METHODS)?;
                (to, self.method_call(signature)?)
            }
            6..=8 => (program(0), self.script()?),
            _ => (self.account()?, self.raw_bytes()?),
        })
    }

    /// A call to the account that stories deploy to.
    pub(super) fn visit(&mut self) -> Result<Value> {
        let data = if self.u.arbitrary()? {
            self.script()?
        } else {
            self.raw_bytes()?
        };
        let data = hex::encode_prefixed(data);
        Ok(json!({ "from": RICH[1], "to": BLANK, "gas": "0x100000", "data": data }))
    }

    /// Calldata for a method: well-formed, cut short or too long.
    fn method_call(&mut self, signature: &str) -> Result<Vec<u8>> {
        let types: Vec<&str> = signature
            .split_once('(')
            .and_then(|(_, list)| list.strip_suffix(')'))
            .map(|list| list.split(',').filter(|ty| !ty.is_empty()).collect())
            .unwrap_or_default();
        let mut tail: Vec<u8> = Vec::new();
        let mut data = keccak256(signature)[..4].to_vec();
        for ty in &types {
            if *ty == "bytes" || *ty == "string" || ty.ends_with("[]") {
                let offset = types.len() * 32 + tail.len();
                data.extend(U256::from(offset).to_be_bytes::<32>());
                self.dynamic(ty, &mut tail)?;
            } else {
                data.extend(self.argument(ty)?);
            }
        }
        data.extend(tail);
        if self.one_in(16)? {
            data.truncate(self.u.int_in_range(0..=data.len())?);
        } else if self.one_in(16)? {
            data.extend(self.raw_bytes()?);
        }
        Ok(data)
    }

    fn dynamic(&mut self, ty: &str, tail: &mut Vec<u8>) -> Result<()> {
        if let Some(element) = ty.strip_suffix("[]") {
            let count = self.u.int_in_range(0..=3u8)?;
            tail.extend(U256::from(count).to_be_bytes::<32>());
            for _ in 0..count {
                tail.extend(self.argument(element)?);
            }
            return Ok(());
        }
        let mut bytes = if self.one_in(3)? {
            self.initcode()?
        } else {
            self.raw_bytes()?
        };
        tail.extend(U256::from(bytes.len()).to_be_bytes::<32>());
        bytes.resize(bytes.len().next_multiple_of(32), 0);
        tail.extend(bytes);
        Ok(())
    }

    /// A static argument, mostly within the range of its type.
    fn argument(&mut self, ty: &str) -> Result<[u8; 32]> {
        if self.one_in(16)? {
            return Ok(self.hash()?.0);
        }
        Ok(match ty {
            "address" => self.account()?.into_word().0,
            "bool" => U256::from(u8::from(self.u.arbitrary::<bool>()?)).to_be_bytes(),
            _ => match ty.strip_prefix("uint").and_then(|bits| bits.parse().ok()) {
                Some(bits @ 1..256usize) => {
                    let mask = U256::MAX >> (256 - bits);
                    (self.uint()? & mask).to_be_bytes()
                }
                _ => self.hash()?.0,
            },
        })
    }
}
