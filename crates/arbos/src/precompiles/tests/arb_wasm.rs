//! ArbWasm: activation, keepalive and what is told of programs.

use std::path::PathBuf;

use alloy_primitives::{Address, B256, U256, hex};
use alloy_sol_types::{SolCall, SolEvent};
use serde::Deserialize;

use super::{
    ALICE, Answer, Ask, CODE_HASH, OPEN, OWNER, PARAMS, READ, WORD, WRITE, mock::World, ok,
};
use crate::{
    host::PrecompileHost,
    precompiles::{
        PrecompileStatus, arb_owner::ArbOwner::setWasmActivationGasCall, arb_wasm::ArbWasm::*,
        numbered,
    },
    state::{ProgramRecord, sure},
};

/// Gas every activation burns.
const FIXED: u64 = 1_659_168;
/// Gas of the event an activation emits.
const EVENT: u64 = 2_149;
/// An ETH, more than any data fee.
const ETH: u64 = 1_000_000_000_000_000_000;
/// Start of program storage in seconds, when demand is counted from.
const EPOCH: u64 = 1_421_388_000;

const PROGRAM: Address = Address::repeat_byte(0x57);
const DAY: u64 = 86_400;

/// A minimal program: returns success and uses no host function.
fn minimal() -> Vec<u8> {
    wat::parse_str(
        r#"(module (memory (export "memory") 0 0)
            (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#,
    )
    .unwrap()
}

fn compressed(wasm: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &wasm[..], &mut out, &params).unwrap();
    out
}

fn classic(wasm: &[u8]) -> Vec<u8> {
    [&hex!("eff00000")[..], &compressed(wasm)].concat()
}

fn activate(program: Address) -> Ask {
    Ask::new(0x71, activateProgramCall { program }).value(ETH)
}

/// A world with an activated minimal program.
fn activated(version: u64) -> (World, B256) {
    let mut world = World::at(version);
    let code_hash = world.put_code(PROGRAM, classic(&minimal()));
    activate(PROGRAM).ok::<activateProgramCall>(&mut world);
    (world, code_hash)
}

fn record(world: &mut World, code_hash: B256) -> ProgramRecord {
    world.arbos().program_record(world, code_hash)
}

fn edit(world: &mut World, code_hash: B256, change: impl FnOnce(&mut ProgramRecord)) {
    let mut edited = record(world, code_hash);
    change(&mut edited);
    let programs = world.arbos().programs();
    sure(programs.set_record(&mut world.free(), code_hash, &edited));
}

fn error(selector: [u8; 4], words: &[u64]) -> Vec<u8> {
    let mut data = selector.to_vec();
    for word in words {
        data.extend_from_slice(&U256::from(*word).to_be_bytes::<32>());
    }
    data
}

#[derive(Deserialize)]
struct Vectors {
    programs: std::collections::BTreeMap<String, Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    within_max_wasm_size: bool,
    stylus_v2: Figures,
}

#[derive(Deserialize)]
struct Figures {
    accepted: bool,
    init_cost: Option<u16>,
    cached_init_cost: Option<u16>,
    asm_estimate_kb: Option<u32>,
    footprint_pages: Option<u16>,
    activation_gas_metered: Option<u64>,
    data_fee_wei_at_initial_price: Option<serde_json::Value>,
    call_cost_gas_uncached: Option<u64>,
    call_cost_gas_cached: Option<u64>,
}

fn number(value: serde_json::Value) -> U256 {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    text.parse().unwrap()
}

#[test]
fn recorded_programs_activate_with_their_figures_and_to_the_gas() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/stylus");
    let text = std::fs::read_to_string(folder.join("cases.json")).unwrap();
    let vectors: Vectors = serde_json::from_str(&text).unwrap();
    let mut accepted = 0;
    for (name, recorded) in vectors.programs {
        let figures = recorded.stylus_v2;
        let file = PathBuf::from(&name).with_extension("wasm");
        let wasm = std::fs::read(folder.join(file)).unwrap();
        let mut world = World::at(51);
        // A debug chain tolerates what the recorded one refused.
        world.chain.allow_debug_precompiles = false;
        let code_hash = world.put_code(PROGRAM, classic(&wasm));
        let answer = activate(PROGRAM).run(&mut world);
        if !recorded.within_max_wasm_size {
            answer.assert_revert(b"", OPEN + WORD + FIXED + PARAMS + READ);
            continue;
        }
        if !figures.accepted {
            answer.assert_error("program activation failed: ");
            continue;
        }
        accepted += 1;
        assert_eq!(answer.result.status, PrecompileStatus::Success, "{name}");
        let size = figures.activation_gas_metered.unwrap();
        let data_pricer = 5 * READ + 2 * WRITE;
        let after = WRITE + data_pricer + WRITE + READ + EVENT + 2 * WORD;
        let before = OPEN + WORD + FIXED + PARAMS + READ;
        assert_eq!(answer.gas_used, before + size + after, "{name}");
        let found = record(&mut world, code_hash);
        assert_eq!(found.init_cost, figures.init_cost.unwrap(), "{name}");
        assert_eq!(found.cached_cost, figures.cached_init_cost.unwrap());
        assert_eq!(found.asm_estimate_kb, figures.asm_estimate_kb.unwrap());
        assert_eq!(found.footprint, figures.footprint_pages.unwrap());
        let returned = activateProgramCall::abi_decode_returns(&answer.result.output).unwrap();
        let fee = number(figures.data_fee_wei_at_initial_price.unwrap());
        assert_eq!((returned.version, returned.dataFee), (2, fee), "{name}");
        let (gas, _) = ok(&mut world, 0x71, programInitGasCall { program: PROGRAM });
        assert_eq!(gas.gas, figures.call_cost_gas_uncached.unwrap());
        assert_eq!(gas.gasWhenCached, figures.call_cost_gas_cached.unwrap());
    }
    assert!(accepted > 50);
}

#[test]
fn an_activation_pays_the_network_and_gives_the_rest_back() {
    let mut world = World::at(51);
    let code_hash = world.put_code(PROGRAM, classic(&minimal()));
    let network = Address::repeat_byte(0x4e);
    let account = world.arbos().network_fee_account();
    sure(account.set(&mut world.free(), network));
    let (returned, _) = activate(PROGRAM).ok::<activateProgramCall>(&mut world);
    let rest = U256::from(ETH) - returned.dataFee;
    let own = numbered(0x71);
    assert_eq!(
        world.transfers,
        [(own, network, returned.dataFee), (own, ALICE, rest)]
    );
    assert_eq!(world.state.account(own).balance, U256::ZERO);
    assert_eq!(world.remembered, [code_hash]);
    let event = ProgramActivated::decode_log(&world.logs[0]).unwrap();
    assert_eq!(event.codehash, code_hash);
    assert_eq!((event.program, event.version), (PROGRAM, 2));
    assert_eq!(event.dataFee, returned.dataFee);
    let cell = world.arbos().programs().module_hash(code_hash);
    assert_eq!(sure(cell.get(&mut world.free())), event.moduleHash);
}

#[test]
fn activating_twice_is_refused_until_it_expires() {
    let (mut world, code_hash) = activated(51);
    let refused = OPEN + WORD + FIXED + PARAMS + READ + WORD;
    activate(PROGRAM)
        .run(&mut world)
        .assert_revert(hex!("cc944bf2"), refused);
    world.block.timestamp += 366 * DAY;
    edit(&mut world, code_hash, |record| record.cached = true);
    activate(PROGRAM).ok::<activateProgramCall>(&mut world);
    let renewed = record(&mut world, code_hash);
    assert!(renewed.cached);
    assert_eq!(renewed.age(world.block.timestamp) / 3_600, 0);
}

#[test]
fn renewing_a_cached_program_costs_one_more_read() {
    let gas_of = |cached: bool| {
        let (mut world, code_hash) = activated(51);
        world.block.timestamp += 366 * DAY;
        edit(&mut world, code_hash, |record| record.cached = cached);
        activate(PROGRAM).ok::<activateProgramCall>(&mut world).1
    };
    assert_eq!(gas_of(true), gas_of(false) + READ);
}

#[test]
fn too_little_value_says_how_much_is_wanted() {
    let mut world = World::at(51);
    world.put_code(PROGRAM, classic(&minimal()));
    let fee = activate(PROGRAM)
        .ok::<activateProgramCall>(&mut world.clone())
        .0
        .dataFee;
    let short = Ask::new(0x71, activateProgramCall { program: PROGRAM }).value(5);
    let answer = short.run(&mut world);
    let mut data = error(hex!("09781ab7"), &[5]);
    data.extend_from_slice(&fee.to_be_bytes::<32>());
    assert_eq!(answer.result.output, data);
    assert_eq!(answer.result.status, PrecompileStatus::Revert);
    assert!(answer.result.gas_left > 0);
}

#[test]
fn what_is_no_program_is_refused_by_kind() {
    let looked = OPEN + WORD + FIXED + PARAMS + READ;
    let not_wasm = hex!("27f38212");
    for version in [51, 60] {
        let mut world = World::at(version);
        let looked = looked + if version == 60 { READ } else { 0 };
        activate(PROGRAM)
            .run(&mut world)
            .assert_revert(not_wasm, looked + WORD);
        world.put_code(PROGRAM, hex!("5f5ff3"));
        let answer = activate(PROGRAM).run(&mut world);
        if version == 60 {
            answer.assert_revert(not_wasm, looked + WORD);
        } else {
            answer.assert_revert(b"", looked);
        }
        for broken in [
            &hex!("eff00001aabbcc")[..],
            &hex!("eff00007aabbcc"),
            &hex!("eff00000ffffff"),
        ] {
            world.put_code(PROGRAM, broken.to_vec());
            activate(PROGRAM).run(&mut world).assert_revert(b"", looked);
        }
        world.put_code(PROGRAM, classic(&vec![0; 131_073]));
        activate(PROGRAM).run(&mut world).assert_revert(b"", looked);
    }
}

#[test]
fn a_self_destructed_program_is_refused() {
    let mut world = World::at(51);
    world.put_code(PROGRAM, classic(&minimal()));
    world.destroyed.insert(PROGRAM);
    activate(PROGRAM)
        .run(&mut world)
        .assert_revert(b"", OPEN + WORD + FIXED);
}

#[test]
fn an_invalid_module_takes_all_gas_without_a_revert() {
    let mut world = World::at(51);
    world.put_code(PROGRAM, classic(b"not wasm at all"));
    activate(PROGRAM)
        .run(&mut world)
        .assert_error("program activation failed: ");
    let growable = wat::parse_str(
        r#"(module (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#,
    );
    world.put_code(PROGRAM, classic(&growable.unwrap()));
    activate(PROGRAM)
        .run(&mut world)
        .assert_error("pay_for_memory_grow");
}

#[test]
fn size_gas_that_is_not_there_fails_the_activation() {
    let mut world = World::at(51);
    world.put_code(PROGRAM, classic(&minimal()));
    let before_size = OPEN + WORD + FIXED + PARAMS + READ;
    let answer = activate(PROGRAM).gas(before_size).run(&mut world);
    answer.assert_error("program activation failed: out of gas");
    let answer = activate(PROGRAM).gas(before_size + 30_000).run(&mut world);
    assert_eq!(answer.result.gas_left, 0);
}

#[test]
fn open_pages_count_against_the_limit() {
    let wasm = wat::parse_str(
        r#"(module (memory (export "memory") 3 3)
            (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#,
    )
    .unwrap();
    let mut world = World::at(51);
    world.put_code(PROGRAM, classic(&wasm));
    world.pages_open = 126;
    activate(PROGRAM)
        .run(&mut world)
        .assert_error("program activation failed");
    world.pages_open = 125;
    activate(PROGRAM).ok::<activateProgramCall>(&mut world);
}

#[test]
fn the_owner_may_price_activations_from_60_on() {
    let mut world = World::at(60);
    let (_, before) = {
        let mut world = world.clone();
        world.put_code(PROGRAM, classic(&minimal()));
        activate(PROGRAM).ok::<activateProgramCall>(&mut world)
    };
    Ask::new(0x70, setWasmActivationGasCall { gas: 12_345 })
        .from(OWNER)
        .ok::<setWasmActivationGasCall>(&mut world);
    world.put_code(PROGRAM, classic(&minimal()));
    let (_, after) = activate(PROGRAM).ok::<activateProgramCall>(&mut world);
    assert_eq!(after, before + 12_345);
    assert_eq!(ok(&mut world, 0x71, activationGasCall {}).0, 12_345);
}

/// Splits a compressed module over accounts and returns the root's code.
fn fragmented(world: &mut World, wasm: &[u8], pieces: usize) -> Vec<u8> {
    let stream = compressed(wasm);
    let mut root = hex!("eff00200").to_vec();
    root.extend_from_slice(&(wasm.len() as u32).to_be_bytes());
    for (index, piece) in stream.chunks(stream.len().div_ceil(pieces)).enumerate() {
        let address = Address::repeat_byte(0xf0 + index as u8);
        world.put_code(address, [&hex!("eff001")[..], piece].concat());
        root.extend_from_slice(address.as_slice());
    }
    root
}

#[test]
fn a_program_in_fragments_pays_for_reading_them() {
    let wasm = minimal();
    let mut world = World::at(60);
    world.put_code(PROGRAM, classic(&wasm));
    let (_, whole) = activate(PROGRAM).ok::<activateProgramCall>(&mut world.clone());
    let root = fragmented(&mut world, &wasm, 2);
    world.put_code(PROGRAM, root);
    world.warm.insert(Address::repeat_byte(0xf1));
    let (_, gas) = activate(PROGRAM).ok::<activateProgramCall>(&mut world);
    let copies: u64 = [0xf0, 0xf1]
        .map(|byte| world.state.account(Address::repeat_byte(byte)).code.len())
        .iter()
        .map(|len| (*len as u64).div_ceil(32) * WORD)
        .sum();
    assert_eq!(gas, whole + 2_600 + 100 + copies);
    assert!(world.warm.contains(&Address::repeat_byte(0xf0)));
}

#[test]
fn broken_roots_are_refused_with_the_gas_kept() {
    let wasm = minimal();
    let mut world = World::at(60);
    let root = fragmented(&mut world, &wasm, 2);
    let looked = OPEN + WORD + FIXED + READ + PARAMS + READ;
    let fragment = world.code(Address::repeat_byte(0xf0)).to_vec();
    let run = |code: Vec<u8>| {
        let mut world = world.clone();
        world.put_code(PROGRAM, code);
        activate(PROGRAM).run(&mut world)
    };
    // More fragments than allowed, and a module longer than allowed.
    let three = [&root[..], Address::repeat_byte(1).as_slice()].concat();
    run(three).assert_revert(b"", looked);
    let mut long = root.clone();
    long[4..8].copy_from_slice(&131_073u32.to_be_bytes());
    run(long).assert_revert(b"", looked);
    // Nothing listed, a cut list, a listed account that is no fragment, a wrong length.
    run(root[..8].to_vec()).assert_revert(b"", looked);
    run(root[..30].to_vec()).assert_revert(b"", looked);
    let mut stranger = root.clone();
    stranger[8..28].copy_from_slice(ALICE.as_slice());
    run(stranger).assert_revert(b"", looked + 2_600);
    let mut wrong = root.clone();
    wrong[7] += 1;
    assert_eq!(run(wrong).result.status, PrecompileStatus::Revert);
    run(fragment).assert_revert(b"", looked);
    // Gas for the largest possible fragment must be there.
    let mut short = world.clone();
    short.put_code(PROGRAM, root);
    let gas = looked + 2_600 + 768 * WORD - 1;
    activate(PROGRAM)
        .gas(gas)
        .run(&mut short)
        .assert_revert(b"", gas);
}

#[test]
fn a_keepalive_is_refused_too_early_and_then_renews() {
    let (mut world, codehash) = activated(51);
    let call = codehashKeepaliveCall { codehash };
    let keep = |world: &mut World, value: u64| -> Answer {
        Ask::new(0x71, call.clone()).value(value).run(world)
    };
    let age = record(&mut world, codehash).age(world.block.timestamp);
    let looked = OPEN + WORD + PARAMS + READ;
    keep(&mut world, ETH).assert_revert(error(hex!("16bd0cf8"), &[age]), looked + 2 * WORD);
    world.block.timestamp += 31 * DAY;
    let poor = keep(&mut world, 1);
    assert_eq!(poor.result.output[..4], hex!("09781ab7"));
    let answer = keep(&mut world, ETH);
    let fee = 5 * READ + 2 * WRITE + WRITE + READ;
    let event = 375 * 3 + 8 * 32;
    assert_eq!(answer.gas_used, looked + fee + event);
    assert_eq!(
        record(&mut world, codehash).age(world.block.timestamp) / 3_600,
        0
    );
    let logged = ProgramLifetimeExtended::decode_log(world.logs.last().unwrap()).unwrap();
    assert_eq!(logged.codehash, codehash);
    world.block.timestamp += 366 * DAY;
    assert_eq!(keep(&mut world, ETH).result.output[..4], hex!("c9b12e52"));
}

#[test]
fn programs_are_told_of_only_while_active() {
    let (mut world, codehash) = activated(51);
    let program = PROGRAM;
    let by_hash = OPEN + PARAMS + READ + 2 * WORD;
    assert_eq!(
        ok(&mut world, 0x71, codehashVersionCall { codehash }),
        (2, by_hash)
    );
    assert_eq!(
        ok(&mut world, 0x71, programVersionCall { program }),
        (2, by_hash + CODE_HASH)
    );
    let stored = record(&mut world, codehash);
    let (size, _) = ok(&mut world, 0x71, codehashAsmSizeCall { codehash });
    assert_eq!(size, stored.asm_estimate_kb * 1_024);
    let (footprint, _) = ok(&mut world, 0x71, programMemoryFootprintCall { program });
    assert_eq!(footprint, 0);
    let age = stored.age(world.block.timestamp);
    let (left, _) = ok(&mut world, 0x71, programTimeLeftCall { program });
    assert_eq!(left, 365 * DAY - age);

    world.block.timestamp += 365 * DAY - age + 1;
    Ask::new(0x71, codehashVersionCall { codehash })
        .run(&mut world)
        .assert_revert(error(hex!("c9b12e52"), &[365 * DAY + 1]), by_hash + WORD);
    edit(&mut world, codehash, |record| record.version = 1);
    Ask::new(0x71, codehashVersionCall { codehash })
        .run(&mut world)
        .assert_revert(error(hex!("637d968f"), &[1, 2]), by_hash + 2 * WORD);
    let unknown = codehashVersionCall {
        codehash: B256::ZERO,
    };
    Ask::new(0x71, unknown)
        .run(&mut world)
        .assert_revert(hex!("6f809c4e"), by_hash);
}

#[test]
fn parameters_are_told_as_the_reference_has_them() {
    let mut world = World::at(51);
    let gas = OPEN + PARAMS + WORD;
    assert_eq!(ok(&mut world, 0x71, stylusVersionCall {}), (2, gas));
    assert_eq!(ok(&mut world, 0x71, inkPriceCall {}), (10_000, gas));
    assert_eq!(ok(&mut world, 0x71, maxStackDepthCall {}), (22_000, gas));
    assert_eq!(ok(&mut world, 0x71, freePagesCall {}), (2, gas));
    assert_eq!(ok(&mut world, 0x71, pageGasCall {}), (1_000, gas));
    assert_eq!(ok(&mut world, 0x71, pageRampCall {}), (620_674_314, gas));
    assert_eq!(ok(&mut world, 0x71, pageLimitCall {}), (128, gas));
    assert_eq!(ok(&mut world, 0x71, initCostScalarCall {}), (100, gas));
    assert_eq!(ok(&mut world, 0x71, expiryDaysCall {}), (365, gas));
    assert_eq!(ok(&mut world, 0x71, keepaliveDaysCall {}), (31, gas));
    assert_eq!(ok(&mut world, 0x71, blockCacheSizeCall {}), (32, gas));
    let (min, used) = ok(&mut world, 0x71, minInitGasCall {});
    assert_eq!((min.gas, min.cached, used), (8_832, 352, gas + WORD));
}

#[test]
fn demand_raises_the_fee_and_time_lowers_it() {
    let mut world = World::at(51);
    world.block.timestamp = EPOCH + DAY;
    let fee_of = |world: &mut World, byte: u8| {
        let mut wasm = minimal();
        // A custom section makes the code another without making it dearer to run.
        wasm.extend_from_slice(&[0, 3, 1, b'x', byte]);
        let program = Address::repeat_byte(byte);
        world.put_code(program, classic(&wasm));
        activate(program).ok::<activateProgramCall>(world).0.dataFee
    };
    let first = fee_of(&mut world, 1);
    let second = fee_of(&mut world, 2);
    assert!(second > first);
    world.block.timestamp += DAY;
    assert_eq!(fee_of(&mut world, 3), first);
}
