//! Malformed calldata for every function of every interface, by the table of abi/*.json: it reverts without data,
//! which is how the decoder refuses, where an action that is refused gives a typed error.

use crate::prelude::*;
use e2e::abi::types;
use std::collections::BTreeSet;

/// Bytes of a selector and of a word.
const SELECTOR: usize = 4;
const WORD: usize = 32;

/// A function of an interface and calldata that it decodes.
struct Function {
    contract: Address,
    signature: String,
    /// Bits that each argument's type has; a whole word for dynamic ones.
    widths: Vec<usize>,
    calldata: Vec<u8>,
}

impl Function {
    fn read(contract: Address, declared: &alloy::json_abi::Function) -> Self {
        let types = types(declared);
        let mut calldata = declared.selector().to_vec();
        let mut tail = Vec::new();
        for kind in &types {
            if kind.ends_with("[]") {
                calldata.extend(word(types.len() * WORD + tail.len()));
                tail.extend([word(1), word(1)].concat());
            } else {
                calldata.extend(word(1));
            }
        }
        calldata.extend(tail);
        Self {
            contract,
            signature: declared.signature(),
            widths: types.into_iter().map(width).collect(),
            calldata,
        }
    }

    fn asked(&self, world: &World, calldata: Vec<u8>) -> Result<Bytes, e2e::chain::Refusal> {
        let (who, to) = (Alice.address(), self.contract.into());
        world.chain.call_raw(who, to, calldata.into())
    }

    fn reverts_silently(&self, world: &World, calldata: Vec<u8>) {
        let shown = Bytes::from(calldata.clone());
        let answer = self.asked(world, calldata);
        assert!(
            answer
                .as_ref()
                .is_err_and(|refusal| refusal.data.is_empty()),
            "{} answered {shown} with {answer:?}",
            self.signature
        );
    }
}

fn word(number: usize) -> Vec<u8> {
    U256::from(number).to_be_bytes_vec()
}

/// Bits of an ABI type; offsets of arrays are limited by the calldata and have a test of their own.
fn width(kind: &str) -> usize {
    match kind {
        "bool" => 1,
        "address" => 160,
        "uint256" | "bytes32" => 256,
        array if array.ends_with("[]") => 256,
        number => {
            let bits = number
                .strip_prefix("uint")
                .and_then(|bits| bits.parse().ok());
            bits.unwrap_or_else(|| panic!("the table does not know {number}"))
        }
    }
}

/// Every function of the three contracts.
fn functions(world: &World) -> Vec<Function> {
    let at = world.contracts;
    let interfaces = [
        ("IVVV", at.vvv),
        ("IStakedVvv", at.s_vvv),
        ("IDiem", at.diem),
    ];
    interfaces
        .into_iter()
        .flat_map(|(name, contract)| {
            let read = move |declared| Function::read(contract, &declared);
            e2e::abi::functions(name).into_iter().map(read)
        })
        .collect()
}

#[test]
fn every_function_decodes_well_formed_calldata() {
    let world = World::of(TARGET);
    let functions = functions(&world);
    assert!(functions.len() > 100, "only {} functions", functions.len());
    for function in functions {
        let answer = function.asked(&world, function.calldata.clone());
        assert!(
            answer.as_ref().is_ok_and(|data| data.len() % WORD == 0)
                || answer
                    .as_ref()
                    .is_err_and(|refusal| refusal.data.len() >= SELECTOR),
            "{} answered {answer:?}",
            function.signature
        );
    }
}

#[test]
fn every_function_refuses_calldata_cut_short_anywhere() {
    let world = World::of(TARGET);
    for function in functions(&world) {
        for length in 0..function.calldata.len() {
            function.reverts_silently(&world, function.calldata[..length].to_vec());
        }
    }
}

#[test]
fn every_function_refuses_two_arguments_that_are_wrong_at_once() {
    let world = World::of(TARGET);
    let mut pairs = 0;
    for function in functions(&world) {
        let narrow: Vec<_> = (0..)
            .zip(&function.widths)
            .filter(|(_, width)| **width < WORD * 8)
            .map(|(argument, width)| SELECTOR + (argument + 1) * WORD - 1 - width / 8)
            .collect();
        for (index, first) in narrow.iter().enumerate() {
            for second in &narrow[index + 1..] {
                let mut dirty = function.calldata.clone();
                // Bits above what the type has, in the byte where it ends.
                dirty[*first] |= 0x80;
                dirty[*second] |= 0x80;
                function.reverts_silently(&world, dirty);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 5, "only {pairs} pairs");
}

#[test]
fn every_function_refuses_each_bit_that_an_argument_does_not_have() {
    let world = World::of(TARGET);
    for function in functions(&world) {
        for (argument, width) in function.widths.iter().enumerate() {
            let end = SELECTOR + (argument + 1) * WORD;
            for bit in *width..WORD * 8 {
                let mut dirty = function.calldata.clone();
                dirty[end - 1 - bit / 8] |= 1 << (bit % 8);
                function.reverts_silently(&world, dirty);
            }
        }
    }
}

#[test]
fn selectors_beside_the_known_ones_are_unknown() {
    let world = World::of(TARGET);
    let functions = functions(&world);
    let known: BTreeSet<_> = functions
        .iter()
        .map(|function| (function.contract, function.calldata[..SELECTOR].to_vec()))
        .collect();
    for function in &functions {
        for bit in 0..SELECTOR * 8 {
            let mut other = function.calldata.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            if !known.contains(&(function.contract, other[..SELECTOR].to_vec())) {
                function.reverts_silently(&world, other);
            }
        }
    }
}

#[test]
fn every_function_refuses_value() {
    let world = World::of(TARGET);
    for function in functions(&world) {
        let (to, data) = (function.contract.into(), function.calldata.clone());
        let receipt = world.chain.transact(Alice, to, data.into(), U256::ONE);
        assert!(!receipt.status(), "{} took value", function.signature);
        assert!(receipt.logs().is_empty());
    }
}
