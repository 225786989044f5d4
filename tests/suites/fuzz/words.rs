//! Calldata as words: how arguments are written, and the rules by which they are read. What the contracts decode is
//! held against this reader, which knows nothing of theirs.

use alloy::json_abi::{Function, JsonAbi};
use alloy_primitives::{Address, Bytes, U256};
use e2e::abi::types;

/// Bytes of a word.
const WORD: usize = 32;
/// Offsets and lengths beyond this are no calldata's.
const FARTHEST: u64 = u32::MAX as u64;

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Of a type that fills one word.
    Word(U256),
    /// Of an array of such.
    Array(Vec<U256>),
}

impl Value {
    fn words(&self) -> &[U256] {
        match self {
            Self::Word(word) => std::slice::from_ref(word),
            Self::Array(items) => items,
        }
    }
}

/// What calldata is, by the rules of decoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// No call of the interface.
    Nothing,
    /// Nearly a call: only items of an array are none of their type.
    DirtyItems,
    /// A call.
    Call(Canonical),
}

/// A call that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Canonical {
    /// The function's name.
    pub(crate) name: String,
    /// The same call as an encoder writes it.
    pub(crate) calldata: Bytes,
    /// Everybody whom its arguments name.
    pub(crate) addresses: Vec<Address>,
}

/// A call as encoders write it: words and offsets first, then the arrays, in order.
pub(crate) fn encode(selector: [u8; 4], arguments: &[Value]) -> Vec<u8> {
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    for argument in arguments {
        match argument {
            Value::Word(word) => heads.push(*word),
            Value::Array(items) => {
                heads.push(U256::from(WORD * (arguments.len() + tails.len())));
                tails.push(U256::from(items.len()));
                tails.extend(items);
            }
        }
    }
    let words = heads.iter().chain(&tails);
    let words = words.flat_map(|word| word.to_be_bytes::<WORD>());
    selector.into_iter().chain(words).collect()
}

/// Reads calldata as a contract with this interface has to.
pub(crate) fn read(abi: &JsonAbi, calldata: &[u8]) -> Reading {
    let Some((selector, data)) = calldata.split_first_chunk::<4>() else {
        return Reading::Nothing;
    };
    let mut functions = abi.functions();
    let Some(function) = functions.find(|function| function.selector() == *selector) else {
        return Reading::Nothing;
    };
    let Some((arguments, clean)) = arguments(function, data) else {
        return Reading::Nothing;
    };
    if !clean {
        return Reading::DirtyItems;
    }
    let addresses = types(function).into_iter().zip(&arguments);
    let addresses = addresses
        .filter(|(name, _)| name.starts_with("address"))
        .flat_map(|(_, argument)| argument.words())
        .map(|word| Address::from_word((*word).into()));
    Reading::Call(Canonical {
        name: function.name.clone(),
        calldata: encode(*selector, &arguments).into(),
        addresses: addresses.collect(),
    })
}

/// The arguments, and whether all items of arrays are of their type.
fn arguments(function: &Function, data: &[u8]) -> Option<(Vec<Value>, bool)> {
    let (mut arguments, mut clean) = (Vec::new(), true);
    for (place, name) in types(function).into_iter().enumerate() {
        let head = word(data, WORD * place)?;
        let Some(item) = name.strip_suffix("[]") else {
            if !fits(name, head) {
                return None;
            }
            arguments.push(Value::Word(head));
            continue;
        };
        let start = near(head)?;
        let length = near(word(data, start)?)?;
        // Before anything is collected: a length may say four thousand million.
        if length > data.len() / WORD {
            return None;
        }
        let places = (1..=length).map(|place| start + WORD * place);
        let items = places.map(|at| word(data, at));
        let items = items.collect::<Option<Vec<_>>>()?;
        clean &= items.iter().all(|value| fits(item, *value));
        arguments.push(Value::Array(items));
    }
    Some((arguments, clean))
}

/// The word at a place in bytes, if all of it is there.
fn word(data: &[u8], at: usize) -> Option<U256> {
    data.get(at..at + WORD).map(U256::from_be_slice)
}

fn near(word: U256) -> Option<usize> {
    (word <= U256::from(FARTHEST)).then(|| word.to())
}

/// Whether a word is a value of the type.
fn fits(name: &str, word: U256) -> bool {
    let bits = match name {
        "uint256" | "bytes32" => 256,
        "address" => 160,
        "uint32" => 32,
        "uint8" => 8,
        "bool" => 1,
        _ => panic!("nobody reads a {name} here"),
    };
    word.bit_len() <= bits
}

#[test]
fn calls_are_written_as_clients_write_them_and_read_again() {
    use crate::prelude::*;
    use alloy::sol_types::SolCall;
    let call = IDiem::settleBatchCall {
        epoch: wei(7),
        accounts: vec![Alice.address(), Bob.address()],
        used: vec![wei(1), wei(2), wei(3)],
    };
    let account = |who: Who| U256::from_be_bytes(who.address().into_word().0);
    let arguments = [
        Value::Word(wei(7)),
        Value::Array(vec![account(Alice), account(Bob)]),
        Value::Array(vec![wei(1), wei(2), wei(3)]),
    ];
    let written = encode(IDiem::settleBatchCall::SELECTOR, &arguments);
    assert_eq!(written, call.abi_encode());
    let read = read(&e2e::abi::interface("IDiem"), &written);
    let expected = Canonical {
        name: "settleBatch".to_owned(),
        calldata: written.into(),
        addresses: call.accounts,
    };
    assert_eq!(read, Reading::Call(expected));
}
