//! ArbWasmCache.

use alloy_primitives::{B256, U256, hex};
use alloy_sol_types::SolEvent;

use super::{
    ALICE, Ask, CODE_HASH, OPEN, OWNER, PARAMS, PLENTY, READ, WORD, WRITE, mock::World, ok,
};
use crate::{
    precompiles::{
        arb_owner::ArbOwner::{addWasmCacheManagerCall, removeWasmCacheManagerCall},
        arb_wasm_cache::ArbWasmCache::*,
    },
    state::{ProgramRecord, sure},
};

const INIT_COST: u16 = 1_234;

/// A chain where Alice may cache and a program lives at its returned code hash.
fn set_up(version: u64) -> (World, B256, alloy_primitives::Address) {
    let mut world = World::at(version);
    let manager = addWasmCacheManagerCall { manager: ALICE };
    Ask::new(0x70, manager)
        .from(OWNER)
        .ok::<addWasmCacheManagerCall>(&mut world);
    let program = alloy_primitives::Address::repeat_byte(0x77);
    let code_hash = world.put_code(program, hex!("eff0000001"));
    let record = ProgramRecord {
        version: if version == 30 { 1 } else { 2 },
        init_cost: INIT_COST,
        activated_at: ProgramRecord::hours_at(world.block.timestamp),
        ..ProgramRecord::default()
    };
    put(&mut world, code_hash, &record);
    world.logs.clear();
    (world, code_hash, program)
}

fn put(world: &mut World, code_hash: B256, record: &ProgramRecord) {
    let programs = world.arbos().programs();
    sure(programs.set_record(&mut world.free(), code_hash, record));
}

fn is_cached(world: &mut World, codehash: B256) -> bool {
    let (cached, gas) = ok(world, 0x72, codehashIsCachedCall { codehash });
    assert_eq!(gas, OPEN + READ + 2 * WORD);
    cached
}

#[test]
fn a_manager_caches_and_evicts_a_program() {
    let (mut world, codehash, addr) = set_up(51);
    assert!(!is_cached(&mut world, codehash));
    let (_, gas) = ok(&mut world, 0x72, cacheProgramCall { addr });
    let event = 375 * 4 + 8 * 32;
    let change = READ + PARAMS + READ + event + u64::from(INIT_COST) + READ + WRITE;
    assert_eq!(gas, OPEN + WORD + CODE_HASH + change);
    assert!(is_cached(&mut world, codehash));
    let (_, gas) = ok(&mut world, 0x72, evictCodehashCall { codehash });
    assert_eq!(gas, OPEN + WORD + change);
    assert!(!is_cached(&mut world, codehash));
    let updates: Vec<_> = world
        .logs
        .iter()
        .map(|log| UpdateProgramCache::decode_log(log).unwrap().data)
        .collect();
    assert!(updates[0].cached && !updates[1].cached);
    assert_eq!((updates[0].manager, updates[0].codehash), (ALICE, codehash));
}

#[test]
fn what_is_so_already_costs_the_look_and_logs_nothing() {
    let (mut world, codehash, _) = set_up(51);
    let (_, gas) = ok(&mut world, 0x72, evictCodehashCall { codehash });
    assert_eq!(gas, OPEN + WORD + READ + PARAMS + READ);
    assert!(world.logs.is_empty());
}

#[test]
fn strangers_lose_all_gas_and_owners_may() {
    let (mut world, codehash, addr) = set_up(51);
    let stranger = alloy_primitives::Address::repeat_byte(9);
    Ask::new(0x72, cacheProgramCall { addr })
        .from(stranger)
        .run(&mut world)
        .assert_revert(b"", PLENTY);
    Ask::new(0x72, cacheProgramCall { addr })
        .from(OWNER)
        .ok::<cacheProgramCall>(&mut world);
    assert!(is_cached(&mut world, codehash));
}

#[test]
fn only_active_programs_are_cached_but_any_is_evicted() {
    let (mut world, codehash, addr) = set_up(51);
    let expired = ProgramRecord {
        version: 2,
        activated_at: 1,
        cached: true,
        ..ProgramRecord::default()
    };
    put(&mut world, codehash, &expired);
    let age = expired.age(world.block.timestamp);
    let looked = OPEN + WORD + CODE_HASH + READ + PARAMS + READ;
    let mut data = hex!("c9b12e52").to_vec();
    data.extend_from_slice(&U256::from(age).to_be_bytes::<32>());
    Ask::new(0x72, cacheProgramCall { addr })
        .run(&mut world)
        .assert_revert(data, looked + 2 * WORD);
    ok(&mut world, 0x72, evictCodehashCall { codehash });
    assert!(!is_cached(&mut world, codehash));

    put(&mut world, codehash, &ProgramRecord::default());
    let mut data = hex!("637d968f").to_vec();
    data.extend_from_slice(&U256::ZERO.to_be_bytes::<32>());
    data.extend_from_slice(&U256::from(2).to_be_bytes::<32>());
    Ask::new(0x72, cacheProgramCall { addr })
        .run(&mut world)
        .assert_revert(data, looked + 3 * WORD);
}

#[test]
fn managers_are_listed_in_order() {
    let (mut world, ..) = set_up(51);
    let (managers, gas) = ok(&mut world, 0x72, allCacheManagersCall {});
    assert_eq!(managers, [ALICE]);
    assert_eq!(gas, OPEN + 2 * READ + 3 * WORD);
    assert!(ok(&mut world, 0x72, isCacheManagerCall { manager: ALICE }).0);
    let remove = removeWasmCacheManagerCall { manager: ALICE };
    Ask::new(0x70, remove)
        .from(OWNER)
        .ok::<removeWasmCacheManagerCall>(&mut world);
    assert!(!ok(&mut world, 0x72, isCacheManagerCall { manager: ALICE }).0);
}

#[test]
fn caching_by_code_hash_was_only_there_at_30() {
    let (mut world, codehash, addr) = set_up(30);
    ok(&mut world, 0x72, cacheCodehashCall { codehash });
    assert!(is_cached(&mut world, codehash));
    Ask::new(0x72, cacheProgramCall { addr })
        .run(&mut world)
        .assert_revert(b"", PLENTY);
    let (mut world, codehash, _) = set_up(31);
    Ask::new(0x72, cacheCodehashCall { codehash })
        .run(&mut world)
        .assert_revert(b"", PLENTY);
}
