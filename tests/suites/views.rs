//! What the contracts tell about everything and about Alice, word for word.

use crate::prelude::*;
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
