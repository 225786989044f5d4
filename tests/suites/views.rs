//! What the contracts tell about everything and about Alice, word for word.

use crate::prelude::*;
use alloy::sol_types::SolCall;
use e2e::abi::{StateMutability, functions, types};

/// Every view of a contract that asks for nothing or for an account, by its signature, as Alice has it.
fn views(world: &World, contract: Address, name: &str) -> Vec<(String, Bytes)> {
    let mut answers = Vec::new();
    for function in functions(name) {
        if function.state_mutability == StateMutability::NonPayable {
            continue;
        }
        let argument = match types(&function)[..] {
            [] => Vec::new(),
            ["address"] => Alice.address().into_word().to_vec(),
            _ => continue,
        };
        let signature = function.signature();
        let calldata = [&function.selector()[..], &argument].concat();
        let answer = world
            .chain
            .call_raw(Stranger.address(), contract.into(), calldata.into());
        let answer = answer.unwrap_or_else(|refusal| panic!("{signature}: {refusal}"));
        answers.push((signature, answer));
    }
    answers
}

/// What sVVV and DIEM tell.
pub(crate) fn all_views(world: &World) -> Vec<(String, Bytes)> {
    let at = world.contracts;
    let mut all = views(world, at.s_vvv, "IStakedVvv");
    all.extend(views(world, at.diem, "IDiem"));
    all
}

/// Holds what `call` answers against the encoding of what it says: padding counts as well.
fn canonical<C: SolCall>(world: &World, contract: Address, call: &C) {
    let answer = world
        .chain
        .call_raw(
            Stranger.address(),
            contract.into(),
            call.abi_encode().into(),
        )
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", C::SIGNATURE));
    let said = C::abi_decode_returns(&answer).expect("an answer of its type");
    let encoded = Bytes::from(C::abi_encode_returns(&said));
    assert_eq!(answer, encoded, "{}", C::SIGNATURE);
}

#[test]
fn texts_are_padded_with_zeros() {
    let world = World::of(TARGET);
    let at = world.contracts;
    canonical(&world, at.vvv, &IVVV::nameCall {});
    canonical(&world, at.vvv, &IVVV::symbolCall {});
    canonical(&world, at.vvv, &IVVV::eip712DomainCall {});
    canonical(&world, at.s_vvv, &IStakedVvv::nameCall {});
    canonical(&world, at.s_vvv, &IStakedVvv::symbolCall {});
    canonical(&world, at.diem, &IDiem::nameCall {});
    canonical(&world, at.diem, &IDiem::symbolCall {});
    canonical(&world, at.diem, &IDiem::eip712DomainCall {});
}
