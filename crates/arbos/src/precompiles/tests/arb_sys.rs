//! ArbSys.

use alloy_primitives::{Address, B256, U256, address, hex, keccak256};
use alloy_sol_types::SolEvent;

use super::{ALICE, Ask, CLEAR, OPEN, READ, WORD, WRITE, mock::World, ok};
use crate::{
    gas_price::{keccak_gas, log_gas},
    precompiles::arb_sys::ArbSys::*,
};

#[test]
fn the_version_is_55_more_than_arbos_says() {
    for version in [51, 60] {
        let (said, _) = ok(&mut World::at(version), 0x64, arbOSVersionCall {});
        assert_eq!(said, U256::from(55 + version));
    }
}

#[test]
fn block_number_chain_id_and_storage_gas_are_told() {
    let mut world = World::at(51);
    let (number, _) = ok(&mut world, 0x64, arbBlockNumberCall {});
    let (chain, _) = ok(&mut world, 0x64, arbChainIDCall {});
    let (gas, _) = ok(&mut world, 0x64, getStorageGasAvailableCall {});
    assert_eq!([number, chain, gas], [1_000, 412_346, 0].map(U256::from));
}

#[test]
fn hashes_of_the_last_256_blocks_are_known() {
    let mut world = World::at(51);
    for number in [744u64, 999] {
        let call = arbBlockHashCall {
            arbBlockNum: U256::from(number),
        };
        let (hash, _) = ok(&mut world, 0x64, call);
        assert_eq!(hash, B256::from(U256::from(number)));
    }
    for requested in [U256::from(743), U256::from(1_000), U256::MAX] {
        let call = arbBlockHashCall {
            arbBlockNum: requested,
        };
        let mut data = hex!("d5dc642d").to_vec();
        data.extend_from_slice(&requested.to_be_bytes::<32>());
        data.extend_from_slice(&U256::from(1_000).to_be_bytes::<32>());
        Ask::new(0x64, call)
            .run(&mut world)
            .assert_revert(data, OPEN + WORD + 3 * WORD);
    }
}

#[test]
fn a_call_is_top_level_up_to_the_second_frame() {
    let mut world = World::at(51);
    for (depth, top) in [(1, true), (2, true), (3, false)] {
        world.depth = depth;
        assert_eq!(ok(&mut world, 0x64, isTopLevelCallCall {}).0, top);
    }
}

#[test]
fn only_an_aliased_sender_is_taken_for_an_alias() {
    let mut world = World::at(51);
    world.depth = 2;
    world.callers_caller = Some(address!("1111000000000000000000000000000000001112"));
    let aliased = |world: &mut World| ok(world, 0x64, wasMyCallersAddressAliasedCall {}).0;
    let without = |world: &mut World| ok(world, 0x64, myCallersAddressWithoutAliasingCall {}).0;
    assert!(!aliased(&mut world));
    assert_eq!(Some(without(&mut world)), world.callers_caller);
    world.tx.sender_is_aliased = true;
    assert!(aliased(&mut world));
    assert_eq!(without(&mut world), Address::with_last_byte(1));
}

#[test]
fn the_alias_of_an_l1_contract_is_pure_arithmetic() {
    let call = mapL1SenderContractAddressToL2AliasCall {
        sender: Address::with_last_byte(1),
        unused: Address::ZERO,
    };
    let (alias, gas) = ok(&mut World::at(51), 0x64, call);
    assert_eq!(alias, address!("1111000000000000000000000000000000001112"));
    assert_eq!(gas, 2 * WORD + WORD);
}

#[test]
fn a_message_burns_its_value_and_is_logged_and_accumulated() {
    let mut world = World::at(51);
    let first = withdrawEthCall { destination: ALICE };
    let (index, gas) = Ask::new(0x64, first)
        .value(7)
        .ok::<withdrawEthCall>(&mut world);
    assert_eq!(index, U256::ZERO);
    // Owners of the native token, hash, count, first partial, count again, event, arguments, index.
    let message_len = 20 + 20 + 4 * 32;
    let size = READ + WRITE + WRITE + READ;
    let event = log_gas(4, 7 * 32);
    let fixed = OPEN + WORD + WORD;
    assert_eq!(gas, fixed + READ + keccak_gas(message_len) + size + event);
    assert_eq!(
        world.state.account(super::super::numbered(0x64)).balance,
        U256::ZERO
    );

    let second = sendTxToL1Call {
        destination: ALICE,
        data: hex!("aabb").into(),
    };
    let (index, gas) = ok(&mut world, 0x64, second);
    assert_eq!(index, U256::from(1));
    let joined = READ + keccak_gas(64) + CLEAR + WRITE;
    let size = READ + WRITE + READ;
    let events = log_gas(4, 0) + log_gas(4, 8 * 32);
    let fixed = OPEN + 4 * WORD + WORD;
    assert_eq!(
        gas,
        fixed + keccak_gas(message_len + 2) + size + joined + events
    );

    let topics: Vec<B256> = world.logs.iter().map(|log| log.topics()[0]).collect();
    assert_eq!(
        topics,
        [
            L2ToL1Tx::SIGNATURE_HASH,
            SendMerkleUpdate::SIGNATURE_HASH,
            L2ToL1Tx::SIGNATURE_HASH
        ]
    );
    let sent: Vec<L2ToL1Tx> = world
        .logs
        .iter()
        .filter_map(|log| L2ToL1Tx::decode_log(log).ok())
        .map(|log| log.data)
        .collect();
    assert_eq!(sent[0].callvalue, U256::from(7));
    assert_eq!(sent[1].position, U256::from(1));
    let update = SendMerkleUpdate::decode_log(&world.logs[1]).unwrap();
    assert_eq!(update.position, (U256::from(1) << 192) | U256::from(1));
    let leaves: Vec<B256> = sent
        .iter()
        .map(|event| keccak256(event.hash.to_be_bytes::<32>()))
        .collect();
    let root = keccak256([leaves[0].as_slice(), leaves[1].as_slice()].concat());
    assert_eq!(update.hash, root);

    let state = Ask::new(0x64, sendMerkleTreeStateCall {}).from(Address::ZERO);
    let (tree, _) = state.ok::<sendMerkleTreeStateCall>(&mut world);
    assert_eq!((tree.size, tree.root), (U256::from(2), root));
}

#[test]
fn only_address_zero_may_ask_for_the_accumulator() {
    Ask::new(0x64, sendMerkleTreeStateCall {})
        .run(&mut World::at(51))
        .assert_revert(b"", OPEN);
}

#[test]
fn a_message_runs_out_of_gas_like_anything_else() {
    let call = withdrawEthCall { destination: ALICE };
    Ask::new(0x64, call)
        .gas(20_000)
        .run(&mut World::at(51))
        .assert_revert(b"", 20_000);
}
