//! No caller is the zero address's friend: simulations call from there, and must not make anything out of nothing.

use crate::prelude::*;
use alloy::sol_types::SolCall;
use e2e::abi::{types, writes};

/// Arguments that mean something: amounts that others hold, an account that holds them.
fn argument(kind: &str) -> Vec<u8> {
    match kind {
        "address" => [vec![0; 12], Alice.address().to_vec()].concat(),
        "bool" => U256::ONE.to_be_bytes_vec(),
        "uint8" => U256::from(27).to_be_bytes_vec(),
        "uint32" => U256::ONE.to_be_bytes_vec(),
        "uint256" => tokens(5).to_be_bytes_vec(),
        "bytes32" => vec![0; 32],
        other => panic!("the table does not know {other}"),
    }
}

/// Calldata of every function that writes, with plain arguments, and with all addresses zero.
fn calls(name: &str) -> Vec<(String, Bytes)> {
    let mut calls = Vec::new();
    for function in writes(name) {
        let types = types(&function);
        if types.iter().any(|kind| kind.ends_with("[]")) {
            continue; // batches of settlements: the gateway is asked for before the lists
        }
        let signature = function.signature();
        for zero_addresses in [false, true] {
            let mut data = function.selector().to_vec();
            for kind in &types {
                if zero_addresses && *kind == "address" {
                    data.extend([0; 32]);
                } else {
                    data.extend(argument(kind));
                }
            }
            calls.push((signature.clone(), data.into()));
        }
    }
    calls
}

fn supply_and_stake(world: &World) -> (U256, U256, U256, U256) {
    let at = world.contracts;
    (
        world.chain.view(at.diem, &IDiem::totalSupplyCall {}),
        world.chain.view(at.diem, &IDiem::totalStakedCall {}),
        world
            .chain
            .view(at.diem, &IDiem::balanceOfCall { account: at.diem }),
        world.chain.view(at.s_vvv, &IStakedVvv::totalSupplyCall {}),
    )
}

#[test]
fn the_zero_address_makes_nothing_out_of_nothing_by_any_function() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(StakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    let (chain, at) = (&world.chain, world.contracts);
    chain.rpc::<serde_json::Value>(
        "anvil_impersonateAccount",
        serde_json::json!([Address::ZERO]),
    );
    chain.rpc::<serde_json::Value>(
        "anvil_setBalance",
        serde_json::json!([Address::ZERO, "0xde0b6b3a7640000"]),
    );
    let before = supply_and_stake(&world);
    for (name, contract) in [("IDiem", at.diem), ("IStakedVvv", at.s_vvv)] {
        for (signature, data) in calls(name) {
            let receipt = chain.transact_as(Address::ZERO, contract, data);
            assert_eq!(
                supply_and_stake(&world),
                before,
                "{signature}, whose transaction succeeded: {}",
                receipt.status()
            );
        }
    }
    // And everybody else goes on as if nothing had happened.
    h.act(Burn {
        who: Alice,
        amount: 100 * WAD,
    });
}

#[test]
fn a_stake_simulated_from_the_zero_address_mints_no_diem() {
    let world = World::of(TARGET);
    with_minter(&world);
    let call = IDiem::stakeCall {
        amount: tokens(1_000_000),
    };
    let refusal = world
        .chain
        .call_raw(
            Address::ZERO,
            world.contracts.diem.into(),
            call.abi_encode().into(),
        )
        .unwrap_err();
    let sender = Address::ZERO;
    assert!(
        refusal.is(&IDiem::ERC20InvalidSender { sender }),
        "{refusal}"
    );
}

/// The rate feeds an event only: no exit may depend on it.
#[test]
fn a_burn_succeeds_where_the_rate_has_no_answer() {
    use alloy::sol_types::SolEvent;
    let world = World::of(TARGET);
    with_minter(&world);
    let (chain, at) = (&world.chain, world.contracts);
    // The total supply, in slot 2, as no chain can have it.
    let params = serde_json::json!([at.diem, "0x2", alloy_primitives::B256::repeat_byte(0x7f)]);
    chain.rpc::<serde_json::Value>("anvil_setStorageAt", params);
    let receipt = chain.send(
        Alice,
        at.diem,
        &IDiem::burnCall {
            diemAmount: tokens(1),
        },
    );
    let burned = e2e::chain::Chain::logs_of(&receipt)
        .iter()
        .find_map(|log| IDiem::Burned::decode_log(log).ok())
        .unwrap();
    assert_eq!(burned.mintRateAfter, U256::MAX);
    assert!(!burned.sVVVUnlocked.is_zero());
}
