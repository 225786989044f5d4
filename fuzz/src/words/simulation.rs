//! What calls pretend, and how they are traced and searched.

use alloy_primitives::{Address, B256};
use arbitrary::Result;
use serde_json::{Map, Value, json};

use super::{ANYTHING_DEPTH, Speaker, Word};
use crate::world::ARBOS;

/// Tracers, and names of none.
const TRACERS: [&str; 8] = [
    "callTracer",
    "prestateTracer",
    "stylusTracer",
    "stylusProgramTracer",
    "4byteTracer",
    "noopTracer",
    "",
    "muxTracer",
];
/// Types of members of typed data, one of them wrong.
const TYPES: [&str; 9] = [
    "A",
    "B",
    "A[]",
    "B[2]",
    "uint256",
    "bytes",
    "string[][]",
    "int8",
    "mapping",
];

/// Arrays in arrays of typed data, at most, as a power of two.
const MAX_ARRAYS_LOG2: u8 = 14;

impl Speaker<'_, '_> {
    pub(super) fn state_override(&mut self) -> Result<Value> {
        let mut map = Map::new();
        for _ in 0..self.u.int_in_range(0..=2u8)? {
            let mut account = self.fields(&[
                ("balance", Word::Number),
                ("nonce", Word::Index),
                ("code", Word::Code),
                ("movePrecompileToAddress", Word::Account),
            ])?;
            let slots = json!({ self.hash()?.to_string(): self.hash()? });
            let key = if self.one_in(4)? {
                "state"
            } else {
                "stateDiff"
            };
            account[key] = slots;
            map.insert(self.account()?.to_string(), account);
        }
        Ok(Value::Object(map))
    }

    pub(super) fn dump(&mut self) -> Result<Value> {
        let mut accounts = Map::new();
        for _ in 0..self.u.int_in_range(0..=2u8)? {
            let mut account = self.fields(&[
                ("balance", Word::Number),
                ("nonce", Word::Index),
                ("code", Word::Code),
            ])?;
            let (address, slot) = self.place()?;
            if self.u.arbitrary()? {
                account["storage"] = json!({ slot.to_string(): self.hash()? });
            }
            accounts.insert(address.to_string(), account);
        }
        Ok(json!({ "accounts": accounts }))
    }

    /// An account and a slot of it.
    fn place(&mut self) -> Result<(Address, B256)> {
        Ok(if self.one_in(6)? {
            (ARBOS, self.arbos_slot()?)
        } else {
            (self.account()?, self.hash()?)
        })
    }

    pub(super) fn block_override(&mut self) -> Result<Value> {
        self.fields(&[
            ("number", Word::Number),
            ("time", Word::Number),
            ("gasLimit", Word::Number),
            ("feeRecipient", Word::Account),
            ("baseFeePerGas", Word::Number),
        ])
    }

    pub(super) fn filter(&mut self) -> Result<Value> {
        let mut filter = self.fields(&[("address", Word::Account), ("topics", Word::Keys)])?;
        if self.one_in(3)? {
            filter["blockHash"] = self.draw(Word::BlockHash)?;
        } else {
            filter["fromBlock"] = self.tag()?;
            filter["toBlock"] = self.tag()?;
        }
        Ok(filter)
    }

    pub(super) fn tracer(&mut self) -> Result<Value> {
        let config = self.fields(&[
            ("onlyTopCall", Word::Flag),
            ("withLog", Word::Flag),
            ("diffMode", Word::Flag),
            ("disableCode", Word::Flag),
            ("disableStorage", Word::Flag),
        ])?;
        let mut options = self.fields(&[
            ("enableMemory", Word::Flag),
            ("disableStack", Word::Flag),
            ("disableStorage", Word::Flag),
            ("enableReturnData", Word::Flag),
            ("limit", Word::Count),
            ("stateOverrides", Word::StateOverride),
            ("blockOverrides", Word::BlockOverride),
        ])?;
        if !self.one_in(6)? {
            options["tracer"] = json!(self.u.choose(&TRACERS)?);
            options["tracerConfig"] = config;
        }
        Ok(options)
    }

    pub(super) fn typed_data(&mut self) -> Result<Value> {
        let (first, second) = (self.members()?, self.members()?);
        Ok(json!({
            "types": { "EIP712Domain": [], "A": first, "B": second },
            "primaryType": if self.u.arbitrary()? { "A" } else { "B" },
            "domain": {},
            "message": {
                "a": self.anything(ANYTHING_DEPTH)?,
                "b": self.anything(ANYTHING_DEPTH)?,
            },
        }))
    }

    fn members(&mut self) -> Result<Value> {
        self.list(|it| {
            let name = if it.u.arbitrary()? { "a" } else { "b" };
            let mut ty = (*it.u.choose(&TYPES)?).to_owned();
            if it.one_in(16)? {
                ty.push_str(&"[]".repeat(1 << it.u.int_in_range(0..=MAX_ARRAYS_LOG2)?));
            }
            Ok(json!({ "name": name, "type": ty }))
        })
    }
}
