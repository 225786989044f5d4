//! The contracts a ready-made chain is born with, at work.

use alloy_primitives::{Address, B256, Bytes, U256, address, b256, hex, keccak256};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use arbos::{
    ExecError, Outcome, State, TxInput,
    genesis::{CACHE_MANAGER, CREATE2_FACTORY, DEV_ACCOUNT, GenesisConfig, STYLUS_DEPLOYER},
    history::{HISTORY_ADDRESS, HISTORY_RING, history_slot},
};

use crate::world::{ALICE, ARB_OWNER, World, ether};

const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");
const ARB_DEBUG: Address = address!("00000000000000000000000000000000000000ff");
/// What `cargo stylus` counts a small program with.
const SMALL: u64 = 512_000;

alloy_sol_types::sol! {
    interface Cache {
        struct Entry { bytes32 code; uint64 size; uint192 bid; }
        function placeBid(address program) external payable;
        function getMinBid(address program) external view returns (uint192);
        function makeSpace(uint64 size) external payable returns (uint64 space);
        function cacheSize() external view returns (uint64);
        function queueSize() external view returns (uint64);
        function isPaused() external view returns (bool);
        function getEntries() external view returns (Entry[]);
        function getSmallestEntries(uint256 count) external view returns (Entry[]);
        function setCacheSize(uint64 newSize) external;
        function setDecayRate(uint64 newDecay) external;
        function initialize(uint64 initCacheSize, uint64 initDecay) external;
        function paused() external;
        function unpause() external;
        function evictAll() external;
        function evictPrograms(uint256 count) external;
        function sweepFunds() external;
        event InsertBid(bytes32 indexed codehash, address program, uint192 bid, uint64 size);
        event DeleteBid(bytes32 indexed codehash, uint192 bid, uint64 size);
        error NotChainOwner(address sender);
        error AsmTooLarge(uint256 asmSize, uint256 queueSize, uint256 cacheSize);
        error AlreadyCached(bytes32 codehash);
        error BidTooSmall(uint192 bid, uint192 min);
        error BidsArePaused();
        error MakeSpaceTooLarge(uint64 size, uint64 limit);
    }
    interface WasmCache {
        function codehashIsCached(bytes32 codehash) external view returns (bool);
    }
    interface Deployer {
        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address);
        function initSalt(bytes32 salt, bytes initData) external pure returns (bytes32);
        function requiresActivation(address deployed) external view returns (bool);
        event ContractDeployed(address deployedContract);
        error ContractInitializationError(address newContract, bytes data);
        error EmptyBytecode();
        error InitValueButNotInitData();
    }
    interface Setup {
        function becomeChainOwner() external;
        function setL1PricePerUnit(uint256 price) external;
        function addWasmCacheManager(address manager) external;
    }
}
use Cache::*;

/// A program that answers with `status`; `tag` makes its code another.
fn program(status: u8, tag: u8) -> Vec<u8> {
    let text = format!(
        r#"(module (memory (export "memory") 0 0)
            (func (export "user_entrypoint") (param i32) (result i32) (i32.const {status})))"#
    );
    let mut wasm = wat::parse_str(text).unwrap();
    wasm.extend_from_slice(&[0, 3, 1, b'x', tag]);
    wasm
}

/// Initcode that deploys a program.
fn initcode(wasm: &[u8]) -> Bytes {
    let code = crate::common::container(wasm);
    let mut init = hex!("7f").to_vec();
    init.extend_from_slice(&U256::from(code.len()).to_be_bytes::<32>());
    init.extend_from_slice(&hex!("80602b6000396000f300"));
    init.extend_from_slice(&code);
    init.into()
}

fn send(world: &mut World, from: Address, to: Address, value: U256, data: Vec<u8>) -> Outcome {
    let tx = TxInput {
        value,
        ..world.tx(from, Some(to), data)
    };
    world.send(&tx).unwrap()
}

fn bid(world: &mut World, program: Address, value: u64) -> Outcome {
    let data = placeBidCall { program }.abi_encode();
    send(world, ALICE, CACHE_MANAGER, U256::from(value), data)
}

#[track_caller]
fn bid_ok(world: &mut World, program: Address, value: u64) {
    let outcome = bid(world, program, value);
    assert!(outcome.is_success(), "{:?}", outcome.error);
}

#[track_caller]
fn ask<C: SolCall>(world: &World, to: Address, call: C) -> C::Return {
    let outcome = world.view(to, call.abi_encode());
    assert!(outcome.is_success(), "{:?}", outcome.error);
    C::abi_decode_returns(&outcome.output).unwrap()
}

#[track_caller]
fn assert_reverted(outcome: &Outcome, error: impl SolError) {
    assert!(
        matches!(outcome.error, Some(ExecError::Revert)),
        "{:?}",
        outcome.error
    );
    assert_eq!(outcome.output, Bytes::from(error.abi_encode()));
}

fn code_hash(world: &World, program: Address) -> B256 {
    world.state.account(program).unwrap().code_hash
}

fn is_cached(world: &World, program: Address) -> bool {
    let codehash = code_hash(world, program);
    ask(
        world,
        ARB_WASM_CACHE,
        WasmCache::codehashIsCachedCall { codehash },
    )
}

/// A world with programs and a cache that holds `room` of them.
fn programs(count: u8, room: u64) -> (World, Vec<Address>) {
    let mut world = World::new();
    let programs: Vec<Address> = (0..count)
        .map(|tag| world.place_program(&program(0, tag)))
        .collect();
    bid_ok(&mut world, programs[0], 0);
    let size = ask(&world, CACHE_MANAGER, queueSizeCall {});
    assert!(size >= SMALL);
    world.own(CACHE_MANAGER, evictAllCall {});
    world.own(
        CACHE_MANAGER,
        setCacheSizeCall {
            newSize: room * (size + 4_096),
        },
    );
    (world, programs)
}

#[test]
fn a_bid_caches_a_program_once() {
    let mut world = World::new();
    let target = world.place_program(&program(0, 0));
    assert_eq!(
        ask(&world, CACHE_MANAGER, cacheSizeCall {}),
        512 * 1024 * 1024
    );
    assert_eq!(
        ask(&world, CACHE_MANAGER, getMinBidCall { program: target }).to::<u64>(),
        0
    );
    let outcome = bid(&mut world, target, 7);
    assert!(outcome.is_success(), "{:?}", outcome.error);
    assert!(is_cached(&world, target));
    let inserted = InsertBid::decode_log(&outcome.logs[0]).unwrap();
    assert_eq!(
        (inserted.program, inserted.codehash),
        (target, code_hash(&world, target))
    );
    let entries = ask(&world, CACHE_MANAGER, getEntriesCall {});
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].bid.to::<u64>(), 7);
    let codehash = code_hash(&world, target);
    assert_reverted(&bid(&mut world, target, 7), AlreadyCached { codehash });
}

#[test]
fn the_lowest_bids_make_room_and_are_the_price() {
    let (mut world, programs) = programs(5, 3);
    for (target, value) in programs.iter().zip([30, 10, 20]) {
        bid_ok(&mut world, *target, value);
    }
    let price = ask(
        &world,
        CACHE_MANAGER,
        getMinBidCall {
            program: programs[3],
        },
    );
    assert_eq!(price.to::<u64>(), 10);
    let refused = bid(&mut world, programs[3], 9);
    assert_reverted(
        &refused,
        BidTooSmall {
            bid: alloy_primitives::aliases::U192::from(9),
            min: price,
        },
    );
    bid_ok(&mut world, programs[3], 25);
    let cached: Vec<bool> = programs
        .iter()
        .map(|target| is_cached(&world, *target))
        .collect();
    assert_eq!(cached, [true, false, true, true, false]);
    let count = U256::from(2);
    let lowest = ask(&world, CACHE_MANAGER, getSmallestEntriesCall { count });
    assert_eq!(
        lowest
            .iter()
            .map(|it| it.bid.to::<u64>())
            .collect::<Vec<_>>(),
        [20, 25]
    );
    // With decay the clock outbids what was paid.
    world.own(CACHE_MANAGER, setDecayRateCall { newDecay: 1 });
    assert_eq!(
        ask(
            &world,
            CACHE_MANAGER,
            getMinBidCall {
                program: programs[4]
            }
        )
        .to::<u64>(),
        0
    );
    bid_ok(&mut world, programs[4], 0);
    assert!(!is_cached(&world, programs[2]));
}

#[test]
fn space_is_made_for_money_up_to_a_limit() {
    let (mut world, programs) = programs(2, 1);
    bid_ok(&mut world, programs[0], 5);
    let limit = 5 * 1024 * 1024;
    let size = limit + 1;
    let make = makeSpaceCall { size }.abi_encode();
    let refused = send(&mut world, ALICE, CACHE_MANAGER, U256::ZERO, make);
    assert_reverted(&refused, MakeSpaceTooLarge { size, limit });
    let make = makeSpaceCall { size: SMALL }.abi_encode();
    let refused = send(
        &mut world,
        ALICE,
        CACHE_MANAGER,
        U256::from(4),
        make.clone(),
    );
    assert!(!refused.is_success());
    let made = send(&mut world, ALICE, CACHE_MANAGER, U256::from(5), make);
    assert!(made.is_success());
    assert!(DeleteBid::decode_log(&made.logs[0]).is_ok());
    assert!(!is_cached(&world, programs[0]));
}

#[test]
fn owners_rule_the_cache_and_strangers_do_not() {
    let (mut world, programs) = programs(3, 3);
    for data in [
        setCacheSizeCall { newSize: 1 }.abi_encode(),
        pausedCall {}.abi_encode(),
        unpauseCall {}.abi_encode(),
        evictAllCall {}.abi_encode(),
        evictProgramsCall {
            count: U256::from(1),
        }
        .abi_encode(),
        setDecayRateCall { newDecay: 1 }.abi_encode(),
    ] {
        let refused = send(&mut world, ALICE, CACHE_MANAGER, U256::ZERO, data);
        assert_reverted(&refused, NotChainOwner { sender: ALICE });
    }
    world.own(CACHE_MANAGER, pausedCall {});
    assert!(ask(&world, CACHE_MANAGER, isPausedCall {}));
    assert_reverted(&bid(&mut world, programs[0], 1), BidsArePaused {});
    world.own(CACHE_MANAGER, unpauseCall {});
    for (target, value) in programs.iter().zip([1, 2, 3]) {
        bid_ok(&mut world, *target, value);
    }
    world.own(
        CACHE_MANAGER,
        evictProgramsCall {
            count: U256::from(2),
        },
    );
    assert!(is_cached(&world, programs[2]) && !is_cached(&world, programs[1]));
    world.own(
        CACHE_MANAGER,
        evictProgramsCall {
            count: U256::from(9),
        },
    );
    assert_eq!(ask(&world, CACHE_MANAGER, queueSizeCall {}), 0);
    world.own(CACHE_MANAGER, sweepFundsCall {});
    assert_eq!(
        world.state.account(CACHE_MANAGER).unwrap().balance,
        U256::ZERO
    );
    let again = initializeCall {
        initCacheSize: 1,
        initDecay: 1,
    }
    .abi_encode();
    assert!(!send(&mut world, DEV_ACCOUNT, CACHE_MANAGER, U256::ZERO, again).is_success());
    world.own(CACHE_MANAGER, setCacheSizeCall { newSize: 1 });
    let refused = bid(&mut world, programs[0], 1);
    assert_eq!(refused.output[..4], AsmTooLarge::SELECTOR);
}

fn deploy(world: &mut World, bytecode: Bytes, init: &[u8], value: U256, salt: B256) -> Outcome {
    let call = Deployer::deployCall {
        bytecode,
        initData: init.to_vec().into(),
        initValue: U256::ZERO,
        salt,
    };
    send(world, ALICE, STYLUS_DEPLOYER, value, call.abi_encode())
}

#[test]
fn the_deployer_deploys_activates_initialises_and_refunds() {
    let mut world = World::new();
    let before = world.state.account(ALICE).unwrap().balance;
    let outcome = deploy(
        &mut world,
        initcode(&program(0, 1)),
        b"init",
        ether(1),
        B256::ZERO,
    );
    assert!(outcome.is_success(), "{:?}", outcome.error);
    let log = outcome.logs.last().unwrap();
    let deployed = Deployer::ContractDeployed::decode_log(log)
        .unwrap()
        .deployedContract;
    assert_eq!(
        B256::left_padding_from(deployed.as_slice()),
        B256::from_slice(&outcome.output)
    );
    assert!(world.view(deployed, Bytes::new()).is_success());
    assert!(!ask(
        &world,
        STYLUS_DEPLOYER,
        Deployer::requiresActivationCall { deployed }
    ));
    let gas = world.env.base_fee * U256::from(outcome.gas_used);
    let paid = before - gas - world.state.account(ALICE).unwrap().balance;
    assert!(
        paid > U256::ZERO && paid < ether(1) / U256::from(1_000),
        "{paid}"
    );
    assert_eq!(
        world.state.account(STYLUS_DEPLOYER).unwrap().balance,
        U256::ZERO
    );

    // The same code again needs no activation, so that all of the value comes back.
    let again = deploy(
        &mut world,
        initcode(&program(0, 1)),
        b"",
        ether(1),
        B256::ZERO,
    );
    assert!(again.is_success());
    assert_eq!(again.logs.len(), 1);
}

#[test]
fn a_salted_deployment_is_where_create2_puts_it() {
    let mut world = World::new();
    let salt = B256::repeat_byte(4);
    let init = initcode(&program(0, 2));
    let outcome = deploy(&mut world, init.clone(), b"abc", ether(1), salt);
    let init_data = Bytes::from_static(b"abc");
    let mixed = ask(
        &world,
        STYLUS_DEPLOYER,
        Deployer::initSaltCall {
            salt,
            initData: init_data,
        },
    );
    assert_eq!(mixed, keccak256([salt.as_slice(), b"abc"].concat()));
    let expected = STYLUS_DEPLOYER.create2(mixed, keccak256(&init));
    assert_eq!(
        Address::from_word(B256::from_slice(&outcome.output)),
        expected
    );
}

#[test]
fn the_deployer_names_what_went_wrong() {
    let mut world = World::new();
    let empty = deploy(&mut world, Bytes::new(), b"", U256::ZERO, B256::ZERO);
    assert_reverted(&empty, Deployer::EmptyBytecode {});
    let reverting = deploy(
        &mut world,
        initcode(&program(1, 3)),
        b"x",
        ether(1),
        B256::ZERO,
    );
    assert_eq!(
        reverting.output[..4],
        Deployer::ContractInitializationError::SELECTOR
    );
    let call = Deployer::deployCall {
        bytecode: initcode(&program(0, 3)),
        initData: Bytes::new(),
        initValue: U256::from(1),
        salt: B256::ZERO,
    };
    let unspent = send(
        &mut world,
        ALICE,
        STYLUS_DEPLOYER,
        ether(1),
        call.abi_encode(),
    );
    assert_reverted(&unspent, Deployer::InitValueButNotInitData {});
    let poor = deploy(
        &mut world,
        initcode(&program(0, 3)),
        b"",
        U256::from(1),
        B256::ZERO,
    );
    assert_eq!(poor.output[..4], hex!("09781ab7"));
}

#[test]
fn the_factory_creates_where_create2_says() {
    let mut world = World::new();
    let init = hex!("600160005360016000f3");
    let data = [B256::ZERO.as_slice(), &init].concat();
    let outcome = send(&mut world, ALICE, CREATE2_FACTORY, U256::ZERO, data);
    assert!(outcome.is_success());
    let made = CREATE2_FACTORY.create2(B256::ZERO, keccak256(init));
    assert_eq!(outcome.output[..], made[..]);
    assert_eq!(world.state.account(made).unwrap().code_hash, keccak256([1]));
}

#[test]
fn the_usual_set_up_succeeds_on_a_bare_chain_and_again_on_a_ready_one() {
    for config in [GenesisConfig::default(), GenesisConfig::ready_made()] {
        let mut world = World::born(config);
        world.own(ARB_DEBUG, Setup::becomeChainOwnerCall {});
        world.own(
            ARB_OWNER,
            Setup::setL1PricePerUnitCall { price: U256::ZERO },
        );
        world.own(
            ARB_OWNER,
            Setup::addWasmCacheManagerCall {
                manager: CACHE_MANAGER,
            },
        );
    }
}

#[test]
fn the_history_contract_answers_within_its_ring() {
    let mut world = World::new();
    world.next_block(1);
    world.next_block(1);
    let asked = |world: &World, number: U256| {
        world.view(HISTORY_ADDRESS, number.to_be_bytes::<32>().to_vec())
    };
    let parent = world.env.number - 1;
    let hash = b256!("00000000000000000000000000000000000000000000000000000000deadbeef");
    let slot = (HISTORY_ADDRESS, history_slot(parent));
    world.state.storage.insert(slot, hash.into());
    assert_eq!(asked(&world, U256::from(parent)).output[..], hash[..]);
    for outside in [U256::from(parent + 1), U256::MAX] {
        assert!(!asked(&world, outside).is_success());
    }
    assert!(!world.view(HISTORY_ADDRESS, vec![0; 31]).is_success());
    // Far enough on, the slot belongs to a later block.
    world.env.number += HISTORY_RING;
    assert_eq!(asked(&world, U256::from(parent + 1)).output.len(), 32);
    assert!(!asked(&world, U256::from(parent)).is_success());
    // Only the system address writes.
    let system = address!("fffffffffffffffffffffffffffffffffffffffe");
    let tx = TxInput {
        from: system,
        to: Some(HISTORY_ADDRESS),
        data: B256::repeat_byte(1).to_vec().into(),
        gas_limit: 1_000_000,
        ..TxInput::default()
    };
    let written = world.call(&tx).unwrap();
    assert!(written.is_success(), "{:?}", written.error);
    let slot = history_slot(world.env.number - 1);
    let changed = &written.diff.accounts[&HISTORY_ADDRESS].storage;
    assert_eq!(changed, &[(slot, B256::repeat_byte(1).into())]);
}
